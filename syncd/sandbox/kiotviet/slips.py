"""Goods that move without a sale, and the cash book: /transfers, /purchaseorders, /returns, /cashflow."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

from syncd.sandbox.http import Request, Response
from syncd.sandbox.kiotviet import ledger, refusals
from syncd.sandbox.kiotviet.answers import numbered
from syncd.sandbox.kiotviet.books import Books
from syncd.sandbox.kiotviet.lists import Listing, page, wanted_ids, within
from syncd.sandbox.kiotviet.records import ZERO, Invoice, Line, Slip, Voucher
from syncd.sandbox.kiotviet.refusals import Refused
from syncd.sandbox.kiotviet.wire import Payload, local_text, without_nulls

DRAFT, SENT, RECEIVED = 1, 2, 3
PURCHASED = 3
RETURN_DONE = 1
SELLER = 1351773


def slip_lines(books: Books, items: Iterable[tuple[int, Decimal]]) -> list[Line]:
    """Lines for (product, quantity) pairs at the product's price."""
    return [
        Line(product_id=product_id, quantity=quantity, price=books.product(product_id).price)
        for product_id, quantity in items
    ]


def send_transfer(books: Books, from_branch: int, to_branch: int, lines: list[Line]) -> Slip:
    """Goods leave one branch for another."""
    slip = _slip(books, "TRF", from_branch, lines, SENT)
    slip.to_branch_id = books.branch(to_branch).id
    books.transfers[slip.id] = slip
    ledger.move(books, from_branch, ledger.quantities(lines), -1)
    _stamp_stock(books, lines)
    return slip


def receive_transfer(books: Books, slip: Slip) -> None:
    """Goods on their way arrive."""
    if slip.status != SENT or slip.to_branch_id is None:
        raise Refused(refusals.GONE)
    slip.status, slip.received_at = RECEIVED, books.now()
    books.touch(slip)
    ledger.move(books, slip.to_branch_id, ledger.quantities(slip.lines), 1)
    _stamp_stock(books, slip.lines)


def buy(books: Books, branch_id: int, lines: list[Line]) -> Slip:
    """Goods come in from a supplier; no product stamp moves."""
    slip = _slip(books, "PN", branch_id, lines, PURCHASED)
    books.purchases[slip.id] = slip
    ledger.move(books, branch_id, ledger.quantities(lines), 1)
    return slip


def take_return(books: Books, invoice: Invoice, quantities: Mapping[int, Decimal]) -> Slip:
    """Goods of an invoice come back to its branch; the invoice stays what it is.

    Raises:
        Refused: It was voided, or more is returned than was sold.
    """
    if not invoice.live:
        raise Refused(refusals.INVOICE_INVALID, refusals.INVOICE)
    lines = []
    for line in invoice.lines:
        quantity = quantities.get(line.product_id, ZERO)
        if quantity > line.quantity - line.returned:
            raise Refused("Số lượng trả lớn hơn số lượng đã bán", refusals.INVOICE)
        if quantity > 0:
            line.returned += quantity
            lines.append(Line(product_id=line.product_id, quantity=quantity, price=line.price - line.discount))
    slip = _slip(books, "TH", invoice.branch_id, lines, RETURN_DONE)
    slip.invoice_id = invoice.id
    books.returns[slip.id] = slip
    ledger.move(books, invoice.branch_id, ledger.quantities(lines), 1)
    _stamp_stock(books, lines)
    return slip


def list_transfers(books: Books, request: Request, _: tuple[str, ...]) -> Response:
    """GET /transfers."""
    sources, targets = wanted_ids(books, request, "fromBranchIds"), wanted_ids(books, request, "toBranchIds")
    statuses = wanted_ids(books, request, "status")
    rows = [
        slip
        for slip in books.transfers.values()
        if (sources is None or slip.branch_id in sources)
        and (targets is None or slip.to_branch_id in targets)
        and (statuses is None or slip.status in statuses)
        and within(books, request, slip.created_at, "fromTransferDate", "toTransferDate")
        and within(books, request, slip.received_at or slip.created_at, "fromReceivedDate", "toReceivedDate")
    ]
    return page(books, request, rows, Listing[Slip](lambda slip: _transfer(books, slip), incremental="ignored"))


def list_purchases(books: Books, request: Request, _: tuple[str, ...]) -> Response:
    """GET /purchaseorders; `lastModifiedFrom` misses what never changed (observed: it misses records)."""
    branches, statuses = wanted_ids(books, request, "branchIds"), wanted_ids(books, request, "status")
    rows = [
        slip
        for slip in books.purchases.values()
        if (branches is None or slip.branch_id in branches)
        and (statuses is None or slip.status in statuses)
        and within(books, request, slip.created_at, "fromPurchaseDate", "toPurchaseDate")
    ]
    return page(books, request, rows, Listing[Slip](lambda slip: _purchase(books, slip), incremental="misses"))


def list_returns(books: Books, request: Request, _: tuple[str, ...]) -> Response:
    """GET /returns."""
    branches = wanted_ids(books, request, "branchIds")
    rows = [slip for slip in books.returns.values() if branches is None or slip.branch_id in branches]
    return page(books, request, rows, Listing[Slip](lambda slip: _return(books, slip)))


