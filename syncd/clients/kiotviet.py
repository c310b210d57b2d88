"""KiotViet's public API, one method per endpoint, its GETs counted before they are sent.

Source: KiotViet docs, Public API; the retailer header, 420 as "not found" and wrapped answers were observed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC
from typing import Final, TypeVar
from urllib.parse import quote

import httpx

from syncd.clients.auth import TokenKeeper, retailer_of
from syncd.clients.budget import GetBudget
from syncd.clients.dates import DateOffset
from syncd.clients.fields import Fields, lenient_id
from syncd.clients.kiotviet_goods_wire import (
    parse_bank_account,
    parse_branch,
    parse_on_hand,
    parse_product,
    parse_settings,
    parse_surcharge,
)
from syncd.clients.kiotviet_wire import (
    bare_invoice,
    bare_order,
    is_empty_wrapper,
    parse_customer,
    parse_invoice,
    parse_order,
    parse_page,
    parse_purchase,
    parse_return,
    parse_transfer,
    unwrapped,
)
from syncd.clients.pages import ListQuery, Page
from syncd.clients.remembered import Remembered
from syncd.clients.scans import scan_all
from syncd.clients.transport import Call, Remote, TokenRefused, open_connections, passing, repeat_read, send
from syncd.clock import Clock
from syncd.core.model import (
    BankAccount,
    Branch,
    OnHand,
    PosCustomer,
    PosInvoice,
    PosOrder,
    PosProduct,
    PosReturn,
    PosSettings,
    StockSlip,
    Surcharge,
)
from syncd.core.texts import Text, text
from syncd.errors import BadPayload, IncompleteScan, NotFound, OutcomeUnknown, RateLimited, Transient

__all__ = ["KiotVietClient", "ListQuery", "Page"]

T = TypeVar("T", Branch, Surcharge, BankAccount)
R = TypeVar("R")
Params = Sequence[tuple[str, str]]

# By id or code, an unknown record is refused with 420 like a bad one (observed), elsewhere 420 is a refusal
_UNKNOWN_RECORD: Final = frozenset({404, 420})
_POLLED_ORDER: Final = Remembered(parse_order)
_POLLED_INVOICE: Final = Remembered(parse_invoice)


class KiotVietClient:
    """One shop's KiotViet; safe to share between threads. Reads are repeated shortly, writes never."""

    def __init__(
        self,
        base_url: str,
        retailer: str,
        client_id: str,
        client_secret: str,
        token_url: str,
        *,
        clock: Clock,
        budget: GetBudget,
        transport: httpx.BaseTransport | None = None,
        on_call: Callable[[str, bool], None] | None = None,
    ) -> None:
        """Open nothing yet; `on_call` is told of every request but those for a token, and whether it writes."""
        self._base = base_url.rstrip("/")
        self._retailer = retailer
        self._client_id, self._client_secret, self._token_url = client_id, client_secret.strip(), token_url
        self._clock = clock
        self._budget = budget
        self._http = open_connections(transport)
        self._on_call = on_call
        self._tokens = TokenKeeper(self._fetch_token, clock)
        self.date_offset = DateOffset()
        self._remote = Remote(
            key="kiotviet",
            name="KiotViet",
            wait_seconds=300.0,
            refused="kiotviet_refuses_token",
            forbidden="kiotviet_permission_missing",
            secrets=lambda: (self._client_secret, self._tokens.current()),
        )

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def retailer_code(self) -> str | None:
        """The shop code that the credentials belong to; None where the token does not show it."""
        return retailer_of(self._tokens.token())

    # --- the shop's own lists

    def settings(self) -> PosSettings:
        """The switches that decide which writes can succeed."""
        return _shaped("/settings", lambda: parse_settings(self._get("/settings")))

    def branches(self) -> tuple[Branch, ...]:
        """The branches that the credentials may use."""
        return self._whole_list("/branches", parse_branch)

    def surcharges(self) -> tuple[Surcharge, ...]:
        """The active surcharges; an inactive one is not listed and its code still taken (observed)."""
        return self._whole_list("/surchages", parse_surcharge)

    def bank_accounts(self) -> tuple[BankAccount, ...]:
        """The shop's bank accounts."""
        return self._whole_list("/BankAccounts", parse_bank_account)

    def create_surcharge(self, code: str, name: str) -> Surcharge:
        """Make a surcharge whose amount each document sets itself."""
        answer = self._write("POST", "/surchages", {"name": name, "code": code, "value": 0})
        return _made(answer, parse_surcharge, lambda made, _: Surcharge(made, code, name), "POST /surchages")

    # --- orders

    def order(self, order_id: int) -> PosOrder:
        """One order with delivery and surcharges.

        Raises:
            NotFound: KiotViet has no such order, or does not show it.
            BadPayload: It cannot be understood; `record_id` is its id.
        """
        return self._by_id("/orders", order_id, parse_order)

    def orders_page(self, query: ListQuery) -> Page[PosOrder]:
        """A page of orders, without delivery."""
        return self._page("/orders", query, _POLLED_ORDER)

    def create_order(self, body: Mapping[str, object]) -> PosOrder:
        """Make an order; the answer may show little more than its id, so read it back.

        Raises:
            OutcomeUnknown: The answer was lost or holds no id: look for the marker before sending again.
        """
        answer = self._write("POST", "/orders", body)
        return _made(answer, parse_order, lambda made, code: bare_order(made, code, self._clock.now()), "POST /orders")

    def cancel_order(self, order_id: int) -> None:
        """Cancel an order and its deposit vouchers; there is no way back."""
        self._write("DELETE", f"/orders/{order_id}", params=[("IsVoidPayment", "true")])

    # --- invoices

    def invoice(self, invoice_id: int) -> PosInvoice:
        """One invoice with its delivery slip; an edited invoice lives on under another id (observed).

        Raises:
            NotFound: KiotViet has no such invoice, or does not show it.
        """
        return self._by_id("/invoices", invoice_id, parse_invoice)

    def invoices_page(self, query: ListQuery) -> Page[PosInvoice]:
        """A page of invoices with their delivery slips."""
        return self._page("/invoices", query, _POLLED_INVOICE, [("includeInvoiceDelivery", "true")])

    def create_invoice(self, body: Mapping[str, object]) -> PosInvoice:
        """Make an invoice; the answer may show little more than its id, so read it back.

        Raises:
            OutcomeUnknown: The answer was lost or holds no id: look among the order's invoices first.
        """
        answer = self._write("POST", "/invoices", body)
        return self._made_invoice(answer, "POST /invoices")

    def update_invoice(self, invoice_id: int, body: Mapping[str, object]) -> PosInvoice:
        """Change an invoice; the answer may carry another id, as an edit can replace the document (observed).

        Raises:
            OutcomeUnknown: The answer was lost or holds no id: read the invoice first.
        """
        answer = self._write("PUT", f"/invoices/{invoice_id}", body)
        return self._made_invoice(answer, "PUT /invoices")

    def void_invoice(self, invoice_id: int) -> None:
        """Void an invoice and its payments. Source: KiotViet docs, Invoices: the id travels in the body."""
        self._write("DELETE", "/invoices", {"id": invoice_id, "isVoidPayment": True})

    def returns_page(self, query: ListQuery) -> Page[PosReturn]:
        """A page of return slips."""
        return self._page("/returns", query, parse_return)

    def transfers_page(self, query: ListQuery) -> Page[StockSlip]:
        """A page of transfers between branches; `lastModifiedFrom` is not documented here."""
        return self._page("/transfers", query, parse_transfer)

    def purchases_page(self, query: ListQuery) -> Page[StockSlip]:
        """A page of purchases; `lastModifiedFrom` misses records here (observed)."""
        return self._page("/purchaseorders", query, parse_purchase)

    # --- customers

    def customer_by_code(self, code: str) -> PosCustomer | None:
        """The customer with this code, None where there is none."""
        path = f"/customers/code/{quote(code, safe='')}"
        try:
            answer = self._get(path, missing=_UNKNOWN_RECORD)
        except NotFound:
            return None
        if is_empty_wrapper(answer):
            return None
        return _shaped(path, lambda: parse_customer(unwrapped(answer)))

    def customers_by_phone(self, phone: str) -> tuple[PosCustomer, ...]:
        """The first page of what KiotViet finds for a phone; the filter is loose, so compare each."""
        query = ListQuery(filters={"contactNumber": phone})
        return self._page("/customers", query, parse_customer).rows

    def create_customer(self, body: Mapping[str, object]) -> PosCustomer:
        """Make a customer.

        Raises:
            OutcomeUnknown: The answer was lost or holds no id: look up its code before sending again.
        """
        answer = self._write("POST", "/customers", body)
        return _made(answer, parse_customer, lambda made, code: PosCustomer(made, code, "", None), "POST /customers")

    # --- products and stock

    def product(self, product_id: int) -> PosProduct:
        """One product with its stock in every branch.

        Raises:
            NotFound: KiotViet has no such product.
        """
        return self._by_id("/products", product_id, parse_product)

    def products_page(self, query: ListQuery) -> Page[PosProduct]:
        """A page of products with their stock."""
        return self._page("/products", query, parse_product, [("includeInventory", "true")])

    def on_hands_page(self, query: ListQuery, low_priority: bool = False) -> Page[OnHand]:
        """A page of stock figures alone, the lightest full scan."""
        query = replace(query, low_priority=query.low_priority or low_priority)
        return self._page("/productOnHands", query, parse_on_hand)

    # --- how the endpoints are reached

    def _whole_list(self, path: str, parse: Callable[[object], T]) -> tuple[T, ...]:
        """A short list read whole; a row without an id cannot be meant by anything and is left out."""
        scan = scan_all(lambda offset: self._page(path, ListQuery(offset=offset), parse), lambda row: row.id)
        if not scan.complete:
            raise IncompleteScan(text("list_incomplete", call=f"KiotViet GET {path}", why=scan.why or ""))
        return scan.rows

    def _page(self, path: str, query: ListQuery, parse: Callable[[object], R], extra: Params = ()) -> Page[R]:
        payload = self._get(path, _list_params(query, extra), low_priority=query.low_priority)
        return _shaped(path, lambda: parse_page(payload, query.offset, parse))

    def _by_id(self, path: str, record_id: int, parse: Callable[[object], R]) -> R:
        path = f"{path}/{record_id}"
        record = unwrapped(self._get(path, missing=_UNKNOWN_RECORD))
        if lenient_id(record) is None:
            raise _unread(path, text("answer_lacks_id"))
        try:
            return parse(record)
        except BadPayload as error:
            raise BadPayload(error.message, record_id=record_id) from error

    def _get(
        self,
        path: str,
        params: Params = (),
        *,
        low_priority: bool = False,
        missing: frozenset[int] = frozenset({404}),
    ) -> object:
        call = Call(self._remote, "GET", self._base + path, path, params=params, missing=missing)
        return repeat_read(lambda: self._authorized(call, low_priority), passing)

    def _write(self, method: str, path: str, body: Mapping[str, object] | None = None, params: Params = ()) -> object:
        call = Call(self._remote, method, self._base + path, path, is_write=True, params=params, json=body)
        return self._authorized(call)

    def _authorized(self, call: Call, low_priority: bool = False) -> object:
        """The answer under a token that is renewed once when refused; a refused write did nothing."""
        token = self._tokens.token()
        try:
            return self._send(call, token, low_priority)
        except TokenRefused:
            renewed = self._tokens.renew(token)
        return self._send(call, renewed, low_priority)

    def _send(self, call: Call, token: str, low_priority: bool) -> object:
        if not call.is_write:
            self._budget.acquire(low_priority)
        if self._on_call is not None:
            self._on_call(self._remote.key, call.is_write)
        headers = {"authorization": f"Bearer {token}", "retailer": self._retailer}
        try:
            return send(self._http, call, headers, self._clock, on_headers=self._observe)
        except RateLimited as error:
            self._budget.penalize(error.retry_after_seconds)
            raise

    def _fetch_token(self) -> object:
        form = {
            "scopes": "PublicApi.Access",
            "grant_type": "client_credentials",
            "client_id": self._client_id,
            "client_secret": self._client_secret,
        }
        call = Call(self._remote, "POST", self._token_url, "token endpoint", form=form)
        return repeat_read(lambda: send(self._http, call, {}, self._clock, on_headers=self._observe), passing)

    def _observe(self, headers: httpx.Headers) -> None:
        self.date_offset.observe(headers, self._clock.now())

    def _made_invoice(self, answer: object, what: str) -> PosInvoice:
        return _made(answer, parse_invoice, lambda made, code: bare_invoice(made, code, self._clock.now()), what)


