"""Pieces that Haravan has promised to buyers while KiotViet's figures do not show it yet."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from syncd.core import shipping
from syncd.core.model import Goods, OrderStatus
from syncd.core.shipping import Stage

_NOT_READ = -1
UNCOUNTED = frozenset({OrderStatus.CANCELLED, OrderStatus.UNKNOWN})
"""KiotViet's figures show nothing of such an order, or nobody can tell: too little on sale heals by itself."""

RESERVING = frozenset({OrderStatus.DRAFT, OrderStatus.CONFIRMED})
"""An order of which nothing is invoiced: where KiotViet reserves at all, it reserves all of it."""

Packs = Mapping[int, Mapping[str, int]]
"""Of each variant that is sold in packs too: how many base pieces one unit is, by the SKU of the unit."""


@dataclass(frozen=True, slots=True)
class Part:
    """Pieces of one variant that an order took out of available; `shipment_id` None while nothing ships them.

    `sku` is what its line carries: of a variant that is sold in packs too, it says what one of `quantity` is.
    """

    variant_id: int
    quantity: int
    location_id: int | None
    shipment_id: int | None = None
    handed_over: bool = False
    sku: str = ""


@dataclass(frozen=True, slots=True)
class Claim:
    """What one Haravan order takes out of available, and since when KiotViet's figures show it.

    Args:
        ours: Whether it is (or will be) mirrored; others stay pending until shipped.
        branch_id: The KiotViet branch that receives it.
        ordered_seq: Event number at which a read first showed the KiotViet order; None while it did not.
        invoiced: Event number by shipment id, the same for invoices.
        left: Whether people do it themselves: then what has left the shop is theirs to enter.
        held: What each of those invoices took off the shelf, by shipment id, where an invoice outlives its parcel: that
            of a completed order stays, and holds the pieces for the parcel that replaces it.
        reserving: Whether its KiotViet order was open, and nothing of it invoiced, when last looked at.
        doubted: Whether KiotViet reserves less than it and others need, so that its order counts as not seen.
    """

    haravan_id: int
    ours: bool
    branch_id: int | None
    parts: tuple[Part, ...]
    ordered_seq: int | None = None
    invoiced: Mapping[int, int] | None = None
    left: bool = False
    held: Mapping[int, tuple[Part, ...]] | None = None
    reserving: bool = False
    doubted: bool = False


@dataclass(frozen=True, slots=True)
class StockLink:
    """A Haravan location, the KiotViet branches that feed it, and the pieces kept back."""

    location_id: int
    branch_ids: tuple[int, ...]
    safety_stock: int = 0


def parts_of(goods: Goods) -> tuple[Part, ...]:
    """What an order takes out of Haravan's available now: once it is cancelled, what is not back of what had left."""
    lines = {line.id: line for line in goods.lines}
    left = {line.id: line.quantity - _refunded(goods, line.id, restocked=True) for line in goods.lines}
    parts: list[Part] = []
    for shipment in shipping.live(goods):
        for row in shipment.lines:
            quantity = min(row.quantity, left.get(row.line_id, 0))
            left[row.line_id] = left.get(row.line_id, 0) - quantity
            line = lines.get(row.line_id)
            back = shipping.stage(shipment) is Stage.BACK  # whatever became of its invoice, the shelf has them again
            gone = shipping.handed_over(shipment)
            taken = quantity > 0 and not back and (gone or not goods.cancelled)
            if taken and line is not None and line.variant_id is not None:
                where = shipment.location_id or goods.location_id
                parts.append(Part(line.variant_id, quantity, where, shipment.id, gone, line.sku))
    if not goods.cancelled:
        parts += _unshipped(goods, left)
    return tuple(parts)


def never_less(known: Iterable[Part], parts: Iterable[Part]) -> tuple[Part, ...]:
    """The parts of an order that cannot be understood, by where its goods are now.

    What was known to be taken beyond that stays, as waiting: such a record gives no piece back.
    """
    merged = [*parts]
    taken: Counter[int] = Counter()
    for part in merged:
        taken[part.variant_id] += part.quantity
    for part in as_waiting(known):
        covered = min(part.quantity, taken[part.variant_id])
        taken[part.variant_id] -= covered
        if covered < part.quantity:
            merged.append(replace(part, quantity=part.quantity - covered))
    return tuple(merged)


def as_waiting(parts: Iterable[Part]) -> tuple[Part, ...]:
    """The same pieces, as if nobody had shipped them yet."""
    return tuple(replace(part, shipment_id=None, handed_over=False) for part in parts)


def _unshipped(goods: Goods, left: Mapping[int, int]) -> Iterator[Part]:
    """What is still to be shipped; a piece refunded before that is promised to nobody, restocked or not."""
    for line in goods.lines:
        quantity = left[line.id] - _refunded(goods, line.id, restocked=False)
        if line.variant_id is not None and quantity > 0:
            yield Part(line.variant_id, quantity, goods.location_id, sku=line.sku)


def _refunded(goods: Goods, line_id: int, *, restocked: bool) -> int:
    """Pieces of a line that refunds took back, those put on the shelf again or those not."""
    rows = (row for refund in goods.refunds if refund.restocked is restocked for row in refund.lines)
    return sum(row.quantity for row in rows if row.line_id == line_id)


