"""The order desk: what happens to an order after it was placed, other than parcels and money."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from syncd.sandbox.haravan.floor import Refusal, action
from syncd.sandbox.haravan.people import address, split_tags
from syncd.sandbox.haravan.placing import Checkout
from syncd.sandbox.haravan.shipping import ParcelDesk
from syncd.sandbox.haravan.state import ZERO, Order
from syncd.sandbox.haravan.stock import LineRequest

MAX_TAG = 40
MAX_TAGS_TEXT = 100

_NOTES = {"customer": "Khách hủy", "inventory": "Hết hàng", "fraud": "Gian lận", "declined": "Từ chối thanh toán"}


class OrderDesk(Checkout, ParcelDesk):
    """Confirm, cancel, archive, edit, redo, delete."""

    @action
    def confirm(self, order_id: int) -> None:
        """The staff confirms the order."""
        order = self.find_order(order_id)
        order.confirmed_at = order.confirmed_at or self.now()
        self.owe(order)
        self._changed(order, "confirmed")

    @action
    def close(self, order_id: int) -> None:
        """The staff archives the order."""
        order = self.find_order(order_id)
        order.closed_at = self.now()
        self._changed(order, "closed")

    @action
    def reopen(self, order_id: int) -> None:
        """The staff takes the order out of the archive."""
        order = self.find_order(order_id)
        order.closed_at = None
        self._changed(order, "re_opened")

    @action
    def cancel(
        self,
        order_id: int,
        reason: str = "customer",
        restock: bool = False,
        keep_fulfillments: bool = False,
        *,
        amount: Decimal | int = 0,
        lines: list[LineRequest] | None = None,
        note: str | None = None,
    ) -> None:
        """Cancel the order: what is not shipped is free again; shipped goods come back only with `restock`.

        `amount` is money given back, `lines` are (line id, quantity) given back in the same breath.
        """
        order = self.find_order(order_id)
        if order.cancelled_at is not None:
            raise Refusal(422, f"Đơn hàng {order.label} đã được hủy")
        pieces = lines if lines is not None else _left(order) if restock else []
        if pieces or amount:
            self.give_back(order, pieces, restock=restock, amount=Decimal(amount), note=note)
        else:
            self.give_back(order, [], restock=False, amount=ZERO, note=note or _NOTES.get(reason, reason)).pieces = None
        order.cancelled_at, order.cancel_reason, order.cancel_restocked = self.now(), reason, bool(pieces and restock)
        if not keep_fulfillments:
            for parcel in order.parcels:
                if parcel.carrier_status not in ("return", "cancel", "delivered"):
                    self.call_off(parcel)
        self._changed(order, "cancelled")

    @action
    def reorder(self, order_id: int) -> int:
        """'Đặt lại': a new order replaces this one, which is cancelled; gives the new id."""
        old = self.find_order(order_id)
        wishes = [
            {"variant_id": line.variant_id, "quantity": line.quantity, "price": line.price, "title": line.title}
            for line in old.lines
        ]
        new_id = self.place_order(
            wishes,
            cod=old.is_cod,
            source=old.source_name,
            shipping=old.shipping,
            discount=old.total_discounts,
            buyer={"id": old.customer.id} if old.customer else False,
            address=old.shipping_address,
            note=old.note,
            location_id=old.location_id,
            gateway=old.gateway,
        )
        self.find_order(new_id).previous_id = old.id
        self.cancel(order_id, reason="other")
        return new_id

    @action
    def delete_order(self, order_id: int) -> None:
        """The owner deletes the order: it is gone from lists and by id."""
        order = self.find_order(order_id)
        order.cancelled_at = order.cancelled_at or self.now()
        self.restate(order)
        del self.memory.orders[order_id]

    @action
    def edit_address(self, order_id: int, **changes: Any) -> None:
        """The staff corrects where to ship."""
        order = self.find_order(order_id)
        order.shipping_address = {**address({}, order.customer), **(order.shipping_address or {}), **changes}
        self._changed(order, "update")

    @action
    def edit_note(self, order_id: int, note: str | None) -> None:
        """The staff overwrites the note."""
        order = self.find_order(order_id)
        order.note = note
        self._changed(order, "update")

    @action
    def edit_tags(self, order_id: int, tags: str) -> None:
        """The staff overwrites the tags (comma-separated)."""
        order = self.find_order(order_id)
        order.tags = split_tags(tags)
        self._changed(order, "update")

    @action
    def add_tags(self, order_id: int, tags: str) -> str:
        """Merge tags into those of the order; gives them all."""
        order = self.find_order(order_id)
        order.tags = self._cleaned([*order.tags, *split_tags(tags)])
        self._changed(order, "update")
        return ",".join(order.tags)

    @action
    def remove_tags(self, order_id: int, tags: str) -> str:
        """Take tags off the order; gives those left."""
        order = self.find_order(order_id)
        gone = set(self._cleaned(split_tags(tags)))
        order.tags = [tag for tag in order.tags if tag not in gone]
        self._changed(order, "update")
        return ",".join(order.tags)

    @action
    def assign(self, order_id: int, location_id: int) -> None:
        """Another location shall ship the order; its claim on stock moves along."""
        order = self.find_order(order_id)
        order.location_id = self.find_location(location_id).id
        self._changed(order, "update")

    @action
    def corrupt(self, order_id: int, patch: Mapping[str, Any]) -> None:
        """Lay a patch over the order's payload: mappings are merged, anything else replaces; `{}` takes it off."""
        order = self.find_order(order_id)
        order.patch = dict(patch)
        order.updated_at = self.now()

    @action
    def edit_order(self, order_id: int, body: Mapping[str, Any]) -> None:
        """What a PUT of an order changes: note, attributes, tags, address; never lines."""
        order = self.find_order(order_id)
        if "tags" in body:
            order.tags = self._cleaned(split_tags(body["tags"]))
        if isinstance(body.get("shipping_address"), Mapping):
            order.shipping_address = {**(order.shipping_address or {}), **body["shipping_address"]}
        cleared = self.switches.put_missing_keys == "cleared"
        if "note" in body or cleared:
            order.note = body.get("note")
        if "note_attributes" in body or cleared:
            order.note_attributes = self._attributes(order, body.get("note_attributes") or [])
        self._changed(order, "update")

    def _attributes(self, order: Order, sent: list[dict[str, Any]]) -> list[dict[str, Any]]:
        if self.switches.note_attributes == "replace":
            return sent
        merged = {row["name"]: row for row in [*order.note_attributes, *sent]}
        return list(merged.values())

    def _cleaned(self, tags: list[str]) -> list[str]:
        if self.switches.tag_cleanup == "lowered":
            tags = [tag.lower() for tag in tags]
        unique = list(dict.fromkeys(tag[:MAX_TAG] for tag in tags))
        if self.switches.tag_cleanup == "cut":
            unique = split_tags(",".join(unique)[:MAX_TAGS_TEXT])
        return unique

    def _changed(self, order: Order, verb: str) -> None:
        order.updated_at = self.now()
        self.restate(order)
        self.log_event(verb, "Order", order.id, order.label)


def _left(order: Order) -> list[LineRequest]:
    """All pieces that have left the shelf and did not come back yet."""
    pieces = [(line.id, order.gone(line.id) - line.came_back) for line in order.lines]
    return [(line_id, quantity) for line_id, quantity in pieces if quantity > 0]
