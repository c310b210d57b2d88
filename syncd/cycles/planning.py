"""Both remotes for `syncd plan`: reads pass, writes are collected and answered as KiotViet would, none is sent.

A planned document has a negative id and lives only here, so that the same code walks an order through all its steps.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal

from syncd.clients.pages import LevelPage, ListQuery, OrderPage, Page, ProductPage
from syncd.clock import Clock
from syncd.core.documents import money, order_id_in
from syncd.core.model import (
    AdjustLine,
    BranchStock,
    InvoiceStatus,
    Level,
    Location,
    OnHand,
    OrderStatus,
    PosCustomer,
    PosDelivery,
    PosInvoice,
    PosLine,
    PosOrder,
    PosProduct,
    PosReturn,
    PosSettings,
    PosSurcharge,
    Slip,
    StockSlip,
    Surcharge,
)
from syncd.core.texts import Say, text
from syncd.cycles.ports import Haravan, KiotViet

_ZERO = Decimal(0)
_Place = tuple[int, int]


@dataclass(frozen=True, slots=True)
class PlannedWrite:
    """One write that would be sent; `haravan_id` is the order it is for."""

    target: str
    operation: str
    haravan_id: int | None
    detail: str


@dataclass(slots=True)
class PlannedWrites:
    """What would be written, in order; `say` says a sentence in the shop's language."""

    say: Say
    writes: list[PlannedWrite] = field(default_factory=list)
    _guard: threading.Lock = field(default_factory=threading.Lock)

    def add(self, target: str, operation: str, haravan_id: int | None, detail: str) -> int:
        """Note a write; a negative id for what it would make."""
        with self._guard:
            self.writes.append(PlannedWrite(target, operation, haravan_id, detail))
            return -len(self.writes)


class PlanningHaravan:
    """Haravan without its writes."""

    def __init__(self, real: Haravan, planned: PlannedWrites) -> None:
        """Read from `real`."""
        self._real, self._planned = real, planned
        self._moved: dict[tuple[int, int], int] = {}
        self.locations: Callable[[], tuple[Location, ...]] = real.locations
        self.variant_total: Callable[[int], int | None] = real.variant_total
        self.orders_count: Callable[[], int] = real.orders_count
        self.orders_count_from: Callable[[datetime], int] = real.orders_count_from
        self.products_count: Callable[[], int] = real.products_count
        self.orders_newest_first: Callable[[int], OrderPage] = real.orders_newest_first
        self.orders_changed_last: Callable[[int], OrderPage] = real.orders_changed_last
        self.orders_updated_from: Callable[[datetime, int], OrderPage] = real.orders_updated_from
        self.orders_count_updated_from: Callable[[datetime], int] = real.orders_count_updated_from
        self.open_orders_count: Callable[[str], int] = real.open_orders_count
        self.orders_after: Callable[[int, datetime], OrderPage] = real.orders_after
        self.open_orders: Callable[[int, str], OrderPage] = real.open_orders
        self.orders_by_ids: Callable[[Sequence[int]], OrderPage] = real.orders_by_ids
        self.products_after: Callable[[int], ProductPage] = real.products_after
        self.products_count_from: Callable[[datetime], int] = real.products_count_from
        self.products_updated_from: Callable[[datetime, int], ProductPage] = real.products_updated_from
        self.products_page: Callable[[int], ProductPage] = real.products_page
        self.slips: Callable[[int], tuple[Slip, ...]] = real.slips

    def levels(self, location_ids: Sequence[int], variant_ids: Sequence[int]) -> LevelPage:
        """Levels with the planned differences added."""
        page = self._real.levels(location_ids, variant_ids)
        shown = {(level.location_id, level.variant_id) for level in page.levels}
        keys = [(a, b) for a in location_ids for b in variant_ids if (a, b) in self._moved and (a, b) not in shown]
        blank = tuple(Level(a, b, 0, 0, 0, 0, None) for a, b in keys)
        return replace(page, levels=tuple(self._shift(level) for level in (*page.levels, *blank)))

    def _shift(self, level: Level) -> Level:
        delta = self._moved.get((level.location_id, level.variant_id), 0)
        return replace(level, on_hand=level.on_hand + delta, available=level.available + delta)

    def adjust(self, location_id: int, lines: Sequence[AdjustLine], note: str) -> None:
        """Note each line."""
        for line in lines:
            key = (location_id, line.variant_id)
            self._moved[key] = self._moved.get(key, 0) + line.quantity
            delta = f"{line.quantity:+d}"
            detail = text("plan_stock", location=location_id, variant=line.variant_id, delta=delta)
            self._planned.add("haravan", "adjust_stock", None, self._planned.say(detail))

    def add_tags(self, order_id: int, tags: Sequence[str]) -> tuple[str, ...]:
        """Note it and answer as if the order had no others."""
        self._tag(order_id, "plan_tags_added", tags)
        return tuple(tags)

    def remove_tags(self, order_id: int, tags: Sequence[str]) -> tuple[str, ...]:
        """Note it and answer that none is left."""
        self._tag(order_id, "plan_tags_removed", tags)
        return ()

    def _tag(self, order_id: int, key: str, tags: Sequence[str]) -> None:
        detail = self._planned.say(text(key, tags=", ".join(tags)))
        self._planned.add("haravan", "tag_order", order_id, detail)


