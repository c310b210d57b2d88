"""The KiotViet documents that a Haravan order becomes, field by field, with their totals known before they are sent.

Prices are net unit prices with line discount 0; what is left between the lines and Haravan's total is the order
discount; shipping paid by the buyer is a surcharge. KiotViet's total is `sum(qty * price) - discount + surcharges`.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from syncd.core import amounts
from syncd.core.buyers import is_masked, unmasked
from syncd.core.model import PosDelivery, PosInvoice, PosLine, PosOrder, PosSurcharge, Shipment, WebOrder
from syncd.core.products import Link
from syncd.core.records import Billed

MARKER = "HRV#"
_MARKED = re.compile(r"HRV#([0-9]{1,19})(?![0-9])")
_DESCRIPTION_LIMIT = 500
ZERO = Decimal(0)
_VIETNAMESE = str.maketrans(",.", ".,")
DELIVERY_NOT_SENT = 1
DELIVERY_DONE = 3

Body = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class DraftLine:
    """A merged line: one KiotViet product, whole-dong net unit price."""

    product_id: int
    code: str
    name: str
    quantity: Decimal
    price: Decimal

    @property
    def amount(self) -> Decimal:
        """Quantity times price."""
        return self.quantity * self.price


@dataclass(frozen=True, slots=True)
class Draft:
    """What a document will say; `expected_total` is the total KiotViet must answer."""

    lines: tuple[DraftLine, ...]
    discount: Decimal
    shipping: Decimal

    @property
    def expected_total(self) -> Decimal:
        """KiotViet's formula applied to this draft."""
        return sum((line.amount for line in self.lines), ZERO) - self.discount + self.shipping


@dataclass(frozen=True, slots=True)
class Payment:
    """How money is booked: method `Cash` or `Transfer` (then with a bank account id), and what was received so far."""

    method: str
    account_id: int | None
    received: Decimal = ZERO


def marker(order_id: int) -> str:
    """The text that makes our documents findable; it starts the description."""
    return f"{MARKER}{order_id}"


def order_id_in(description: str) -> int | None:
    """The Haravan order id of the first marker in a description, None when there is none."""
    found = _MARKED.search(description)
    return int(found[1]) if found else None


def order_ids_in(description: str) -> frozenset[int]:
    """The Haravan order ids of all markers in a description: orders that people merged keep each of theirs."""
    return frozenset(int(found) for found in _MARKED.findall(description))


def said(document: PosOrder | PosInvoice) -> str:
    """What matters of what a KiotViet document says, whatever list showed it: digest of lines and total, and status."""
    rows = sorted(
        (line.product_id, *map(_plain, (line.quantity, line.price, line.discount))) for line in document.lines
    )
    return f"{digest([document.id, rows, _plain(document.total)])}:{document.status.value}"


def same_content(said: str, before: str) -> bool:
    """Whether a document said the same lines and total before, whatever its status."""
    return said.partition(":")[0] == before.partition(":")[0]


def status_said(said: str) -> str:
    """The status in which a document said it."""
    return said.partition(":")[2]


def _plain(amount: Decimal) -> str:
    return str(amount.normalize())


def billed(invoice: PosInvoice) -> Billed | None:
    """What an invoice came to; None where its lines and its total do not agree in either reading of `total`."""
    goods = sum((line.quantity * (line.price - line.discount) for line in invoice.lines), ZERO) - invoice.discount
    shown = sum((surcharge.amount for surcharge in invoice.surcharges), ZERO)
    if invoice.total in (goods, goods + shown):
        return Billed(goods, shown)
    return Billed(goods, invoice.total - goods) if not invoice.surcharges and invoice.total > goods else None


def lines_digest(order: WebOrder) -> str:
    """A digest of `(line id, quantity, price)`: Haravan says lines never change, and this notices when they do."""
    rows = sorted((line.id, line.quantity, str(line.price.normalize())) for line in order.lines)
    return digest(rows)


def digest(value: object) -> str:
    """A short stable digest of plain data."""
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:24]


def merge(parts: Iterable[tuple[Link, Decimal, Decimal]]) -> tuple[tuple[DraftLine, ...], Decimal]:
    """Lines of one product become one (KiotViet refuses a product twice), with what rounding up added in all.

    Args:
        parts: link, quantity and net unit price of each Haravan line.
    """
    grouped: dict[int, list[tuple[Link, Decimal, Decimal]]] = {}
    for part in parts:
        grouped.setdefault(part[0].product_id, []).append(part)
    lines: list[DraftLine] = []
    rounding = ZERO
    for group in grouped.values():
        quantity = sum((part[1] for part in group), ZERO)
        exact = sum((part[1] * part[2] for part in group), ZERO)
        price = (exact / quantity).to_integral_value(rounding=ROUND_CEILING)
        rounding += price * quantity - exact
        link = group[0][0]
        lines.append(DraftLine(link.product_id, link.code, link.name, quantity, price))
    return tuple(lines), rounding


