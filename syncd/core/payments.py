"""Money that comes in beside the carriers: deposits and transfers, and which invoice they pay.

What carriers collect is booked when an invoice is settled; this is about the rest, so that nothing is booked twice.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from syncd.core import documents, shipping
from syncd.core.documents import ZERO
from syncd.core.model import Shipment, WebOrder


def deposit(order: WebOrder) -> Decimal:
    """Money received so far that no carrier collects, in dong: never more than the order's total less its COD amounts.

    Before anything is shipped all that came in is deposit; of an order that is partly shipped, what exceeds the COD
    amounts, since what came in may be the carriers'.
    """
    alive = shipping.live(order)
    collected = sum((shipment.cod_amount for shipment in alive), ZERO)
    received = min(_received(order), order.total_price)
    if documents.is_covered(order, alive):
        return max(ZERO, min(received, order.total_price - collected))
    return max(ZERO, received - collected)


def _received(order: WebOrder) -> Decimal:
    """Money in; an order that only says that it is paid has been paid whole."""
    noted = any(transaction.kind in ("capture", "sale") for transaction in order.transactions)
    return Decimal(shipping.received(order)) if noted or order.financial_status != "paid" else order.total_price


@dataclass(frozen=True, slots=True)
class Share:
    """What one invoice gets: `received` beside its carrier and the order's deposit, `collected` by its carrier."""

    received: Decimal
    collected: Decimal


def shares(
    order: WebOrder, shipments: Sequence[Shipment], totals: Mapping[int, Decimal], booked: Decimal
) -> dict[int, Share]:
    """What each shipment's invoice gets beside what is booked on the order already, so that nothing is booked twice.

    A deposit on a KiotViet order goes along to its invoices, the earlier ones first; so does what came later. Where a
    shop lets its carriers' COD amounts cover the deposit as well, they bring that much less.

    Args:
        order: The Haravan order.
        shipments: Its live shipments, oldest first.
        totals: What their invoices come to, by shipment id.
        booked: `totalPayment` of the KiotViet order.
    """
    left, gone_along = deposit(order), booked
    received: dict[int, Decimal] = {}
    for shipment in shipments:
        room = max(ZERO, totals.get(shipment.id, ZERO) - shipment.cod_amount)
        share = min(room, left)
        covered = min(share, gone_along)
        left, gone_along = left - share, gone_along - covered
        received[shipment.id] = share - covered
    found: dict[int, Share] = {}
    for shipment in shipments:
        covered = min(shipment.cod_amount, gone_along)
        gone_along -= covered
        found[shipment.id] = Share(received[shipment.id], shipment.cod_amount - covered)
    return found
