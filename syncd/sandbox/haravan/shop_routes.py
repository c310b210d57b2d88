"""The endpoints of the shop itself: who it is, who works there, who buys there, what happened."""

from __future__ import annotations

from datetime import datetime
from operator import attrgetter
from typing import Any

from syncd.sandbox.haravan.floor import Refusal
from syncd.sandbox.haravan.lists import Stamps, number, numbers, page_cap, page_of, trimmed, within
from syncd.sandbox.haravan.people import CustomerDesk, split_tags
from syncd.sandbox.haravan.people_payload import customer_payload
from syncd.sandbox.haravan.routing import Routes, body_of, sent
from syncd.sandbox.haravan.state import Customer
from syncd.sandbox.haravan.times import iso, shop_time
from syncd.sandbox.http import Request, Response

ROUTES: Routes[CustomerDesk] = Routes()

SHOP_ID = 200_000_244_883
READ, WRITE, SHOP = "com.read_customers", "com.write_customers", "com.read_shop"

_STAMPS: Stamps[Customer] = {"created_at": attrgetter("created_at"), "updated_at": attrgetter("updated_at")}
_EVENT_STAMPS: Stamps[dict[str, Any]] = {"created_at": lambda event: event["at"]}
_EMPTY_SHOP = (
    "city", "google_apps_domain", "google_apps_login_enabled", "plan_name", "display_plan_name", "public", "source",
    "taxes_included", "county_taxes",
)  # fmt: skip
_STAFF = {
    "account_owner": False,
    "bio": None,
    "email": "nhanvien@example.com",
    "first_name": "Mẫu",
    "id": 200_000_497_867,
    "im": None,
    "last_name": "Nhân Viên",
    "phone": None,
    "receive_announcements": 1,
    "url": None,
    "user_type": "invited",
    "permissions": ["Limit"],
}


@ROUTES.on("GET", "/shop", SHOP)
def get_shop(shop: CustomerDesk, request: Request, _: tuple[int, ...]) -> Response:
    """The shop's own page."""
    payload = {
        **dict.fromkeys(_EMPTY_SHOP),
        "id": SHOP_ID,
        "name": "cua-hang-mau",
        "shop_owner": "cua-hang-mau",
        "domain": "https://cua-hang-mau.myharavan.com/",
        "myharavan_domain": "https://cua-hang-mau.myharavan.com",
        "email": "shop@example.com",
        "customer_email": "shop@example.com",
        "phone": "0280000000",
        "address1": "1 Đường Mẫu",
        "province": "Hồ Chí Minh",
        "province_code": "HC",
        "country": "VN",
        "country_code": "VN",
        "country_name": "Vietnam",
        "zip": "700000",
        "created_at": iso(_opened(shop)),
        "currency": "VND",
        "latitude": 0.0,
        "longitude": 0.0,
        "money_format": "₫",
        "money_with_currency_format": "-n $;n $",
        "timezone": "(GMT+07:00) Hanoi",
        "password_enabled": True,
        "tax_shipping": False,
        "has_storefront": False,
        "shop_plan_id": -1,
        "inventory_method": "default",
        "fullname_checkout_behavior": "optional",
        "email_checkout_behavior": "optional",
        "phone_checkout_behavior": "required",
        "address_checkout_behavior": "optional",
        "district_checkout_behavior": "optional",
        "ward_checkout_behavior": "disabled",
        "primary_locale": "",
        **shop.memory.shop,
    }
    return Response.of_json({"shop": payload})


@ROUTES.on("GET", "/users", SHOP)
def list_users(shop: CustomerDesk, request: Request, _: tuple[int, ...]) -> Response:
    """The staff: one person."""
    return Response.of_json({"users": [_STAFF]})


@ROUTES.on("GET", "/users/groups", SHOP)
def list_user_groups(shop: CustomerDesk, request: Request, _: tuple[int, ...]) -> Response:
    """One group of staff for each location, as the shop makes them by itself."""
    locations = shop.memory.locations.values()
    groups = [_group(location.id, location.name, location.created_at, type="system") for location in locations]
    return Response.of_json({"user_groups": groups})


@ROUTES.on("GET", "/users/{}", SHOP)
def get_user(shop: CustomerDesk, request: Request, ids: tuple[int, ...]) -> Response:
    """One person of the staff."""
    if ids[0] != _STAFF["id"]:
        raise Refusal(404, f"there is no user {ids[0]}")
    return Response.of_json({"user": _STAFF})


@ROUTES.on("GET", "/customers", READ, listing=True)
def list_customers(shop: CustomerDesk, request: Request, _: tuple[int, ...]) -> Response:
    """One page of customers by rising id."""
    page = page_of(_chosen(shop, request), request, page_cap(shop.switches))
    return Response.of_json({"customers": [trimmed(customer_payload(customer), request) for customer in page]})


@ROUTES.on("GET", "/customers/count", READ)
def count_customers(shop: CustomerDesk, request: Request, _: tuple[int, ...]) -> Response:
    """How many customers pass the filters."""
    return Response.of_json({"count": len(_chosen(shop, request))})


@ROUTES.on("GET", "/customers/groups", READ)
def list_customer_groups(shop: CustomerDesk, request: Request, _: tuple[int, ...]) -> Response:
    """The one group that every shop starts with."""
    return Response.of_json({"customer_groups": [_group(39_550_382, "Tất cả khách hàng", _opened(shop))]})