def order_draft(order: WebOrder, links: Mapping[int, Link]) -> Draft:
    """The whole order as one draft that comes to Haravan's total, if that total can be had and can be right.

    The draft comes to another total where Haravan's amounts contradict each other, where the tax is on top of the
    prices (KiotViet's total would lack it), where the total is no whole dong, and where it is below zero.

    Args:
        order: The Haravan order.
        links: order line id -> link, complete.
    """
    stated = amounts.stated_discount(order)
    return settled_draft(order, links) if stated is None else _draft(order, links, stated)


def settled_draft(order: WebOrder, links: Mapping[int, Link]) -> Draft:
    """As `order_draft`, with the total taken for right whatever else the order says: for one that KiotViet has."""
    return _draft(order, links, amounts.residual(order))


def _draft(order: WebOrder, links: Mapping[int, Link], discount: Decimal) -> Draft:
    """A draft in whole dong with this order discount; what rounding added to prices and shipping goes into it.

    A discount larger than the goods has paid for shipping: KiotViet gets that much less of a surcharge.
    """
    lines, rounding = merge(
        (links[line.id], Decimal(line.quantity), line.price) for line in order.lines if line.quantity > 0
    )
    goods = sum((line.amount for line in lines), ZERO)
    shipping = order.shipping.to_integral_value(rounding=ROUND_CEILING)
    rounding += shipping - order.shipping
    whole = (discount + rounding).to_integral_value(rounding=ROUND_FLOOR)
    beyond = max(ZERO, whole - goods)
    return Draft(lines, whole - beyond, max(ZERO, shipping - beyond))


def shipment_drafts(
    order: WebOrder,
    shipments: Sequence[Shipment],
    links: Mapping[int, Link],
    billed: Mapping[int, Billed] | None = None,
) -> dict[int, Draft]:
    """A draft for each live shipment that says what it carries; all of them together come to the order's total.

    The order discount is split in proportion to the goods, the last shipment (once nothing is left to ship) takes the
    rest; the surcharge goes to the first. What was billed already stays as it is, so that a shipment that is cancelled
    and made anew moves no other invoice. Shares are rounded on the running sum, so that with prices in whole dong none
    is negative.

    Args:
        order: The Haravan order.
        shipments: Its live shipments, oldest first.
        links: order line id -> link, complete.
        billed: What the invoices of some of these shipments came to, by shipment id.
    """
    known = billed or {}
    whole = settled_draft(order, links)
    owed = whole.expected_total - whole.shipping
    prices = {line.id: line.price for line in order.lines}
    all_goods = sum((line.price * line.quantity for line in order.lines), ZERO)
    complete = is_covered(order, shipments) and all(carries(s, links) for s in shipments)
    queue = sorted(shipments, key=lambda s: s.id not in known)
    bearer = _bearer(queue, known)
    drafts: dict[int, Draft] = {}
    value = given = ZERO
    for shipment in (s for s in queue if carries(s, links)):
        parts = [(links[p.line_id], Decimal(p.quantity), prices[p.line_id]) for p in shipment.lines if p.quantity > 0]
        lines, _ = merge(parts)
        goods = sum((line.amount for line in lines), ZERO)
        value += sum((quantity * price for _, quantity, price in parts), ZERO)
        mine = known.get(shipment.id)
        if mine is not None:
            until, surcharge = given + mine.goods, mine.shipping
        else:
            is_last = complete and shipment is queue[-1]
            until = owed if is_last else max(given, _portion(owed, value, all_goods))
            surcharge = whole.shipping if shipment is bearer else ZERO
        discount, given = goods - (until - given), until
        drafts[shipment.id] = Draft(lines, discount, surcharge)
    return drafts


def _bearer(queue: Sequence[Shipment], known: Mapping[int, Billed]) -> Shipment | None:
    """The shipment whose invoice carries the surcharge: the first, unless an invoice that exists carries it."""
    if any(known[shipment.id].shipping for shipment in queue if shipment.id in known):
        return None
    return next((shipment for shipment in queue if shipment.id not in known), None)


def _portion(owed: Decimal, value: Decimal, all_goods: Decimal) -> Decimal:
    if all_goods == 0:
        return ZERO
    return (owed * value / all_goods).to_integral_value(rounding=ROUND_FLOOR)


def carries(shipment: Shipment, links: Mapping[int, Link]) -> bool:
    """Whether a shipment says which lines of the order it carries."""
    counted = [part for part in shipment.lines if part.quantity > 0]
    return bool(counted) and all(part.line_id in links for part in counted)


