"""KiotViet's documents (orders, invoices, customers) as values; pure, no I/O.

Times come without zone, as Vietnam's wall clock, with seven fraction digits (observed). Members that are null are left
out of the answer, so only what every document has is required.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Final, TypeVar

from syncd.clients.fields import VIETNAM, ZERO, Fields, exact, lenient_id, whole
from syncd.clients.pages import Page, read_rows
from syncd.core.model import (
    InvoiceStatus,
    OrderStatus,
    PosCustomer,
    PosDelivery,
    PosInvoice,
    PosLine,
    PosOrder,
    PosReturn,
    PosSurcharge,
    StockSlip,
)

T = TypeVar("T")
S = TypeVar("S", bound=StrEnum)

# A number is decisive, but a text that belongs to another number contradicts it. Source: KiotViet docs, Webhooks 2.11.7
# for invoices; observed for orders. Both spellings of "hủy" are in use.
_ORDER_TEXTS: Final[Mapping[str, OrderStatus]] = {
    "phiếu tạm": OrderStatus.DRAFT,
    "đang giao hàng": OrderStatus.PARTLY_INVOICED,
    "đang xử lý": OrderStatus.PARTLY_INVOICED,
    "hoàn thành": OrderStatus.COMPLETED,
    "đã hủy": OrderStatus.CANCELLED,
    "đã huỷ": OrderStatus.CANCELLED,
    "đã xác nhận": OrderStatus.CONFIRMED,
}
_INVOICE_TEXTS: Final[Mapping[str, InvoiceStatus]] = {
    "hoàn thành": InvoiceStatus.COMPLETED,
    "đã hủy": InvoiceStatus.CANCELLED,
    "đã huỷ": InvoiceStatus.CANCELLED,
    "đang xử lý": InvoiceStatus.PROCESSING,
    "không giao được": InvoiceStatus.UNDELIVERED,
}
_RETURNED: Final = ("1", "đã trả")
_REMOVED_KEYS: Final = ("removedids", "removeids", "removeid")


def parse_page(payload: object, offset: int, parse: Callable[[object], T]) -> Page[T]:
    """One page of a list; an empty page comes without `data` (observed).

    Raises:
        BadPayload: The answer is not a list at all; then nothing is known about any row.
    """
    answer = Fields(payload, "kiotviet_list")
    total = answer.count("total")
    raw = answer.items("data")
    rows, bad = read_rows(raw, parse)
    end = offset + len(raw)
    next_offset = end if raw and end < total else None
    return Page(tuple(rows), tuple(bad), total, len(raw), next_offset, _removed_ids(answer))


def _removed_ids(answer: Fields) -> tuple[int, ...]:
    """Ids of deleted records, under whichever of its three names the endpoint uses."""
    found = [whole(value) for key in _REMOVED_KEYS if answer.has(key) for value in answer.items(key)]
    return tuple(value for value in found if value is not None)


def unwrapped(payload: object) -> object:
    """The record of a write's answer, which comes flat or inside `{"message", "data"}`."""
    if isinstance(payload, dict) and lenient_id(payload) is None:
        data = Fields(payload, "kiotviet_answer").raw("data")
        return payload if data is None else data
    return payload


def is_empty_wrapper(payload: object) -> bool:
    """Whether an answer is a wrapper that says there is nothing in it, as against one that lost its content."""
    wrapped = {key.lower(): value for key, value in payload.items()} if isinstance(payload, dict) else {}
    return "data" in wrapped and not wrapped["data"] and lenient_id(payload) is None


def parse_order(raw: object) -> PosOrder:
    """One order; `branch_id` is 0 where a trimmed answer does not say.

    Raises:
        BadPayload: A key that decides something is missing or not of its kind.
    """
    order = _named(raw, "kiotviet_order")
    status, text = _status(order, OrderStatus, _ORDER_TEXTS)
    return PosOrder(
        id=order.id(),
        code=order.trimmed("code"),
        branch_id=order.id_or_none("branchid") or 0,
        status=status,
        status_text=text,
        total=order.number("total"),
        total_payment=order.number("totalpayment", ZERO),
        discount=order.number("discount", ZERO),
        description=order.text("description"),
        created_at=order.instant("createddate", "purchasedate", naive=VIETNAM),
        modified_at=order.instant_or_none("modifieddate", naive=VIETNAM),
        customer_id=order.id_or_none("customerid"),
        lines=_lines(order, "orderdetails"),
        surcharges=_surcharges(order),
        channel=_channel(order.raw("salechannelname")),
    )


