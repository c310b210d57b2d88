"""A shop whose remotes are simulated in the same process, with their own CPU time kept apart from that of syncd."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import httpx

from syncd.sandbox.inprocess import InProcessTransport
from syncd.wiring import Outside
from tests.rig import Rig


class Timed(httpx.BaseTransport):
    """Counts the CPU time that a simulated remote takes, which a real one would take elsewhere."""

    def __init__(self, inner: httpx.BaseTransport, took: Callable[[float], None]) -> None:
        """Tell `took` the seconds of each call."""
        self._inner, self._took = inner, took

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Answer as the remote does."""
        began = time.thread_time()
        try:
            return self._inner.handle_request(request)
        finally:
            self._took(time.thread_time() - began)


class MeteredRig(Rig):
    """A rig that knows how much of its CPU time its simulated remotes took."""

    theirs = 0.0

    def outside(self) -> Outside:
        """The same as the rig's, timed."""
        return replace(
            super().outside(),
            haravan_transport=Timed(InProcessTransport(self.sandbox.haravan_gate), self._take),
            kiotviet_transport=Timed(InProcessTransport(self.sandbox.kiotviet_gate), self._take),
        )

    def _take(self, seconds: float) -> None:
        self.theirs += seconds

    @contextmanager
    def metered(self) -> Iterator[list[float]]:
        """Collect syncd's own CPU seconds of what is done inside, without those of the remotes."""
        found: list[float] = []
        theirs, began = self.theirs, time.process_time()
        try:
            yield found
        finally:
            found.append(time.process_time() - began - (self.theirs - theirs))


def metered_rig(folder: Path, products: int = 12) -> MeteredRig:
    """A shop with so many linked products, whose catalogue and stock are settled."""
    rig = MeteredRig(folder)
    rig.sandbox.fill(products - 12)
    rig.once()
    rig.later(3700)
    rig.once()
    rig.later(60)
    return rig


def new_buyer(number: int) -> dict[str, str]:
    """A buyer whom neither side knows yet."""
    return {"first_name": "Khách", "last_name": f"Số {number}", "phone": f"09{number:08d}"}
