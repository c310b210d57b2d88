"""How far a list was read, told by the remote's own stamps."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

AHEAD = timedelta(minutes=10)
"""How far a remote's clock may be ahead of ours; no more than is read again before each cursor."""


def newest(stamps: Iterable[datetime], now: datetime) -> datetime | None:
    """The newest of the stamps that a list shows, None where it shows none.

    One that lies ahead of every clock is a mistake in one record, and a cursor up there would pass over all others.
    Where all lie ahead, it is our own clock that is wrong: then the list was read up to what this clock can tell.
    """
    shown, latest = list(stamps), now + AHEAD
    return max((at for at in shown if at <= latest), default=latest if shown else None)
