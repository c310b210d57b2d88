"""The story of one product's stock: both sides read now, the cycle's own formula, and what was published before."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from syncd.clock import Clock
from syncd.core import stock
from syncd.core.lifecycle import State
from syncd.core.model import BranchStock, Level, OnHand, PosProduct, WebOrder
from syncd.core.orders import OrderPolicy, outside
from syncd.core.pending import Claim, Packs, StockLink, doubting, parts_of, pending
from syncd.core.products import Index, Link
from syncd.core.stock import Change, Read, Reading, StockPolicy
from syncd.core.texts import Text, text
from syncd.core.waiting import why_pending
from syncd.cycles.catalogue import inactive_pairs
from syncd.cycles.levels import read_levels
from syncd.cycles.ports import Haravan, KiotViet
from syncd.cycles.publishing import STUCK_SECONDS
from syncd.errors import Message, SyncdError
from syncd.store import Store
from syncd.store.history import NOT_SHOWN, REFUSED, Publication
from syncd.store.keys import PLAN_REFUSED

ENDINGS = {
    "written": "ending_written",
    "not_shown": "ending_not_shown",
    "refused": "ending_refused",
    "unknown": "ending_unknown",
}
"""How a publication ended."""

WHY = {
    "first": "why_first",
    "kiotviet_moved": "why_kiotviet_moved",
    "pending_changed": "why_pending_changed",
    "settings_changed": "why_settings_changed",
    "changed_in_haravan": "why_changed_in_haravan",
    "orders_moved": "why_orders_moved",
    "still_differs": "why_still_differs",
    "in_doubt": "why_in_doubt",
}
"""Why a figure was published, by the codes of `core.drift`."""


@dataclass(frozen=True, slots=True)
class PendingOrder:
    """An order whose pieces KiotViet's figures do not show yet.

    `sku` is the variant that was ordered: another unit of the same goods draws on the same stock.
    """

    haravan_id: int
    number: str
    sku: str
    state: str
    hold_code: str | None
    pieces: int
    why: Text


@dataclass(frozen=True, slots=True)
class Unseen:
    """An order that Haravan shows and no cycle has recorded yet; the next one counts it too."""

    claim: Claim
    number: str


def unseen_orders(haravan: Haravan, store: Store, policy: OrderPolicy) -> list[Unseen]:
    """The orders on Haravan's newest page that the store does not know; none where that cannot be read."""
    try:
        page = haravan.orders_newest_first(1)
    except SyncdError:
        return []
    known = store.orders.seen(order.id for order in page.orders)
    return [Unseen(_claim(order, policy), order.number) for order in page.orders if order.id not in known]


def _claim(order: WebOrder, policy: OrderPolicy) -> Claim:
    return Claim(order.id, not outside(order, policy), policy.branch_of(order), parts_of(order.goods))


@dataclass(frozen=True, slots=True)
class Place:
    """One linked location of the product.

    Args:
        branches: KiotViet's figures of its branches; empty where KiotViet could not be read.
        level: What Haravan shows; None where that could not be read, then `level_error` says why.
        terms: The formula with its terms, as the next cycle would compute it; None where a side did not say enough.
    """

    link: StockLink
    branches: tuple[BranchStock, ...]
    level: Level | None
    level_error: Message
    terms: Change | None
    pending: tuple[PendingOrder, ...]
    next: Text
    publications: tuple[Publication, ...]

    @property
    def difference(self) -> int | None:
        """What the next cycle would add to Haravan's available; None when that is not known."""
        return None if self.terms is None or self.level is None else self.terms.delta


@dataclass(frozen=True, slots=True)
class Story:
    """All linked locations of a product; `kiotviet_error` says why KiotViet could not be read, else it is empty."""

    places: tuple[Place, ...]
    kiotviet_error: Message


@dataclass(frozen=True, slots=True)
class _Look:
    """What was read of a product, at event `seq`; `siblings` are all variants that draw on its stock."""

    link: Link
    siblings: Sequence[Link]
    packs: Packs
    read: Read
    claims: Sequence[Claim]
    numbers: Mapping[int, str]
    seq: int


