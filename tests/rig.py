"""A whole shop for tests: real cycles, clients and store against the sandbox, on a clock that tests move."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from syncd.clock import ManualClock
from syncd.config import (
    HaravanSettings,
    KiotVietSettings,
    OrderSettings,
    PollSettings,
    ProductSettings,
    Secret,
    Settings,
    StockLink,
    StockSettings,
)
from syncd.cycles.backfill import MANY
from syncd.sandbox.inprocess import InProcessTransport
from syncd.sandbox.world import Sandbox
from syncd.store import Store
from syncd.wiring import Outside, Shop, open_plan, open_shop


@cache
def _new_store() -> bytes:
    """A store at its first day; to take all schema steps for each shop of each test would cost a tenth of the suite."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "syncd.db"
        Store(path).close()
        return path.read_bytes()


START = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


class Rig:
    """A sandbox, a config that points at it, and a shop that can be closed and opened again as after a crash."""

    def __init__(
        self,
        folder: Path,
        *,
        two_branches: bool = False,
        switches: dict[str, str] | None = None,
        language: str = "en",
        many_orders: int = MANY,
        latency_seconds: float = 0.0,
        **orders: Any,
    ) -> None:
        self.clock = ManualClock(START)
        make = Sandbox.two_branch_shop if two_branches else Sandbox.small_shop
        self.sandbox = make(self.clock, latency_seconds=latency_seconds, **(switches or {}))
        self.haravan, self.kiotviet = self.sandbox.haravan, self.sandbox.kiotviet
        self.journal, self.faults = self.sandbox.journal, self.sandbox.faults
        self.location, self.branch = self.sandbox.locations[0], self.sandbox.branches[0]
        self.folder, self.many_orders = folder, many_orders
        self.settings = self._settings(language, orders)
        self._shop: Shop | None = None

    def _settings(self, language: str, orders: dict[str, Any]) -> Settings:
        chosen = OrderSettings(
            apply=True,
            branch_id=self.branch,
            branch_by_location={},
            since=date(2026, 11, 1),
            channels=("web",),
            payments=("cod",),
            cod_method="Cash",
            cod_account_id=None,
            shipping_surcharge_code="THKSHIPPINGWEB",
            on_return="hold",
            lookup_wait_seconds=60,
        )
        pairs = zip(self.sandbox.locations, self.sandbox.branches, strict=True)
        return Settings(
            path=self.folder / "config.yaml",
            shop="shopmau",
            database=self.folder / "syncd.db",
            language=language,
            haravan=HaravanSettings("https://haravan.test", Secret(self.haravan.token)),
            kiotviet=KioskSettings.of(self.kiotviet),
            orders=replace(chosen, **orders),
            stock=StockSettings(
                apply=True,
                orders_reserve="auto",
                max_change_percent=30,
                max_change_min=10,
                links=tuple(StockLink(location, (branch,), 0) for location, branch in pairs),
            ),
            products=ProductSettings(match=("barcode", "sku"), links={}, ignore=()),
            poll=PollSettings(orders_seconds=15, stock_seconds=30, reconcile_seconds=3600),
        )

    def outside(self) -> Outside:
        return Outside(
            clock=self.clock,
            haravan_transport=InProcessTransport(self.sandbox.haravan_gate),
            kiotviet_transport=InProcessTransport(self.sandbox.kiotviet_gate),
            inline=True,
            many_orders=self.many_orders,
        )

    @property
    def shop(self) -> Shop:
        if self._shop is None:
            if not self.settings.database.exists():
                self.settings.database.write_bytes(_new_store())
            self._shop = open_shop(self.settings, self.outside())
        return self._shop

    def reopen(self) -> None:
        """As after a restart: nothing but the store survives."""
        self.close()

    def close(self) -> None:
        if self._shop is not None:
            self._shop.close()
            self._shop = None

    def lose_store(self) -> None:
        self.close()
        for path in self.folder.glob("syncd.db*"):
            path.unlink()

    def orders(self) -> Any:
        return self.shop.orders.run(full=True)

    def stock(self, *, force: bool = False) -> Any:
        return self.shop.stock.run(full=True, force=force)

    def once(self) -> None:
        self.orders()
        self.stock()

    def later(self, seconds: float = 120) -> None:
        self.clock.advance(seconds)

    def plan(self) -> Shop:
        scratch = self.folder / f"scratch-{os.urandom(4).hex()}"
        scratch.mkdir()
        return open_plan(self.settings, scratch, self.outside())

    def place(self, *lines: tuple[str, int], **keywords: Any) -> int:
        chosen = lines or (("AO-01", 1),)
        return self.haravan.place_order(
            [(self.sandbox.variants[sku], quantity) for sku, quantity in chosen], **keywords
        )

    def state(self, order_id: int) -> str:
        record = self.shop.store.orders.record(order_id)
        return "" if record is None else record.state.value

    def hold(self, order_id: int) -> str:
        record = self.shop.store.orders.record(order_id)
        return record.hold.code if record is not None and record.hold is not None else ""

    def available(self, sku: str) -> int:
        return int(self.haravan.level(self.sandbox.variants[sku], self.location)["available"])

    def writes(self) -> list[str]:
        return [f"{call.method} {call.path}" for call in self.journal.writes()]


class KioskSettings:
    """The KiotViet part of the config for a simulated shop."""

    @staticmethod
    def of(shop: Any) -> KiotVietSettings:
        return KiotVietSettings(
            retailer=shop.retailer,
            client_id=shop.client_id,
            client_secret=Secret(shop.client_secret),
            base_url="https://kiotviet.test",
            token_url="https://kiotviet.test/connect/token",
            gets_per_hour=4000,
        )
