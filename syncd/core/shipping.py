"""What the shipments of an order mean for its documents."""

from __future__ import annotations

from enum import IntEnum

from syncd.core.model import CarrierStatus, CodStatus, Goods, Shipment, WebOrder


class Stage(IntEnum):
    """How far a live shipment is."""

    UNKNOWN = 0
    WAITING = 1
    ROAD = 2
    DELIVERED = 3
    COMING_BACK = 4
    BACK = 5


_STAGES = {
    CarrierStatus.PENDING: Stage.WAITING,
    CarrierStatus.READY_TO_PICK: Stage.WAITING,
    CarrierStatus.PICKING: Stage.WAITING,
    CarrierStatus.DELIVERING: Stage.ROAD,
    CarrierStatus.NOT_MEET_CUSTOMER: Stage.ROAD,
    CarrierStatus.DELIVERED: Stage.DELIVERED,
    CarrierStatus.WAITING_FOR_RETURN: Stage.COMING_BACK,
    CarrierStatus.RETURN: Stage.BACK,
}
_MONEY = frozenset({"capture", "sale", "refund"})
_GIVEN_BACK = frozenset({"partiallyrefunded", "refunded"})


def live(order: WebOrder | Goods) -> tuple[Shipment, ...]:
    """The shipments that were not cancelled, oldest first."""
    kept = (shipment for shipment in order.shipments if shipment.carrier_status is not CarrierStatus.CANCEL)
    return tuple(sorted(kept, key=lambda shipment: (shipment.created_at, shipment.id)))


def stage(shipment: Shipment) -> Stage:
    """How far a live shipment is; a code nobody knows is UNKNOWN and moves nothing."""
    return _STAGES.get(shipment.carrier_status, Stage.UNKNOWN)


def stage_in(order: WebOrder, shipment: Shipment) -> Stage:
    """How far a live shipment is, as far as it can be believed.

    A shipment that an API client made together with its order is `delivered` at once with every date null: for an order
    that is not from the web that proves nothing. Source: Haravan docs, Orders, create with fulfillments.
    """
    reached = stage(shipment)
    proved = shipment.has_dates or order.source.lower() == "web"
    return reached if proved or reached is not Stage.DELIVERED else Stage.UNKNOWN


def handed_over(shipment: Shipment) -> bool:
    """Whether the goods have left the shelf with the carrier, now or once."""
    return stage(shipment) >= Stage.ROAD or shipment.reached_road


def may_be_sent_again(order: WebOrder) -> bool:
    """Whether a parcel came back that its buyer may still want. No poll need show that it is cancelled or sent anew."""
    return order.cancelled_at is None and any(stage(shipment) is Stage.BACK for shipment in live(order))


def is_out(order: WebOrder, shipment: Shipment) -> bool:
    """Whether the carrier or the buyer has the goods now."""
    return stage_in(order, shipment) in (Stage.ROAD, Stage.DELIVERED)


def left_shop(order: WebOrder, shipment: Shipment) -> bool:
    """Whether it is certain that the carrier had the goods, now or once."""
    doubted = stage(shipment) is not Stage.UNKNOWN and stage_in(order, shipment) is Stage.UNKNOWN
    return handed_over(shipment) and not doubted


def order_paid(order: WebOrder) -> bool:
    """Whether the shop has, or had, all the money of the order: by its financial status, or by captures that reach it.

    An order that costs nothing owes nothing. One of which money was given back had been paid, unless its captures show
    that it was only a deposit.
    """
    if order.financial_status == "paid" or received(order) >= order.total_price:
        return True
    counted = [t for t in order.transactions if t.kind in _MONEY and not t.failed]
    captured = sum(t.amount for t in counted if t.amount > 0)
    return order.financial_status in _GIVEN_BACK and (not counted or captured >= order.total_price)


def received(order: WebOrder) -> int:
    """Money in, less money given back, in whole dong; failed transactions do not count."""
    return int(sum(t.amount for t in order.transactions if t.kind in _MONEY and not t.failed))


def money_received(order: WebOrder, shipment: Shipment) -> bool:
    """Whether this shipment's money is with the shop; `codpaid` is with the carrier and does not count.

    A shipment with nothing to collect is paid when those that collect the order's money are.
    """
    if order_paid(order) or shipment.cod_status is CodStatus.RECEIPT:
        return True
    collecting = [other for other in live(order) if other.cod_amount > 0]
    nothing_due = shipment.cod_amount == 0 and bool(collecting)
    return nothing_due and all(other.cod_status is CodStatus.RECEIPT for other in collecting)


def paid_off(order: WebOrder, shipment: Shipment) -> bool:
    """Whether a shipment is with the buyer and its money with the shop."""
    return stage_in(order, shipment) is Stage.DELIVERED and money_received(order, shipment)
