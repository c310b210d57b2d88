"""A process that dies at the n-th thing it does: at a commit of its store, or around an effect at a remote."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from syncd.sandbox.http import Request
from syncd.store import Store
from syncd.store.opening import Connection
from tests.orders.kit import Killed
from tests.rig import Rig


class Fuse:
    """Counts the points at which a process may die and blows at one of them; 0 never blows.

    Put out (`lit` false) it counts nothing. With `stays_dead`, every thread that comes to a later point dies as well.
    """

    def __init__(self, at: int = 0) -> None:
        """Blow at the `at`-th point from 1."""
        self.at, self.passed, self.where = at, 0, ""
        self.lit, self.stays_dead = True, False
        self._lock = threading.Lock()

    def point(self, where: str) -> None:
        """The process is here; it may die.

        Raises:
            Killed: It does.
        """
        with self._lock:
            self.passed += self.lit
            dies = self.passed == self.at or (self.stays_dead and self.passed > self.at)
            if not (self.lit and dies):
                return
            self.where = self.where or where
        raise Killed(where)


def wire(rig: Rig, fuse: Fuse, patch: pytest.MonkeyPatch) -> None:
    """Let the rig's process die where the fuse says: before and after each commit, and each effect of a call."""
    for gate in (rig.sandbox.haravan_gate, rig.sandbox.kiotviet_gate):
        gate.before_effect.append(_at(fuse, "before"))
        gate.after_effect.append(_at(fuse, "after"))
    real: Callable[[Connection], Any] = Connection.write

    @contextmanager
    def write(self: Connection) -> Iterator[None]:
        fuse.point("before a commit")
        with real(self):
            yield
        fuse.point("after a commit")

    patch.setattr(Connection, "write", write)
    # who is dead has no orderly end
    patch.setattr(Store, "end", Store.close)


def _at(fuse: Fuse, when: str) -> Callable[[str, Request], None]:
    """A read changes nothing, so that dying around one is the same as dying at the next commit."""

    def hook(remote: str, request: Request) -> None:
        if request.method != "GET":
            fuse.point(f"{when} {remote} {request.method} {request.path}")

    return hook


def cycle_of_a_mortal(rig: Rig) -> None:
    """One cycle; if the process dies in it, a new one is started on the same store."""
    try:
        rig.orders()
    except Killed:
        rig.reopen()