def is_covered(order: WebOrder, shipments: Sequence[Shipment]) -> bool:
    """Whether every piece of the order is in one of `shipments`."""
    shipped = _shipped(shipments)
    return all(shipped.get(line.id, 0) >= line.quantity for line in order.lines)


def is_overshipped(order: WebOrder, shipments: Sequence[Shipment]) -> bool:
    """Whether `shipments` carry more of a line than was ordered."""
    shipped = _shipped(shipments)
    return any(shipped.get(line.id, 0) > line.quantity for line in order.lines)


def refunded_unshipped(order: WebOrder, shipments: Sequence[Shipment]) -> int:
    """Pieces that were refunded while their line is not wholly in `shipments`."""
    shipped = _shipped(shipments)
    refunded = Counter[int]()
    for refund in order.refunds:
        for taken in refund.lines:
            refunded[taken.line_id] += taken.quantity
    return sum(min(refunded[line.id], max(0, line.quantity - shipped.get(line.id, 0))) for line in order.lines)


def _shipped(shipments: Sequence[Shipment]) -> Counter[int]:
    """Pieces per order line that are in one of `shipments`."""
    shipped = Counter[int]()
    for shipment in shipments:
        for part in shipment.lines:
            shipped[part.line_id] += part.quantity
    return shipped


def order_body(
    order: WebOrder, draft: Draft, *, branch_id: int, customer_id: int | None, surcharge: Body | None, payment: Payment
) -> dict[str, object]:
    """The body of `POST /orders`. `code`, `status` and `purchaseDate` are never sent."""
    return {
        "branchId": branch_id,
        "description": _description(order, f"Đơn web {order.number}"),
        "discount": draft.discount,
        **_paid_in(payment, payment.received),
        "makeInvoice": False,
        "usingCod": True,
        **({"customer": {"id": customer_id}, "customerId": customer_id} if customer_id is not None else {}),
        "orderDetails": _details(draft),
        "orderDelivery": {"type": 0, "price": ZERO, **_receiver(order)},
        "surchages": [surcharge] if surcharge else [],
    }


def invoice_body(
    order: WebOrder,
    shipment: Shipment,
    draft: Draft,
    *,
    order_document_id: int,
    branch_id: int,
    customer_id: int | None,
    surcharge: Body | None,
    payment: Payment,
) -> dict[str, object]:
    """The body of `POST /invoices` for one shipment: delivery *Chưa giao hàng*, COD amount set."""
    collects = shipment.cod_amount > 0
    delivery = {
        "deliveryCode": delivery_code(shipment),
        "type": 0,
        "status": DELIVERY_NOT_SENT,
        "price": ZERO,
        **_receiver(order),
        "usingPriceCod": collects,
        "priceCodPayment": shipment.cod_amount,
        "partnerDelivery": partner(shipment),
    }
    return {
        "branchId": branch_id,
        "orderId": order_document_id,
        "description": _description(order, f"Đơn web {order.number}"),
        "discount": draft.discount,
        **_paid_in(payment, payment.received),
        "usingCod": True,
        **({"customer": {"id": customer_id}, "customerId": customer_id} if customer_id is not None else {}),
        "invoiceDetails": _details(draft),
        "deliveryDetail": delivery,
        "surchages": [surcharge] if surcharge else [],
    }


def completion_body(
    order: WebOrder, invoice: PosInvoice, shipment: Shipment, payment: Payment, collected: Decimal
) -> dict[str, object]:
    """The body of `PUT /invoices/{id}` that settles a delivered invoice; the read invoice is sent back whole.

    Whether a PUT replaces or merges is not documented, so nothing that the invoice holds is left out; only what comes
    masked is said anew. `collected` is what the carrier brings; where it collects nothing, `payment.received` is what
    the invoice received in all.
    """
    paid = max(invoice.total_payment, payment.received) if shipment.cod_amount == 0 else ZERO
    return {
        "branchId": invoice.branch_id,
        **({"customerId": invoice.customer_id} if invoice.customer_id is not None else {}),
        **({"soldById": invoice.sold_by_id} if invoice.sold_by_id is not None else {}),
        **({"orderId": invoice.order_id} if invoice.order_id is not None else {}),
        "description": invoice.description,
        "discount": invoice.discount,
        "usingCod": True,
        "status": 1,
        "codPaymentMethod": payment.method,
        **({"codPaymentAccount": payment.account_id} if payment.account_id is not None else {}),
        **(_paid_in(payment, paid) if paid > 0 else {}),
        "invoiceDetails": [_resent(line) for line in invoice.lines],
        "surchages": [_resent_surcharge(surcharge) for surcharge in invoice.surcharges],
        "deliveryDetail": _settled_delivery(order, invoice.delivery, shipment, collected),
    }


