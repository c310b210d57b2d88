"""A small shop with a client in front of it: plain httpx over the simulated remote, as any program would use it."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import httpx

from syncd.clock import ManualClock
from syncd.sandbox.http import Request
from syncd.sandbox.kiotviet import KiotVietShop, KiotVietSwitches

START = datetime(2026, 11, 23, 3, 0, 0, tzinfo=UTC)
"""10:00 in Vietnam."""


class Kit:
    """A shop with two branches and three products, and a client that holds a token."""

    def __init__(self, **positions: str) -> None:
        self.clock = ManualClock(START)
        self.shop = KiotVietShop(self.clock, KiotVietSwitches(**positions))
        self.main = self.shop.add_branch("Chi nhánh trung tâm")
        self.second = self.shop.add_branch("Chi nhánh 2")
        self.shirt = self.shop.add_product("AO-01", "Áo thun", 100000, stock={self.main: 10, self.second: 4})
        self.jeans = self.shop.add_product("QUAN-01", "Quần jean", 250000, stock={self.main: 5})
        self.http = httpx.Client(
            transport=httpx.MockTransport(self._exchange), base_url="http://kiotviet.test", trust_env=False
        )
        self.sign_in()

    def sign_in(self) -> httpx.Response:
        """Fetch a token and use it from now on."""
        form = {
            "scopes": "PublicApi.Access",
            "grant_type": "client_credentials",
            "client_id": self.shop.client_id,
            "client_secret": self.shop.client_secret,
        }
        answer = self.http.post("/connect/token", data=form)
        if answer.status_code == 200:
            token = answer.json()["access_token"]
            self.http.headers.update({"Authorization": f"Bearer {token}", "Retailer": self.shop.retailer})
        return answer

    def get(self, path: str, **params: Any) -> Any:
        """The JSON of a GET that must succeed."""
        return _good(self.http.get(path, params=params))

    def post(self, path: str, body: Any) -> Any:
        """The JSON of a POST that must succeed."""
        return _good(self.http.post(path, json=body))

    def put(self, path: str, body: Any) -> Any:
        """The JSON of a PUT that must succeed."""
        return _good(self.http.put(path, json=body))

    def delete(self, path: str, body: Any = None, **params: Any) -> Any:
        """The JSON of a DELETE that must succeed."""
        return _good(self.http.request("DELETE", path, json=body, params=params))

    def refused(self, method: str, path: str, body: Any = None, **params: Any) -> dict[str, Any]:
        """The `responseStatus` of a call that must be refused with 420."""
        answer = self.http.request(method, path, json=body, params=params)
        assert answer.status_code == 420, answer.text
        return dict(answer.json()["responseStatus"])

    def order_body(self, quantity: float = 2, **members: Any) -> dict[str, Any]:
        """An order of shirts at the main branch."""
        line = {"productId": self.shirt, "quantity": quantity, "price": 90000}
        return {"branchId": self.main, "description": "HRV#1 ghi chú", "orderDetails": [line], **members}

    def order(self, quantity: float = 2, **members: Any) -> dict[str, Any]:
        """An order, entered over the API."""
        return dict(self.post("/orders", self.order_body(quantity, **members)))

    def invoice_body(self, quantity: float = 2, **members: Any) -> dict[str, Any]:
        """An invoice of shirts at the main branch."""
        line = {"productId": self.shirt, "quantity": quantity, "price": 90000}
        return {"branchId": self.main, "invoiceDetails": [line], **members}

    def cod_invoice(self, quantity: float = 2, **members: Any) -> dict[str, Any]:
        """An invoice with a delivery slip that collects its money."""
        delivery = {
            "status": 1,
            "usingPriceCod": True,
            "priceCodPayment": quantity * 90000,
            "partnerDelivery": {"code": "GHN", "name": "Giao hàng nhanh"},
        }
        body = self.invoice_body(quantity, usingCod=True, deliveryDetail=delivery, **members)
        return dict(self.post("/invoices", body))

    def stock(self, product_id: int | None = None, branch_id: int | None = None) -> tuple[Decimal, Decimal]:
        """On hand and reserved; of shirts at the main branch unless told otherwise."""
        return self.shop.stock(product_id or self.shirt, branch_id or self.main)

    def _exchange(self, request: httpx.Request) -> httpx.Response:
        headers = {name.lower(): value for name, value in request.headers.items()}
        query = tuple(request.url.params.multi_items())
        sent = Request(request.method, request.url.path, query, headers, request.read())
        answer = self.shop.handle(sent)
        return httpx.Response(answer.status, headers=dict(answer.headers), content=answer.body)


def _good(answer: httpx.Response) -> Any:
    assert answer.status_code == 200, answer.text
    return answer.json()
