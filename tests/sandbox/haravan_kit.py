"""A small Haravan shop with a client in front of it: plain httpx over the simulated remote, as any program uses it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import httpx

from syncd.clock import ManualClock
from syncd.sandbox.haravan import HaravanShop, HaravanSwitches
from syncd.sandbox.inprocess import InProcessTransport

START = datetime(2026, 11, 23, 3, 0, 0, tzinfo=UTC)
"""10:00 in Vietnam."""


class Kit:
    """A shop with two locations, ten shirts and five jeans at the first one, and a client that holds the token."""

    def __init__(self, **positions: str) -> None:
        self.clock = ManualClock(START)
        self.shop = HaravanShop(self.clock, HaravanSwitches(**positions))
        self.main = self.shop.add_location("Kho chính")
        self.second = self.shop.add_location("Kho Hà Nội")
        (self.shirt,) = self.shop.add_product("Áo thun", [{"sku": "AO-01", "barcode": "AO-01", "price": 100_000}])
        (self.jeans,) = self.shop.add_product("Quần jean", [{"sku": "QUAN-01", "price": 250_000}])
        self.shop.set_stock(self.shirt, self.main, 10)
        self.shop.set_stock(self.jeans, self.main, 5)
        self.http = httpx.Client(
            transport=InProcessTransport(self.shop),
            base_url="http://haravan.test/com",
            headers={"authorization": f"Bearer {self.shop.token}"},
            trust_env=False,
        )

    def call(self, method: str, path: str, body: object = None, **query: object) -> httpx.Response:
        """One call; the bucket has had time to leak before it."""
        self.clock.advance(1.0)
        params = {name: str(value) for name, value in query.items()}
        if body is None:
            return self.http.request(method, f"{path}.json", params=params)
        return self.http.request(method, f"{path}.json", params=params, json=body)

    def get(self, path: str, **query: object) -> Any:
        """What a GET answers, which must be 200."""
        answer = self.call("GET", path, **query)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def send(self, method: str, path: str, body: object = None) -> Any:
        """What a write answers, which must be 2xx."""
        answer = self.call(method, path, body)
        assert answer.is_success, answer.text
        return answer.json()

    def refused(self, method: str, path: str, body: object = None, **query: object) -> int:
        """The status of a call that must be refused."""
        answer = self.call(method, path, body, **query)
        assert not answer.is_success
        assert answer.json()["errors"]
        return answer.status_code

    def buy(self, *lines: Any, **details: Any) -> int:
        """A web COD order; without lines one of a single shirt."""
        return self.shop.place_order(lines or [(self.shirt, 1)], **details)

    def line_ids(self, order_id: int) -> list[int]:
        """The ids of an order's lines."""
        return [line["id"] for line in self.shop.order(order_id)["line_items"]]

    def order_ids(self, **query: object) -> list[int]:
        """The ids that the order list shows."""
        return [row["id"] for row in self.get("orders", **query)["orders"]]

    def figures(self, variant_id: int | None = None, location_id: int | None = None) -> tuple[int, int, int]:
        """On hand, committed and available, of the shirt at the first location unless said otherwise."""
        level = self.shop.level(variant_id or self.shirt, location_id or self.main)
        return level["on_hand"], level["committed"], level["available"]

    def adjust(self, quantity: int, kind: str = "adjust", **heading: object) -> Any:
        """Adjust or set the shirt at the first location."""
        return self.send(
            "POST", "inventories/adjustorset", self.adjustment((self.shirt, quantity), type=kind, **heading)
        )

    def adjustment(self, *lines: tuple[int, int], **heading: object) -> dict[str, Any]:
        """The body of an adjustment of (variant id, quantity) lines."""
        rows = [
            {"product_id": self.product_of(variant), "product_variant_id": variant, "quantity": quantity}
            for variant, quantity in lines
        ]
        return {"inventory": {"location_id": self.main, "line_items": rows, **heading}}

    def product_of(self, variant_id: int) -> int:
        """The product of a variant, 0 for an unknown one."""
        variant = self.shop.memory.variants.get(variant_id)
        return variant.product_id if variant else 0
