"""What people are told when an order cannot go on, and when it is looked at again."""

from __future__ import annotations

from datetime import datetime, timedelta

from syncd.core.records import Hold, Record
from syncd.core.texts import Say, text
from syncd.errors import BadPayload, IncompleteScan, Rejected

_LOOK_AGAIN = timedelta(minutes=5)
_LOOK_AGAIN_WHEN_WATCHED = timedelta(hours=1)
_COST_NO_CALL = frozenset({"unknown_sku", "ambiguous_sku", "unsupported_line", "total_mismatch"})
_WATCHED = frozenset(
    {"returned", "cancelled_after_shipping", "edited_in_kiotviet", "duplicate_in_kiotviet", "lines_changed"}
)
"""Causes that go away by what people do to our documents in KiotViet, which its lists show."""


def look_again_at(code: str, record: Record, now: datetime) -> datetime | None:
    """When a held order is worth another look; None is each cycle, because looking costs nothing or is shared."""
    costs_no_call = code in _COST_NO_CALL and record.order is None
    if costs_no_call or code == "outcome_unknown":
        return None
    watched = code in _WATCHED and record.order is not None
    return now + (_LOOK_AGAIN_WHEN_WATCHED if watched else _LOOK_AGAIN)


def refused(number: str, error: Rejected, fingerprint: str, now: datetime, say: Say) -> Hold:
    """KiotViet's own sentence; the fingerprint is what the refusal may depend on."""
    return Hold("rejected", say(text("refused", order=number, why=error.message)), now, fingerprint, now)


def unreadable(number: str, error: BadPayload, now: datetime, say: Say) -> Hold:
    """One of our documents in KiotViet says something that cannot be."""
    return Hold("bad_payload", say(text("document_unreadable", order=number, why=error.message)), now)


def unknown(number: str, error: IncompleteScan, now: datetime, say: Say) -> Hold:
    """A write may have happened, and the list that would show it cannot be read."""
    return Hold("outcome_unknown", say(text("outcome_unknown", order=number, why=error.message)), now)
