"""Customers: created once per code, found by parts of code, name or phone."""

from __future__ import annotations

from syncd.sandbox.http import Request, Response
from syncd.sandbox.kiotviet import refusals
from syncd.sandbox.kiotviet.answers import DELETED, numbered, written
from syncd.sandbox.kiotviet.books import Books, by_code
from syncd.sandbox.kiotviet.lists import Listing, page
from syncd.sandbox.kiotviet.records import Customer
from syncd.sandbox.kiotviet.refusals import Refused
from syncd.sandbox.kiotviet.wire import Body, Payload, local_text, without_nulls

SAVED = "Thông tin khách hàng được cập nhật thành công"
STORED_TEXTS = ("birthDate", "subNumber", "address", "locationName", "wardName", "email", "organization", "comments")


def masked(books: Books, text: str | None) -> str | None:
    """A name as shown: first and last letter only, where the shop masks."""
    if not text or books.switches.customer_names == "plain":
        return text
    return f"{text[0]}******{text[-1]}"


def customer_payload(books: Books, customer: Customer) -> Payload:
    """A customer as read."""
    hidden = books.switches.customer_names == "masked"
    return without_nulls(
        {
            "id": customer.id,
            "code": customer.code,
            "name": masked(books, customer.name),
            "type": 0,
            "contactNumber": None if hidden else customer.phone,
            **customer.details,
            "retailerId": books.retailer_id,
            "branchId": customer.branch_id,
            "createdDate": local_text(customer.created_at),
            "modifiedDate": local_text(customer.modified_at) if customer.modified_at else None,
        }
    )


def create_customer(books: Books, body: Body, branch_id: int | None = None) -> Customer:
    """A new customer from a body.

    Raises:
        Refused: The code is taken or the name is missing.
    """
    name = (body.text("name") or body.text("contactNumber") or "").strip()
    if not name:
        raise Refused("Tên khách hàng không được để trống", refusals.CUSTOMER)
    code = (body.text("code") or "").strip()
    _check_code(books, code)
    home = body.whole("branchId") or branch_id or next(iter(books.branches), 0)
    customer = Customer(
        id=books.next_id("customer"),
        code=code or books.next_code("KH"),
        created_at=books.now(),
        name=name,
        phone=body.text("contactNumber"),
        branch_id=books.branch(home).id,
        details=_details(body),
    )
    books.customers[customer.id] = customer
    return customer


def list_customers(books: Books, request: Request, _: tuple[str, ...]) -> Response:
    """GET /customers."""
    how = books.switches.contact_filter
    rows = [each for each in books.customers.values() if each.active and _matches(request, each, how)]
    listing = Listing[Customer](lambda each: customer_payload(books, each), removed=("customer", "removeId"))
    return page(books, request, rows, listing)


def get_customer(books: Books, _: Request, names: tuple[str, ...]) -> Response:
    """GET /customers/{id}."""
    return Response.of_json(customer_payload(books, books.customer(numbered(names))))


def get_customer_by_code(books: Books, _: Request, names: tuple[str, ...]) -> Response:
    """GET /customers/code/{code}."""
    gone = Refused(refusals.CUSTOMER_GONE, refusals.CUSTOMER)
    customer = by_code(books.customers, names[0], gone)
    if not customer.active:
        raise gone
    return Response.of_json(customer_payload(books, customer))


def post_customer(books: Books, request: Request, _: tuple[str, ...]) -> Response:
    """POST /customers."""
    customer = create_customer(books, Body.of(request))
    return written(books, customer_payload(books, customer), SAVED, wrapped=True)


def put_customer(books: Books, request: Request, names: tuple[str, ...]) -> Response:
    """PUT /customers/{id}: what was sent is changed, the rest stays."""
    customer = books.customer(numbered(names))
    body = Body.of(request)
    code = (body.text("code") or customer.code).strip()
    if code.lower() != customer.code.lower():
        _check_code(books, code)
    customer.code = code
    customer.name = body.text("name") or customer.name
    customer.phone = body.text("contactNumber") or customer.phone
    customer.details.update(_details(body))
    books.touch(customer)
    return written(books, customer_payload(books, customer), SAVED, wrapped=True)


def delete_customer(books: Books, _: Request, names: tuple[str, ...]) -> Response:
    """DELETE /customers/{id}."""
    remove_customer(books, numbered(names))
    return Response.of_json({"message": DELETED})


def remove_customer(books: Books, customer_id: int) -> None:
    """Delete a customer for good; its code is free again."""
    customer = books.customer(customer_id)
    del books.customers[customer.id]
    books.remove("customer", customer)


def _check_code(books: Books, code: str) -> None:
    if code and any(each.code.lower() == code.lower() for each in books.customers.values()):
        raise Refused(f"Mã khách hàng {code} đã tồn tại", refusals.CUSTOMER)


def _details(body: Body) -> Payload:
    details: Payload = {name: body.text(name) for name in STORED_TEXTS}
    details["gender"] = body.flag("gender")
    return without_nulls(details)


def _matches(request: Request, customer: Customer, contact_filter: str) -> bool:
    """Filters match parts of a value, so a caller has to look closer."""
    values = {"code": customer.code, "name": customer.name}
    same = all((request.param(name) or "").strip().lower() in value.lower() for name, value in values.items())
    return same and _has_phone(customer.phone or "", (request.param("contactNumber") or "").strip(), contact_filter)


def _has_phone(stored: str, wanted: str, how: str) -> bool:
    if not wanted or how == "start":
        return stored.startswith(wanted)
    if how == "exact":
        return stored == wanted
    return _digits(wanted) in _digits(stored) if how == "digits" else wanted in stored


def _digits(text: str) -> str:
    return "".join(sign for sign in text if sign.isdigit())
