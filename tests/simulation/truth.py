"""Haravan's right figure of every product everywhere, from what both shops really hold, without syncd's own code."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from syncd.core.lifecycle import State
from syncd.sandbox.haravan.state import Order

if TYPE_CHECKING:
    from tests.simulation.house import House

Pair = tuple[int, str]
"""Location id and SKU."""

DRAFT, PARTLY, DONE, CANCELLED, CONFIRMED = 1, 2, 3, 4, 5
"""The statuses of KiotViet's orders."""

ROAD = frozenset({"delivering", "delivered", "notmeetcustomer"})
LEFT = ROAD | {"waitingforreturn"}
_OPEN_ORDERS = {DRAFT, PARTLY, CONFIRMED}


def formula(house: House, *, doubted: Collection[int] = (), unseen: Collection[int] = ()) -> dict[Pair, int]:
    """What should be on sale now, by the formula.

    Orders in `doubted` are taken off twice, for syncd may not know what of them KiotViet's figures show: that gives the
    least that may be on sale without anything being wrong. Those in `unseen` are taken for shown.
    """
    waiting = _waiting(house, doubted, unseen)
    figures = {}
    for link in house.settings.stock.links:
        for sku in house.skus:
            free = sum((_free(house, sku, branch) for branch in link.branch_ids), Decimal(0))
            pending = waiting[link.location_id, sku]
            figures[link.location_id, sku] = max(0, math.floor(free - pending) - link.safety_stock)
    return figures


def is_ours(house: House, order: Order) -> bool:
    """Whether the order belongs in KiotViet at all."""
    payments = house.settings.orders.payments
    return order.source_name == "web" and (order.is_cod or "any" in payments)


def on_sale(house: House) -> dict[Pair, int]:
    """What Haravan shows as available now."""
    levels, variants = house.rig.haravan.memory.levels, house.rig.sandbox.variants
    shown = {}
    for link in house.settings.stock.links:
        for sku in house.skus:
            level = levels.get((variants[sku], link.location_id))
            shown[link.location_id, sku] = 0 if level is None else level.available
    return shown


def _free(house: House, sku: str, branch: int) -> Decimal:
    on_hand, reserved = house.rig.kiotviet.stock(house.rig.sandbox.products[sku], branch)
    return on_hand - reserved


def _waiting(house: House, doubted: Collection[int], unseen: Collection[int]) -> Counter[Pair]:
    documents = _documents(house)
    skus = {variant: sku for sku, variant in house.rig.sandbox.variants.items()}
    receiving = house.settings.orders.branch_id
    feeds = {link.location_id: receiving in link.branch_ids for link in house.settings.stock.links}
    waiting: Counter[Pair] = Counter()
    # a deleted order that may still be taken for what it once was, is kept off sale until a person has looked
    gone = (order for order in house.witness.deleted.values() if order.id in doubted)
    for order in (*house.rig.haravan.memory.orders.values(), *gone):
        location = order.location_id
        if location not in feeds or order.id in unseen:
            continue
        # whatever the order says now, KiotViet counts what was made of it while it said otherwise
        document = documents.get(f"HRV#{order.id}") if feeds[location] else None
        knows = feeds[location] and (document is not None or is_ours(house, order))
        for sku, pieces in _pending(house, order, document, skus, knows=knows, doubtful=order.id in doubted):
            waiting[location, sku] += pieces
    return waiting


def _pending(
    house: House,
    order: Order,
    document: Any,
    skus: dict[int, str],
    *,
    knows: bool,
    doubtful: bool,
) -> Iterator[tuple[str, int]]:
    """Pieces that are taken in Haravan and that KiotViet's figures do not show, by SKU."""
    waits, left = _where_the_goods_are(house, order, skus)
    # what people said about an order is forgotten with a lost store: it may be held for them once more
    if _is_back(house, order, document) or (order.id in house.witness.left and not doubtful):
        left.clear()
    if doubtful and (document is not None or order.id in house.witness.ever_odd):
        yield from (waits + left + _all(order, skus)).items()
    elif not knows:
        yield from waits.items()
    elif document is None:
        yield from (waits + left).items()
    else:
        shown = _held(house, document) if _holds(house, document) else _billed(house, document)
        yield from (waits + left - shown).items()


