"""`syncd explain`: one order's story, or that of one product's stock."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import click
from rich.console import Console
from rich.markup import escape

from syncd.cli import FINE
from syncd.cli.explain_stock import explain_stock
from syncd.cli.options import config_option, json_option, order_argument, stock_option
from syncd.cli.printing import console, print_json, shop_clock, table
from syncd.cli.shops import remotes_of
from syncd.cli.stores import order_id, store_of
from syncd.cli.usage import Misuse
from syncd.config import Settings
from syncd.core.documents import money
from syncd.core.model import WebOrder
from syncd.core.records import Record
from syncd.core.texts import Say, speaker, text
from syncd.cycles.order_story import CLOSED, tell
from syncd.cycles.overview import STATES
from syncd.errors import SyncdError
from syncd.wiring import Remotes

_LABELS = {
    "total": "label_total",
    "financial_status": "label_financial_status",
    "cancelled_at": "label_cancelled_at",
    "shipments": "label_shipments",
    "id": "label_id",
    "carrier": "label_carrier",
    "cod": "label_cod",
    "cod_amount": "label_cod_amount",
    "order": "label_order",
    "invoices": "label_invoices",
    "code": "label_code",
    "status": "label_status",
    "error": "label_error",
}
_MONEY = frozenset({"total", "cod_amount"})
_WORDS = {
    "carrier": {
        "pending": "carrier_pending",
        "readytopick": "carrier_readytopick",
        "picking": "carrier_picking",
        "delivering": "carrier_delivering",
        "delivered": "carrier_delivered",
        "notmeetcustomer": "carrier_notmeetcustomer",
        "waitingforreturn": "carrier_waitingforreturn",
        "return": "carrier_return",
        "cancel": "carrier_cancel",
    },
    "cod": {
        "none": "cod_none",
        "codpending": "cod_pending",
        "codpaid": "cod_paid",
        "codreceipt": "cod_receipt",
        "codnotreceipt": "cod_not_receipt",
    },
    "financial_status": {
        "pending": "finance_pending",
        "paid": "finance_paid",
        "partiallypaid": "finance_partially_paid",
        "refunded": "finance_refunded",
        "partiallyrefunded": "finance_partially_refunded",
    },
}
"""Haravan's codes as people know them; one that is not listed is shown as it is."""


@click.command("explain")
@config_option
@json_option
@stock_option
@order_argument
def command(config_path: Path, order: str | None, sku: str | None, as_json: bool) -> int:
    """Tell what Haravan shows, what KiotViet shows, each step with its time and reason, and what comes next.

    ORDER is a Haravan order number (#100020 or 100020) or id; with --stock it is about a product instead.
    """
    if order is not None and sku is None:
        return _explain_order(config_path, order, as_json)
    if sku is not None and order is None:
        return explain_stock(config_path, sku, as_json)
    raise Misuse(text("usage_order_or_stock"))


def _explain_order(config_path: Path, order: str, as_json: bool) -> int:
    with store_of(config_path) as (settings, store):
        say = speaker(settings.language)
        haravan_id = order_id(store, order)
        story = tell(store, haravan_id, settings.language)
        record = store.orders.record(haravan_id)
        with remotes_of(settings, store) as remotes:
            story["haravan_shows"] = _asked(settings, lambda: _web(remotes.haravan.order(haravan_id)))
            story["kiotviet_shows"] = _asked(settings, lambda: _documents(remotes, record))
    if as_json:
        print_json(story)
    else:
        _print(console(), story, say)
    return FINE


def _asked(settings: Settings, read: Callable[[], object]) -> object:
    """What a side shows now; one that cannot be read says why instead."""
    try:
        return read()
    except SyncdError as error:
        return {"error": error.said(settings.language)}


def _documents(remotes: Remotes, record: Record | None) -> object:
    if record is None or record.order is None:
        return None
    document = remotes.kiotviet.order(record.order.id)
    invoices = [remotes.kiotviet.invoice(invoice.id) for invoice in record.invoices]
    return {
        "order": {"code": document.code, "status": document.status_text, "total": str(document.total)},
        "invoices": [{"code": i.code, "status": i.status_text, "total": str(i.total)} for i in invoices],
    }


def _web(order: WebOrder) -> dict[str, object]:
    return {
        "total": str(order.total_price),
        "financial_status": order.financial_status,
        "cancelled_at": order.cancelled_at,
        "shipments": [
            {"id": s.id, "carrier": s.carrier_status.value, "cod": s.cod_status.value, "cod_amount": str(s.cod_amount)}
            for s in order.shipments
        ],
    }


def _print(out: Console, story: dict[str, object], say: Say) -> None:
    reason = f", {escape(str(story['reason']))}" if story["reason"] else ""
    state = f"[bold]{say(text(STATES[str(story['state'])]))}[/bold]{reason}"
    out.print(f"[bold]{story['order_number']}[/bold] (Haravan {story['haravan_id']}): {state}")
    ours = _words(story["kiotviet_shows"], say) or text("nothing_of_ours")
    out.print(escape(say(text("explain_haravan", shown=_words(story["haravan_shows"], say)))))
    out.print(escape(say(text("explain_kiotviet", shown=ours))))
    tasks = story["tasks"]
    for task in tasks if isinstance(tasks, list) else ():
        how = (
            say(text(CLOSED[task["how"]], at=shop_clock(task["closed_at"])))
            if task["closed_at"]
            else say(text("task_open"))
        )
        out.print(escape(say(text("explain_task", id=task["id"], how=how, text=task["text"]))))
    _print_steps(out, story, say)
    out.print(escape(str(story["next"])))


def _print_steps(out: Console, story: dict[str, object], say: Say) -> None:
    if cut := story["events_dropped_before"]:
        out.print(escape(say(text("events_dropped", at=shop_clock(str(cut))[:10]))))
    steps = story["events"]
    shown = table("", *(say(text(column)) for column in ("column_at", "column_event", "column_detail")))
    for step in steps if isinstance(steps, list) else ():
        shown.add_row(shop_clock(step["at"]), step["event"], escape(step["text"]))
    out.print(shown)


def _words(value: object, say: Say) -> str:
    if isinstance(value, dict):
        told = ((key, item) for key, item in value.items() if item not in (None, "", []))
        return ", ".join(f"{say(text(_LABELS[key]))} {_word(key, item, say)}" for key, item in told)
    if isinstance(value, list):
        return "; ".join(f"({_words(item, say)})" for item in value)
    return "" if value is None else str(value)


def _word(key: str, value: object, say: Say) -> str:
    if key in _MONEY:
        return money(Decimal(str(value)))
    known = _WORDS.get(key, {}).get(str(value))
    return _words(value, say) if known is None else say(text(known))
