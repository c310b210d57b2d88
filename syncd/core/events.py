"""Every event that the journal knows: how loud it is, what it carries, and its sentence in the shop's language.

Names and fields are public: `journalctl SYNCD_EVENT=order_held`, `journalctl SYNCD_ORDER=100020`. The same thing has
the same field everywhere: `order` an order's number without its sign, `haravan_id` its id, `sku` a product's code,
`kiotviet` the code of a KiotViet order, `invoice` that of an invoice, `location` a Haravan location's id, `remote` one
of the two systems, `error` a sentence that says what went wrong. Sentences stand in `core.texts.events`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from syncd.core.texts import SENTENCES, text

PREFIX = "event_"
"""How the keys of their sentences begin."""

CONTEXT = frozenset({"shop", "cycle", "order", "haravan_id", "sku"})
"""Fields that a line may have from the work it was said in, not from its own words."""

_WORDS = {
    "operation": "operation_",
    "how": "how_",
    "cycle": "cycle_",
    "remote": "remote_",
    "kind": "alert_kind_",
}
"""Fields that hold a name of ours, and how the keys of its words begin."""


@dataclass(frozen=True, slots=True)
class Kind:
    """What is fixed about an event.

    Args:
        levels: How loud it is; several where that depends on the cause.
        fields: What it always carries, besides `CONTEXT`.
        stored: Whether it is part of the story that the store keeps: it then carries `seq` and `detail` as well.
    """

    levels: tuple[str, ...]
    fields: tuple[str, ...] = ()
    stored: bool = False


def _kind(levels: str, fields: str = "") -> Kind:
    return Kind(tuple(levels.split("|")), tuple(fields.split()))


def _story(level: str, fields: str = "") -> Kind:
    return Kind((level,), tuple(fields.split()), stored=True)


KINDS: dict[str, Kind] = {
    # an order's story
    "order_received": _story("info", "source"),
    "order_created": _story("info", "kiotviet status"),
    "order_found": _story("info", "kiotviet status"),
    "order_seen_again": _story("info", "kiotviet status"),
    "order_not_live_in_kiotviet": _story("info", "kiotviet"),
    "order_cancelled": _story("info", "kiotviet"),
    "invoice_created": _story("info", "invoice status"),
    "invoice_found": _story("info", "invoice status"),
    "invoice_completed": _story("info", "invoice status"),
    "invoice_not_live_in_kiotviet": _story("info", "invoice"),
    "invoice_voided": _story("info", "invoice"),
    "state_received": _story("info"),
    "state_ordered": _story("info"),
    "state_shipping": _story("info"),
    "state_completed": _story("info"),
    "state_cancelled": _story("info"),
    "state_returning": _story("info"),
    "state_returned": _story("info"),
    "state_ignored": _story("info"),
    "order_held": _story("warning", "code"),
    "hold_released": _story("info", "code"),
    "retry_asked": _story("info"),
    "left_to_people": _story("info"),
    "outside_order_shipped": _story("warning"),
    "intent_recorded": _story("info", "operation marker"),
    "intent_withdrawn": _story("info", "operation"),
    "task_added": _story("warning", "code"),
    "task_changed": _story("info", "code"),
    "task_closed": _story("info", "code how"),
    "tags_added": _story("info"),
    "tags_removed": _story("info"),
    "tags_not_removed": _story("warning"),
    "tags_refused": _story("warning"),
    # the shop's story
    "tags_not_written": _story("warning"),
    "orders_reserve_found": _story("info"),
    "stock_written": _story("info", "location"),
    "stock_plan_refused": _story("error"),
    "stock_rewritten": _story("warning", "location"),
    "credentials_refused": _story("error", "remote"),
    "credentials_accepted": _story("warning", "remote"),
    # orders, beside their story
    "order_not_done": _kind("warning", "error"),
    "write_in_doubt": _kind("info", "error"),
    "write_shown": _kind("info", "error"),
    "document_differs": _kind("warning", "code repaired"),
    "task_invoice_not_read": _kind("warning", "invoice error"),
    "documents_not_watched": _kind("warning", "error"),
    "documents_not_compared": _kind("warning", "error"),
    "twins_not_looked_for": _kind("warning", "error"),
    "returns_not_read": _kind("warning", "error"),
    "exchanges_not_told": _kind("warning", "error"),
    "orders_poll_incomplete": _kind("warning", "error"),
    "backfill_began": _kind("info", "total"),
    "backfill_progress": _kind("info", "read total"),
    "backfill_finished": _kind("info", "read"),
    "backfill_waits": _kind("info", "error"),
    "backfill_not_by_id": _kind("warning"),
    # products and stock
    "stock_published": _kind("info", "sku location why available wanted pending"),
    "stock_not_shown": _kind("warning", "sku location why available wanted pending"),
    "stock_shown": _kind("info", "sku location available wanted"),
    "stock_line_refused": _kind("warning", "sku location error"),
    "stock_part_doubted": _kind("warning", "lowered published"),
    "stock_feed_refused": _kind("warning", "feed error"),
    "stock_feed_not_read": _kind("warning", "feed error"),
    "sweep_pauses": _kind("info", "error"),
    "named_product_refused": _kind("info", "sku product_id error"),
    "figure_unreadable": _kind("warning", "sku product_id error"),
    "reserve_not_learned": _kind("info", "sku error"),
    "reserve_not_readable": _kind("warning", "sku product_id error"),
    "slips_not_readable": _kind("info", "location error"),
    "locations_not_readable": _kind("warning", "error"),
    "products_changed": _kind("info", "remote linked"),
    "products_not_read": _kind("warning", "error"),
    "product_news_not_read": _kind("warning", "error"),
    "product_unreadable": _kind("warning", "sku remote product_id error"),
    # the daemon
    "daemon_started": _kind("info", "config pid"),
    "daemon_stopping": _kind("info"),
    "daemon_stopped": _kind("info"),
    "daemon_stop_overdue": _kind("error", "seconds"),
    "config_loaded": _kind("info", "database"),
    "config_refused": _kind("error", "problem"),
    "secrets_changed": _kind("info"),
    "cycle_finished": _kind("info", "ok full stopped seconds"),
    "cycle_failed": _kind("warning|error", "error"),
    "cycle_not_recorded": _kind("error", "error"),
    "listener_opened": _kind("info", "listen"),
    "listener_closed": _kind("info", "listen"),
    "listener_failed": _kind("error", "error"),
    "webhook_handshake_answered": _kind("info", "remote"),
    "webhook_arrived": _kind("info", "remote"),
    "webhook_refused": _kind("warning", "remote reason count"),
    "daemon_ended_uncleanly": _kind("info", "pid since"),
    # what people are told
    "concern_raised": _kind("warning", "kind key cause remedy"),
    "concern_resolved": _kind("info", "kind key"),
    "alert_sent": _kind("info", "channel event_kind id remark"),
    "alert_not_sent": _kind("warning", "channel error"),
    "alerts_not_remembered": _kind("warning", "error"),
    "start_not_told": _kind("warning", "error"),
    "lookout_failed": _kind("error", "error"),
    "metrics_without_store": _kind("warning", "error"),
    "status_token_refused": _kind("warning"),
    "button_pressed": _kind("info", "button about"),
    "page_failed": _kind("error", "path error"),
    "library_message_logged": _kind("warning|error|critical", "logger message"),
}


def order_field(number: str) -> str:
    """An order's number as the field `order` has it: without the sign in front."""
    return number.strip().lstrip("#")


def told(event: str, fields: Mapping[str, object], language: str) -> str:
    """What a person reads of an event; empty where there is no such event, or it lacks a field of its sentence.

    `fields` are those of the line; a sentence about an order or a product begins with it.
    """
    if PREFIX + event not in SENTENCES:
        return ""
    words = {key: _word(key, value, language) for key, value in fields.items()}
    try:
        said = text(PREFIX + event, **words).said(language)
    except KeyError:
        return ""
    return _whose(fields, language) + said


def _whose(fields: Mapping[str, object], language: str) -> str:
    if fields.get("order"):
        return text("about_order", order=str(fields["order"])).said(language)
    return text("about_product", sku=str(fields["sku"])).said(language) if fields.get("sku") else ""


def _word(key: str, value: object, language: str) -> str:
    known = f"{_WORDS[key]}{value}" if key in _WORDS else ""
    return text(known).said(language) if known in SENTENCES else str(value)
