"""The story of one order, from the store alone: where it stands, what happened, and what comes next."""

from __future__ import annotations

from syncd.core import events
from syncd.core.model import InvoiceStatus
from syncd.core.records import Record
from syncd.core.texts import Text, text
from syncd.store import Store
from syncd.store.events import Event

_STEPS = {
    "received": "next_received",
    "ordered": "next_ordered",
    "shipping": "next_shipping",
    "returning": "next_returning",
    "returned": "next_returned",
    "completed": "next_completed",
    "cancelled": "next_cancelled",
    "ignored": "next_ignored",
}
CLOSED = {"command": "closed_by_command", "kiotviet": "closed_in_kiotviet", "superseded": "closed_superseded"}
"""How a task was closed."""


def tell(store: Store, haravan_id: int, language: str) -> dict[str, object]:
    """What the store knows of an order, as `explain --json` promises it.

    Raises:
        LookupError: It is not known.
    """
    record = store.orders.record(haravan_id)
    if record is None:
        raise LookupError(f"order {haravan_id} is not in the store")
    hold = record.hold
    return {
        "haravan_id": haravan_id,
        "order_number": record.number,
        "state": record.state.value,
        "reason": record.reason,
        "hold": None if hold is None else {"code": hold.code, "reason": hold.reason, "since": hold.since},
        "kiotviet_order": None if record.order is None else {"id": record.order.id, "code": record.order.code},
        "invoices": [
            {"id": i.id, "code": i.code, "fulfillment_id": i.shipment_id, "state": InvoiceStatus(i.state).name.lower()}
            for i in record.invoices
        ],
        "in_doubt": [{"operation": i.operation, "marker": i.marker, "since": i.at} for i in record.intents],
        "tasks": [
            {
                "id": t.id,
                "code": t.code,
                "text": t.text,
                "since": t.since,
                "closed_at": t.closed_at,
                "how": t.how or None,
            }
            for t in store.todo.of_order(haravan_id)
        ],
        "events": [step(event, language) for event in store.events_of(haravan_id)],
        "events_dropped_before": store.events.dropped_before(haravan_id),
        "next": next_step(record).said(language),
    }


def step(event: Event, language: str) -> dict[str, object]:
    """One event as the journal has it; `text` is what both show of it, without the order's number in front."""
    said = events.told(event.event, {"detail": event.detail, **event.fields}, language)
    return {"at": event.at, "event": event.event, "detail": event.detail, "text": said or event.detail}


def next_step(record: Record) -> Text:
    """What becomes of an order next."""
    if record.hold is not None:
        return text("next_held", code=record.hold.code, reason=record.hold.reason)
    if record.intents:
        return text("next_in_doubt", operation=record.intents[0].operation)
    return text(_STEPS[record.state.value])