def _channel(raw: object) -> str:
    """The name of a sale channel; only an examination looks at it, so that an odd one must not cost the order."""
    return raw.strip() if isinstance(raw, str) else ""


def parse_invoice(raw: object) -> PosInvoice:
    """One invoice, its delivery slip from whichever of its two names; `branch_id` is 0 where it does not say.

    Raises:
        BadPayload: A key that decides something is missing or not of its kind.
    """
    invoice = _named(raw, "kiotviet_invoice")
    status, text = _status(invoice, InvoiceStatus, _INVOICE_TEXTS)
    return PosInvoice(
        id=invoice.id(),
        code=invoice.trimmed("code"),
        order_code=invoice.trimmed("ordercode"),
        order_id=invoice.id_or_none("orderid"),
        branch_id=invoice.id_or_none("branchid") or 0,
        status=status,
        status_text=text,
        total=invoice.number("total"),
        total_payment=invoice.number("totalpayment", ZERO),
        discount=invoice.number("discount", ZERO),
        description=invoice.text("description"),
        created_at=invoice.instant("createddate", "purchasedate", naive=VIETNAM),
        modified_at=invoice.instant_or_none("modifieddate", naive=VIETNAM),
        customer_id=invoice.id_or_none("customerid"),
        sold_by_id=invoice.id_or_none("soldbyid"),
        lines=_lines(invoice, "invoicedetails"),
        surcharges=_surcharges(invoice),
        delivery=_delivery(invoice),
    )


def parse_return(raw: object) -> PosReturn:
    """One return slip; only "Đã trả", or status 1 without a word, counts.

    Source: observed answers of the Public API, returns.

    Raises:
        BadPayload: A key that decides something is missing or not of its kind.
    """
    slip = _named(raw, "kiotviet_return")
    said = unicodedata.normalize("NFC", slip.trimmed("statusvalue")).lower()
    return PosReturn(
        id=slip.id(),
        code=slip.trimmed("code"),
        invoice_id=slip.id_or_none("invoiceid"),
        done=(said or str(whole(slip.raw("status")))) in _RETURNED,
        created_at=slip.instant("createddate", "returndate", naive=VIETNAM),
        modified_at=slip.instant_or_none("modifieddate", naive=VIETNAM),
        lines=tuple(_returned_line(line) for line in slip.records("returndetails", "line")),
    )


def parse_transfer(raw: object) -> StockSlip:
    """One transfer between branches: goods leave when it is sent and arrive when it is received.

    Source: KiotViet Public API, transfers.

    Raises:
        BadPayload: A key that decides something is missing or not of its kind.
    """
    return _slip(_named(raw, "kiotviet_transfer"), "transferdetails", ("createddate", "transferreddate"))


def parse_purchase(raw: object) -> StockSlip:
    """One purchase from a supplier.

    Source: KiotViet Public API, purchaseorders.

    Raises:
        BadPayload: A key that decides something is missing or not of its kind.
    """
    return _slip(_named(raw, "kiotviet_purchase"), "purchaseorderdetails", ("createddate", "purchasedate"))


def _slip(slip: Fields, details: str, made: tuple[str, ...]) -> StockSlip:
    lines = slip.records(details, "line")
    pieces = [
        f"{line.id('productid')}:{line.raw('quantity')}:{line.raw('sendquantity')}:{line.raw('recievequantity')}"
        for line in lines
    ]
    stamps = [str(slip.raw(key)) for key in ("status", "modifieddate", "receiveddate")]
    return StockSlip(
        id=slip.id(),
        code=slip.trimmed("code"),
        created_at=slip.instant(*made, naive=VIETNAM),
        products=tuple(dict.fromkeys(line.id("productid") for line in lines)),
        said=" ".join([*stamps, *pieces]),
    )


