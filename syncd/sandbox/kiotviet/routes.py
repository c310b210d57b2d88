"""The table of endpoints, and the way from a path to its handler."""

from __future__ import annotations

from collections.abc import Callable

from syncd.sandbox.http import Request, Response
from syncd.sandbox.kiotviet import catalog, customers, invoices, orders, reference, slips
from syncd.sandbox.kiotviet.books import Books
from syncd.sandbox.kiotviet.refusals import Refused

Handler = Callable[[Books, Request, tuple[str, ...]], Response]

ROUTES: tuple[tuple[str, str, Handler], ...] = (
    ("GET", "orders", orders.list_orders),
    ("POST", "orders", orders.post_order),
    ("GET", "orders/code/*", orders.get_order_by_code),
    ("GET", "orders/?", orders.get_order),
    ("PUT", "orders/?", orders.put_order),
    ("DELETE", "orders/?", orders.delete_order),
    ("GET", "invoices", invoices.list_invoices),
    ("POST", "invoices", invoices.post_invoice),
    ("DELETE", "invoices", invoices.delete_invoice),
    ("GET", "invoices/code/*", invoices.get_invoice_by_code),
    ("GET", "invoices/?", invoices.get_invoice),
    ("PUT", "invoices/?", invoices.put_invoice),
    ("POST", "payments", invoices.post_payment),
    ("GET", "customers", customers.list_customers),
    ("POST", "customers", customers.post_customer),
    ("GET", "customers/group", reference.list_entries("group")),
    ("GET", "customers/code/*", customers.get_customer_by_code),
    ("GET", "customers/?", customers.get_customer),
    ("PUT", "customers/?", customers.put_customer),
    ("DELETE", "customers/?", customers.delete_customer),
    ("GET", "products", catalog.list_products),
    ("POST", "products", catalog.post_product),
    ("GET", "products/code/*", catalog.get_product_by_code),
    ("GET", "products/?", catalog.get_product),
    ("PUT", "products/?", catalog.put_product),
    ("DELETE", "products/?", catalog.delete_product),
    ("GET", "productOnHands", catalog.list_on_hands),
    ("GET", "attributes/allwithdistinctvalue", reference.list_entries("attribute")),
    ("GET", "branches", reference.list_branches),
    ("GET", "users", reference.list_entries("user")),
    ("GET", "salechannel", reference.list_entries("channel")),
    ("GET", "BankAccounts", reference.list_entries("account")),
    ("GET", "settings", reference.get_settings),
    ("GET", "surchages", reference.list_surcharges),
    ("POST", "surchages", reference.post_surcharge),
    ("PUT", "surchages/?", reference.put_surcharge),
    ("POST", "surchages/?/activesurchage", reference.activate_surcharge),
    ("GET", "categories", reference.list_entries("category")),
    ("POST", "categories", reference.post_category),
    ("GET", "categories/?", reference.get_entry("category")),
    ("GET", "locations", reference.list_entries("location")),
    ("GET", "pricebooks", reference.list_entries("pricebook")),
    ("GET", "pricebooks/?", reference.list_price_book),
    ("GET", "trademark", reference.list_entries("trademark")),
    ("GET", "suppliers", reference.list_entries("supplier")),
    ("GET", "suppliers/?", reference.get_entry("supplier")),
    ("GET", "vouchercampaign", reference.list_entries("voucher_campaign")),
    ("GET", "ordersuppliers", reference.list_entries("order_supplier")),
    ("GET", "webhooks", reference.list_entries("webhook")),
    ("POST", "webhooks", reference.post_webhook),
    ("GET", "webhooks/?", reference.get_entry("webhook")),
    ("DELETE", "webhooks/?", reference.delete_webhook),
    ("GET", "transfers", slips.list_transfers),
    ("GET", "transfers/?", slips.get_transfer),
    ("GET", "purchaseorders", slips.list_purchases),
    ("GET", "purchaseorders/?", slips.get_purchase),
    ("GET", "returns", slips.list_returns),
    ("GET", "returns/?", slips.get_return),
    ("GET", "cashflow", slips.list_cash_flow),
)
"""Method, path and handler; `?` is one part of the path, `*` all that is left of it. The first match counts."""


def answer(books: Books, request: Request) -> Response:
    """Carry out a request that was let in.

    Raises:
        Refused: There is no such endpoint, or the shop says no.
    """
    parts = [part for part in request.path.split("/") if part]
    if parts and parts[0].lower() == "orders":
        reference.check_orders_on(books, request)
    path_exists = False
    for method, pattern, handler in _SPLIT:
        names = _match(pattern, parts)
        if names is not None and method == request.method:
            return handler(books, request, names)
        path_exists = path_exists or names is not None
    if path_exists:
        raise Refused("Method Not Allowed", "MethodNotAllowed", status=405)
    raise Refused(f"Handler for request not found: {request.path}", "NotFound", status=404)


_SPLIT = tuple((method, pattern.lower().split("/"), handler) for method, pattern, handler in ROUTES)


def _match(pattern: list[str], parts: list[str]) -> tuple[str, ...] | None:
    """The variable parts of a path, compared without case; None where it is another path."""
    names: list[str] = []
    for at, wanted in enumerate(pattern):
        if wanted == "*" and len(parts) > at:
            return (*names, "/".join(parts[at:]))
        if len(parts) <= at:
            return None
        if wanted == "?":
            names.append(parts[at])
        elif wanted != parts[at].lower():
            return None
    return tuple(names) if len(parts) == len(pattern) else None
