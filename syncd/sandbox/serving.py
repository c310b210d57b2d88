"""Both simulated remotes on loopback ports at once."""

from __future__ import annotations

from types import TracebackType
from typing import Self

from syncd.sandbox.control import Front
from syncd.sandbox.server import Server
from syncd.sandbox.world import Sandbox


class Served:
    """A sandbox behind two servers; use as a context manager, or `start` and `stop`.

    The KiotViet server answers the token endpoint too. Both have the control pages under `/_sandbox/`.
    """

    def __init__(self, sandbox: Sandbox, *, haravan_port: int = 0, kiotviet_port: int = 0) -> None:
        """Take the ports (0: any free one)."""
        self.sandbox = sandbox
        self._haravan = Server(Front(sandbox, "haravan"), haravan_port)
        self._kiotviet = Server(Front(sandbox, "kiotviet"), kiotviet_port)

    @property
    def haravan_url(self) -> str:
        """`base_url` for Haravan."""
        return self._haravan.url

    @property
    def kiotviet_url(self) -> str:
        """`base_url` for KiotViet."""
        return self._kiotviet.url

    @property
    def token_url(self) -> str:
        """`token_url` for KiotViet."""
        return f"{self._kiotviet.url}/connect/token"

    def start(self) -> Self:
        """Answer from now on."""
        self._haravan.start()
        self._kiotviet.start()
        return self

    def stop(self) -> None:
        """Close both ports and all connections."""
        self._haravan.stop()
        self._kiotviet.stop()

    def __enter__(self) -> Self:
        """Start."""
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Stop."""
        self.stop()
