"""Haravan's half of the examination: credentials, permissions, locations, old orders, and who else writes its stock."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial

from syncd.clients.haravan import HaravanClient
from syncd.clock import Clock
from syncd.config import Settings
from syncd.core import other_writers, shop_checks
from syncd.core.findings import Finding, fine, warning
from syncd.core.model import Slip
from syncd.core.orders import OrderPolicy
from syncd.core.texts import text
from syncd.cycles.drift_watch import OUR_NOTE
from syncd.cycles.drift_watch import TASK as REWRITTEN
from syncd.cycles.examination.names import Names
from syncd.cycles.examination.troubles import Read, Way
from syncd.store import Store
from syncd.store.keys import TAGS_ERROR

WAY = Way("Haravan", "haravan.base_url", text("check_haravan_token_remedy"))
_MANY_DAYS = timedelta(days=31)


class HaravanCheck:
    """Looks at one web shop; reads only."""

    def __init__(
        self,
        haravan: HaravanClient,
        store: Store,
        settings: Settings,
        policy: OrderPolicy,
        clock: Clock,
        names: Names,
        stocked: Callable[[], frozenset[int] | None],
    ) -> None:
        """Look at `haravan`; `stocked` gives the variants whose stock is published, None: not known yet."""
        self._haravan, self._store, self._settings = haravan, store, settings
        self._policy, self._clock, self._names, self._stocked = policy, clock, names, stocked

    def findings(self) -> Iterator[Finding]:
        """Every finding, one after the other; a part that cannot be read does not stop the others."""
        shop = Read(WAY, "Haravan", self._haravan.shop, "com.read_shop")
        yield from shop.trouble()
        if shop.stops_all:
            return
        if shop.value is not None:
            yield from shop_checks.of_web_shop(shop.value)
            yield from self._locations()  # the same permission
        yield from self._orders()
        yield from self._products()
        yield from self._stock()
        yield from self._writes()

    def _orders(self) -> Iterator[Finding]:
        count = Read(WAY, "Haravan orders", self._haravan.orders_count, "com.read_orders")
        yield from count.trouble()
        if count.value is not None:
            yield fine("Haravan orders", text("check_orders_readable", count=count.value))
            yield from self._old_orders()

    def _old_orders(self) -> Iterator[Finding]:
        """How many orders `orders.since` takes in; of interest before the first cycle only."""
        since, now = self._policy.since, self._clock.now()
        if since > now or self._store.cycle("orders").last_ok is not None:
            return
        check = "orders.since"
        old = Read(WAY, check, lambda: self._haravan.orders_count_from(since), "com.read_orders")
        yield from old.trouble()
        if old.value is None:
            return
        day = str(self._settings.orders.since)
        if now - since > _MANY_DAYS and old.value:
            cause = text("check_old_orders", count=old.value, since=day)
            yield warning("old_orders", check, cause, text("check_old_orders_remedy"))
        else:
            yield fine(check, text("check_orders_since", count=old.value, since=day))

    def _products(self) -> Iterator[Finding]:
        count = Read(WAY, "Haravan products", self._haravan.products_count, "com.read_products")
        yield from count.trouble()
        if count.value is not None:
            yield fine("Haravan products", text("check_products_readable", count=count.value))

    def _locations(self) -> Iterator[Finding]:
        shown = Read(WAY, "Haravan locations", self._haravan.locations, "com.read_shop")
        yield from shown.trouble()
        if shown.value is not None:
            wanted = wanted_locations(self._settings)
            yield from shop_checks.of_locations(wanted, shown.value)
            yield from self._names.compare("location", wanted, {row.id: row.name for row in shown.value})

    def _stock(self) -> Iterator[Finding]:
        """Each location's newest stock slips: they need the permission that stock needs, and show other writers."""
        slips: list[Slip] = []
        for location_id in dict.fromkeys(link.location_id for link in self._settings.stock.links):
            read = partial(self._haravan.slips, location_id)
            page = Read(WAY, "Haravan stock", read, "com.read_inventories")
            if page.value is None:
                yield from page.trouble()
                return
            slips += page.value
        if self._settings.stock.links:
            yield fine("Haravan stock", text("check_stock_readable"))
        yield from self._other_writers(slips)

    def _other_writers(self, slips: list[Slip]) -> Iterator[Finding]:
        rewritten = self._store.todo.last_of(REWRITTEN)
        found = other_writers.of_slips(slips, self._stocked(), OUR_NOTE, self._clock.now())
        if rewritten is not None and rewritten.closed_at is None:
            cause, remedy = text("check_stock_rewritten", task=rewritten.id), text("check_other_slips_remedy")
            yield warning("other_stock_writer", "other apps", cause, remedy)
        elif found is not None:
            yield found
        elif slips:
            yield fine("other apps", text("check_no_other_slips", count=len(slips)))

    def _writes(self) -> Iterator[Finding]:
        """The permissions that only a write can try."""
        if self._settings.stock.links:
            yield fine("Haravan stock", text("check_write_untried", scope="com.write_inventories"))
        if not self._settings.orders.tags:
            return
        check = "orders.tags"
        if not self._settings.orders.apply:
            yield warning("tags_without_apply", check, text("check_tags_idle"), text("check_tags_idle_remedy"))
            return
        known = self._store.recall(TAGS_ERROR)
        if isinstance(known, str):
            remedy = text("check_scope_missing_remedy", scope="com.write_orders")
            yield warning("tags_not_written", check, text("check_said", why=known), remedy)
        else:
            yield fine(check, text("check_write_untried", scope="com.write_orders"))


def wanted_locations(settings: Settings) -> dict[str, int]:
    """Every config key that names a Haravan location, with its id."""
    wanted = {f"stock.links[{i}].location_id": link.location_id for i, link in enumerate(settings.stock.links)}
    return wanted | {f"orders.branch_by_location.{key}": key for key in settings.orders.branch_by_location}
