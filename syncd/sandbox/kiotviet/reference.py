"""Everything that a client mostly looks up: branches, users, channels, settings, surcharges, webhooks and the like."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from syncd.sandbox.http import Request, Response
from syncd.sandbox.kiotviet import refusals
from syncd.sandbox.kiotviet.answers import DELETED, numbered, written
from syncd.sandbox.kiotviet.books import SHOWN_SETTINGS, Books
from syncd.sandbox.kiotviet.lists import Listing, page
from syncd.sandbox.kiotviet.records import ZERO, Branch, Entry, Surcharge
from syncd.sandbox.kiotviet.refusals import Refused
from syncd.sandbox.kiotviet.wire import Body, Payload, local_text, without_nulls

SURCHARGE_SAVED = "Thông tin thu khác được cập nhật thành công"

SEEDS: tuple[tuple[str, str, Payload], ...] = (
    ("user", "id", {"id": 1351773, "userName": "banhang", "givenName": "Người bán 1", "address": "", "email": ""}),
    ("channel", "id", {"id": 0, "name": "Bán trực tiếp", "isActive": True, "img": "", "isNotDelete": True}),
    ("channel", "id", {"id": 1, "name": "Khác", "isActive": True, "img": "", "isNotDelete": True}),
    ("channel", "id", {"id": 228306, "name": "Haravan", "isActive": True, "img": "", "isNotDelete": False}),
    ("account", "id", {"id": 8346, "bankName": "NGÂN HÀNG MẪU", "accountNumber": "0000000000"}),
    ("category", "categoryId", {"categoryId": 1477260, "categoryName": "Khác", "hasChild": False, "rank": 0}),
    ("location", "id", {"id": 253, "name": "Hồ Chí Minh - Quận 1", "normalName": "Ho Chi Minh - Quan 1"}),
    ("location", "id", {"id": 239, "name": "Hà Nội - Quận Hoàn Kiếm", "normalName": "Ha Noi - Quan Hoan Kiem"}),
    ("partner", "id", {"id": 2676, "code": "DT000001", "name": "Đối tác mẫu", "contactNumber": "1900000000"}),
    ("supplier", "id", {"id": 301, "code": "NCC000001", "name": "Nhà cung cấp mẫu", "isActive": True}),
    ("trademark", "tradeMarkId", {"tradeMarkId": 11, "tradeMarkName": "Thương hiệu mẫu"}),
    ("pricebook", "id", {"id": 21, "name": "Bảng giá chung", "isActive": True, "isGlobal": True}),
)

REMOVED_MEMBERS = {"user": "removeIds", "account": "removeIds", "category": "removedIds"}
INCREMENTAL = {"category": "works", "trademark": "works"}


def seed(books: Books) -> None:
    """File what every shop has."""
    for kind, key, payload in SEEDS:
        books.entry(kind, payload, key=key)
    books.next_code("DT")  # the seeded partner has the first of these codes
    for kind in ("webhook", "attribute", "group", "voucher_campaign", "order_supplier"):
        books.entries.setdefault(kind, {})


def list_entries(kind: str) -> Callable[[Books, Request, tuple[str, ...]], Response]:
    """The handler of a list of things that are only looked up."""
    return partial(_list_entries, kind)


def get_entry(kind: str) -> Callable[[Books, Request, tuple[str, ...]], Response]:
    """The handler of a single one of these things."""
    return partial(_get_entry, kind)


def _list_entries(kind: str, books: Books, request: Request, _: tuple[str, ...]) -> Response:
    member = REMOVED_MEMBERS.get(kind)
    removed = (kind, member) if member else None
    listing = Listing[Entry](lambda entry: entry.payload, incremental=INCREMENTAL.get(kind, "ignored"), removed=removed)
    return page(books, request, books.entries[kind].values(), listing)


def _get_entry(kind: str, books: Books, _: Request, names: tuple[str, ...]) -> Response:
    found = books.entries[kind].get(numbered(names))
    if found is None:
        raise Refused(refusals.GONE)
    return Response.of_json(found.payload)


def list_branches(books: Books, request: Request, _: tuple[str, ...]) -> Response:
    """GET /branches: those that the token may use."""

    def present(branch: Branch) -> Payload:
        return {
            "id": branch.id,
            "branchName": branch.name,
            "branchCode": branch.code,
            "address": "",
            "contactNumber": "",
            "retailerId": books.retailer_id,
            "createdDate": local_text(branch.created_at),
        }

    rows = [branch for branch in books.branches.values() if branch.open]
    listing = Listing[Branch](present, incremental="ignored", removed=("branch", "removedIds"))
    return page(books, request, rows, listing)


def get_settings(books: Books, _: Request, __: tuple[str, ...]) -> Response:
    """GET /settings: a flat PascalCase object of booleans."""
    return Response.of_json({name: books.settings[name] for name in SHOWN_SETTINGS})


def list_surcharges(books: Books, request: Request, _: tuple[str, ...]) -> Response:
    """GET /surchages: the active ones only."""
    _require_surcharges(books)
    rows = [surcharge for surcharge in books.surcharges.values() if surcharge.active]
    return page(books, request, rows, Listing[Surcharge](partial(surcharge_payload, books), incremental="ignored"))


def post_surcharge(books: Books, request: Request, _: tuple[str, ...]) -> Response:
    """POST /surchages; a code is taken also while its surcharge is inactive."""
    _require_surcharges(books)
    body = Body.of(request)
    surcharge = file_surcharge(books, body.text("code") or body.text("surchargeCode") or "", _name(body))
    surcharge.value = body.number("value") or ZERO
    surcharge.ratio = body.number("valueRatio")
    return written(books, surcharge_payload(books, surcharge), SURCHARGE_SAVED, wrapped=True)


def put_surcharge(books: Books, request: Request, names: tuple[str, ...]) -> Response:
    """PUT /surchages/{id}."""
    _require_surcharges(books)
    surcharge, body = _surcharge(books, names), Body.of(request)
    value = body.number("value")
    surcharge.name = _name(body) or surcharge.name
    surcharge.value = surcharge.value if value is None else value
    books.touch(surcharge)
    return written(books, surcharge_payload(books, surcharge), SURCHARGE_SAVED, wrapped=True)


def activate_surcharge(books: Books, request: Request, names: tuple[str, ...]) -> Response:
    """POST /surchages/{id}/activesurchage."""
    _require_surcharges(books)
    surcharge = _surcharge(books, names)
    surcharge.active = Body.of(request).flag("isActive") is not False
    return written(books, surcharge_payload(books, surcharge), SURCHARGE_SAVED, wrapped=True)


def file_surcharge(books: Books, code: str, name: str) -> Surcharge:
    """A new surcharge.

    Raises:
        Refused: The code is taken.
    """
    if code and any(known.code.lower() == code.lower() for known in books.surcharges.values()):
        raise Refused(f"Mã thu khác {code} đã tồn tại", refusals.SURCHARGE)
    surcharge = Surcharge(
        id=books.next_id("surcharge"), code=code or books.next_code("THK"), created_at=books.now(), name=name
    )
    books.surcharges[surcharge.id] = surcharge
    return surcharge


def surcharge_payload(books: Books, surcharge: Surcharge) -> Payload:
    """A surcharge as read; its creation is called `createDate` here."""
    return without_nulls(
        {
            "id": surcharge.id,
            "surchargeCode": surcharge.code,
            "surchargeName": surcharge.name,
            "value": surcharge.value,
            "valueRatio": surcharge.ratio,
            "retailerId": books.retailer_id,
            "createDate": local_text(surcharge.created_at),
        }
    )


def post_category(books: Books, request: Request, _: tuple[str, ...]) -> Response:
    """POST /categories."""
    name = Body.of(request).text("categoryName") or ""
    payload = {"categoryId": books.next_id("category"), "categoryName": name, "hasChild": False}
    filed = books.entry("category", payload, key="categoryId")
    return written(books, filed.payload, "Thông tin nhóm hàng được cập nhật thành công", wrapped=True)


def post_webhook(books: Books, request: Request, _: tuple[str, ...]) -> Response:
    """POST /webhooks: remembered, never called."""
    hook = Body.of(request).part("Webhook") or Body.of(request)
    payload = {
        "id": books.next_id("webhook"),
        "type": hook.text("Type") or "",
        "url": hook.text("Url") or "",
        "isActive": hook.flag("IsActive") is not False,
        "description": hook.text("Description") or "",
    }
    return Response.of_json(books.entry("webhook", payload).payload)


def delete_webhook(books: Books, _: Request, names: tuple[str, ...]) -> Response:
    """DELETE /webhooks/{id}."""
    if books.entries["webhook"].pop(numbered(names), None) is None:
        raise Refused(refusals.GONE)
    return Response.of_json({"message": DELETED})


def list_price_book(books: Books, request: Request, names: tuple[str, ...]) -> Response:
    """GET /pricebooks/{id}: the products at their price."""
    if numbered(names) not in books.entries["pricebook"]:
        raise Refused(refusals.GONE)
    return page(books, request, list(_prices(books)), Listing[Entry](lambda entry: entry.payload))


def _prices(books: Books) -> Iterator[Entry]:
    for product in books.products.values():
        payload = {"productId": product.id, "productCode": product.code, "price": product.price}
        yield Entry(
            id=product.id,
            code=product.code,
            created_at=product.created_at,
            modified_at=product.modified_at,
            payload=payload,
        )


def check_orders_on(books: Books, request: Request) -> None:
    """Refuse calls of /orders while the shop does not take orders.

    Raises:
        Refused: Orders are switched off.
    """
    reads = request.method == "GET" and books.switches.closed_feature == "writes_only"
    if not books.settings["SellAllowOrder"] and not reads:
        raise Refused(refusals.ORDERS_OFF, refusals.ORDER)


def _require_surcharges(books: Books) -> None:
    if not books.settings["UseSurcharges"]:
        raise Refused(refusals.SURCHARGE_OFF, refusals.SURCHARGE)


def _surcharge(books: Books, names: tuple[str, ...]) -> Surcharge:
    found = books.surcharges.get(numbered(names))
    if found is None:
        raise Refused(refusals.GONE, refusals.SURCHARGE)
    return found


def _name(body: Body) -> str:
    return body.text("name") or body.text("surchargeName") or ""
