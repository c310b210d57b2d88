"""The link index: both catalogues read whole, kept in the store, and what changes since then merged in."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from typing import Final

from syncd.clock import Clock
from syncd.core import product_problems
from syncd.core.model import PosProduct, Variant
from syncd.core.product_problems import LinkProblem
from syncd.core.products import Index, LinkPolicy, build
from syncd.cycles.kept_products import (
    held,
    held_variant,
    kept,
    product_of,
    product_rows,
    sharing,
    variant_of,
    variant_rows,
)
from syncd.cycles.ports import Haravan, KiotViet
from syncd.cycles.product_lists import PAGE, read_products, read_variants
from syncd.cycles.product_news import PosFeed, WebFeed
from syncd.errors import RateLimited, Rejected, Transient
from syncd.logs import get_logger
from syncd.store import Store

_SECONDS_PER_CALL = 3.0
_SECONDS_PER_CALL_BY_TIMER = 30.0
_SHORTEST_PAUSE = timedelta(seconds=60)
LOOK_SECONDS: Final = 60.0
"""How often Haravan is asked what changed among its products."""
POS_LOOK_SECONDS: Final = 240.0
"""How often KiotViet is; a look takes two of its hourly GETs where it does not show new products as changed."""
_LOOKS_PER_COUNT: Final = 5
_log = get_logger()


class Catalogue:
    """The products of both sides and their links; one reading serves orders and stock."""

    def __init__(
        self,
        haravan: Haravan,
        kiotviet: KiotViet,
        store: Store,
        policy: LinkPolicy,
        clock: Clock,
        *,
        pos_look_seconds: float = POS_LOOK_SECONDS,
    ) -> None:
        """Start from what the store remembers; nothing is read until asked for."""
        self._haravan, self._kiotviet = haravan, kiotviet
        self._store, self._policy, self._clock = store, policy, clock
        self._reading = threading.Lock()
        self._variants: tuple[Variant, ...] = ()
        self._products: tuple[PosProduct, ...] = ()
        self._index: Index | None = None
        self._read_at: datetime | None = None
        self._failed_at: datetime | None = None
        self._calls = 0
        self._web_feed, self._pos_feed = WebFeed(haravan, store, clock), PosFeed(kiotviet, store, clock)
        self._pos_look_seconds = pos_look_seconds
        self._next_web_look = self._next_pos_look = clock.monotonic()
        self._looks = 0
        self._expected: int | None = None
        self._gone = False

    def index(self) -> Index:
        """The links; read from both remotes when nothing is remembered. Otherwise never waits."""
        found = self._index
        if found is not None:
            return found
        with self._reading:
            self._recall_once()
            if self._index is None:
                self._read()
            return self._require()

    def known(self) -> Index | None:
        """The links as they are known now; None before the first reading. Never asks a remote, nor waits."""
        return self._index

    def refresh(self) -> Index:
        """Read both catalogues whole and link them anew.

        Raises:
            IncompleteScan: One side could not be read to the end; the old links stay.
        """
        with self._reading:
            self._recall_once()
            self._read()
            return self._require()

    def refresh_if_due(self, pause: timedelta) -> Index:
        """Read both catalogues again when the last reading is older than `pause`, or than their cost allows.

        In between, what changed since is looked for, once a minute or two. A reading that fails leaves the old links,
        which are still true, and is tried again after a while.

        Raises:
            IncompleteScan: It failed and there are no old links.
        """
        with self._reading:
            self._recall_once()
            if self._index is None:
                self._read()
            elif self._is_due(pause, _SECONDS_PER_CALL_BY_TIMER) or (self._gone and self._is_due(_SHORTEST_PAUSE)):
                self._try_to_read()
            else:
                self._look_for_news()
            return self._require()

    def may_have_news(self) -> bool:
        """Whether a reading now could show something new: not while the last one is fresh, by its cost in calls."""
        with self._reading:
            return self._is_due(_SHORTEST_PAUSE)

    def look_again(self) -> None:
        """Something unknown turned up: read both catalogues again if that could show something new."""
        with self._reading:
            if self._is_due(_SHORTEST_PAUSE):
                self._try_to_read()

    def inactive(self) -> frozenset[tuple[int, int]]:
        """(product id, branch id) pairs where KiotViet does not sell the product."""
        return inactive_pairs(self._products)

    def variant(self, variant_id: int) -> Variant | None:
        """A variant of the last reading."""
        return next((variant for variant in self._variants if variant.id == variant_id), None)

    def products(self) -> tuple[PosProduct, ...]:
        """The KiotViet products of the last reading."""
        return self._products

    def problems(self) -> tuple[LinkProblem, ...]:
        """What a person should look at in the links of the last reading."""
        index = self.index()
        variants = tuple(map(variant_of, self._store.catalogue("haravan")))
        products = tuple(map(product_of, self._store.catalogue("kiotviet")))
        return product_problems.find(variants, products, self._policy, index)

    def _require(self) -> Index:
        assert self._index is not None, "the links were just read, or the reading raised"
        return self._index

    def _is_due(self, pause: timedelta, seconds_per_call: float = _SECONDS_PER_CALL) -> bool:
        cost = timedelta(seconds=self._calls * seconds_per_call)
        now, wait = self._clock.now(), max(pause, cost)
        if self._failed_at is not None and abs(now - self._failed_at) < max(_SHORTEST_PAUSE, cost):
            return False
        return self._read_at is None or abs(now - self._read_at) >= wait

    def _try_to_read(self) -> None:
        try:
            self._read()
        except RateLimited:
            raise
        except Transient as error:
            self._failed_at = self._clock.now()
            _log.warning("products_not_read", error=error)

    def _read(self) -> None:
        """Both sides, one after the other: what was read of the first is let go before the second."""
        self._calls = self._read_web() + self._read_pos()
        self._variants = tuple(sharing(self._variants, self._products))
        self._index = build(self._variants, self._products, self._policy)
        self._read_at, self._failed_at, self._gone = self._clock.now(), None, False
        self._store.remember("catalogue_read_at", self._read_at.isoformat())
        now = self._clock.monotonic()
        self._next_web_look, self._next_pos_look = now + LOOK_SECONDS, now + self._pos_look_seconds

    def _read_web(self) -> int:
        """Haravan's list, linked at once where it changed: KiotViet's may not be readable. Gives the calls it took."""
        began = self._clock.monotonic()
        web = read_variants(self._haravan, self._variants)
        self._store.keep_catalogue("haravan", variant_rows(web.variants))
        if web.newest is not None:
            self._web_feed.start_at(web.newest, timedelta(seconds=self._clock.monotonic() - began))
        before, self._variants = self._variants, tuple(map(held_variant, web.variants))
        self._expected = web.counted
        if self._index is not None and before != self._variants:
            self._index = build(self._variants, self._products, self._policy)
        return web.calls

    def _read_pos(self) -> int:
        """KiotViet's list; gives the calls it took."""
        began = self._clock.monotonic()
        pos = read_products(self._kiotviet, self._products)
        self._store.keep_catalogue("kiotviet", product_rows(pos.products))
        if pos.newest is not None:
            self._pos_feed.start_at(pos.newest, timedelta(seconds=self._clock.monotonic() - began))
        self._products = tuple(map(held, pos.products))
        return len(pos.products) // 100 + 1

    def _look_for_news(self) -> None:
        """One look at each side whose time has come; a dear one is followed by a longer pause."""
        now = self._clock.monotonic()
        if now >= self._next_web_look:
            self._try_to_look(self._look_at_web)
            self._next_web_look = now + LOOK_SECONDS * max(1, self._web_feed.calls)
        if now >= self._next_pos_look:
            self._try_to_look(self._look_at_pos)
            self._next_pos_look = now + self._pos_look_seconds * max(1.0, self._pos_feed.calls / 2)

    def _try_to_look(self, look: Callable[[], None]) -> None:
        """What a look could not read is left to the next one, or to the next whole reading."""
        try:
            look()
        except (Transient, Rejected) as error:
            _log.warning("product_news_not_read", error=error)

    def _look_at_web(self) -> None:
        news = self._web_feed.read()
        known = {variant.id: variant for variant in self._variants}
        new_products = news.product_ids - {variant.product_id for variant in self._variants}
        gone = {
            key for key, old in known.items() if old.product_id in news.product_ids and key not in news.unreadable
        } - {variant.id for variant in news.variants}
        changed = [variant for variant in news.variants if known.get(variant.id) != held_variant(variant)]
        if changed or gone:
            merged = known | {variant.id: held_variant(variant) for variant in changed}
            self._variants = tuple(variant for key, variant in merged.items() if key not in gone)
            self._link_anew("haravan", variant_rows(changed), sorted(gone))
        self._count(len(new_products & {variant.product_id for variant in news.variants}))

    def _count(self, added: int) -> None:
        """Count Haravan's products now and then: only so a deleted one is missed."""
        if self._expected is not None:
            self._expected += added
        self._looks += 1
        if self._looks % _LOOKS_PER_COUNT:
            return
        counted = self._haravan.products_count()
        self._gone = self._gone or self._expected not in (None, counted)
        self._expected = counted

    def _look_at_pos(self) -> None:
        news = self._pos_feed.read()
        known = {product.id: product for product in self._products}
        changed = [product for product in map(kept, news.products) if known.get(product.id) != held(product)]
        gone = news.removed & known.keys()
        if changed or gone:
            merged = known | {product.id: held(product) for product in changed}
            self._products = tuple(product for key, product in merged.items() if key not in gone)
            self._link_anew("kiotviet", product_rows(changed), sorted(gone))

    def _link_anew(self, side: str, rows: Iterable[tuple[int, str]], gone: list[int]) -> None:
        self._index = build(self._variants, self._products, self._policy)
        self._store.change_catalogue(side, rows, gone)
        _log.info("products_changed", remote=side, linked=len(self._index.by_variant))

    def _recall_once(self) -> None:
        if self._index is None:
            self._recall()

    def _recall(self) -> None:
        read_at = self._store.recall("catalogue_read_at")
        if not isinstance(read_at, str):
            return
        self._variants = tuple(held_variant(variant_of(row)) for row in self._store.catalogue("haravan"))
        self._products = tuple(held(product_of(row)) for row in self._store.catalogue("kiotviet"))
        self._index = build(self._variants, self._products, self._policy)
        self._read_at = datetime.fromisoformat(read_at)
        self._calls = len(self._variants) // PAGE + len(self._products) // 100 + 2


def inactive_pairs(products: Iterable[PosProduct]) -> frozenset[tuple[int, int]]:
    """(product id, branch id) pairs where KiotViet does not sell the product."""
    rows = ((product, stock) for product in products for stock in product.stock)
    return frozenset((p.id, stock.branch_id) for p, stock in rows if not (p.active and stock.active is not False))


def chunks(ids: Iterable[int], size: int) -> Iterator[list[int]]:
    """Ids in lists of at most `size`."""
    batch: list[int] = []
    for item in ids:
        batch.append(item)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch
