"""The parcel desk: shipments, and what carriers report about them."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal

from syncd.sandbox.haravan.floor import Refusal, action
from syncd.sandbox.haravan.payments import CashDesk
from syncd.sandbox.haravan.state import ZERO, Order, Parcel
from syncd.sandbox.haravan.stock import LineRequest
from syncd.sandbox.haravan.wording import CARRIER_DATES, CARRIER_NAMES, COD_DATES, COD_NAMES, COMPANIES, ON_SHELF, plain


class ParcelDesk(CashDesk):
    """Shipments from creation to the money in hand."""

    @action
    def ship(
        self,
        order_id: int,
        lines: Iterable[LineRequest] | None = None,
        carrier: str = "ghn2018",
        tracking: str | None = None,
        cod_amount: Decimal | int | None = None,
        location_id: int | None = None,
    ) -> int:
        """Hand (line id, quantity) pieces, or all that is open, to a carrier; gives the fulfillment's id."""
        order = self.find_order(order_id)
        pieces = self._pieces(order, lines)
        cod = self._cod_share(order, pieces) if cod_amount is None else Decimal(cod_amount)
        parcel = self._new_parcel(order, pieces, location_id or order.location_id, cod)
        parcel.company, parcel.company_code = COMPANIES.get(carrier, carrier), carrier
        parcel.tracking = tracking if tracking is not None else f"SBX{parcel.id}"
        self._enter(parcel, "readytopick")
        self._sent(order, parcel)
        return parcel.id

    @action
    def ship_at_once(self, order_id: int, location_id: int | None = None) -> int:
        """A shipment without carrier, as an API client makes one: delivered, nothing to collect, all dates null."""
        order = self.find_order(order_id)
        parcel = self._new_parcel(order, self._pieces(order, None), location_id or order.location_id, ZERO)
        parcel.carrier_status = "delivered"
        self._sent(order, parcel)
        return parcel.id

    @action
    def carrier(self, order_id: int, fulfillment_id: int, status: str) -> None:
        """The carrier, or the staff by hand, reports a delivery state; steps may be skipped and may go back."""
        order, parcel = self._find_parcel(order_id, fulfillment_id)
        code = plain(status)
        if code not in CARRIER_NAMES:
            raise Refusal(422, f"there is no carrier status {status!r}")
        self._enter(parcel, code)
        parcel.left = parcel.left or code not in ON_SHELF
        if order.cancelled_at is None:
            parcel.goods_back = code == "cancel"
        self.restate(order)
        self.progressed(order)

    @action
    def cod(self, order_id: int, fulfillment_id: int, status: str) -> None:
        """The COD money moves: to the carrier (`codpaid`), to the shop (`codreceipt`), or back to `codnotreceipt`."""
        order, parcel = self._find_parcel(order_id, fulfillment_id)
        code = plain(status)
        if code not in COD_NAMES:
            raise Refusal(422, f"there is no COD status {status!r}")
        received, habit = code == "codreceipt", self.switches.cod_receipt
        if not (received and habit == "paid_only"):
            parcel.cod_status = code
            parcel.dates[COD_DATES.get(code, "cod_pending_date")] = self.now()
        if received and habit != "cod_only":
            self._receive(order, parcel)
        parcel.updated_at = self.now()
        self.progressed(order)

    @action
    def set_tracking(self, order_id: int, fulfillment_id: int, tracking: str | None, url: str | None = None) -> None:
        """The parcel gets another tracking number."""
        order, parcel = self._find_parcel(order_id, fulfillment_id)
        parcel.tracking, parcel.tracking_url = tracking, url if url is not None else parcel.tracking_url
        parcel.updated_at = order.updated_at = self.now()

    def call_off(self, parcel: Parcel) -> None:
        """Cancel a shipment together with its order: its goods come back only if they are restocked."""
        self._enter(parcel, "cancel")

    def _sent(self, order: Order, parcel: Parcel) -> None:
        """The shipment exists: the order is confirmed by it and, in most shops, the goods leave the shelf now."""
        parcel.left = self.switches.leaves_at == "shipment" or parcel.carrier_status not in ON_SHELF
        order.parcels.append(parcel)
        order.confirmed_at = order.confirmed_at or self.now()
        order.updated_at = self.now()
        self.restate(order)
        self.log_event("fulfillment_success", "Order", order.id, order.label)

    def _new_parcel(self, order: Order, pieces: dict[int, int], location_id: int, cod_amount: Decimal) -> Parcel:
        if order.cancelled_at is not None:
            raise Refusal(422, f"order {order.label} is cancelled")
        return Parcel(
            id=self.memory.next_id("parcel"),
            order_id=order.id,
            location_id=self.find_location(location_id).id,
            pieces=pieces,
            cod_amount=cod_amount,
            carrier_status="pending",
            cod_status="codpending" if cod_amount > 0 else "none",
            created_at=self.now(),
            updated_at=self.now(),
            recipient=dict(order.shipping_address or {}),
        )

    def _pieces(self, order: Order, lines: Iterable[LineRequest] | None) -> dict[int, int]:
        if lines is None:
            wanted = {line.id: order.open_pieces(line) for line in order.lines if order.open_pieces(line)}
        else:
            wanted = dict(lines)
        for line_id, quantity in wanted.items():
            if not 0 < quantity <= order.open_pieces(order.line(line_id)):
                raise Refusal(422, f"order {order.label}: {quantity} pieces of line {line_id} are not open")
        if not wanted:
            raise Refusal(422, f"order {order.label} has nothing left to ship")
        return wanted

    def _cod_share(self, order: Order, pieces: dict[int, int]) -> Decimal:
        """The parcel's part of what the buyer still owes: the first bears the shipping, the last takes the rest."""
        if not order.is_cod:
            return ZERO
        deposit = order.received - sum((parcel.collected for parcel in order.parcels), ZERO)
        due = order.total - (deposit if self.switches.deposit_cod == "rest" else ZERO)
        asked = sum((parcel.cod_amount for parcel in order.parcels if parcel.live), ZERO)
        rest = max(ZERO, due - asked)
        open_after = sum(order.open_pieces(line) - pieces.get(line.id, 0) for line in order.lines)
        if not open_after or not order.goods:
            return rest
        value = sum((order.line(line_id).price * quantity for line_id, quantity in pieces.items()), ZERO)
        share = ((due - order.shipping) * value / order.goods).to_integral_value(ROUND_HALF_UP)
        return min(rest, share if asked else share + order.shipping)

    def _enter(self, parcel: Parcel, code: str) -> None:
        parcel.carrier_status = code
        parcel.updated_at = self.now()
        if code in CARRIER_DATES:
            parcel.dates[CARRIER_DATES[code]] = self.now()

    def _receive(self, order: Order, parcel: Parcel) -> None:
        amount = min(parcel.cod_amount, order.total - order.received)
        if amount > 0:
            self.capture(order, amount)
            parcel.collected += amount

    def _find_parcel(self, order_id: int, fulfillment_id: int) -> tuple[Order, Parcel]:
        order = self.find_order(order_id)
        try:
            return order, order.parcel(fulfillment_id)
        except KeyError as error:
            raise Refusal(404, f"order {order.label} has no fulfillment {fulfillment_id}") from error
