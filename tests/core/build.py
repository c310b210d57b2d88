"""Values for the tests of the core: one plain web COD order and its documents, changed where a test says so."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from syncd.core import documents
from syncd.core.decisions import Search, View
from syncd.core.lifecycle import State
from syncd.core.model import (
    Address,
    Buyer,
    CarrierStatus,
    CodStatus,
    InvoiceStatus,
    OrderLine,
    OrderStatus,
    PosDelivery,
    PosInvoice,
    PosLine,
    PosOrder,
    PosProduct,
    PosSurcharge,
    ProductKind,
    Refund,
    RefundLine,
    Shipment,
    ShipmentLine,
    Transaction,
    Variant,
    WebOrder,
)
from syncd.core.payments import Share
from syncd.core.policy import OrderPolicy
from syncd.core.products import Index, Link, LinkPolicy
from syncd.core.products import build as build_index
from syncd.core.records import DocumentRef, Hold, Intent, InvoiceRef, Record

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
SINCE = datetime(2026, 10, 31, 17, 0, tzinfo=UTC)
BRANCH, LOCATION = 1001, 963414
POLICY = OrderPolicy(branch_id=BRANCH, since=SINCE)


def vnd(amount: int | str) -> Decimal:
    return Decimal(amount)


# --- Haravan ---------------------------------------------------------------------------------------------------------


def line(number: int, quantity: int = 1, price: int | str = 100_000, **more: Any) -> OrderLine:
    """Line `number` of variant 10 + number, SKU `SP-<number>`."""
    made = OrderLine(
        id=number,
        product_id=900 + number,
        variant_id=10 + number,
        sku=f"SP-{number}",
        barcode="",
        quantity=quantity,
        price=Decimal(price),
        title=f"Sản phẩm {number}",
    )
    return replace(made, **more)


def order(*lines: OrderLine, **more: Any) -> WebOrder:
    """A web COD order whose total is the sum of its lines and shipping, unless told."""
    chosen = lines or (line(1),)
    shipping = Decimal(more.pop("shipping", 0))
    goods = sum((one.price * one.quantity for one in chosen), Decimal(0))
    total = Decimal(more.pop("total_price", goods + shipping))
    made = WebOrder(
        id=5001,
        number="#100020",
        source="web",
        gateway="Thanh toán khi giao hàng (COD)",
        gateway_code="COD",
        financial_status="pending",
        created_at=NOW,
        updated_at=NOW,
        cancelled_at=None,
        confirmed=True,
        lines=tuple(chosen),
        shipments=(),
        transactions=(),
        refunds=(),
        total_price=total,
        shipping=shipping,
        tax=Decimal(0),
        taxes_included=False,
        weight_grams=Decimal(500),
        location_id=LOCATION,
        assigned_location_id=None,
        previous_order_id=None,
        address=Address("Trần Thị Mẫu", "0900000001", "1 Đường Mẫu", "Phường 1", "Quận 1", "Hồ Chí Minh"),
        buyer=Buyer(700, "Trần Thị Mẫu", "0900000001", ""),
    )
    return replace(made, **more)


def shipment(
    number: int = 1, carrier: str = "delivering", *carried: tuple[int, int], cod: str = "codpending", **more: Any
) -> Shipment:
    """Shipment 70 + number of lines `(line id, pieces)`, one piece of line 1 unless told."""
    status = CarrierStatus(carrier)
    on_road = {"delivering", "delivered", "notmeetcustomer", "waitingforreturn", "return"}
    made = Shipment(
        id=70 + number,
        carrier_status=status,
        carrier_status_text=carrier,
        cod_status=CodStatus(cod),
        cod_amount=Decimal(100_000),
        lines=tuple(ShipmentLine(*one) for one in carried or ((1, 1),)),
        tracking_numbers=(f"GHN{number}",),
        carrier_code="ghn2018",
        carrier_name="Giao hàng nhanh",
        location_id=LOCATION,
        created_at=NOW + timedelta(hours=number),
        updated_at=NOW + timedelta(hours=number),
        reached_road=carrier in on_road,
        has_dates=True,
    )
    return replace(made, **more)


def refund(*lines: tuple[int, int], restocked: bool = True, amount: int = 0) -> Refund:
    """A refund of `(line id, pieces)`."""
    return Refund(9, tuple(RefundLine(*one) for one in lines), restocked, LOCATION, Decimal(amount))


def money(kind: str, amount: int, *, failed: bool = False, cod_gateway: bool = False, number: int = 1) -> Transaction:
    """A transaction of an order."""
    return Transaction(number, kind, Decimal(amount), failed, cod_gateway)


# --- products --------------------------------------------------------------------------------------------------------


def link(number: int, **more: Any) -> Link:
    """The link of variant 10 + number to KiotViet product 200 + number, code `SP-<number>`."""
    made = Link(
        10 + number, 900 + number, f"SP-{number}", 200 + number, f"SP-{number}", f"SP {number}", Decimal(1), None
    )
    return replace(made, **more)


def links(count: int = 9) -> dict[int, Link]:
    """Links by order line id."""
    return {number: link(number) for number in range(1, count + 1)}


def variant(number: int, **more: Any) -> Variant:
    """Variant 10 + number, SKU `SP-<number>`, stock-tracked."""
    return replace(Variant(10 + number, 900 + number, f"SP-{number}", "", "", tracked=True, lots=False), **more)


def product(number: int, **more: Any) -> PosProduct:
    """KiotViet product 200 + number, code `SP-<number>`, plain goods."""
    code = f"SP-{number}"
    made = PosProduct(200 + number, code, "", f"SP {number}", ProductKind.GOODS, True, "cái", Decimal(1), None)
    return replace(made, **more)


def index(count: int = 9) -> Index:
    """Every SKU `SP-1` to `SP-<count>` linked."""
    numbers = range(1, count + 1)
    return build_index([variant(n) for n in numbers], [product(n) for n in numbers], LinkPolicy(("barcode", "sku"), {}))


# --- KiotViet --------------------------------------------------------------------------------------------------------


def pos_lines(draft: documents.Draft) -> tuple[PosLine, ...]:
    return tuple(PosLine(one.product_id, one.code, one.quantity, one.price) for one in draft.lines)


def document(of: WebOrder, status: OrderStatus = OrderStatus.DRAFT, **more: Any) -> PosOrder:
    """What KiotViet shows of an order that it made of our words."""
    draft = documents.order_draft(of, links())
    made = PosOrder(
        id=8001,
        code="DH000185",
        branch_id=BRANCH,
        status=status,
        status_text={"1": "Phiếu tạm", "2": "Đang giao hàng", "3": "Hoàn thành", "4": "Đã hủy"}.get(status.value, "?"),
        total=draft.expected_total,
        total_payment=Decimal(0),
        discount=draft.discount,
        description=f"{documents.marker(of.id)} | Đơn web {of.number}",
        created_at=NOW,
        modified_at=None,
        customer_id=31,
        lines=pos_lines(draft),
        surcharges=(PosSurcharge(4, draft.shipping),) if draft.shipping else (),
    )
    return replace(made, **more)


def invoice(
    of: WebOrder, shipped: Shipment, status: InvoiceStatus = InvoiceStatus.PROCESSING, **more: Any
) -> PosInvoice:
    """What KiotViet shows of the invoice that it made of our words for one shipment of an order."""
    alive = tuple(one for one in of.shipments if one.carrier_status is not CarrierStatus.CANCEL) or (shipped,)
    draft = documents.shipment_drafts(of, alive, links())[shipped.id]
    code = documents.delivery_code(shipped)
    made = PosInvoice(
        id=6000 + shipped.id,
        code=f"HD{shipped.id}",
        order_code="DH000185",
        order_id=8001,
        branch_id=BRANCH,
        status=status,
        status_text={"1": "Hoàn thành", "2": "Đã hủy", "3": "Đang xử lý", "5": "Không giao được"}.get(
            status.value, "?"
        ),
        total=draft.expected_total,
        total_payment=Decimal(0),
        discount=draft.discount,
        description=documents.marker(of.id),
        created_at=NOW + timedelta(hours=2),
        modified_at=None,
        customer_id=31,
        sold_by_id=2,
        lines=pos_lines(draft),
        surcharges=(PosSurcharge(4, draft.shipping),) if draft.shipping else (),
        delivery=PosDelivery(code, 1, "Chưa giao hàng", shipped.cod_amount, {"deliveryCode": code, "status": 1}),
    )
    return replace(made, **more)


# --- the ledger and the view -----------------------------------------------------------------------------------------


def record(state: State = State.RECEIVED, **more: Any) -> Record:
    """An order of which nothing but its state is remembered."""
    return replace(Record(5001, "#100020", state), **more)


def ordered(of: WebOrder, state: State = State.ORDERED, *invoices: InvoiceRef, **more: Any) -> Record:
    """An order whose KiotViet order was made and seen."""
    made = record(state, order=DocumentRef(8001, "DH000185", BRANCH, 1), lines_digest=documents.lines_digest(of))
    return replace(made, invoices=invoices, searched=True, **more)


def ref(shipped: Shipment, state: str = "3") -> InvoiceRef:
    """What is remembered of a shipment's invoice."""
    return InvoiceRef(6000 + shipped.id, f"HD{shipped.id}", shipped.id, state, 2)


def hold(code: str, **more: Any) -> Hold:
    return replace(Hold(code, "because", NOW), **more)


def intent(operation: str = "create_order", subject: int = 5001, **more: Any) -> Intent:
    """A write whose answer was lost."""
    return replace(Intent(operation, str(subject), "HRV#5001", "digest", NOW), **more)


def nothing_found() -> View:
    """A complete search that found nothing."""
    return View(search=Search((), complete=True))


def seen(of: WebOrder, *invoices: PosInvoice, **more: Any) -> View:
    """KiotViet's order as we made it, and these invoices."""
    return View(order=document(of, **more), invoices=invoices)


def whole(shipped: Shipment) -> Share:
    """All of a shipment's money comes by its carrier."""
    return Share(Decimal(0), shipped.cod_amount)
