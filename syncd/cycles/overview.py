"""How a shop stands, from the store alone: what every way of looking at it shares."""

from __future__ import annotations

from datetime import datetime, timedelta

from syncd.core.lifecycle import State
from syncd.store import Store
from syncd.store.keys import SWEPT_SINCE

STATES = {
    "received": "state_received",
    "ordered": "state_ordered",
    "shipping": "state_shipping",
    "completed": "state_completed",
    "cancelled": "state_cancelled",
    "returning": "state_returning",
    "returned": "state_returned",
    "ignored": "state_ignored",
}
"""The name of each state for people."""

WAITING = (State.RECEIVED, State.ORDERED, State.SHIPPING, State.RETURNING)
"""The states in which an order waits for somebody or something."""


def figures_age(store: Store, at: datetime) -> timedelta | None:
    """How old the oldest figure of KiotViet's stock is; None before the first whole sweep."""
    return _since(store.recall(SWEPT_SINCE), at)


def keep_sample(store: Store, at: datetime) -> None:
    """Keep how old things are, once in a while; to be called often, before a cycle's own success is recorded."""
    if not store.samples.is_due(at):
        return
    figures, last = figures_age(store, at), store.cycle("orders").last_ok
    store.samples.keep(
        at,
        figures_seconds=None if figures is None else int(figures.total_seconds()),
        orders_seconds=None if last is None else int((at - last).total_seconds()),
    )


def _since(instant: object, at: datetime) -> timedelta | None:
    return at - datetime.fromisoformat(instant) if isinstance(instant, str) else None