def _list_params(query: ListQuery, extra: Params) -> Params:
    """A list's query: offset paging, and a lower bound in UTC, which no reading of it makes too late."""
    params = dict(extra) | {"pageSize": str(query.size), "currentItem": str(query.offset)}
    if query.order_by is not None:
        params |= {"orderBy": query.order_by, "orderDirection": "Desc" if query.descending else "Asc"}
    if query.modified_from is not None:
        params["lastModifiedFrom"] = query.modified_from.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return [*(params | dict(query.filters)).items()]


def _shaped(path: str, read: Callable[[], R]) -> R:
    """The result of reading an answer; one that is not what the endpoint answers is a failed read."""
    try:
        return read()
    except BadPayload as error:
        raise _unread(path, text("answer_unreadable", why=error.message)) from error


def _unread(path: str, what: Text) -> Transient:
    return Transient(text("read_lost", call=f"KiotViet GET {path}", what=what))


def _made(answer: object, parse: Callable[[object], R], bare: Callable[[int, str], R], what: str) -> R:
    """The record that a write answered with; its id is all that is needed, for the rest is read back anyway."""
    try:
        record = unwrapped(answer)
    except BadPayload:
        record = None
    made = lenient_id(record)
    if made is None:
        raise OutcomeUnknown(text("write_lost", call=f"KiotViet {what}", what=text("answer_lacks_id")))
    try:
        return parse(record)
    except BadPayload:
        code = Fields(record, "kiotviet_answer").raw("code")
        return bare(made, code if isinstance(code, str) else "")
