"""Pieces that Haravan has promised to buyers while KiotViet's figures do not show it yet."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from syncd.core import shipping
from syncd.core.model import WebOrder

_NOT_READ = -1


@dataclass(frozen=True, slots=True)
class Part:
    """Pieces of one variant that an order took out of available; `shipment_id` None while nothing ships them."""

    variant_id: int
    quantity: int
    location_id: int | None
    shipment_id: int | None = None
    handed_over: bool = False


@dataclass(frozen=True, slots=True)
class Claim:
    """What one Haravan order takes out of available, and since when KiotViet's figures show it.

    Args:
        ours: Whether it is (or will be) mirrored; others stay pending until shipped.
        branch_id: The KiotViet branch that receives it.
        ordered_seq: Event number at which a read first showed the KiotViet order; None while it did not.
        invoiced: Event number by shipment id, the same for invoices.
    """

    haravan_id: int
    ours: bool
    branch_id: int | None
    parts: tuple[Part, ...]
    ordered_seq: int | None = None
    invoiced: Mapping[int, int] | None = None


@dataclass(frozen=True, slots=True)
class StockLink:
    """A Haravan location, the KiotViet branches that feed it, and the pieces kept back."""

    location_id: int
    branch_ids: tuple[int, ...]
    safety_stock: int = 0


def parts_of(order: WebOrder) -> tuple[Part, ...]:
    """What an order takes out of Haravan's available now: nothing once it is cancelled or its pieces are back."""
    if order.cancelled_at is not None and not any(shipping.handed_over(s) for s in order.shipments):
        return ()
    variants = {line.id: line.variant_id for line in order.lines}
    left = {line.id: line.quantity - _refunded(order, line.id, restocked=True) for line in order.lines}
    parts: list[Part] = []
    for shipment in shipping.live(order):
        for row in shipment.lines:
            quantity = min(row.quantity, left.get(row.line_id, 0))
            left[row.line_id] = left.get(row.line_id, 0) - quantity
            variant_id = variants.get(row.line_id)
            if quantity > 0 and variant_id is not None:
                where = shipment.location_id or _location(order)
                parts.append(Part(variant_id, quantity, where, shipment.id, shipping.handed_over(shipment)))
    if order.cancelled_at is None:
        parts += _unshipped(order, left)
    return tuple(parts)


def _unshipped(order: WebOrder, left: Mapping[int, int]) -> list[Part]:
    """What is still to be shipped; a piece refunded before that is promised to nobody, restocked or not."""
    rows = [(line.variant_id, left[line.id] - _refunded(order, line.id, restocked=False)) for line in order.lines]
    return [
        Part(variant_id, quantity, _location(order))
        for variant_id, quantity in rows
        if variant_id is not None and quantity > 0
    ]


def _refunded(order: WebOrder, line_id: int, *, restocked: bool) -> int:
    """Pieces of a line that refunds took back, those put on the shelf again or those not."""
    rows = (row for refund in order.refunds if refund.restocked is restocked for row in refund.lines)
    return sum(row.quantity for row in rows if row.line_id == line_id)


def _location(order: WebOrder) -> int | None:
    return order.assigned_location_id or order.location_id


def pending(
    claims: Iterable[Claim], links: Sequence[StockLink], *, reserves: bool, read_seq: int | Mapping[int, int]
) -> dict[tuple[int, int], int]:
    """Pending pieces by (location id, variant id).

    Args:
        claims: Every order that may still take something out of available.
        links: The connected locations. A part without a location counts at each, so that it is never sold twice.
        reserves: Whether KiotViet counts *Phiếu tạm* in `reserved`.
        read_seq: The event number when the reading of KiotViet's figures began: what was seen later is not in them.
            Where variants were read at different times, the number by variant id, and only these are counted.
    """
    found: dict[tuple[int, int], int] = defaultdict(int)
    for claim in claims:
        for part in claim.parts:
            seq = read_seq if isinstance(read_seq, int) else read_seq.get(part.variant_id, _NOT_READ)
            for link in links if seq != _NOT_READ else ():
                if part.location_id in (None, link.location_id) and not _is_shown(claim, part, link, reserves, seq):
                    found[link.location_id, part.variant_id] += part.quantity
    return dict(found)


def _is_shown(claim: Claim, part: Part, link: StockLink, reserves: bool, read_seq: int) -> bool:
    """Whether the figures just read, of this location's branches, already lack these pieces, or never will."""
    if not claim.ours or claim.branch_id not in link.branch_ids:
        # waiting for pickup the pieces are still on the shelf, and in KiotViet's figure
        return part.handed_over
    if part.shipment_id is not None and (claim.invoiced or {}).get(part.shipment_id, read_seq + 1) <= read_seq:
        return True
    return reserves and claim.ordered_seq is not None and claim.ordered_seq <= read_seq
