"""What orders and invoices share: lines, surcharges, customer, seller, dates and money received."""

from __future__ import annotations

from collections.abc import Container, Iterable
from datetime import datetime, timedelta
from decimal import Decimal

from syncd.sandbox.kiotviet import refusals
from syncd.sandbox.kiotviet.books import Books
from syncd.sandbox.kiotviet.customers import create_customer
from syncd.sandbox.kiotviet.records import ZERO, Charge, Document, Invoice, Line, Product, Surcharge, Voucher
from syncd.sandbox.kiotviet.refusals import Refused
from syncd.sandbox.kiotviet.wire import Body, read_instant

CLOCK_TOLERANCE = timedelta(milliseconds=500)
DEFAULT_SELLER = 1351773
DEFAULT_CHANNEL = 1


def total(books: Books, document: Document) -> Decimal:
    """The amount due: lines, less the discount, with the surcharges where the shop counts them in."""
    surcharged = document.surcharged if books.switches.total == "with_surcharges" else ZERO
    return document.goods + surcharged


def read_lines(books: Books, body: Body, name: str, branch_id: int, *, merge: bool) -> list[Line]:
    """The lines of a body; equal products are added up or refused.

    Raises:
        Refused: A line cannot be taken as it is.
    """
    lines: list[Line] = []
    for item in body.parts(name):
        line = _read_line(books, item, branch_id)
        same = next((known for known in lines if known.product_id == line.product_id), None)
        if same is None:
            lines.append(line)
        elif merge:
            _merge(same, line)
        else:
            raise Refused(refusals.DUPLICATE_LINE, refusals.ORDER)
    if not lines:
        raise Refused("Chi tiết phiếu không được để trống", refusals.ORDER)
    return lines


def _read_line(books: Books, item: Body, branch_id: int) -> Line:
    product = _line_product(books, item)
    if not product.active_at(branch_id):
        text = f"Một số hàng hóa có trong đơn hàng đã ngừng kinh doanh ở chi nhánh hiện tại: {product.code}"
        raise Refused(text, refusals.PRODUCT)
    quantity = item.number("quantity") or ZERO
    if quantity <= 0:
        raise Refused(f"Vui lòng nhập số lượng lớn hơn 0 cho sản phẩm {product.full_name}", refusals.ORDER)
    price = item.number("price")
    price = product.price if price is None else price
    ratio = item.number("discountRatio")
    discount = item.number("discount")
    if discount is None:
        discount = price * ratio / 100 if ratio else ZERO
    return Line(
        product_id=product.id, quantity=quantity, price=price, discount=discount, ratio=ratio, note=item.text("note")
    )


def _line_product(books: Books, item: Body) -> Product:
    product_id = item.whole("productId")
    if product_id:
        return books.product(product_id)
    return books.product_called(item.text("productCode") or "")


def _merge(known: Line, line: Line) -> None:
    """Add a second line of the same product; the net unit price becomes the weighted one."""
    quantity = known.quantity + line.quantity
    net = (known.amount + line.amount) / quantity
    if (line.price, line.discount) != (known.price, known.discount):
        known.price, known.discount = net, ZERO
    known.quantity = quantity


def read_charges(books: Books, items: Iterable[Body], kept: Iterable[Charge] = ()) -> list[Charge]:
    """The surcharges of a body; those the document has already (`kept`) may have become inactive since.

    Raises:
        Refused: Surcharges are off, or one is unknown or inactive.
    """
    charges = []
    allowed = {charge.surcharge_id for charge in kept}
    for item in items:
        if not books.settings["UseSurcharges"]:
            raise Refused(refusals.SURCHARGE_OFF, refusals.SURCHARGE)
        configured = _surcharge(books, item, allowed)
        price = item.number("price")
        charges.append(
            Charge(
                id=books.next_id("charge"),
                surcharge_id=configured.id,
                price=configured.value if price is None else price,
                created_at=books.now(),
            )
        )
    return charges


def _surcharge(books: Books, item: Body, allowed: Container[int]) -> Surcharge:
    surcharge_id, code = item.whole("id"), item.text("code")
    for known in books.surcharges.values():
        named = known.id == surcharge_id or (surcharge_id is None and known.code == code)
        if named and (known.active or known.id in allowed):
            return known
    raise Refused("Thu khác không tồn tại hoặc đã ngừng hoạt động", refusals.SURCHARGE)


def read_head(books: Books, document: Document, body: Body, *, whole: bool) -> None:
    """Take over the plain members of a body; with `whole`, members that were not sent are cleared.

    Raises:
        Refused: A seller, channel, customer or date cannot be taken.
    """
    if whole or body.has("description"):
        document.description = _cut(body.text("description"), books.switches.description_limit)
    if whole or body.has("method"):
        document.method = body.text("method")
    if whole or body.has("discount") or body.has("discountRatio"):
        document.discount, document.ratio = body.number("discount"), body.number("discountRatio")
    if whole or body.has("soldById") or body.has("cashierId"):
        document.sold_by_id = _seller(books, body)
    if whole or body.has("saleChannelId"):
        document.channel_id = _channel(books, body)
    if whole or body.has("customerId") or body.has("customer"):
        document.customer_id = read_customer(books, body, document.branch_id)
    if body.has("purchaseDate"):
        document.purchased_at = _purchase_date(books, body)