class StockStory:
    """Looks at one product; writes nothing."""

    def __init__(
        self, haravan: Haravan, kiotviet: KiotViet, store: Store, policy: StockPolicy, clock: Clock, *, reserves: bool
    ) -> None:
        """Read from both; `reserves`: whether KiotViet counts *Phiếu tạm* in `reserved`."""
        self._haravan, self._kiotviet, self._store = haravan, kiotviet, store
        self._policy, self._clock, self._reserves = policy, clock, reserves

    def tell(self, link: Link, index: Index, unseen: Sequence[Unseen] = ()) -> Story:
        """The story of a linked product of the `index` at every linked location, with orders that are not recorded."""
        seq = self._store.last_seq()
        error: Message = ""
        try:
            read = self._read(link, seq)
        except SyncdError as problem:
            read, error = Read({}), problem.message
        claims = [*self._store.orders.claims(seq), *(order.claim for order in unseen)]
        claims = doubting(claims, stock.reserved([link], read.figures, index.packs), seq)
        numbers = {order.claim.haravan_id: order.number for order in unseen}
        siblings = stock.by_source(index.by_variant.values())[stock.source_of(link)]
        look = _Look(link, siblings, index.packs, read, claims, numbers, seq)
        return Story(tuple(self._place(look, place) for place in self._policy.links), error)

    def _is_on_the_road(self, place: StockLink) -> bool:
        try:
            locations = self._haravan.locations()
        except SyncdError:
            return False
        return any(here.id == place.location_id and here.kind.lower() == "ontheroad" for here in locations)

    def _read(self, link: Link, seq: int) -> Read:
        """KiotViet's figures of the product, and of its base where it is a unit."""
        source = stock.source_of(link)
        reading = Reading(self._clock.now(), seq, "explain")
        products = [self._kiotviet.product(product_id) for product_id in dict.fromkeys((source, link.product_id))]
        rows = [OnHand(product.id, product.code, product.stock) for product in products]
        read = stock.figures(rows, inactive_pairs(products))
        wanted = {branch for place in self._policy.links for branch in place.branch_ids}
        figures = {product.id: read[product.id] | _not_sold(product, wanted) for product in products}
        return Read(figures, {source: reading})

    def _place(self, look: _Look, place: StockLink) -> Place:
        link, source = look.link, stock.source_of(look.link)
        pair = (place.location_id, link.variant_id)
        level, error = self._level(link, place)
        waiting = pending(look.claims, [place], reserves=self._reserves, read_seq=look.seq, packs=look.packs)
        families = {source: look.siblings}
        compared = stock.plan(
            [place], [link], look.read, {pair: 0 if level is None else level.available}, waiting, families
        ).compared
        terms = compared[0] if compared else None
        published = tuple(self._store.history.of(*pair))
        rows = look.read.figures.get(source, {})
        return Place(
            link=place,
            branches=tuple(rows[branch] for branch in place.branch_ids if branch in rows),
            level=level,
            level_error=error,
            terms=terms,
            pending=tuple(self._pending(look, place)),
            next=self._next(link, place, terms, level, published),
            publications=published,
        )

    def _level(self, link: Link, place: StockLink) -> tuple[Level | None, Message]:
        pair = (place.location_id, link.variant_id)
        known = {key: figure.available for key, figure in self._store.figures([link.variant_id]).items()}
        try:
            levels = read_levels(self._haravan, {place.location_id: [link.variant_id]}, known)
        except SyncdError as problem:
            return None, problem.message
        if pair not in levels.found:
            return None, levels.failures[0] if levels.failures else ""
        page = self._haravan.levels([place.location_id], [link.variant_id])
        never_stocked = Level(*pair, link.haravan_product_id, 0, 0, 0, None)
        return next((level for level in page.levels if level.location_id == place.location_id), never_stocked), ""

    def _pending(self, look: _Look, place: StockLink) -> Iterator[PendingOrder]:
        for claim in look.claims:
            pieces = pending([claim], [place], reserves=self._reserves, read_seq=look.seq, packs=look.packs)
            for sibling in look.siblings:
                waiting = pieces.get((place.location_id, sibling.variant_id), 0)
                if waiting:
                    record = self._store.orders.record(claim.haravan_id)
                    yield PendingOrder(
                        haravan_id=claim.haravan_id,
                        number=look.numbers.get(claim.haravan_id, "") if record is None else record.number,
                        sku=sibling.sku,
                        state=State.RECEIVED.value if record is None else record.state.value,
                        hold_code=None if record is None or record.hold is None else record.hold.code,
                        pieces=waiting,
                        why=why_pending(claim, place, reserves=self._reserves),
                    )

    def _next(
        self,
        link: Link,
        place: StockLink,
        terms: Change | None,
        level: Level | None,
        published: Sequence[Publication],
    ) -> Text:
        """What the next cycle does about the difference, and if nothing, why."""
        if link.no_stock is not None:
            return text("story_not_published", why=link.no_stock)
        if self._is_on_the_road(place):
            return text("story_not_published", why=text("location_on_the_road", location=place.location_id))
        if terms is None:
            return text("story_unknown", code=link.code)
        if level is None:
            return text("story_haravan_unread")
        if terms.delta == 0:
            return text("story_nothing")
        if not self._policy.apply:
            return text("story_not_applied", wanted=terms.wanted)
        if refused := self._store.recall(PLAN_REFUSED):
            return text("story_refused", why=str(refused))
        if published and self._is_stuck(terms, published[0]):
            return text("story_stuck", wanted=terms.wanted)
        return text("story_written_next", wanted=terms.wanted)

    def _is_stuck(self, terms: Change, last: Publication) -> bool:
        """Whether just this was sent and did not show a short while ago."""
        same = last.wanted == terms.wanted and last.shown in (None, terms.available)
        recent = self._clock.now() - last.at < timedelta(seconds=STUCK_SECONDS)
        return same and recent and last.outcome in (NOT_SHOWN, REFUSED)


def _not_sold(product: PosProduct, branch_ids: set[int]) -> dict[int, BranchStock]:
    """Branches that a product does not name although it names others: it is not sold there."""
    named = {row.branch_id for row in product.stock}
    missing = branch_ids - named if named else set[int]()
    return {branch: BranchStock(branch, None, None, active=False) for branch in missing}
