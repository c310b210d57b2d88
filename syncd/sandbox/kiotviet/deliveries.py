"""Delivery slips: their fields, their status, and the money that the carrier collects."""

from __future__ import annotations

from decimal import Decimal

from syncd.sandbox.kiotviet import refusals
from syncd.sandbox.kiotviet.books import Books
from syncd.sandbox.kiotviet.documents import receive, total
from syncd.sandbox.kiotviet.records import ZERO, Invoice
from syncd.sandbox.kiotviet.refusals import Refused
from syncd.sandbox.kiotviet.wire import Body, Payload

NOT_SHIPPED, SHIPPING, DELIVERED, RETURNING, RETURNED, CANCELLED = 1, 2, 3, 4, 5, 6

STATUS_TEXTS = {
    1: "Chờ xử lý",
    2: "Đang giao hàng",
    3: "Giao thành công",
    4: "Đang chuyển hoàn",
    5: "Đã chuyển hoàn",
    6: "Đã hủy",
    7: "Đang lấy hàng",
    8: "Chờ lấy lại",
    9: "Đã lấy hàng",
    10: "Chờ giao lại",
    11: "Chờ chuyển hàng",
    12: "Chờ chuyển hoàn lại",
}

_TEXTS = ("deliveryCode", "receiver", "contactNumber", "address", "locationName", "wardName", "expectedDelivery")
_NUMBERS = ("price", "weight", "length", "width", "height")
_WHOLES = ("type", "locationId", "partnerDeliveryId")
_PARTNER_TEXTS = ("code", "name", "address", "contactNumber", "email")


def read_delivery(books: Books, body: Body, kept: Payload | None = None) -> Payload:
    """A delivery slip from a body, laid over what is kept of the one before.

    Raises:
        Refused: Deliveries are switched off.
    """
    if not books.settings["UseDelivery"]:
        raise Refused(refusals.DELIVERY_OFF, refusals.INVOICE)
    delivery: Payload = dict(kept or {})
    sent: Payload = {name: body.text(name) for name in _TEXTS}
    sent.update({name: body.number(name) for name in _NUMBERS})
    sent.update({name: body.whole(name) for name in _WHOLES})
    sent["usingPriceCod"] = body.flag("usingPriceCod")
    sent["priceCodPayment"] = body.number("priceCodPayment")
    sent["status"] = body.whole("status")
    delivery.update({name: value for name, value in sent.items() if value is not None})
    delivery.update(_read_partner(books, body))
    _check_money(books, delivery)
    return delivery


def read_invoice_delivery(books: Books, body: Body, kept: Payload | None = None) -> Payload:
    """A delivery slip of an invoice, with a status.

    Raises:
        Refused: The status is impossible, or its partner is missing.
    """
    delivery = read_delivery(books, body, kept)
    status = delivery.setdefault("status", NOT_SHIPPED)
    if status not in STATUS_TEXTS or (kept is None and status not in (NOT_SHIPPED, SHIPPING)):
        raise Refused("Trạng thái giao hàng không hợp lệ", refusals.INVOICE)
    collects = delivery.get("usingPriceCod")
    if collects and SHIPPING <= status <= RETURNED and not delivery.get("partnerDelivery"):
        raise Refused("Vui lòng chọn đối tác giao hàng", refusals.INVOICE)
    return delivery


def settle(books: Books, invoice: Invoice, body: Body) -> None:
    """Record the money that the carrier handed over, once the goods are delivered and a method says how.

    Raises:
        Refused: The bank account is unknown.
    """
    delivery = invoice.delivery or {}
    method = body.text("codPaymentMethod")
    if delivery.get("status") != DELIVERED or not method or not delivery.get("usingPriceCod"):
        return
    due = min(cod_amount(books, invoice) - invoice.cod_collected, total(books, invoice) - invoice.paid)
    if due > 0:
        receive(books, invoice, due, method, body.whole("codPaymentAccount"))
        invoice.cod_collected += due


def cod_amount(books: Books, invoice: Invoice) -> Decimal:
    """What the carrier is to collect: as sent, else what is still owed."""
    delivery = invoice.delivery or {}
    if not delivery.get("usingPriceCod"):
        return ZERO
    sent = delivery.get("priceCodPayment")
    return total(books, invoice) - invoice.paid + invoice.cod_collected if sent is None else Decimal(sent)


def invoice_status(books: Books, invoice: Invoice) -> int:
    """1 completed, 3 in process, 5 not delivered; 2 (voided) is never left again."""
    if invoice.status == 2:
        return 2
    if not invoice.using_cod:
        return 1
    status = (invoice.delivery or {}).get("status")
    if status == RETURNED:
        return 5
    collected = invoice.cod_collected >= cod_amount(books, invoice) or invoice.paid >= total(books, invoice)
    return 1 if status == DELIVERED and collected else 3


def _read_partner(books: Books, body: Body) -> Payload:
    part, partner_id = body.part("partnerDelivery"), body.whole("partnerDeliveryId")
    if part is None:
        return _known_partner(books, partner_id) if partner_id else {}
    texts = {name: part.text(name) for name in _PARTNER_TEXTS if part.text(name)}
    if not (texts.get("name") or texts.get("code")):
        return {}
    for known in books.entries["partner"].values():
        if texts.get("code", known.payload["code"]) == known.payload["code"] and (
            "code" in texts or texts["name"] == known.payload["name"]
        ):
            return _partner(known.payload)
    code = texts.get("code") or books.next_code("DT")
    filed = books.entry("partner", {"id": books.next_id("partner"), **texts, "code": code})
    return _partner(filed.payload)


def _known_partner(books: Books, partner_id: int) -> Payload:
    known = books.entries["partner"].get(partner_id)
    if known is None:
        raise Refused("Đối tác giao hàng không tồn tại", refusals.INVOICE)
    return _partner(known.payload)


def _partner(payload: Payload) -> Payload:
    shown = {name: payload[name] for name in _PARTNER_TEXTS if name in payload}
    return {"partnerDeliveryId": payload["id"], "partnerDelivery": shown}


def _check_money(books: Books, delivery: Payload) -> None:
    if delivery.get("usingPriceCod") and not books.settings["ManageCod"]:
        raise Refused(refusals.COD_OFF, refusals.INVOICE)
