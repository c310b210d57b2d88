"""Some days of a shop under one weather, the daemon's own jobs at work; what must be so then, and what afterwards."""

from __future__ import annotations

import io
import json
import logging
import random
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import stamina
import structlog

from syncd.cycles.order_story import tell
from syncd.daemon.access import Access
from syncd.daemon.station import _look, _orders, _stock
from syncd.daemon.worker import Place, Worker
from syncd.errors import SyncdError
from syncd.logs import configure
from syncd.sandbox.http import Request
from syncd.wiring import Outside
from tests.fuzz.wire import Weather, Wire
from tests.orders.kit import all_orders, deliver, hand_over, live_invoices, live_orders
from tests.rig import Rig
from tests.stock.kit import ADJUST, available, count, sell
from tests.stock.shop_model import expected
from tests.web.page_kit import status_page

CYCLE_SECONDS = 120.0
LONGEST_WAIT_SECONDS = 90_000.0
"""Longer than a remote may tell us to wait."""


class FuzzedRig(Rig):
    """A rig whose remotes are behind the weather."""

    def __init__(self, folder: Path, weather: Weather, **settings: Any) -> None:
        self.weather = weather
        super().__init__(folder, **settings)

    def outside(self) -> Outside:
        return Outside(
            clock=self.clock,
            haravan_transport=Wire(self.sandbox.haravan_gate, self.weather),
            kiotviet_transport=Wire(self.sandbox.kiotviet_gate, self.weather),
            inline=True,
        )


