"""How many of KiotViet's hourly GETs each kind of reading may use, from what the last hour cost: values to values."""

from __future__ import annotations

from dataclasses import dataclass

_HEADROOM = 0.04
_LEAST_HEADROOM = 20

IDLE_SHARE = 0.38
"""What all readings together may cost of the hour while nothing happens in the shop."""

BACKFILL_SHARE = 0.5
"""What all readings but those of old orders may cost while old orders are taken in."""

FEED_SHARE = 0.15
"""What following one pair of lists may cost of the hour."""

_LEAST = 0.1
_HOUR = 3600.0
_LATE_SECONDS = 300.0
_FRESH_SECONDS = 130.0
_LOOK_SECONDS = 300.0
_FIGURES_PER_CALL = 50
_SECONDS_PER_LOOK = 2.0


@dataclass(frozen=True, slots=True)
class Spent:
    """GETs of the rolling hour: how many are allowed, how many were made, and how many of those by sweeps.

    `lately` is what the others would make in an hour if they went on as in the last minutes.
    """

    limit: int
    used: int
    swept: int
    lately: int = 0

    @property
    def others(self) -> int:
        """What all but the sweeps need in an hour, by the hour that was and by the last minutes: the higher counts."""
        return max(0, self.used - self.swept, self.lately)


def for_sweeps(limit: int) -> float:
    """How many of the hour's GETs sweeps may bring its use to; the rest is left for a burst of orders."""
    return limit - max(limit * _HEADROOM, _LEAST_HEADROOM)


def sweep_pages_per_hour(spent: Spent, pages: int, *, busy: bool, backfill: bool) -> float:
    """How many pages of the stock list a sweep may read in an hour: what the others leave, but never nothing.

    Of that, no more than makes a figure two minutes old, unless half of the hour's GETs suffices for more: what a quiet
    half hour did not spend is there when a busy one follows.

    Args:
        spent: The rolling hour.
        pages: How long the list is.
        busy: Whether anything moved lately; a shop in which nothing happens is swept slowly.
        backfill: Whether old orders are taken in, which live on what is left.
    """
    others = spent.others
    if backfill:
        left = spent.limit * BACKFILL_SHARE - min(others, spent.limit * (BACKFILL_SHARE - _LEAST))
    else:
        left = (for_sweeps(spent.limit) if busy else spent.limit * IDLE_SHARE) - others
    enough = max(spent.limit / 2, pages * _HOUR / _FRESH_SECONDS)
    return max(spent.limit * _LEAST, min(left, enough))


def pages_due(saved: float, per_hour: float, passed_seconds: float, pages: int, spent: Spent) -> float:
    """How many pages may be read now: what was `saved` and what time has brought.

    At most the whole list once, and never more than the hour has left for what can wait.
    """
    left = for_sweeps(spent.limit) - spent.used
    return max(0.0, min(float(max(1, pages)), left, saved + per_hour * passed_seconds / _HOUR))


def has_room(spent: Spent) -> bool:
    """Whether the hour has GETs left to follow documents, which comes before sweeps and after orders."""
    return spent.used < (spent.limit + for_sweeps(spent.limit)) / 2


def late_after(limit: int, pages: int) -> float:
    """Seconds after which a figure that was not read again is late, however little a sweep may use."""
    return 2 * (_LATE_SECONDS + pages * _HOUR / (limit * _LEAST))


def look_again_after(pairs: int, wanted_seconds: float) -> float:
    """Seconds after which a known figure of Haravan's is read again, for people and other programs change them too.

    As often as every five minutes, unless that takes more than a call each two seconds (50 figures a call); at the
    latest when everything is to be compared.
    """
    return min(wanted_seconds, max(_LOOK_SECONDS, pairs / _FIGURES_PER_CALL * _SECONDS_PER_LOOK))


def feed_pause(limit: int, calls: int, wanted_seconds: float) -> float:
    """Seconds between two looks at lists that take `calls` GETs: as wanted, or longer where the hour's GETs are few."""
    return max(wanted_seconds, calls * _HOUR / (limit * FEED_SHARE))