def _is_back(house: House, order: Order, document: Any) -> bool:
    """Whether the goods of a cancelled order count as on the shelf: by setting, or as KiotViet has nothing of it."""
    if order.cancelled_at is None:
        return False
    if document is None or house.settings.orders.on_return == "void_invoice":
        return True
    # what people voided after the end came back to them, also where that leaves an order open that holds nothing; what
    # they did not void, an invoice shows
    return was_completed(house, order) or (document.status not in _OPEN_ORDERS and not _billed(house, document))


def was_completed(house: House, order: Order) -> bool:
    """Whether syncd knows the order as one that had come to its end."""
    store = house.store
    record = store.orders.record(order.id) if store is not None else None
    return record is not None and record.state is State.COMPLETED


def _all(order: Order, skus: dict[int, str]) -> Counter[str]:
    whole: Counter[str] = Counter()
    for line in order.lines:
        if line.variant_id in skus:
            whole[skus[line.variant_id]] += line.quantity
    return whole


def _where_the_goods_are(house: House, order: Order, skus: dict[int, str]) -> tuple[Counter[str], Counter[str]]:
    """Pieces that still wait in the shop, and pieces that have left it, by SKU."""
    waits: Counter[str] = Counter()
    gone: Counter[str] = Counter()
    for line in order.lines:
        sku = skus.get(line.variant_id or 0)
        if sku is None:
            continue
        # what a buyer gave back and nobody put on the shelf is still out; a parcel holds what it holds, also a piece
        # that was struck from the order while the parcel was cancelled for a while, unless the shelf has it
        restocked = _restocked(order, line.id)
        rest = line.quantity - restocked
        for parcel in order.parcels:
            if parcel.live:
                taken = min(parcel.pieces.get(line.id, 0), rest)
                rest -= taken
                had_left = parcel.carrier_status in LEFT or parcel.id in house.witness.had_left
                if parcel.carrier_status != "return" and had_left:
                    gone[sku] += taken
                elif parcel.carrier_status != "return" and order.cancelled_at is None:
                    waits[sku] += taken
        if order.cancelled_at is None:
            # a piece for which money went back is promised to nobody
            waits[sku] += max(0, rest - (line.removed + line.came_back - restocked))
    return waits, gone


def _restocked(order: Order, line_id: int) -> int:
    """Pieces of a line that Haravan put on the shelf again, as each refund says."""
    rows = (row for refund in order.refunds if refund.restock for row in refund.pieces or ())
    return sum(quantity for _, of_line, quantity in rows if of_line == line_id)


def _holds(house: House, document: Any) -> bool:
    reserves = house.rig.kiotviet.switches.orders_reserve == "yes"
    return reserves and document.status in _OPEN_ORDERS and not document.unreserved


def _documents(house: House) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for document in house.documents():
        if document.status != CANCELLED:
            found.setdefault((document.description or "").split()[0], document)
    return found


def _held(house: House, document: Any) -> Counter[str]:
    """Pieces that a KiotViet order asks for, by SKU: what is not invoiced of them is reserved."""
    return _pieces(house, document.lines)


def _billed(house: House, document: Any) -> Counter[str]:
    """Pieces that live invoices of a KiotViet order took off the shelf, by SKU."""
    rows = house.rig.kiotviet._books.invoices.values()
    return _pieces(house, (line for row in rows if row.live and row.order_id == document.id for line in row.lines))


def _pieces(house: House, lines: Iterable[Any]) -> Counter[str]:
    skus = {product: sku for sku, product in house.rig.sandbox.products.items()}
    pieces: Counter[str] = Counter()
    for line in lines:
        pieces[skus[line.product_id]] += int(line.quantity)
    return pieces