def _paid_in(payment: Payment, amount: Decimal) -> dict[str, object]:
    account = {"accountId": payment.account_id} if payment.account_id is not None else {}
    return {"method": payment.method, **account, "totalPayment": amount}


def customer_body(code: str, name: str, phone: str, order: WebOrder, branch_id: int) -> dict[str, object]:
    """The body of `POST /customers` under our own code, which makes a second attempt findable."""
    address = order.address
    body: dict[str, object] = {"code": code, "name": name, "contactNumber": phone, "branchId": branch_id}
    body |= {"address": address.street, "wardName": address.ward, "locationName": _place(order)}
    return {key: value for key, value in body.items() if value not in ("", None)} | {"comments": "Haravan"}


def delivery_code(shipment: Shipment) -> str:
    """What an invoice is found by among several: the tracking number, or our own code where there is none yet."""
    return shipment.tracking_numbers[0] if shipment.tracking_numbers else own_delivery_code(shipment.id)


def own_delivery_code(shipment_id: int) -> str:
    """The delivery code of a shipment that had no tracking number when its invoice was made."""
    return f"HRV-F{shipment_id}"


def partner(shipment: Shipment) -> dict[str, str]:
    """The carrier; KiotViet wants a delivery partner for COD, so a stand-in is named where Haravan names none."""
    name = shipment.carrier_name or shipment.carrier_code
    return {"code": shipment.carrier_code or name, "name": name} if name else {"code": "HARAVAN", "name": "Haravan"}


def _details(draft: Draft) -> list[dict[str, object]]:
    return [
        {
            "productId": line.product_id,
            "productCode": line.code,
            "productName": line.name,
            "quantity": line.quantity,
            "price": line.price,
            "discount": ZERO,
            "discountRatio": ZERO,
            "note": "",
        }
        for line in draft.lines
    ]


def _resent(line: PosLine) -> dict[str, object]:
    return {
        "productId": line.product_id,
        "productCode": line.code,
        "quantity": line.quantity,
        "price": line.price,
        "discount": line.discount,
        "note": "",
    }


def _resent_surcharge(surcharge: PosSurcharge) -> dict[str, object]:
    return {"id": surcharge.surcharge_id, "price": surcharge.amount}


def _settled_delivery(
    order: WebOrder, delivery: PosDelivery | None, shipment: Shipment, collected: Decimal
) -> dict[str, object]:
    kept = {key: value for key, value in (delivery.raw if delivery else {}).items() if key.lower() != "statusvalue"}
    by_lower = {key.lower(): key for key in kept}
    settled: dict[str, object] = {
        "status": DELIVERY_DONE,
        "usingPriceCod": collected > 0,
        "priceCodPayment": collected,
    }
    if "partnerdelivery" not in by_lower:
        settled["partnerDelivery"] = partner(shipment)
    receiver = _receiver(order)
    settled |= {key: receiver[key] for key in receiver if is_masked(str(kept.get(by_lower.get(key.lower(), key), "")))}
    for key in settled:
        kept.pop(by_lower.get(key.lower(), key), None)
    return kept | settled


def _receiver(order: WebOrder) -> dict[str, object]:
    address = order.address
    fields: dict[str, object] = {
        "receiver": unmasked(address.name, order.buyer.name),
        "contactNumber": unmasked(address.phone, order.buyer.phone),
        "address": address.street,
        "wardName": address.ward,
        "locationName": _place(order),
        "weight": order.weight_grams if order.weight_grams > 0 else None,
    }
    return {key: value for key, value in fields.items() if value not in ("", None)}


def _place(order: WebOrder) -> str:
    return " - ".join(part for part in (order.address.province, order.address.district) if part)


def _description(order: WebOrder, title: str) -> str:
    note = " ".join(order.note.split())
    return " | ".join(part for part in (marker(order.id), title, note) if part)[:_DESCRIPTION_LIMIT]


def money(amount: Decimal) -> str:
    """An amount as people read it: 1.438.000 đ, with a comma before what is less than a dong."""
    whole = int(amount) if amount == amount.to_integral_value() else amount
    return f"{whole:,}".translate(_VIETNAMESE) + " đ"


def total_matches(total: Decimal, surcharges: Iterable[PosSurcharge], expected: Decimal) -> bool:
    """Whether KiotViet's total is the expected one; whether it includes surcharges is not documented."""
    return expected in (total, total + sum((surcharge.amount for surcharge in surcharges), ZERO))


def quantities(lines: Iterable[PosLine] | Iterable[DraftLine]) -> dict[int, Decimal]:
    """Pieces per KiotViet product id."""
    found: dict[int, Decimal] = {}
    for line in lines:
        found[line.product_id] = found.get(line.product_id, ZERO) + line.quantity
    return {product_id: quantity.normalize() for product_id, quantity in found.items()}
