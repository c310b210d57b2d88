"""Instants, ages, numbers and events as people read them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from syncd.core import events
from syncd.core.texts import Text, text
from syncd.cycles.overview import STATES
from syncd.policies import SHOP_ZONE

INVOICES = {
    "completed": "invoice_completed_word",
    "cancelled": "invoice_cancelled_word",
    "processing": "invoice_processing_word",
    "undelivered": "invoice_undeliverable_word",
}
WEB = {
    "received": "page_web_received",
    "ordered": "page_web_ordered",
    "shipping": "page_web_shipping",
    "completed": "page_web_completed",
    "cancelled": "page_web_cancelled",
    "returning": "page_web_returning",
    "returned": "page_web_returned",
    "ignored": "page_web_ignored",
}
"""What Haravan shows of an order in each state."""
POS = {
    "received": "page_pos_received",
    "ordered": "page_pos_ordered",
    "shipping": "page_pos_shipping",
    "completed": "page_pos_completed",
    "cancelled": "page_pos_cancelled",
    "returning": "page_pos_returning",
    "returned": "page_pos_returned",
    "ignored": "page_pos_ignored",
}
"""What KiotViet shows of it."""


def event(name: str, detail: str, fields: Mapping[str, str], language: str) -> str:
    """What happened, as the journal says it; what it has no sentence for shows its name."""
    return events.told(name, {"detail": detail, **fields}, language) or f"{name} {detail}".strip()


def state(name: str) -> Text:
    """A state, in words."""
    return text(STATES[name])


def age(seconds: float) -> Text:
    """A length of time in its biggest unit."""
    if seconds < 120:
        return text("page_seconds", count=round(seconds))
    if seconds < 2 * 3600:
        return text("page_minutes", count=round(seconds / 60))
    if seconds < 48 * 3600:
        return text("page_hours", count=_short(seconds / 3600))
    return text("page_days", count=_short(seconds / 86400))


def _short(count: float) -> str:
    return f"{count:.1f}".removesuffix(".0") if count < 10 else f"{count:.0f}"


def clock(at: datetime, now: datetime) -> str:
    """An instant on the shop's clock, as short as it can be understood today."""
    local, today = at.astimezone(SHOP_ZONE), now.astimezone(SHOP_ZONE)
    if local.date() == today.date():
        return f"{local:%H:%M:%S}"
    return day_and_time(at) if local.year == today.year else f"{local:%d/%m/%Y %H:%M}"


def day_and_time(at: datetime) -> str:
    """An instant on the shop's clock, of a year that nobody doubts."""
    return f"{at.astimezone(SHOP_ZONE):%d/%m %H:%M}"


def number(value: float, language: str) -> str:
    """A whole number with the thousands apart, by a dot in Vietnamese."""
    apart = f"{value:,.0f}"
    return apart.replace(",", ".") if language == "vi" else apart
