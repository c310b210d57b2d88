"""How stock moves: an order claims goods, a shipment takes them, a restock brings them back; slips change the shelf.

What an order holds is derived from the order as it is now, and the levels are moved by the difference: no event can be
counted twice or forgotten.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from syncd.sandbox.haravan.floor import Floor, action
from syncd.sandbox.haravan.state import Level, Line, Order, Place, Slip

MAX_SLIP_LINES = 200

LineRequest = tuple[int, int]
"""A variant id and a quantity."""


class StockDesk(Floor):
    """Levels, adjustments and what orders hold of them."""

    @action
    def level(self, variant_id: int, location_id: int) -> dict[str, int]:
        """Quantities of a variant at a location, zeros where it was never stocked."""
        level = self.memory.levels.get((variant_id, location_id))
        if level is None:
            return {"on_hand": 0, "committed": 0, "incoming": 0, "available": 0}
        return {
            "on_hand": level.on_hand,
            "committed": level.committed,
            "incoming": level.incoming,
            "available": level.available,
        }

    @action
    def set_stock(self, variant_id: int, location_id: int, on_hand: int) -> None:
        """Put so many pieces on the shelf, as a first count does; writes no slip."""
        self.row(variant_id, location_id).on_hand = on_hand
        self._moved(variant_id, location_id)

    @action
    def move_stock(self, variant_id: int, from_location: int, to_location: int, quantity: int) -> None:
        """Carry goods from one location to another at once."""
        self.row(variant_id, from_location).on_hand -= quantity
        self.row(variant_id, to_location).on_hand += quantity
        self._moved(variant_id, from_location)
        self._moved(variant_id, to_location)

    @action
    def expect_stock(self, variant_id: int, location_id: int, quantity: int) -> None:
        """Announce goods on their way in; they are not part of available."""
        self.row(variant_id, location_id).incoming += quantity
        self._moved(variant_id, location_id)

    @action
    def staff_adjust(self, location_id: int, lines: list[LineRequest], note: str | None = None) -> int:
        """A stock slip written by hand in the admin pages; gives its id."""
        slip = self.write_slip(location_id, dict(lines), "shrinkage", note, None)
        assert slip is not None
        return slip.id

    def row(self, variant_id: int, location_id: int) -> Level:
        """The quantities of a variant at a location, a row made when first needed."""
        place = (variant_id, self.find_location(location_id).id)
        if place not in self.memory.levels:
            product_id = self.find_variant(variant_id).product_id
            row_id = self.memory.next_id("level")
            self.memory.levels[place] = Level(row_id, product_id, variant_id, location_id, self.now())
        return self.memory.levels[place]

    def write_slip(
        self, location_id: int, changes: Mapping[int, int], reason: str, note: str | None, tags: str | None
    ) -> Slip | None:
        """Shift on-hand by variant id and keep the slip; None when nothing would change."""
        changes = {variant_id: change for variant_id, change in changes.items() if change}
        if not changes:
            return None
        lines = []
        for variant_id, change in changes.items():
            self.row(variant_id, location_id).on_hand += change
            self._moved(variant_id, location_id)
            line_id = self.memory.next_id("slip_line")
            lines.append((line_id, variant_id, self.find_variant(variant_id).product_id, change))
        slip_id, number = self.memory.next_id("slip"), f"IA{self.memory.next_id('slip_number')}"
        slip = Slip(slip_id, number, self.now(), location_id, reason, note, tags, lines)
        self.memory.slips[slip_id] = slip
        return slip

    def restate(self, order: Order) -> None:
        """Bring the levels in line with what an order now claims and has taken."""
        claimed, taken = self._claims(order), _takings(order)
        places = order.claimed.keys() | order.taken.keys() | claimed.keys() | taken.keys()
        for place in sorted(place for place in places if place[0] in self.memory.variants):
            claim = claimed.get(place, 0) - order.claimed.get(place, 0)
            take = taken.get(place, 0) - order.taken.get(place, 0)
            if claim or take:
                level = self.row(*place)
                level.committed += claim
                level.on_hand -= take
                self._moved(*place)
        order.claimed, order.taken = claimed, taken

    def _claims(self, order: Order) -> dict[Place, int]:
        waiting = self.switches.commits_at == "confirmed" and order.confirmed_at is None
        if waiting or order.cancelled_at is not None:
            return {}
        claims: Counter[Place] = Counter()
        for line in _tracked(order):
            claims[_place(line, order.location_id)] += order.open_pieces(line) * line.ratio
            for parcel in order.parcels:
                if not parcel.left and not parcel.goods_back:
                    claims[_place(line, parcel.location_id)] += parcel.pieces.get(line.id, 0) * line.ratio
        return {place: pieces for place, pieces in claims.items() if pieces}

    def _moved(self, variant_id: int, location_id: int) -> None:
        self.memory.levels[variant_id, location_id].updated_at = self.now()
        if self.switches.stock_moves_product == "moves":
            variant = self.find_variant(variant_id)
            variant.updated_at = self.now()
            self.memory.products[variant.product_id].updated_at = self.now()


def _tracked(order: Order) -> list[Line]:
    return [line for line in order.lines if line.variant_id is not None and line.tracked]


def _place(line: Line, location_id: int) -> Place:
    assert line.variant_id is not None
    return (line.variant_id, location_id)


def _takings(order: Order) -> dict[Place, int]:
    takings: Counter[Place] = Counter()
    for line in _tracked(order):
        for parcel in order.parcels:
            if parcel.left and not parcel.goods_back:
                takings[_place(line, parcel.location_id)] += parcel.pieces.get(line.id, 0) * line.ratio
        takings[_place(line, order.location_id)] -= line.returned * line.ratio
    return {place: pieces for place, pieces in takings.items() if pieces}