@ROUTES.on("GET", "/customers/search", READ)
def search_customers(shop: CustomerDesk, request: Request, _: tuple[int, ...]) -> Response:
    """Customers whose name, phone or e-mail contains the text."""
    wanted = (request.param("query") or "").casefold()
    rows = [customer for customer in shop.memory.customers.values() if wanted in _words(customer)]
    page = page_of(rows, request, page_cap(shop.switches))
    return Response.of_json({"customers": [customer_payload(customer) for customer in page]})


@ROUTES.on("GET", "/customers/{}", READ)
def get_customer(shop: CustomerDesk, request: Request, ids: tuple[int, ...]) -> Response:
    """One customer."""
    return Response.of_json({"customer": customer_payload(shop.find_customer(ids[0]))})


@ROUTES.on("POST", "/customers", WRITE)
def create_customer(shop: CustomerDesk, request: Request, _: tuple[int, ...]) -> Response:
    """A new customer; an e-mail that is taken is refused."""
    body = sent(request, "customer")
    if body.get("email") and any(body["email"] == known.email for known in shop.memory.customers.values()):
        raise Refusal(422, "email: Email đã tồn tại")
    return Response.of_json({"customer": customer_payload(shop.new_customer(body))}, 201)


@ROUTES.on("PUT", "/customers/{}", WRITE)
def update_customer(shop: CustomerDesk, request: Request, ids: tuple[int, ...]) -> Response:
    """Name, phone, e-mail, note, tags."""
    customer, body = shop.find_customer(ids[0]), sent(request, "customer")
    for name in ("first_name", "last_name", "phone", "email", "note"):
        if name in body:
            setattr(customer, name, body[name])
    if "tags" in body:
        customer.tags = split_tags(body["tags"])
    customer.updated_at = shop.now()
    return Response.of_json({"customer": customer_payload(customer)})


@ROUTES.on("POST", "/customers/{}/tags", WRITE)
def add_customer_tags(shop: CustomerDesk, request: Request, ids: tuple[int, ...]) -> Response:
    """Tags merged into those of the customer."""
    customer = shop.find_customer(ids[0])
    customer.tags = list(dict.fromkeys([*customer.tags, *split_tags(body_of(request).get("tags"))]))
    return Response.of_json({"tags": ",".join(customer.tags)})


@ROUTES.on("GET", "/events", "com.read_orders", listing=True)
def list_events(shop: CustomerDesk, request: Request, _: tuple[int, ...]) -> Response:
    """The event log; its time filters are always in shop time."""
    return _events(shop, request, None)


@ROUTES.on("GET", "/events/count", "com.read_orders")
def count_events(shop: CustomerDesk, request: Request, _: tuple[int, ...]) -> Response:
    """How many events there are."""
    return Response.of_json({"count": len(shop.memory.events)})


@ROUTES.on("GET", "/events/{}", "com.read_orders")
def get_event(shop: CustomerDesk, request: Request, ids: tuple[int, ...]) -> Response:
    """One event."""
    for event in shop.memory.events:
        if event["id"] == ids[0]:
            return Response.of_json({"event": _event(event)})
    raise Refusal(404, f"there is no event {ids[0]}")


@ROUTES.on("GET", "/orders/{}/events", "com.read_orders")
def list_order_events(shop: CustomerDesk, request: Request, ids: tuple[int, ...]) -> Response:
    """The event log of one order."""
    return _events(shop, request, shop.find_order(ids[0]).id)


def _chosen(shop: CustomerDesk, request: Request) -> list[Customer]:
    since_id, wanted, clock = number(request, "since_id", 0), numbers(request, "ids"), shop.switches.filter_clock
    return [
        customer
        for customer in shop.memory.customers.values()
        if customer.id > since_id
        and (not wanted or customer.id in wanted)
        and within(customer, request, _STAMPS, clock)
    ]


def _opened(shop: CustomerDesk) -> datetime:
    return min((location.created_at for location in shop.memory.locations.values()), default=shop.now())


def _group(group_id: int, name: str, at: datetime, **more: str) -> dict[str, Any]:
    return {"id": group_id, "name": name, **more, "created_at": iso(at), "updated_at": iso(at)}


def _words(customer: Customer) -> str:
    words = (customer.first_name, customer.last_name, customer.phone, customer.email)
    return " ".join(word for word in words if word).casefold()


def _events(shop: CustomerDesk, request: Request, order_id: int | None) -> Response:
    rows = [
        event
        for event in shop.memory.events
        if event["id"] > number(request, "since_id", 0)
        and (order_id is None or event["subject_id"] == order_id)
        and within(event, request, _EVENT_STAMPS, "local")
    ]
    return Response.of_json({"events": [_event(row) for row in page_of(rows, request, page_cap(shop.switches))]})


def _event(event: dict[str, Any]) -> dict[str, Any]:
    path = f"/admin/orders/{event['subject_id']}"
    shown = {key: event[key] for key in ("id", "verb", "subject_type", "subject_id", "arguments")}
    message = f"{event['verb']} {' '.join(event['arguments'])}".strip()
    stamp = shop_time(event["at"])
    return {**shown, "body": None, "created_at": stamp, "message": message, "author": "haravan", "description": None,
            "path": path}  # fmt: skip