class PlanningKiotViet:
    """KiotViet with planned documents laid over the real ones."""

    def __init__(
        self, real: KiotViet, planned: PlannedWrites, clock: Clock, reserves: Callable[[], bool] = lambda: False
    ) -> None:
        """Read from `real`; `reserves` tells whether its orders count in `reserved`."""
        self._real, self._planned, self._clock, self._reserves = real, planned, clock, reserves
        self._taken: dict[_Place, Decimal] = {}
        self._reserved: dict[_Place, Decimal] = {}
        self._orders: dict[int, PosOrder] = {}
        self._ids: dict[str, int] = {}
        self._invoices: dict[int, PosInvoice] = {}
        self._customers: dict[str, PosCustomer] = {}
        self._surcharges: list[Surcharge] = []
        self.settings: Callable[[], PosSettings] = real.settings
        self.orders_page: Callable[[ListQuery], Page[PosOrder]] = real.orders_page
        self.returns_page: Callable[[ListQuery], Page[PosReturn]] = real.returns_page
        self.transfers_page: Callable[[ListQuery], Page[StockSlip]] = real.transfers_page
        self.purchases_page: Callable[[ListQuery], Page[StockSlip]] = real.purchases_page
        self.customers_by_phone: Callable[[str], tuple[PosCustomer, ...]] = real.customers_by_phone
        self.product: Callable[[int], PosProduct] = real.product
        self.products_page: Callable[[ListQuery], Page[PosProduct]] = real.products_page

    def on_hands_page(self, query: ListQuery, low_priority: bool = False) -> Page[OnHand]:
        """The figures as they would be once the planned documents exist, for the stock is planned after the orders."""
        page = self._real.on_hands_page(query, low_priority)
        return replace(page, rows=tuple(self._moved(row) for row in page.rows))

    def _moved(self, row: OnHand) -> OnHand:
        return replace(row, stock=tuple(self._moved_at(row.product_id, stock) for stock in row.stock))

    def _moved_at(self, product_id: int, stock: BranchStock) -> BranchStock:
        place = (product_id, stock.branch_id)
        if stock.on_hand is None:
            return stock
        reserved = (stock.reserved or _ZERO) + (self._reserved.get(place, _ZERO) if self._reserves() else _ZERO)
        return replace(stock, on_hand=stock.on_hand - self._taken.get(place, _ZERO), reserved=reserved)

    def surcharges(self) -> tuple[Surcharge, ...]:
        """Real and planned ones."""
        return (*self._real.surcharges(), *self._surcharges)

    def create_surcharge(self, code: str, name: str) -> Surcharge:
        """Note it."""
        made = Surcharge(self._planned.add("kiotviet", "create_surcharge", None, f"{code} ({name})"), code, name)
        self._surcharges.append(made)
        return made

    def customer_by_code(self, code: str) -> PosCustomer | None:
        """The planned one, else the real one."""
        return self._customers.get(code) or self._real.customer_by_code(code)

    def create_customer(self, body: Mapping[str, object]) -> PosCustomer:
        """Note it."""
        code = str(body["code"])
        made = PosCustomer(self._planned.add("kiotviet", "create_customer", None, code), code, "", None)
        self._customers[code] = made
        return made

    def order(self, order_id: int) -> PosOrder:
        """The planned state of an order, else the real one."""
        found = self._orders.get(order_id) or self._real.order(order_id)
        self._ids[found.code] = found.id
        return found

    def create_order(self, body: Mapping[str, object]) -> PosOrder:
        """Note it and answer as KiotViet would."""
        lines, surcharges = _lines(body, "orderDetails"), _surcharges(body)
        total = _total(body, lines, surcharges)
        description = str(body["description"])
        haravan_id = order_id_in(description)
        detail = self._planned.say(text("plan_order", branch=str(body["branchId"]), total=money(total)))
        made_id = self._planned.add("kiotviet", "create_order", haravan_id, detail)
        made = PosOrder(
            id=made_id,
            code=self._planned.say(text("planned_code", number=-made_id)),
            branch_id=int(str(body["branchId"])),
            status=OrderStatus.DRAFT,
            status_text="Phiếu tạm",
            total=total,
            total_payment=_ZERO,
            discount=_decimal(body["discount"]),
            description=description,
            created_at=self._clock.now(),
            modified_at=None,
            customer_id=None,
            lines=lines,
            surcharges=surcharges,
        )
        self._orders[made_id] = made
        _add(self._reserved, made.branch_id, lines, 1)
        return made

    def cancel_order(self, order_id: int) -> None:
        """Note it."""
        order = self.order(order_id)
        self._planned.add("kiotviet", "cancel_order", order_id_in(order.description), order.code)
        _add(self._reserved, order.branch_id, order.lines, -1)
        self._orders[order_id] = replace(order, status=OrderStatus.CANCELLED, status_text="Đã hủy")

    def invoice(self, invoice_id: int) -> PosInvoice:
        """The planned state of an invoice, else the real one."""
        return self._invoices.get(invoice_id) or self._real.invoice(invoice_id)

    def invoices_page(self, query: ListQuery) -> Page[PosInvoice]:
        """The invoices of an order with the planned ones added."""
        order_id = int(query.filters.get("orderId", "0"))
        mine = tuple(invoice for invoice in self._invoices.values() if invoice.order_id == order_id)
        if order_id < 0:
            return Page(mine, (), len(mine), len(mine), None)
        page = self._real.invoices_page(query)
        if query.offset:
            return page
        kept = tuple(row for row in page.rows if row.id not in self._invoices)
        rows = (*mine, *kept)
        return replace(
            page,
            rows=rows,
            total=page.total + len(rows) - len(page.rows),
            received=page.received + len(rows) - len(page.rows),
        )

    def create_invoice(self, body: Mapping[str, object]) -> PosInvoice:
        """Note it and answer as KiotViet would."""
        lines, surcharges = _lines(body, "invoiceDetails"), _surcharges(body)
        total = _total(body, lines, surcharges)
        description = str(body["description"])
        order_id = int(str(body["orderId"]))
        code = self.order(order_id).code
        detail = self._planned.say(text("plan_invoice", order=code, total=money(total)))
        made_id = self._planned.add("kiotviet", "create_invoice", order_id_in(description), detail)
        delivery = body["deliveryDetail"]
        raw = dict(delivery) if isinstance(delivery, Mapping) else {}
        made = PosInvoice(
            id=made_id,
            code=self._planned.say(text("planned_code", number=-made_id)),
            order_code="",
            order_id=order_id,
            branch_id=int(str(body["branchId"])),
            status=InvoiceStatus.PROCESSING,
            status_text="Đang xử lý",
            total=total,
            total_payment=_ZERO,
            discount=_decimal(body["discount"]),
            description=description,
            created_at=self._clock.now(),
            modified_at=None,
            customer_id=None,
            sold_by_id=None,
            lines=lines,
            surcharges=surcharges,
            delivery=PosDelivery(
                str(raw.get("deliveryCode", "")), 1, "Chưa giao hàng", _decimal(raw.get("priceCodPayment")), raw
            ),
        )
        self._invoices[made_id] = made
        _add(self._taken, made.branch_id, lines, 1)
        _add(self._reserved, made.branch_id, lines, -1)
        return made

    def update_invoice(self, invoice_id: int, body: Mapping[str, object]) -> PosInvoice:
        """Note a settlement."""
        invoice = self.invoice(invoice_id)
        self._planned.add("kiotviet", "complete_invoice", order_id_in(invoice.description), invoice.code)
        settled = replace(invoice, status=InvoiceStatus.COMPLETED, status_text="Hoàn thành")
        self._invoices[invoice_id] = settled
        return settled

    def void_invoice(self, invoice_id: int) -> None:
        """Note it; the order is taken to be open again, which each shop's KiotViet decides by itself."""
        invoice = self.invoice(invoice_id)
        self._planned.add("kiotviet", "void_invoice", order_id_in(invoice.description), invoice.code)
        self._invoices[invoice_id] = replace(invoice, status=InvoiceStatus.CANCELLED, status_text="Đã hủy")
        _add(self._taken, invoice.branch_id, invoice.lines, -1)
        order_id = invoice.order_id or self._ids.get(invoice.order_code)
        if order_id is not None:
            order = self.order(order_id)
            _add(self._reserved, invoice.branch_id, invoice.lines, 1)
            self._orders[order.id] = replace(order, status=OrderStatus.DRAFT, status_text="Phiếu tạm")


def _add(places: dict[_Place, Decimal], branch_id: int, lines: Iterable[PosLine], sign: int) -> None:
    for line in lines:
        place = (line.product_id, branch_id)
        places[place] = places.get(place, _ZERO) + sign * line.quantity


def _decimal(value: object) -> Decimal:
    return Decimal(str(value)) if value is not None else _ZERO


def _lines(body: Mapping[str, object], key: str) -> tuple[PosLine, ...]:
    rows = body[key]
    assert isinstance(rows, list), f"a document without {key}"
    return tuple(
        PosLine(row["productId"], row["productCode"], _decimal(row["quantity"]), _decimal(row["price"])) for row in rows
    )


def _surcharges(body: Mapping[str, object]) -> tuple[PosSurcharge, ...]:
    rows = body["surchages"]
    return tuple(PosSurcharge(row["id"], _decimal(row["price"])) for row in rows) if isinstance(rows, list) else ()


def _total(body: Mapping[str, object], lines: tuple[PosLine, ...], surcharges: tuple[PosSurcharge, ...]) -> Decimal:
    goods = sum((line.quantity * line.price for line in lines), _ZERO)
    return goods - _decimal(body["discount"]) + sum((surcharge.amount for surcharge in surcharges), _ZERO)