def _returned_line(line: Fields) -> PosLine:
    return PosLine(
        product_id=line.id("productid"),
        code=line.trimmed("productcode"),
        quantity=line.number("quantity"),
        price=line.number("price", ZERO),
    )


def parse_customer(raw: object) -> PosCustomer:
    """One customer; KiotViet may mask the name and leave out the phone.

    Raises:
        BadPayload: It has no id.
    """
    customer = _named(raw, "kiotviet_customer")
    return PosCustomer(
        id=customer.id(),
        code=customer.trimmed("code"),
        phone=customer.trimmed("contactnumber"),
        branch_id=customer.id_or_none("branchid"),
        name=customer.trimmed("name"),
    )


def bare_order(order_id: int, code: str, now: datetime) -> PosOrder:
    """An order of which a write's answer shows no more than that it exists; everything else must be read back."""
    return PosOrder(order_id, code, 0, OrderStatus.UNKNOWN, "", ZERO, ZERO, ZERO, "", now, None, None, ())


def bare_invoice(invoice_id: int, code: str, now: datetime) -> PosInvoice:
    """An invoice of which a write's answer shows no more than that it exists; the rest must be read back."""
    return PosInvoice(
        id=invoice_id,
        code=code,
        order_code="",
        order_id=None,
        branch_id=0,
        status=InvoiceStatus.UNKNOWN,
        status_text="",
        total=ZERO,
        total_payment=ZERO,
        discount=ZERO,
        description="",
        created_at=now,
        modified_at=None,
        customer_id=None,
        sold_by_id=None,
        lines=(),
        surcharges=(),
        delivery=None,
    )


def _named(raw: object, noun: str) -> Fields:
    """The record, named in messages by its code, else its id."""
    record = Fields(raw, noun)
    record.called(noun, record.trimmed("code") or record.id())
    return record


def _status(record: Fields, statuses: type[S], texts: Mapping[str, S]) -> tuple[S, str]:
    """The status by number, `?` where the number is unknown or the text is that of another status."""
    number = whole(record.raw("status"))
    text = record.trimmed("statusvalue")
    known = statuses._value2member_map_.get(str(number))
    said = texts.get(unicodedata.normalize("NFC", text).lower())
    if known is None or (said is not None and said is not known):
        return statuses("?"), " ".join(part for part in (str(record.raw("status") or ""), text) if part)
    return statuses(str(number)), text or str(number)


def _lines(record: Fields, key: str) -> tuple[PosLine, ...]:
    return tuple(_line(line) for line in record.records(key, "line"))


def _line(line: Fields) -> PosLine:
    return PosLine(
        product_id=line.id("productid"),
        code=line.trimmed("productcode"),
        quantity=line.number("quantity"),
        price=line.number("price"),
        discount=line.number("discount", ZERO),
        returned=exact(line.raw("returnquantity")),
    )


def _surcharges(record: Fields) -> tuple[PosSurcharge, ...]:
    return tuple(_surcharge(item) for item in record.records("invoiceordersurcharges", "surcharge"))


def _surcharge(item: Fields) -> PosSurcharge:
    amount: Decimal = item.number("price") if item.has("price") else item.number("survalue", ZERO)
    return PosSurcharge(item.id_or_none("surchargeid"), amount)


def _delivery(invoice: Fields) -> PosDelivery | None:
    """The delivery slip; reads call it `invoiceDelivery`, write answers `deliveryDetail`."""
    raw = invoice.raw("invoicedelivery") or invoice.raw("deliverydetail")
    if raw is None:
        return None
    slip = Fields(raw, "delivery", inside=invoice)
    return PosDelivery(
        code=slip.trimmed("deliverycode"),
        status=whole(slip.raw("status")),
        status_text=slip.trimmed("statusvalue"),
        cod_amount=slip.number("pricecodpayment", ZERO),
        raw=dict(slip.source),
    )