def pending(
    claims: Iterable[Claim],
    links: Sequence[StockLink],
    *,
    reserves: bool,
    read_seq: int | Mapping[int, int],
    packs: Packs | None = None,
) -> dict[tuple[int, int], int]:
    """Pending pieces by (location id, variant id).

    Args:
        claims: Every order that may still take something out of available.
        links: The connected locations. A part without a location counts at each, so that it is never sold twice.
        reserves: Whether KiotViet counts *Phiếu tạm* in `reserved`.
        read_seq: The event number when the reading of KiotViet's figures began: what was seen later is not in them.
            Where variants were read at different times, the number by variant id, and only these are counted.
        packs: The variants that are sold in packs too.
    """
    found: dict[tuple[int, int], int] = defaultdict(int)
    for claim in claims:
        for link in links:
            for part in _waiting(claim, link, reserves, read_seq):
                found[link.location_id, part.variant_id] += pieces(part, packs or {})
    return dict(found)


def doubting(
    claims: Sequence[Claim], reserved: Mapping[tuple[int, int], Decimal], read_seq: int | Mapping[int, int]
) -> list[Claim]:
    """The claims, the newest of them doubted where KiotViet reserves less than they need together.

    What people end or make smaller in KiotViet is in its figures before its document is read again: until then its
    pieces would be on sale. Only those of an open order that nobody carries away yet are surely reserved.

    Args:
        claims: Every order that may still take something out of available.
        reserved: KiotViet's `reserved` by branch id and variant id, of products that are counted piece by piece.
        read_seq: As for `pending`.
    """
    needs = {claim.haravan_id: _needs(claim, reserved, read_seq) for claim in claims}
    short = Counter[tuple[int, int]]()
    for need in needs.values():
        short.update(need)
    missing = {pair: pieces - reserved[pair] for pair, pieces in short.items()}
    doubted = set()
    for haravan_id in sorted(needs, reverse=True):
        if any(missing[pair] > 0 for pair in needs[haravan_id]):
            doubted.add(haravan_id)
            for pair, pieces in needs[haravan_id].items():
                missing[pair] -= pieces
    return [replace(claim, doubted=True) if claim.haravan_id in doubted else claim for claim in claims]


def _needs(
    claim: Claim, reserved: Mapping[tuple[int, int], Decimal], read_seq: int | Mapping[int, int]
) -> Counter[tuple[int, int]]:
    """What of KiotViet's figures just read must be reserved for an order, by branch id and variant id."""
    found = Counter[tuple[int, int]]()
    if not (claim.ours and claim.reserving) or claim.branch_id is None:
        return found
    for part in claim.parts:
        pair, seq = (claim.branch_id, part.variant_id), _read(part.variant_id, read_seq)
        if pair in reserved and not part.handed_over and _is_ordered(claim, seq):
            found[pair] += part.quantity
    return found


def _waiting(claim: Claim, link: StockLink, reserves: bool, read_seq: int | Mapping[int, int]) -> Iterator[Part]:
    """What an order takes at a location that the figures just read of its branches do not show."""
    outlived = _outlived(claim, read_seq) if claim.held and claim.branch_id in link.branch_ids else Counter()
    for part in claim.parts:
        seq, here = _read(part.variant_id, read_seq), part.location_id in (None, link.location_id)
        if seq == _NOT_READ or not here or _is_shown(claim, part, link, reserves, seq):
            continue
        covered = min(part.quantity, outlived[part.variant_id, part.sku])
        outlived[part.variant_id, part.sku] -= covered
        if covered < part.quantity:
            yield replace(part, quantity=part.quantity - covered)


def _outlived(claim: Claim, read_seq: int | Mapping[int, int]) -> Counter[tuple[int, str]]:
    """Pieces by variant and SKU that invoices in the figures hold beyond what their own parcels do."""
    now, found = Counter[tuple[int | None, int, str]](), Counter[tuple[int, str]]()
    for part in claim.parts:
        now[part.shipment_id, part.variant_id, part.sku] += part.quantity
    for shipment_id, since in (claim.invoiced or {}).items():
        for part in (claim.held or {}).get(shipment_id, ()):
            if since <= _read(part.variant_id, read_seq):
                more = part.quantity - now[shipment_id, part.variant_id, part.sku]
                found[part.variant_id, part.sku] += max(0, more)
    return found


def _read(variant_id: int, read_seq: int | Mapping[int, int]) -> int:
    """The event number when the reading began that shows a variant; less than any while there is none."""
    return read_seq if isinstance(read_seq, int) else read_seq.get(variant_id, _NOT_READ)


def pieces(part: Part, packs: Packs) -> int:
    """How many base pieces a part takes; where its line does not say which unit was bought, as many as it may be."""
    ratios = packs.get(part.variant_id)
    return part.quantity * (1 if ratios is None else ratios.get(part.sku, max(ratios.values())))


def _is_shown(claim: Claim, part: Part, link: StockLink, reserves: bool, read_seq: int) -> bool:
    """Whether the figures just read, of this location's branches, already lack these pieces, or never will."""
    if not claim.ours or claim.branch_id not in link.branch_ids:
        # waiting for pickup the pieces are still on the shelf, and in KiotViet's figure
        return part.handed_over
    if claim.left and part.handed_over:
        return True
    if part.shipment_id is not None and (claim.invoiced or {}).get(part.shipment_id, read_seq + 1) <= read_seq:
        return True
    return reserves and not claim.doubted and _is_ordered(claim, read_seq)


def _is_ordered(claim: Claim, read_seq: int) -> bool:
    return claim.ordered_seq is not None and claim.ordered_seq <= read_seq
