"""What both shops must show, from what both really hold; nothing of syncd's own code or store is asked.

`broken` is what may never be, also for a moment. `apart` is what may be for a while, until both sides agree.
"""

from __future__ import annotations

from collections import Counter
from types import SimpleNamespace
from typing import Any

from syncd.sandbox.http import Request
from tests.campaign.house import House
from tests.campaign.people import People, Placed
from tests.stock.shop_model import expected

CANCELLED_ORDER, DRAFT, PARTLY, DONE = 4, 1, 2, 3
VOIDED, SETTLED, ON_ITS_WAY = 2, 1, 3
NOT_DELIVERED = 1

_LEFT = frozenset({"delivering", "delivered", "notmeetcustomer"})
_WAITS = frozenset({"pending", "readytopick", "picking"})
_ROAD_DATES = ("delivering_date", "delivered_date", "not_meet_customer_date", "waiting_for_return_date", "return_date")
"""What a parcel keeps of having been with the carrier, also where it was withdrawn before anyone looked."""

_ADJUST = "adjustorset"


class Judge:
    """Watches each write at the remotes, and compares both shops when asked."""

    def __init__(self, house: House, people: People) -> None:
        """Watch from now on."""
        self.house, self.people = house, people
        self.sandbox = house.sandbox
        self.broken: list[str] = []
        self.sandbox.kiotviet_gate.after_effect.append(self._watch_documents)
        self.sandbox.haravan_gate.after_effect.append(self._watch_stock)

    # --- never -------------------------------------------------------------------------------------------------------

    def _watch_documents(self, _: str, request: Request) -> None:
        if request.method in ("POST", "PUT") and "token" not in request.path:
            self.broken += [found for found in self._doubles() if found not in self.broken]

    def _doubles(self) -> list[str]:
        orders = Counter(map(_marker, self._live_orders()))
        parcels = Counter(code for row in self._live_invoices() if (code := _delivery(row).get("deliveryCode")))
        phones = Counter(row.get("contactNumber") for row in self.sandbox.kiotviet.customers())
        found = [
            f"{count} live KiotViet orders of {marker}" for marker, count in orders.items() if marker and count > 1
        ]
        found += [f"{count} live invoices of parcel {code}" for code, count in parcels.items() if count > 1]
        return found + [f"{count} customers of one phone" for phone, count in phones.items() if phone and count > 1]

    def _watch_stock(self, _: str, request: Request) -> None:
        """People keep enough of everything, so nothing has a reason to be sold out in Haravan, not even shortly."""
        if _ADJUST not in request.path:
            return
        body: Any = request.json()
        location = body["inventory"]["location_id"]
        for line in body["inventory"]["line_items"]:
            level = self.sandbox.haravan.level(line["product_variant_id"], location)
            if level["available"] <= 0:
                self.broken.append(f"variant {line['product_variant_id']} at {location} was zeroed: {level}")

    # --- in the end --------------------------------------------------------------------------------------------------

    def apart(self) -> list[str]:
        """Where both sides differ now."""
        shown = {row["id"]: row for row in self.sandbox.haravan.orders()}
        orders, invoices = self._live_orders(), self._live_invoices()
        found = []
        for placed in self.people.orders.values():
            mine = [row for row in orders if _marker(row) == f"HRV#{placed.id}"]
            ids = {row["id"] for row in mine}
            theirs = [row for row in invoices if row["orderId"] in ids]
            what = self._order(placed, shown[placed.id], mine, theirs)
            found += [f"order {placed.id}: {word}" for word in what]
        return found + self._doubles() + self._stock()

    def _order(
        self, placed: Placed, web: dict[str, Any], orders: list[dict[str, Any]], invoices: list[dict[str, Any]]
    ) -> list[str]:
        if placed.touched:
            return []  # a clerk's, or no web order: only that nothing is doubled, and its stock
        parcels = {row["tracking_number"]: row for row in web["fulfillments"]}
        made = {_delivery(row).get("deliveryCode"): row for row in invoices}
        back = bool(parcels) and all(row["carrier_status_code"] == "return" for row in parcels.values() if _lives(row))
        if web["cancelled_at"] is not None or (back and _covers(web)):
            return self._gone(web, orders, invoices)
        if len(orders) != 1:
            return [f"{len(orders)} live orders"]
        found = [f"total {orders[0]['total']}, placed {placed.total}"] * (orders[0]["total"] != placed.total)
        for code, parcel in parcels.items():
            found += self._parcel(parcel, made.pop(code, None))
        found += [f"invoice {row['code']} of no parcel ({code})" for code, row in made.items()]
        return found + _status(web, orders[0], invoices) + _money(placed, web, orders[0], invoices)

    def _gone(self, web: dict[str, Any], orders: list[dict[str, Any]], invoices: list[dict[str, Any]]) -> list[str]:
        left = bool(invoices) or any(row[date] is not None for row in web["fulfillments"] for date in _ROAD_DATES)
        if (left and self.house.on_return == "hold") or any(row["status"] == SETTLED for row in invoices):
            return []  # a person's to undo
        return [f"{len(orders)} orders and {len(invoices)} invoices live, it is gone"] * bool(orders or invoices)

    def _parcel(self, parcel: dict[str, Any], invoice: dict[str, Any] | None) -> list[str]:
        status, code = parcel["carrier_status_code"], parcel["tracking_number"]
        if status in _LEFT:
            settled = status == "delivered" and parcel["carrier_cod_status_code"] == "codreceipt"
            wanted = SETTLED if settled else ON_ITS_WAY
            if invoice is None:
                return [f"parcel {code} {status} has no invoice"]
            if invoice["status"] != wanted:
                return [f"invoice {invoice['code']} has status {invoice['status']}, not {wanted}"]
            wrong = wanted == ON_ITS_WAY and _delivery(invoice).get("status") != NOT_DELIVERED
            return [f"delivery of {invoice['code']} is {_delivery(invoice).get('status')}"] * wrong
        may = status == "waitingforreturn" or (status not in _WAITS and self.house.on_return == "hold")
        return [] if invoice is None or may else [f"parcel {code} {status} has invoice {invoice['code']}"]

    def _stock(self) -> list[str]:
        rig = self._seen_once()
        found, careful = [], self._in_doubt_after_a_void()
        for location, branch in zip(self.sandbox.locations, self.sandbox.branches, strict=True):
            for sku, variant in self.sandbox.variants.items():
                wanted = expected(rig, sku, location, (branch,), reserves=True, safety=self.house.safety)
                shown = self.sandbox.haravan.level(variant, location)["available"]
                if not wanted - careful[sku] <= shown <= wanted:
                    found.append(f"{sku} at {location}: {shown}, by the formula {wanted}")
        return found

    def _in_doubt_after_a_void(self) -> Counter[str]:
        """Pieces by SKU that syncd may keep back: a void opened their order again, and another one blurs `reserved`."""
        orders = self._live_orders()
        blurred = {line["productCode"] for row in orders if row["status"] == PARTLY for line in row["orderDetails"]}
        voided = {row["orderId"] for row in self.sandbox.kiotviet.invoices() if row["status"] == VOIDED}
        doubts: Counter[str] = Counter()
        for row in orders:
            if row["id"] in voided and any(line["productCode"] in blurred for line in row["orderDetails"]):
                doubts.update({line["productCode"]: int(line["quantity"]) for line in row["orderDetails"]})
        return doubts

    def _seen_once(self) -> Any:
        """Both shops as the formula asks for them; their lists are made once, for it asks for each product."""
        haravan, kiotviet = self.sandbox.haravan, self.sandbox.kiotviet
        web, orders, invoices = haravan.orders(), kiotviet.orders(), kiotviet.invoices()
        return SimpleNamespace(
            sandbox=self.sandbox,
            haravan=SimpleNamespace(orders=lambda: web),
            kiotviet=SimpleNamespace(
                orders=lambda: orders, invoices=lambda: invoices, stock=kiotviet.stock, _books=kiotviet._books
            ),
            branch=self.sandbox.branches[0],
        )

    def _live_orders(self) -> list[dict[str, Any]]:
        return [row for row in self.sandbox.kiotviet.orders() if row["status"] != CANCELLED_ORDER]

    def _live_invoices(self) -> list[dict[str, Any]]:
        return [row for row in self.sandbox.kiotviet.invoices() if row["status"] != VOIDED]