def apply_ratio(document: Document) -> None:
    """Turn a percentage on the whole document into its amount."""
    if document.discount is None and document.ratio:
        document.discount = sum((line.amount for line in document.lines), ZERO) * document.ratio / 100


def _cut(text: str | None, limit: str) -> str | None:
    return text if text is None or limit == "none" else text[: int(limit)]


def _seller(books: Books, body: Body) -> int:
    seller_id = body.whole("soldById") or body.whole("cashierId") or DEFAULT_SELLER
    seller = books.entries["user"].get(seller_id)
    if seller is None:
        raise Refused(refusals.USER_GONE, refusals.USER)
    if seller.payload.get("isActive") is False:
        raise Refused(f"Người bán {seller.payload['givenName']} đã bị ngừng hoạt động", refusals.USER)
    return seller_id


def _channel(books: Books, body: Body) -> int:
    channel_id = body.whole("saleChannelId")
    channel_id = DEFAULT_CHANNEL if channel_id is None else channel_id
    if channel_id not in books.entries["channel"]:
        raise Refused(refusals.CHANNEL_GONE, refusals.CHANNEL)
    return channel_id


def _purchase_date(books: Books, body: Body) -> datetime:
    if not books.settings["ChangeSaleTime"]:
        raise Refused(refusals.SALE_TIME_OFF, refusals.TIME)
    at = read_instant(body.text("purchaseDate") or "")
    if at > books.now() + CLOCK_TOLERANCE:
        raise Refused(refusals.IN_THE_FUTURE, refusals.TIME)
    return at


def read_customer(books: Books, body: Body, branch_id: int) -> int | None:
    """The customer of a body: by id, by the code of the embedded record, else a new one; None for a walk-in.

    Raises:
        Refused: No such customer, or it belongs to another branch.
    """
    embedded = body.part("customer")
    customer_id = body.whole("customerId") or (embedded.whole("id") if embedded else None)
    if customer_id:
        return _usable_customer(books, customer_id, branch_id)
    if embedded is None or not (embedded.text("name") or embedded.text("contactNumber") or embedded.text("code")):
        return None
    code = (embedded.text("code") or "").lower()
    known = next((each for each in books.customers.values() if code and each.code.lower() == code), None)
    return _usable_customer(books, known.id, branch_id) if known else create_customer(books, embedded, branch_id).id


def _usable_customer(books: Books, customer_id: int, branch_id: int) -> int:
    if customer_id < 0:
        raise Refused(refusals.CUSTOMER_IMPOSSIBLE, refusals.CUSTOMER)
    customer = books.customer(customer_id)
    if books.settings["ManagerCustomerByBranch"] and customer.branch_id != branch_id:
        raise Refused(refusals.CUSTOMER_ELSEWHERE, refusals.CUSTOMER)
    return customer.id


def receive(books: Books, document: Document, amount: Decimal, method: str, account_id: int | None = None) -> Voucher:
    """Record money for a document.

    Raises:
        Refused: The bank account is unknown.
    """
    check_account(books, account_id)
    count = len(document.vouchers)
    voucher = Voucher(
        id=books.next_id("voucher"),
        code=f"TT{document.code}" if count == 0 else f"TT{document.code}-{count}",
        created_at=books.now(),
        amount=amount,
        method=method,
        branch_id=document.branch_id,
        account_id=account_id,
    )
    document.vouchers.append(voucher)
    books.vouchers[voucher.id] = voucher
    return voucher


def check_account(books: Books, account_id: int | None) -> None:
    """Refuse money for a bank account that the shop does not have.

    Raises:
        Refused: The bank account is unknown.
    """
    if account_id and account_id not in books.entries["account"]:
        raise Refused("Tài khoản ngân hàng không tồn tại", refusals.INVOICE)


def receive_sent(books: Books, document: Document, body: Body) -> None:
    """Bring the money received up to the `totalPayment` of a body."""
    more = (body.number("totalPayment") or ZERO) - document.paid
    if more > 0:
        receive(books, document, more, body.text("method") or "Cash", body.whole("accountId"))


def same_terms(document: Document, lines: Iterable[Line]) -> bool:
    """Whether lines ask for the same products, quantities and prices as a document has."""
    return sorted(line.terms for line in document.lines) == sorted(line.terms for line in lines)


def order_of(books: Books, invoice: Invoice) -> str:
    """The code of an invoice's order; empty where it has none."""
    return books.orders[invoice.order_id].code if invoice.order_id else ""
