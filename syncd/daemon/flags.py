"""What signals asked for.

Handlers set plain attributes and nothing else: a lock taken in one could be held by the very code that it cut into.
"""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


class Flags:
    """`stop` after SIGTERM or SIGINT, and once per SIGHUP `take_reload`."""

    def __init__(self) -> None:
        """Nothing was asked for yet."""
        self.stop = False
        self._reload = False

    def ask_reload(self) -> None:
        """As SIGHUP does."""
        self._reload = True

    def take_reload(self) -> bool:
        """Whether a reload was asked for since the last look."""
        asked, self._reload = self._reload, False
        return asked

    @contextmanager
    def installed(self) -> Iterator[None]:
        """Listen to signals in this, the main, thread; afterwards everything is as it was."""
        handlers = {signal.SIGTERM: self._on_stop, signal.SIGINT: self._on_stop, signal.SIGHUP: self._on_reload}
        before = {number: signal.signal(number, handler) for number, handler in handlers.items()}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def _on_stop(self, number: int, frame: FrameType | None) -> None:
        self.stop = True

    def _on_reload(self, number: int, frame: FrameType | None) -> None:
        self.ask_reload()