class Days:
    """One shop: orders on several paths, a counter that sells, and three jobs that the daemon would run."""

    def __init__(self, folder: Path, weather: Weather, log: io.StringIO) -> None:
        self.weather, self.log = weather, log
        self.rig = FuzzedRig(folder, weather, on_return="void_invoice", tags=True)
        self._sell_cans_in_packs()
        self.orders: dict[str, int] = {}
        self.parcels: dict[str, int] = {}
        self.faults: list[str] = []
        self.endings: Counter[str] = Counter()
        self._access = Access()
        self._workers: tuple[Worker, ...] = ()
        self.rig.sandbox.haravan_gate.after_effect.append(self._judge_write)

    def _sell_cans_in_packs(self) -> None:
        sandbox = self.rig.sandbox
        sandbox.add_linked("LON", "Nước ngọt lon", 10_000, stock=60)
        (variant,) = self.rig.haravan.add_product("Lốc", [{"sku": "LOC", "barcode": "LOC", "price": 58_000}])
        pack = self.rig.kiotviet.add_product(
            "LOC", "Lốc 6", 58_000, unit="lốc", master_unit_id=sandbox.products["LON"], conversion=6
        )
        sandbox.variants["LOC"], sandbox.products["LOC"] = variant, pack

    # --- what people do ----------------------------------------------------------------------------------------------

    @property
    def days(self) -> tuple[Callable[[], None], ...]:
        return (self._orders, self._ships, self._takes, self._arrives, self._afterwards)

    def _orders(self) -> None:
        place = self.rig.place
        self.orders["plain"] = place(("AO-01", 2), ("AO-02", 1), note="Giao giờ hành chính")
        self.orders["parcels"] = place(("AO-03", 1), ("NON-01", 2), discount=10_001)
        self.orders["guest"] = place(("DEP-01", 1), buyer={"first_name": "Khách", "email": "guest@haravan.com"})
        self.orders["cancelled"] = place(("KHAN-01", 1), ("LOC", 1))
        self.orders["back"] = place(("TUI-01", 1))
        place(("AO-01", 1), source="pos")

    def _ships(self) -> None:
        web, orders = self.rig.haravan, self.orders
        web.cancel(orders["cancelled"])
        coat = web.order(orders["parcels"])["line_items"][0]["id"]
        self.parcels["parcels"] = web.ship(orders["parcels"], [(coat, 1)])
        self.parcels |= {name: web.ship(orders[name]) for name in ("plain", "guest", "back")}
        sell(self.rig, "AO-03", 2)
        self.orders["late"] = self.rig.place(("VAY-01", 1), ("LON", 2))

    def _takes(self) -> None:
        for name, parcel in self.parcels.items():
            self.rig.haravan.carrier(self.orders[name], parcel, "delivering")
        self.rig.kiotviet.purchase(self.rig.branch, [(self.rig.sandbox.products["AO-02"], 7)])
        self.rig.kiotviet.return_goods(sell(self.rig, "DAM-01", 2), [(self.rig.sandbox.products["DAM-01"], 1)])

    def _arrives(self) -> None:
        web, orders, parcels = self.rig.haravan, self.orders, self.parcels
        for name in ("plain", "parcels"):
            deliver(self.rig, orders[name], parcels[name])
        web.carrier(orders["back"], parcels["back"], "waitingforreturn")
        parcels["second"] = hand_over(self.rig, orders["parcels"])
        count(self.rig, "GIAY-01", 0)
        count(self.rig, "QUAN-01", 3)

    def _afterwards(self) -> None:
        web, orders, parcels = self.rig.haravan, self.orders, self.parcels
        web.carrier(orders["back"], parcels["back"], "return")
        deliver(self.rig, orders["guest"], parcels["guest"])
        deliver(self.rig, orders["parcels"], parcels["second"])
        orders["last"] = self.rig.place(("NON-01", 1), ("GIAY-01", 1))

    # --- the daemon --------------------------------------------------------------------------------------------------

    def live(self, rng: random.Random, cycles: int = 2) -> None:
        """Day by day, some cycles after each; now and then the daemon is started anew."""
        for day in self.days:
            day()
            if rng.random() < 0.2:
                self.restart()
            for _ in range(cycles):
                self.cycle()

    def restart(self) -> None:
        self.rig.close()
        self._workers = ()

    def cycle(self, seconds: float = CYCLE_SECONDS) -> None:
        """Time passes, and every job that is due runs."""
        self.rig.later(seconds)
        for worker in self.workers():
            before = worker.pulse().finished
            worker.run()
            if worker.pulse().finished > before:
                self._judge_ending(worker)

    def workers(self) -> tuple[Worker, ...]:
        if not self._workers:
            shop, clock = self.rig.shop, self.rig.clock
            place = Place("shopmau", shop.store, clock, self._access, lambda: False, lambda: None, shop.hints)
            self._workers = tuple(
                Worker(name, cycle(shop), place, interval=15, reconcile=reconcile)
                for name, cycle, reconcile in (
                    ("orders", _orders, 600),
                    ("stock", _stock, 600),
                    ("examination", _look, 600),
                )
            )
        return self._workers

    # --- what must be so in any weather ------------------------------------------------------------------------------

    def _judge_ending(self, worker: Worker) -> None:
        """Nothing leaves a cycle but errors of ours, and each says whom it is about."""
        ending = worker.pulse().ending
        assert ending is not None
        cause = ending.cause
        self.endings[f"{worker.name}: {type(cause).__name__ if cause else 'told' if ending.error else 'fine'}"] += 1
        if cause is not None and not isinstance(cause, SyncdError):
            self.faults.append(crash(cause))
        elif ending.error and worker.name != "examination" and not _names_its_subject(ending.error):
            self.faults.append(f"{worker.name}: a sentence that does not say what it is about: {ending.error[:300]}")

    def _judge_write(self, _: str, request: Request) -> None:
        """No write leaves more on sale than the formula allows, and none takes away what is there; lies aside."""
        if ADJUST not in request.path or self.weather.lies:
            return
        body: Any = request.json()
        changed = {line["product_variant_id"] for line in body["inventory"]["line_items"]}
        for sku, variant in self.rig.sandbox.variants.items():
            most, shown = self._formula(sku), available(self.rig, sku)
            if variant in changed and (shown > most or (shown <= 0 < most)):
                self.faults.append(f"{sku}: {shown} on sale where the formula says {most}")

    def _formula(self, sku: str) -> int:
        return expected(self.rig, sku, self.rig.location, (self.rig.branch,), reserves=True, units={"LOC": ("LON", 6)})

    def read_everything(self) -> None:
        """What people read of the shop can be read, whatever was stored."""
        store = self.rig.shop.store
        for order_id in self.orders.values():
            for language in ("vi", "en"):
                if store.orders.record(order_id) is not None:
                    json.dumps(tell(store, order_id, language), ensure_ascii=False, default=str).encode()
        with status_page(self.rig) as page:
            for path in ("/", "/orders", "/products", "/status.json", "/metrics"):
                answer = page.http.get(path, follow_redirects=True)
                if answer.status_code not in (200, 404):
                    self.faults.append(f"page {path}: {answer.status_code}")

    def read_log(self) -> None:
        """Every line is JSON that can be stored, without a phone number."""
        phones = {str(row["shipping_address"]["phone"]).lstrip("0") for row in self.rig.haravan.orders()}
        for line in self.log.getvalue().splitlines():
            json.loads(line)
            line.encode()
            if "Traceback" in line and "unexpected" not in line:
                self.faults.append(f"log: {json.loads(line).get('exception', line)[-1500:]}")
            if any(len(phone) > 6 and phone in line for phone in phones):
                self.faults.append(f"a phone number is in the log: {line[:300]}")

    # --- what must be so once the weather is fair --------------------------------------------------------------------

    def clear_up(self, cycles: int = 7) -> None:
        self.weather.clear()
        self.rig.later(LONGEST_WAIT_SECONDS)
        for _ in range(cycles):
            self.cycle(700)
        self.cycle(3700)

    def judge(self, *, but: int = 0) -> None:
        """Both sides agree, nothing was doubled, no đồng differs, and a further cycle writes nothing; `but` aside."""
        for name, order_id in self.orders.items():
            if order_id != but:
                self._judge_order(name, order_id)
        self._judge_stock()
        self.rig.journal.clear()
        self.cycle(700)
        if writes := self.rig.writes():
            self.faults.append(f"a quiet cycle writes: {writes}")

    def _judge_order(self, name: str, order_id: int) -> None:
        rig = self.rig
        codes = {row["code"] for row in all_orders(rig, order_id)}
        alive, mine = live_orders(rig, order_id), [row for row in live_invoices(rig) if row.get("orderCode") in codes]
        shown = (
            rig.state(order_id),
            rig.hold(order_id),
            [row["status"] for row in alive],
            sorted(row["status"] for row in mine),
        )
        wanted = ENDS[name]
        if shown != wanted:
            held = rig.shop.store.orders.record(order_id)
            why = held.hold.reason[:200] if held and held.hold else ""
            self.faults.append(f"order {name}: {shown} instead of {wanted} {why}")
        elif wanted[3] and sum(row["total"] for row in mine) != rig.haravan.order(order_id)["total_price"]:
            self.faults.append(f"order {name}: its invoices come to {[row['total'] for row in mine]}")

    def _judge_stock(self) -> None:
        for sku in self.rig.sandbox.variants:
            wanted, shown = self._formula(sku), available(self.rig, sku)
            if wanted != shown:
                self.faults.append(f"stock of {sku}: {shown} instead of {wanted}")


