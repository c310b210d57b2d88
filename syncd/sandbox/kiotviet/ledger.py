"""Stock: what lies on the shelf and what open orders have reserved, always counted in base units."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

from syncd.sandbox.kiotviet import refusals
from syncd.sandbox.kiotviet.books import Books
from syncd.sandbox.kiotviet.records import ZERO, Line, Order, Product
from syncd.sandbox.kiotviet.refusals import Refused

COMBO = 1
SERVICE = 3
OPEN_STATUSES = (1, 2, 5)

_SEVEN_DIGITS = Decimal("0.0000001")


def parts(books: Books, product_id: int, quantity: Decimal) -> Iterator[tuple[int, Decimal]]:
    """The base goods that a quantity of a product consists of; a service consists of none."""
    product = books.products.get(product_id)
    if product is None or product.kind == SERVICE:
        return
    if product.kind == COMBO:
        for material_id, per_combo in product.formula:
            yield from parts(books, material_id, quantity * per_combo)
    elif product.master_unit_id is not None:
        yield from parts(books, product.master_unit_id, quantity * product.conversion)
    else:
        yield product_id, quantity


def move(books: Books, branch_id: int, lines: Iterable[tuple[int, Decimal]], sign: int) -> None:
    """Put quantities of products on the shelf (`sign` 1) or take them off it (-1)."""
    for product_id, quantity in lines:
        for base_id, pieces in parts(books, product_id, quantity):
            key = (base_id, branch_id)
            books.on_hand[key] = books.on_hand.get(key, ZERO) + sign * pieces


def quantities(lines: Iterable[Line]) -> list[tuple[int, Decimal]]:
    """The lines as (product, quantity)."""
    return [(line.product_id, line.quantity) for line in lines]


def invoiced(books: Books, order: Order) -> dict[int, Decimal]:
    """How much of each product an order's invoices have taken."""
    closed = books.switches.void_effect == "stays_closed"
    taken: dict[int, Decimal] = {}
    for invoice in (books.invoices[invoice_id] for invoice_id in order.invoice_ids):
        if invoice.live or (closed and not invoice.replaced):
            for line in invoice.lines:
                taken[line.product_id] = taken.get(line.product_id, ZERO) + line.quantity
    return taken


def open_quantities(books: Books, order: Order) -> dict[int, Decimal]:
    """How much of each product of an order has no invoice yet; never negative."""
    taken = invoiced(books, order)
    ordered: dict[int, Decimal] = {}
    for line in order.lines:
        ordered[line.product_id] = ordered.get(line.product_id, ZERO) + line.quantity
    return {product_id: max(ZERO, wanted - taken.get(product_id, ZERO)) for product_id, wanted in ordered.items()}


def hold(books: Books, order: Order) -> None:
    """Make the reservations of an order what its state asks for."""
    for key, pieces in books.holds.pop(order.id, {}).items():
        books.reserved[key] = books.reserved.get(key, ZERO) - pieces
    if order.status not in OPEN_STATUSES or order.unreserved or books.switches.orders_reserve == "no":
        return
    held: dict[tuple[int, int], Decimal] = {}
    for product_id, quantity in open_quantities(books, order).items():
        for base_id, pieces in parts(books, product_id, quantity):
            key = (base_id, order.branch_id)
            held[key] = held.get(key, ZERO) + pieces
    for key, pieces in held.items():
        books.reserved[key] = books.reserved.get(key, ZERO) + pieces
    books.holds[order.id] = held


def figures(books: Books, product: Product, branch_id: int) -> tuple[Decimal, Decimal] | None:
    """On hand and reserved as shown for a product at a branch; None where nothing is shown."""
    if product.kind == SERVICE:
        return None
    if product.kind == COMBO:
        return (ZERO, ZERO) if books.switches.combo_figures == "zeros" else None
    if books.switches.inactive_figures == "left_out" and not product.active_at(branch_id):
        return None
    return counted(books, product, branch_id, per_unit=books.switches.unit_figures == "per_unit")


def counted(books: Books, product: Product, branch_id: int, *, per_unit: bool = True) -> tuple[Decimal, Decimal]:
    """On hand and reserved of a product in its own unit, or in its base unit; a unit without one counts for itself."""
    divisor = Decimal(1)
    base = product
    while base.master_unit_id in books.products:
        divisor *= base.conversion or 1
        base = books.products[base.master_unit_id]
    key = (base.id, branch_id)
    on_hand, reserved = books.on_hand.get(key, ZERO), books.reserved.get(key, ZERO)
    if not per_unit or divisor == 1:
        return on_hand, reserved
    return (on_hand / divisor).quantize(_SEVEN_DIGITS), (reserved / divisor).quantize(_SEVEN_DIGITS)


def check_sale(books: Books, branch_id: int, lines: Iterable[Line], order: Order | None = None) -> None:
    """Refuse to sell what is not there, or what other orders have reserved, where the shop's settings say so.

    Raises:
        Refused: Not enough of a product.
    """
    own = books.holds.get(order.id, {}) if order else {}
    for key, pieces in _needed(books, branch_id, lines).items():
        on_hand = books.on_hand.get(key, ZERO)
        others = books.reserved.get(key, ZERO) - own.get(key, ZERO)
        sold_out = on_hand < pieces
        promised = on_hand - others < pieces
        allowed = books.settings["AllowSellWhenOutStock"]
        if (sold_out or (promised and not books.settings["AllowSellWhenOrderOutStock"])) and not allowed:
            raise Refused(refusals.SELL_OUT_OFF, refusals.INVOICE)


def check_order(books: Books, branch_id: int, lines: Iterable[Line]) -> None:
    """Refuse an order for what is neither there nor free, where the shop's settings say so.

    Raises:
        Refused: Not enough of a product.
    """
    if books.settings["AllowOrderWhenOutStock"]:
        return
    for key, pieces in _needed(books, branch_id, lines).items():
        if books.on_hand.get(key, ZERO) - books.reserved.get(key, ZERO) < pieces:
            raise Refused(refusals.ORDER_OUT_OFF, refusals.ORDER)


def _needed(books: Books, branch_id: int, lines: Iterable[Line]) -> dict[tuple[int, int], Decimal]:
    needed: dict[tuple[int, int], Decimal] = {}
    for product_id, quantity in quantities(lines):
        for base_id, pieces in parts(books, product_id, quantity):
            key = (base_id, branch_id)
            needed[key] = needed.get(key, ZERO) + pieces
    return needed
