"""What to do about a write whose answer never came: look first, believe presence at once and absence only late."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from enum import Enum, auto

from syncd.core.records import Intent


class Verdict(Enum):
    """What a look for the effect of an intent means."""

    ADOPT = auto()
    WAIT = auto()
    SEND_AGAIN = auto()
    UNKNOWN = auto()


def weigh(intent: Intent, *, found: bool, complete: bool, now: datetime, wait: timedelta) -> tuple[Verdict, Intent]:
    """Judge one look; the returned intent remembers it.

    "Not found yet" is not "absent": a request may still be on its way when we look, and a list may lag. So absence
    counts only `wait` after the attempt, and only when two complete looks `wait` apart agree.

    Args:
        intent: The open intent.
        found: Whether the look showed the effect.
        complete: Whether the look saw everything it should have.
        now: When the look began.
        wait: `orders.lookup_wait_seconds`.
    """
    if found:
        return Verdict.ADOPT, intent
    if not complete:
        return Verdict.UNKNOWN, intent
    if intent.at + wait > now >= intent.at:
        return Verdict.WAIT, intent
    if intent.scanned_at is not None and intent.scanned_at + wait > now >= intent.scanned_at:
        return Verdict.WAIT, intent
    looked = replace(intent, clean_scans=intent.clean_scans + 1, scanned_at=now)
    return (Verdict.SEND_AGAIN if looked.clean_scans >= 2 else Verdict.WAIT), looked
