"""What a scene can do: let people act, let syncd look, and show both sides."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import time
from typing import Any

from syncd.core.texts import Text, text
from syncd.demo.cast import Cast, Goods
from syncd.demo.sides import Papers, Shelf, look
from syncd.demo.stage import BEAT_SECONDS, Beat, Stage
from syncd.demo.teller import Teller
from syncd.demo.words import describe, dong
from syncd.errors import Message
from syncd.sandbox.haravan import HaravanShop
from syncd.sandbox.kiotviet import KiotVietShop

Basket = tuple[Goods, int]
"""A product and how many of it."""


@dataclass
class Day:
    """One shop's day. `orders` and `parcels` are ids by the name that the story gives an order."""

    stage: Stage
    cast: Cast
    teller: Teller
    orders: dict[str, int] = field(default_factory=dict)
    parcels: dict[str, int] = field(default_factory=dict)
    _told: set[int] = field(default_factory=set)

    @property
    def haravan(self) -> HaravanShop:
        """The web shop, for what people do there."""
        return self.stage.sandbox.haravan

    @property
    def kiotviet(self) -> KiotVietShop:
        """The till and stockroom, for what people do there."""
        return self.stage.sandbox.kiotviet

    @property
    def branch(self) -> int:
        """The KiotViet branch of the shop."""
        return self.stage.sandbox.branches[0]

    def product(self, goods: Goods) -> int:
        """The KiotViet id of a product."""
        return self.stage.sandbox.products[goods.sku]

    # --- people ------------------------------------------------------------------------------------------------------

    def tell(self, who: str, what: Message) -> None:
        """Somebody does something now."""
        self.teller.line(who, what, self.stage.now)

    def aside(self, what: Message) -> None:
        """Why that is so."""
        self.teller.aside(what)

    def buy(self, name: str, buyer: int, *basket: Basket, **details: Any) -> int:
        """A buyer places a web order, which the story calls `name` from now on; gives the Haravan id."""
        person = self.cast.buyers[buyer]
        wishes = [(self.stage.sandbox.variants[goods.sku], pieces) for goods, pieces in basket]
        order_id = self.haravan.place_order(wishes, buyer=person.customer, address=person.address, **details)
        self.orders[name] = order_id
        bought = ", ".join(f"{pieces} × {goods}" for goods, pieces in basket)
        how: Message = "COD" if details.get("cod", True) else text("demo_by_transfer")
        total = dong(self.haravan.order(order_id)["total_price"])
        told = {"person": person.name, "goods": bought, "order": self.number(name), "total": total}
        self.tell("buyer", text("demo_orders", how=how, **told))
        return order_id

    def number(self, name: str) -> str:
        """The Haravan number of an order."""
        return str(self.haravan.order(self.orders[name])["order_number"])

    def send_off(self, name: str) -> None:
        """The shop books a carrier for an order."""
        self.parcels[name] = self.haravan.ship(self.orders[name])

    def carrier(self, name: str, status: str) -> None:
        """The carrier reports how far the parcel is."""
        self.haravan.carrier(self.orders[name], self.parcels[name], status)

    def money(self, name: str, status: str) -> None:
        """The buyer's money moves on."""
        self.haravan.cod(self.orders[name], self.parcels[name], status)

    # --- syncd -------------------------------------------------------------------------------------------------------

    def syncd(self, seconds: float = BEAT_SECONDS) -> Beat:
        """Syncd looks at both sides `seconds` later and does what is to be done; all of it is told."""
        beat = self.stage.beat(seconds)
        skus = {variant_id: sku for sku, variant_id in self.stage.sandbox.variants.items()}
        said = [describe(call, skus) for call in beat.writes]
        said += [text("demo_tries_again", why=trouble) for trouble in beat.troubles]
        said += [text("demo_holds", why=reason) for reason in self._newly_held()]
        said = said or [text("demo_nothing_to_write", reads=beat.reads)]
        for position, sentence in enumerate(said):
            self.teller.line("" if position else "syncd", sentence, None if position else self.stage.now)
        return beat

    def _newly_held(self) -> list[str]:
        """Why orders wait for a person, in syncd's own words; each is told once."""
        held = {order.haravan_id: order.hold.reason for order in self.stage.shop.store.reports.held()}
        fresh = [reason for order_id, reason in held.items() if order_id not in self._told]
        self._told = set(held)
        return fresh

    # --- both sides --------------------------------------------------------------------------------------------------

    def show(self, *names: str, stock: tuple[Goods, ...] = ()) -> None:
        """What each side shows now of some orders and products."""
        sides = look(self.stage.sandbox)
        web = {order.id: order for order in sides.web}
        for name in names:
            order = web[self.orders[name]]
            self.teller.line("Haravan", f"{order.number} {order.carrier} · {order.money} · {dong(order.total)} đ")
            self.teller.line("KiotViet", _papers(sides.papers[order.id]))
        for goods in stock:
            if goods.sku in sides.shelves:
                self.teller.line("stock", _shelf(sides.shelves[goods.sku]))


@dataclass(frozen=True, slots=True)
class Scene:
    """A piece of the day."""

    at: time
    title: Message
    play: Callable[[Day], None]


def _papers(papers: Papers) -> Message:
    shown = [paper for paper in (papers.order, papers.invoice) if paper is not None]
    if not shown:
        return text("demo_no_order")
    return " · ".join([*(f"{paper.code} {paper.status}" for paper in shown), f"{dong(shown[-1].total)} đ"])


def _shelf(shelf: Shelf) -> Text:
    shown = {
        "sku": shelf.sku,
        "on_hand": str(shelf.on_hand),
        "reserved": str(shelf.reserved),
        "left": str(max(0, shelf.sellable - shelf.pending)),
        "available": str(shelf.available),
        "mark": "✓" if shelf.agrees else "✗",
    }
    return text("demo_shelf_pending", pending=shelf.pending, **shown) if shelf.pending else text("demo_shelf", **shown)
