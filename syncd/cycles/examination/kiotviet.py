"""KiotViet's half of the examination: credentials, branches, the shop's settings, and who else makes its orders."""

from __future__ import annotations

from collections.abc import Iterator

from syncd.clients.kiotviet import KiotVietClient
from syncd.clients.pages import ListQuery
from syncd.clock import Clock
from syncd.config import Settings
from syncd.core import other_writers, shop_checks
from syncd.core.findings import Finding, fine, wrong
from syncd.core.texts import text
from syncd.cycles.budget import StoreGetBudget
from syncd.cycles.examination.names import Names
from syncd.cycles.examination.troubles import Read, Way
from syncd.errors import Rejected
from syncd.store import Store

WAY = Way("KiotViet", "kiotviet.base_url", text("check_kiotviet_secret_remedy"))
_NEWEST = ListQuery(order_by="createdDate", descending=True)


class KiotVietCheck:
    """Looks at one point of sale; reads only."""

    def __init__(
        self,
        kiotviet: KiotVietClient,
        budget: StoreGetBudget,
        store: Store,
        settings: Settings,
        clock: Clock,
        names: Names,
    ) -> None:
        """Look at `kiotviet`, whose GETs are counted in `budget`."""
        self._kiotviet, self._budget, self._store = kiotviet, budget, store
        self._settings, self._clock, self._names = settings, clock, names

    def findings(self) -> Iterator[Finding]:
        """Every finding, one after the other; a part that cannot be read does not stop the others."""
        code = Read(WAY, "KiotViet", self._kiotviet.retailer_code)
        yield from code.trouble()
        if code.stops_all:
            return
        retailer = self._settings.kiotviet.retailer
        if code.value is not None and code.value.lower() != retailer.lower():
            cause = text("check_retailer_mismatch", code=code.value, retailer=retailer)
            yield wrong("retailer_mismatch", "kiotviet.retailer", cause, text("check_retailer_remedy", code=code.value))
            return
        yield from self._branches()
        options = list(self._options())
        yield from options
        yield from self._surcharge()
        yield from self._account()
        yield from (finding for finding in self._orders() if finding not in options)
        spent = self._budget.spent()
        yield fine("KiotViet budget", text("check_budget", used=spent.used, limit=spent.limit))

    def _branches(self) -> Iterator[Finding]:
        shown = Read(WAY, "KiotViet", self._kiotviet.branches)
        yield from shown.trouble()
        if shown.value is not None:
            retailer = self._settings.kiotviet.retailer
            yield fine("KiotViet", text("check_kiotviet_shop", retailer=retailer, count=len(shown.value)))
            wanted = wanted_branches(self._settings)
            yield from shop_checks.of_branches(wanted, shown.value)
            yield from self._names.compare("branch", wanted, {row.id: row.name for row in shown.value})

    def _options(self) -> Iterator[Finding]:
        options = Read(WAY, "KiotViet settings", self._kiotviet.settings)
        yield from options.trouble()
        if options.value is not None:
            yield from shop_checks.of_pos_settings(options.value)

    def _surcharge(self) -> Iterator[Finding]:
        code, check = self._settings.orders.shipping_surcharge_code, "orders.shipping_surcharge_code"
        shown = Read(WAY, check, self._kiotviet.surcharges)
        if isinstance(shown.error, Rejected):
            cause = text("check_surcharges_off", why=shown.error.message)
            yield wrong("surcharge_feature_off", check, cause, text("check_surcharges_off_remedy"))
            return
        yield from shown.trouble()
        if shown.value is not None:
            yield shop_checks.of_surcharge(code, shown.value)

    def _account(self) -> Iterator[Finding]:
        account_id = self._settings.orders.cod_account_id
        if account_id is None:
            return
        shown = Read(WAY, "orders.cod_account_id", self._kiotviet.bank_accounts)
        yield from shown.trouble()
        if shown.value is not None:
            yield shop_checks.of_account(account_id, shown.value)

    def _orders(self) -> Iterator[Finding]:
        """The newest orders: a shop that takes none refuses to list them, and other programs' documents show."""
        page = Read(WAY, "KiotViet orders", lambda: self._kiotviet.orders_page(_NEWEST))
        if isinstance(page.error, Rejected):
            yield shop_checks.order_feature_off()
            return
        yield from page.trouble()
        if page.value is None:
            return
        yield fine("KiotViet orders", text("check_pos_orders_readable", count=page.value.total))
        found = other_writers.of_orders(page.value.rows, self._is_web_number, self._clock.now())
        yield found or fine("other apps", text("check_no_other_orders", count=len(page.value.rows)))

    def _is_web_number(self, word: str) -> bool:
        return self._store.orders.find(word.strip(",.;:")) is not None


def wanted_branches(settings: Settings) -> dict[str, int]:
    """Every config key that names a KiotViet branch, with its id."""
    wanted = {"orders.branch_id": settings.orders.branch_id}
    wanted |= {f"orders.branch_by_location.{key}": value for key, value in settings.orders.branch_by_location.items()}
    for i, link in enumerate(settings.stock.links):
        wanted |= {f"stock.links[{i}].branch_ids[{j}]": branch_id for j, branch_id in enumerate(link.branch_ids)}
    return wanted