def get_transfer(books: Books, _: Request, names: tuple[str, ...]) -> Response:
    """GET /transfers/{id}."""
    return Response.of_json(_transfer(books, _one(books.transfers, names)))


def get_purchase(books: Books, _: Request, names: tuple[str, ...]) -> Response:
    """GET /purchaseorders/{id}."""
    return Response.of_json(_purchase(books, _one(books.purchases, names)))


def get_return(books: Books, _: Request, names: tuple[str, ...]) -> Response:
    """GET /returns/{id}."""
    return Response.of_json(_return(books, _one(books.returns, names)))


def list_cash_flow(books: Books, request: Request, _: tuple[str, ...]) -> Response:
    """GET /cashflow; `lastModifiedFrom` does nothing here (observed)."""
    rows = [
        voucher
        for voucher in books.vouchers.values()
        if within(books, request, voucher.created_at, "startDate", "endDate")
    ]
    return page(books, request, rows, Listing[Voucher](lambda each: _cash(books, each), incremental="ignored"))


def _slip(books: Books, prefix: str, branch_id: int, lines: list[Line], status: int) -> Slip:
    return Slip(
        id=books.next_id("slip"),
        code=books.next_code(prefix),
        created_at=books.now(),
        branch_id=books.branch(branch_id).id,
        lines=lines,
        status=status,
    )


def _one(slips: Mapping[int, Slip], names: tuple[str, ...]) -> Slip:
    found = slips.get(numbered(names))
    if found is None:
        raise Refused(refusals.GONE)
    return found


def _stamp_stock(books: Books, lines: Iterable[Line]) -> None:
    """Move the `modifiedDate` of /productOnHands; that of /products stays (observed)."""
    for line in lines:
        for base_id, _ in ledger.parts(books, line.product_id, line.quantity):
            books.products[base_id].stock_modified_at = books.now()


def _head(books: Books, slip: Slip) -> Payload:
    return {
        "id": slip.id,
        "code": slip.code,
        "status": slip.status,
        "retailerId": books.retailer_id,
        "description": "",
        "createdDate": local_text(slip.created_at),
        "modifiedDate": local_text(slip.modified_at) if slip.modified_at else None,
    }


def _details(books: Books, slip: Slip) -> list[tuple[Line, Payload]]:
    rows = []
    for line in slip.lines:
        product = books.products.get(line.product_id)
        named = {"productCode": product.code, "productName": product.full_name} if product else {}
        rows.append((line, {"productId": line.product_id, **named, "price": line.price}))
    return rows


def _transfer(books: Books, slip: Slip) -> Payload:
    def row(line: Line, named: Payload) -> Payload:
        received = line.quantity if slip.status == RECEIVED else ZERO
        return {
            **named,
            "sendQuantity": line.quantity,
            "recieveQuantity": received,
            "sendPrice": line.quantity * line.price,
            "receivePrice": received * line.price,
        }

    shown = {
        **_head(books, slip),
        "fromBranchId": slip.branch_id,
        "toBranchId": slip.to_branch_id,
        "transferredDate": local_text(slip.created_at),
        "receivedDate": local_text(slip.received_at) if slip.received_at else None,
        "transferDetails": [row(line, named) for line, named in _details(books, slip)],
    }
    return without_nulls(shown)


def _purchase(books: Books, slip: Slip) -> Payload:
    shown = {
        **_head(books, slip),
        "branchId": slip.branch_id,
        "branchName": books.branches[slip.branch_id].name,
        "purchaseDate": local_text(slip.created_at),
        "total": sum((line.amount for line in slip.lines), ZERO),
        "totalPayment": 0,
        "purchaseById": SELLER,
        "purchaseOrderDetails": [
            {**named, "quantity": line.quantity, "discount": 0} for line, named in _details(books, slip)
        ],
    }
    return without_nulls(shown)


def _return(books: Books, slip: Slip) -> Payload:
    shown = {
        **_head(books, slip),
        "statusValue": "Đã trả",
        "invoiceId": slip.invoice_id,
        "returnDate": local_text(slip.created_at),
        "branchId": slip.branch_id,
        "branchName": books.branches[slip.branch_id].name,
        "receivedById": SELLER,
        "returnTotal": sum((line.amount for line in slip.lines), ZERO),
        "totalPayment": 0,
        "returnDetails": [{**named, "quantity": line.quantity} for line, named in _details(books, slip)],
    }
    return without_nulls(shown)


def _cash(books: Books, voucher: Voucher) -> Payload:
    return without_nulls(
        {
            "id": voucher.id,
            "code": voucher.code,
            "branchId": voucher.branch_id,
            "amount": voucher.amount,
            "method": voucher.method,
            "accountId": voucher.account_id,
            "transDate": local_text(voucher.created_at),
            "retailerId": books.retailer_id,
            "status": 1 if voucher.voided else 0,
            "statusValue": "Đã hủy" if voucher.voided else "Đã thanh toán",
        }
    )
