"""`syncd explain`: one order's story."""

from __future__ import annotations

from pathlib import Path

import click
from rich.console import Console

from syncd.cli import FINE
from syncd.cli.options import config_option, json_option
from syncd.cli.printing import console, print_json, table
from syncd.cli.shops import order_id, reading_shop, store_of
from syncd.core.model import InvoiceStatus, WebOrder
from syncd.core.records import Record
from syncd.errors import SyncdError
from syncd.store import Store
from syncd.wiring import Shop

_STEPS = {
    "received": "next: it is created in KiotViet as Phiếu tạm",
    "ordered": "next: when the carrier has it (Đang giao hàng), its invoice is made",
    "shipping": "next: when it is delivered and paid (Đã giao hàng, Đã nhận tiền), its invoice is completed",
    "returning": "next: when it is back (Chuyển hoàn), a person is asked what to do",
    "returned": "next: a person decides",
    "completed": "next: nothing; a later return becomes a task for a person",
    "cancelled": "next: nothing",
    "ignored": "next: nothing, unless the order or the settings change",
}


@click.command("explain")
@config_option
@json_option
@click.argument("order", metavar="ORDER")
def command(config_path: Path, order: str, as_json: bool) -> int:
    """Tell what Haravan shows, what KiotViet shows, each step with its time and reason, and what comes next.

    ORDER is a Haravan order number (#100020 or 100020) or id.
    """
    with store_of(config_path) as (_, store):
        haravan_id = order_id(store, order)
        story = tell(store, haravan_id)
    with reading_shop(config_path) as shop:
        story["haravan_shows"], story["kiotviet_shows"] = _look(shop, haravan_id)
    if as_json:
        print_json(story)
    else:
        _print(console(), story)
    return FINE


def tell(store: Store, haravan_id: int) -> dict[str, object]:
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
        "events": [{"at": e.at, "event": e.event, "detail": e.detail} for e in store.events_of(haravan_id)],
        "next": _next(record),
    }


def _next(record: Record) -> str:
    if record.hold is not None:
        return f"next: held ({record.hold.code}): {record.hold.reason}"
    if record.intents:
        doubt = record.intents[0].operation
        return f"next: the answer to {doubt} was lost: KiotViet is searched before anything is sent again"
    return _STEPS[record.state.value]


def _look(shop: Shop, haravan_id: int) -> tuple[object, object]:
    """What both sides show now; a side that cannot be read says why instead."""
    record = shop.store.orders.record(haravan_id)
    try:
        found = shop.remotes.haravan.order(haravan_id)
        web: object = _web(found)
    except SyncdError as error:
        web = {"error": str(error)}
    if record is None or record.order is None:
        return web, None
    try:
        document = shop.remotes.kiotviet.order(record.order.id)
        invoices = [shop.remotes.kiotviet.invoice(invoice.id) for invoice in record.invoices]
    except SyncdError as error:
        return web, {"error": str(error)}
    return web, {
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


def _print(out: Console, story: dict[str, object]) -> None:
    state = f"[bold]{story['state']}[/bold], {story['reason']}"
    out.print(f"[bold]{story['order_number']}[/bold] (Haravan {story['haravan_id']}): {state}")
    out.print(f"Haravan shows:  {_words(story['haravan_shows'])}")
    out.print(f"KiotViet shows: {_words(story['kiotviet_shows']) or 'nothing of ours'}")
    events = story["events"]
    if isinstance(events, list):
        shown = table("", "at (UTC)", "event", "detail")
        for event in events:
            shown.add_row(event["at"][:19].replace("T", " "), event["event"], event["detail"])
        out.print(shown)
    out.print(story["next"])


def _words(value: object) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{key} {_words(item)}" for key, item in value.items() if item not in (None, "", []))
    if isinstance(value, list):
        return "; ".join(f"[{_words(item)}]" for item in value).replace("[", "(").replace("]", ")")
    return "" if value is None else str(value)
