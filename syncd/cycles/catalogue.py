"""The link index: both catalogues read whole, kept in the store, and read again when something new turns up."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterable, Iterator
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from decimal import Decimal

from syncd.clock import Clock
from syncd.core import product_problems
from syncd.core.model import BranchStock, PosProduct, ProductKind, Variant, VariantUnit
from syncd.core.product_problems import LinkProblem
from syncd.core.products import Index, LinkPolicy, build
from syncd.cycles.ports import Haravan, KiotViet
from syncd.cycles.product_lists import PAGE, read_products, read_variants
from syncd.errors import IncompleteScan, RateLimited, Transient
from syncd.logs import get_logger
from syncd.store import Store

_SECONDS_PER_CALL = 3.0
_SHORTEST_PAUSE = timedelta(seconds=60)
_log = get_logger()


class Catalogue:
    """The products of both sides and their links; one reading serves orders and stock."""

    def __init__(self, haravan: Haravan, kiotviet: KiotViet, store: Store, policy: LinkPolicy, clock: Clock) -> None:
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

        A reading that fails leaves the old links, which are still true, and is tried again after a while.

        Raises:
            IncompleteScan: It failed and there are no old links.
        """
        with self._reading:
            self._recall_once()
            if self._index is None:
                self._read()
            elif self._is_due(pause):
                self._try_to_read()
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
        pairs = (
            (p.id, stock.branch_id)
            for p in self._products
            for stock in p.stock
            if not (p.active and stock.active is not False)
        )
        return frozenset(pairs)

    def products(self) -> tuple[PosProduct, ...]:
        """The KiotViet products of the last reading."""
        return self._products

    def problems(self) -> tuple[LinkProblem, ...]:
        """What a person should look at in the links of the last reading."""
        return product_problems.find(self._variants, self._products, self._policy, self.index())

    def _require(self) -> Index:
        if self._index is None:
            raise IncompleteScan("the products of both sides have not been read yet")
        return self._index

    def _is_due(self, pause: timedelta) -> bool:
        cost = timedelta(seconds=self._calls * _SECONDS_PER_CALL)
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
            _log.warning("products_not_read", error=str(error))

    def _read(self) -> None:
        variants, calls = read_variants(self._haravan, self._variants)
        products = read_products(self._kiotviet)
        self._calls = calls + len(products) // 100 + 1
        self._variants, self._products = variants, products
        self._index, self._read_at = build(variants, products, self._policy), self._clock.now()
        self._failed_at = None
        self._store.keep_catalogue("haravan", {v.id: _text(v) for v in variants})
        self._store.keep_catalogue("kiotviet", {p.id: _text(p) for p in products})
        self._store.remember("catalogue_read_at", self._read_at.isoformat())

    def _recall_once(self) -> None:
        if self._index is None:
            self._recall()

    def _recall(self) -> None:
        read_at = self._store.recall("catalogue_read_at")
        if not isinstance(read_at, str):
            return
        self._variants = tuple(_variant(text) for text in self._store.catalogue("haravan"))
        self._products = tuple(_product(text) for text in self._store.catalogue("kiotviet"))
        self._index = build(self._variants, self._products, self._policy)
        self._read_at = datetime.fromisoformat(read_at)
        self._calls = len(self._variants) // PAGE + len(self._products) // 100 + 2


def _text(value: Variant | PosProduct) -> str:
    return json.dumps(asdict(value), default=str, ensure_ascii=False)


def _variant(text: str) -> Variant:
    data = json.loads(text)
    units = tuple(VariantUnit(**{**unit, "ratio": Decimal(unit["ratio"])}) for unit in data.pop("units"))
    return Variant(**data, units=units)


def _product(text: str) -> PosProduct:
    data = json.loads(text)
    stock = tuple(_branch_stock(row) for row in data.pop("stock"))
    product = PosProduct(**data, stock=stock)
    return replace(product, kind=ProductKind(product.kind), conversion=Decimal(product.conversion))


def _branch_stock(row: dict[str, object]) -> BranchStock:
    on_hand, reserved, active = row["on_hand"], row["reserved"], row["active"]
    return BranchStock(
        branch_id=int(str(row["branch_id"])),
        on_hand=None if on_hand is None else Decimal(str(on_hand)),
        reserved=None if reserved is None else Decimal(str(reserved)),
        active=active if isinstance(active, bool) else None,
    )


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


def remembered_index(store: Store, policy: LinkPolicy) -> Index:
    """The links of the last reading, from the store alone."""
    variants = [_variant(text) for text in store.catalogue("haravan")]
    products = [_product(text) for text in store.catalogue("kiotviet")]
    return build(variants, products, policy)