ENDS: dict[str, tuple[str, str, list[int], list[int]]] = {
    "plain": ("completed", "", [3], [1]),
    "parcels": ("completed", "", [3], [1, 1]),
    "guest": ("completed", "", [3], [1]),
    "cancelled": ("cancelled", "", [], []),
    "back": ("returned", "", [], []),
    "late": ("ordered", "", [1], []),
    "last": ("ordered", "", [1], []),
}
_SUBJECTS = ("Haravan", "KiotViet", "order ", "Order ", "#", "database", "stock")


def crash(error: BaseException) -> str:
    """What an error of Python's says, and where in syncd it came from."""
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if "/syncd/" in frame.filename]
    way = " < ".join(f"{frame.filename.rpartition('/syncd/')[2]}:{frame.lineno}" for frame in frames[:-6:-1])
    return f"{type(error).__name__}: {str(error)[:120]} at {way}"


def _names_its_subject(sentence: str) -> bool:
    return any(subject in sentence for subject in _SUBJECTS)


@contextmanager
def shop_days(folder: Path, weather: Weather) -> Iterator[Days]:
    """A shop whose log is kept; retries do not wait."""
    log, before = io.StringIO(), logging.getLogger().handlers[:]
    configure(stream=log, environ={}, monotonic=lambda: 0.0)
    days = Days(folder, weather, log)
    try:
        with stamina.set_testing(True, attempts=3):
            yield days
    finally:
        days.rig.close()
        structlog.reset_defaults()
        logging.getLogger().handlers[:] = before


def play(seed: int, folder: Path, share: float, *, lies: bool, only: str = "", spot_at: str = "") -> Days:
    """One shop's days from one seed; `faults` of what comes back is empty where all is well."""
    rng = random.Random(seed)
    weather = Weather(rng, share, only, lies, spot_at=spot_at)
    with shop_days(folder, weather) as days:
        days.live(rng)
        if seed % 5 == 0:
            days.read_everything()
        days.clear_up()
        days.judge()
        days.read_log()
    return days
