"""What each shop's own screens show, read from the shops: never from syncd, which is what is being judged."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from syncd.sandbox.world import Sandbox

_ON_ROAD = frozenset({"delivering", "delivered", "notmeetcustomer"})
_MONEY = {"codpaid": "Đã thu hộ", "codreceipt": "Đã nhận tiền"}
_CANCELLED_ORDER, _CANCELLED_INVOICE, _ON_ITS_WAY = 4, 2, 3
_NOT_SENT = 1


@dataclass(frozen=True, slots=True)
class WebOrder:
    """A web order as Haravan's admin pages show it."""

    id: int
    number: str
    is_cod: bool
    carrier: str
    money: str
    cancelled: bool
    on_road: bool
    settled: bool
    total: Decimal
    pieces: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Paper:
    """A KiotViet order or invoice with its state in words."""

    code: str
    status: str
    live: bool
    total: Decimal
    paid: Decimal
    to_collect: Decimal
    pieces: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Papers:
    """All that KiotViet has for one web order, found by what a person would look for: the number in its note."""

    orders: tuple[Paper, ...] = ()
    invoices: tuple[Paper, ...] = ()

    @property
    def order(self) -> Paper | None:
        """The order in force, else the last one."""
        return _foremost(self.orders)

    @property
    def invoice(self) -> Paper | None:
        """The invoice in force, else the last one."""
        return _foremost(self.invoices)


@dataclass(frozen=True, slots=True)
class Shelf:
    """A product's figures on both sides, with the pieces of web orders that KiotViet has no order for."""

    sku: str
    on_hand: int
    reserved: int
    pending: int
    available: int

    @property
    def sellable(self) -> int:
        """What KiotViet could still sell."""
        return self.on_hand - self.reserved

    @property
    def agrees(self) -> bool:
        """Whether the web offers just what can be sold."""
        return self.available == max(0, self.sellable - self.pending)


@dataclass(frozen=True, slots=True)
class Sides:
    """Both shops as they are now."""

    web: tuple[WebOrder, ...]
    papers: Mapping[int, Papers]
    shelves: Mapping[str, Shelf]
    strays: tuple[str, ...] = field(default=())


def look(sandbox: Sandbox) -> Sides:
    """Read both shops."""
    web = tuple(_web_order(row) for row in sandbox.haravan.orders())
    papers = {order.id: _papers(sandbox, order.id) for order in web}
    return Sides(web, papers, _shelves(sandbox, web, papers), _strays(sandbox, web))


def _web_order(row: Mapping[str, Any]) -> WebOrder:
    parcels = [parcel for parcel in row["fulfillments"] if parcel["carrier_status_code"] != "cancel"]
    parcel: Mapping[str, Any] = parcels[0] if parcels else {}
    carrier, cod = parcel.get("carrier_status_code"), parcel.get("carrier_cod_status_code")
    cancelled = row["cancelled_at"] is not None
    return WebOrder(
        id=row["id"],
        number=row["order_number"],
        is_cod=row["source_name"] == "web" and row["gateway_code"] == "COD",
        carrier="Đã hủy" if cancelled else parcel.get("carrier_status_name", "Chưa gửi hàng"),
        money=_MONEY.get(str(cod), "Đã nhận tiền" if row["financial_status"] == "paid" else "Chưa nhận tiền"),
        cancelled=cancelled,
        on_road=carrier in _ON_ROAD,
        settled=carrier == "delivered" and (cod == "codreceipt" or row["financial_status"] == "paid"),
        total=Decimal(str(row["total_price"])),
        pieces=_pieces((line["sku"], line["quantity"]) for line in row["line_items"]),
    )


def _papers(sandbox: Sandbox, haravan_id: int) -> Papers:
    def ours(row: Mapping[str, Any]) -> bool:
        return _marked(row) == str(haravan_id)

    return Papers(
        tuple(_order(row) for row in sandbox.kiotviet.orders() if ours(row)),
        tuple(_invoice(row) for row in sandbox.kiotviet.invoices() if ours(row)),
    )


def _marked(row: Mapping[str, Any]) -> str:
    """The Haravan id in a document's note; empty where it has none."""
    first = str(row.get("description") or "").split(" ")[0]
    return first.removeprefix("HRV#") if first.startswith("HRV#") else ""


def _order(row: Mapping[str, Any]) -> Paper:
    return _paper(row, row["statusValue"], row["status"] != _CANCELLED_ORDER, row["orderDetails"], Decimal(0))


def _invoice(row: Mapping[str, Any]) -> Paper:
    delivery = row.get("invoiceDelivery") or {}
    waits = row["status"] == _ON_ITS_WAY and delivery.get("status") == _NOT_SENT
    status = "Chưa giao hàng" if waits else row["statusValue"]
    to_collect = Decimal(delivery.get("priceCodPayment") or 0)
    return _paper(row, status, row["status"] != _CANCELLED_INVOICE, row["invoiceDetails"], to_collect)


def _paper(row: Mapping[str, Any], status: str, live: bool, lines: list[dict[str, Any]], to_collect: Decimal) -> Paper:
    pieces = _pieces((line["productCode"], line["quantity"]) for line in lines)
    return Paper(row["code"], status, live, row["total"], row["totalPayment"], to_collect, pieces)


def _pieces(rows: Any) -> dict[str, int]:
    counted: Counter[str] = Counter()
    for sku, quantity in rows:
        counted[sku] += int(quantity)
    return dict(counted)


def _foremost(papers: tuple[Paper, ...]) -> Paper | None:
    live = tuple(paper for paper in papers if paper.live)
    return next(reversed(live or papers), None)


def _shelves(sandbox: Sandbox, web: tuple[WebOrder, ...], papers: Mapping[int, Papers]) -> dict[str, Shelf]:
    """Every product that both shops have."""
    unknown: Counter[str] = Counter()
    for order in web:
        if not order.cancelled and not order.on_road and not any(paper.live for paper in papers[order.id].orders):
            unknown.update(order.pieces)
    counted: Any = sandbox.kiotviet.state()["stock"]
    return {
        row["code"]: Shelf(
            sku=row["code"],
            on_hand=int(row["on_hand"]),
            reserved=int(row["reserved"]),
            pending=unknown[row["code"]],
            available=sandbox.haravan.level(sandbox.variants[row["code"]], sandbox.locations[0])["available"],
        )
        for row in counted
    }


def _strays(sandbox: Sandbox, web: tuple[WebOrder, ...]) -> tuple[str, ...]:
    """Documents that name a web order which does not exist."""
    known = {"", *(str(order.id) for order in web)}
    rows = [*sandbox.kiotviet.orders(), *sandbox.kiotviet.invoices()]
    return tuple(row["code"] for row in rows if _marked(row) not in known)