def _status(web: dict[str, Any], order: dict[str, Any], invoices: list[dict[str, Any]]) -> list[str]:
    """Open, partly invoiced or ended, by the pieces that live invoices hold."""
    ordered = sum(line["quantity"] for line in web["line_items"])
    taken = sum(line["quantity"] for row in invoices for line in row["invoiceDetails"])
    wanted = DRAFT if not taken else DONE if taken == ordered else PARTLY
    return [f"order status {order['status']}, not {wanted}"] * (order["status"] != wanted)


def _money(placed: Placed, web: dict[str, Any], order: dict[str, Any], invoices: list[dict[str, Any]]) -> list[str]:
    """Invoices sum up to the order once all is shipped; what is settled is paid once."""
    found = []
    if order["status"] == DONE and sum(row["total"] for row in invoices) != placed.total:
        found.append(f"invoices of {[row['total'] for row in invoices]}, placed {placed.total}")
    if order["status"] == DONE and all(row["status"] == SETTLED for row in invoices):
        paid = sum(
            one["amount"] for row in (order, *invoices) for one in row.get("payments") or () if not one["status"]
        )
        # Haravan rounds the COD amount of each parcel
        if abs(paid - placed.total) > len(invoices) - 1:
            found.append(f"paid {paid} of {placed.total}")
    return found


def _marker(row: dict[str, Any]) -> str:
    word = (row.get("description") or "").split(" ")[0]
    return word if word.startswith("HRV#") else ""


def _delivery(row: dict[str, Any]) -> dict[str, Any]:
    return row.get("invoiceDelivery") or {}


def _lives(parcel: dict[str, Any]) -> bool:
    return bool(parcel["carrier_status_code"] != "cancel")


def _covers(web: dict[str, Any]) -> bool:
    """Whether each piece is in a living parcel."""
    shipped = sum(line["quantity"] for row in web["fulfillments"] if _lives(row) for line in row["line_items"])
    return shipped == sum(line["quantity"] for line in web["line_items"])
