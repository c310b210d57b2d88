"""What Prometheus scrapes and what a load balancer asks, over a real port, of a shop whose cycles are the real ones."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from prometheus_client.openmetrics.parser import text_string_to_metric_families as open_metrics
from prometheus_client.parser import text_string_to_metric_families

from syncd.config import Settings
from syncd.core.concerns import Concern, Level
from syncd.core.texts import text
from syncd.cycles.health import Watched
from syncd.daemon.access import Access
from syncd.daemon.inside import Notices
from syncd.daemon.station import Outfit, Station
from syncd.daemon.watching import watch
from syncd.sandbox.faults import Fault
from syncd.store import copies
from syncd.store.drifts import Drift
from syncd.store.keys import PLAN_REFUSED, SWEPT_SINCE
from syncd.web import process
from syncd.web.listener import Listener
from syncd.web.metric_table import COUNTER, METRICS, markdown
from syncd.web.metrics import ShopCollector, routes
from syncd.wiring import Outside, Shop, open_shop
from tests.daemon.conftest import Said
from tests.rig import START, Rig

TROUBLE = text("never")
Scrape = dict[str, float]
LABELS = {metric.name: metric.labels for metric in METRICS}


class House:
    """A station whose jobs the test runs itself, and its pages on a port."""

    def __init__(self, folder: Path, *, language: str = "en", links: bool = True) -> None:
        self.rig = Rig(folder, language=language)
        if not links:
            self.rig.settings = replace(self.rig.settings, stock=replace(self.rig.settings.stock, links=()))
        self.access, self.concerns = Access(), list[Concern]()
        outfit = Outfit(self._open, self.rig.clock, self.access, Notices(), lambda: False, lambda: None)
        self.station = Station.open(self.rig.settings, outfit)
        self.watched = self._watched()
        self.listener = Listener("127.0.0.1", 0, "status.listen")
        self.listener.serve(routes(self.watched))

    def _open(self, settings: Settings, outside: Outside) -> Shop:
        self.shop = open_shop(settings, replace(self.rig.outside(), stop=outside.stop))
        return self.shop

    def _watched(self) -> Watched:
        station, clock = self.station, self.rig.clock
        return watch(
            station.settings, self.shop, lambda: station.workers, clock, self.access, lambda: tuple(self.concerns)
        )

    def work(self) -> None:
        """Each job once, if it is due."""
        for worker in self.station.workers:
            worker.run()

    def later(self, seconds: float = 60) -> None:
        self.rig.later(seconds)
        self.work()

    def get(self, path: str, **headers: str) -> httpx.Response:
        return httpx.get(self.listener.url + path, headers=headers, timeout=30)

    def scrape(self) -> Scrape:
        """Every sample by its name with its labels' values."""
        answer = self.get("/metrics")
        assert answer.status_code == 200
        return {
            " ".join([sample.name, *(sample.labels[label] for label in LABELS[sample.name])]): sample.value
            for family in text_string_to_metric_families(answer.text)
            for sample in family.samples
        }

    def close(self) -> None:
        self.listener.stop()
        self.station.close()


@pytest.fixture
def house(tmp_path: Path, said: Said) -> Iterator[House]:
    made = House(tmp_path)
    yield made
    made.close()


def add_drift(house: House, kind: str, *, code: str = "kiotviet_moved") -> None:
    now = house.rig.clock.now()
    house.shop.store.drifts.keep([Drift(now, kind, "AO-01", "3", "4", code, "why", repaired=True)], now)


def unknown_product(house: House) -> str:
    (house.rig.sandbox.variants["MOI-01"],) = house.rig.haravan.add_product(
        "Hàng MOI-01", [{"sku": "MOI-01", "barcode": "MOI-01", "price": 99_000}]
    )
    return "MOI-01"


def with_everything(house: House) -> None:
    """A shop in which each metric has something to tell."""
    house.rig.place(("AO-01", 2))
    house.rig.place((unknown_product(house), 1))
    house.rig.kiotviet.counter_sale(house.rig.branch, [(house.rig.sandbox.products["AO-02"], 1)])
    house.work()
    store, now = house.shop.store, house.rig.clock.now()
    store.add_task("key", None, "", "return", "Nhập trả hàng", now)
    copies.back_up(store.path, store.path.with_name("copy.db"))
    house.concerns.append(Concern("disk", "disk_low", Level.WARNING, TROUBLE, TROUBLE, now))


def test_a_day_of_the_shop_in_numbers(house: House) -> None:
    with_everything(house)
    seen = house.scrape()
    at = START.timestamp()
    assert {key: seen[key] for key in seen if key.startswith("syncd_orders ")} == {
        f"syncd_orders {state}": float(state in ("received", "ordered"))
        for state in (
            *("received", "ordered", "shipping", "completed"),
            *("cancelled", "returning", "returned", "ignored"),
        )
    }
    assert (seen["syncd_held_orders unknown_sku"], seen["syncd_tasks_open return"]) == (1, 1)
    assert (seen["syncd_cycles_total orders"], seen["syncd_cycles_total stock"]) == (1, 1)
    assert (seen["syncd_cycle_failures_total orders"], seen["syncd_cycle_failing orders"]) == (0, 0)
    assert seen["syncd_cycle_last_success_timestamp_seconds orders"] == at
    assert (seen["syncd_cycle_interval_seconds orders"], seen["syncd_cycle_interval_seconds stock"]) == (15, 30)
    assert seen["syncd_concerns disk_low warning"] == 1
    assert seen["syncd_stock_written_total"] == 1
    assert seen["syncd_kiotviet_gets_limit"] == 4000
    assert seen["syncd_store_readable"] == 1


def test_calls_are_those_that_the_remotes_received(house: House) -> None:
    house.rig.place()
    house.work()
    seen, calls = house.scrape(), house.rig.journal.calls()
    for remote in ("haravan", "kiotviet"):
        writes = sum(call.remote == remote and call.method != "GET" for call in calls if "token" not in call.path)
        assert seen[f"syncd_api_calls_total {remote} write"] == writes
    gets = sum(call.remote == "kiotviet" and call.method == "GET" for call in calls)
    assert seen["syncd_kiotviet_gets_last_hour"] == seen["syncd_api_calls_total kiotviet read"] == gets


def test_each_metric_of_the_table_is_scraped_with_its_type_unit_and_help_and_no_other(house: House) -> None:
    with_everything(house)
    families = {family.name: family for family in text_string_to_metric_families(house.get("/metrics").text)}
    # the parser gives counters without their suffix
    table = {metric.name.removesuffix("_total"): metric for metric in METRICS}
    assert families.keys() == table.keys()
    for name, family in families.items():
        metric = table[name]
        assert (family.type, family.documentation) == (metric.kind, metric.help)
        assert {frozenset(sample.labels) for sample in family.samples} == {frozenset(metric.labels)}
        assert metric.name.endswith("_total") == (metric.kind == COUNTER)
        assert metric.help in markdown()


def test_no_order_product_customer_or_secret_is_in_a_scrape(house: House) -> None:
    with_everything(house)
    body = house.get("/metrics").text
    (order, *_) = house.shop.store.reports.held()
    private = [order.number.lstrip("#"), str(order.haravan_id), "AO-01", "MOI-01", house.rig.haravan.token]
    private += [house.rig.kiotviet.client_secret, *re.findall(r'"phone": "(\d+)"', str(house.rig.kiotviet.customers()))]
    assert [word for word in private if word in body] == []


def test_who_asks_for_openmetrics_gets_it(house: House) -> None:
    house.work()
    answer = house.get("/metrics", accept="application/openmetrics-text; version=1.0.0")
    assert answer.headers["content-type"].startswith("application/openmetrics-text")
    assert "syncd_cycles" in {family.name for family in open_metrics(answer.text)}
    assert house.get("/metrics").headers["cache-control"] == "no-store"


def test_a_cycle_that_fails_is_counted_and_shows_until_one_goes_well(house: House) -> None:
    house.rig.faults.add(Fault("status", remote="haravan", times=0))
    house.work()
    seen = house.scrape()
    assert (seen["syncd_cycle_failures_total orders"], seen["syncd_cycle_failing orders"]) == (1, 1)
    assert "syncd_cycle_last_success_timestamp_seconds orders" not in seen
    house.rig.faults.clear()
    house.later()
    seen = house.scrape()
    assert (seen["syncd_cycle_failures_total orders"], seen["syncd_cycle_failing orders"]) == (1, 0)
    assert seen["syncd_cycles_total orders"] == 2
    assert seen["syncd_cycle_last_success_timestamp_seconds orders"] == (START + timedelta(seconds=60)).timestamp()


def test_a_remote_that_refuses_the_credentials_is_named_until_it_accepts_them(house: House) -> None:
    house.rig.haravan.revoke_token()
    house.work()
    seen = house.scrape()
    assert (seen["syncd_credentials_refused haravan"], seen["syncd_credentials_refused kiotviet"]) == (1, 0)
    house.rig.haravan.restore_token()
    house.later()
    assert house.scrape()["syncd_credentials_refused haravan"] == 0


def test_how_long_a_cycle_takes_is_told(house: House) -> None:
    script = house.shop.orders.run
    house.shop.orders.run = lambda **how: (house.rig.later(7), script(**how))[1]  # type: ignore[method-assign]
    house.work()
    assert house.scrape()["syncd_cycle_duration_seconds orders"] == 7


def test_differences_are_counted_from_the_start_on_and_never_backwards(house: House) -> None:
    add_drift(house, "stock")
    assert house.scrape()["syncd_drift_found_total stock"] == 0
    for kind in ("stock", "stock", "document"):
        add_drift(house, kind)
    add_drift(house, "stock", code="first")
    seen = house.scrape()
    assert (seen["syncd_drift_found_total stock"], seen["syncd_drift_found_total document"]) == (2, 1)
    house.rig.clock.advance(91 * 24 * 3600)
    add_drift(house, "document")  # with it, what is older than 90 days is forgotten
    seen = house.scrape()
    assert (seen["syncd_drift_found_total stock"], seen["syncd_drift_found_total document"]) == (2, 2)


def test_what_the_store_remembers_shows_at_the_next_scrape(house: House) -> None:
    store, now = house.shop.store, START.isoformat()
    assert (house.scrape()["syncd_stock_plan_refused"], house.scrape()["syncd_backfill_orders waiting"]) == (0, 0)
    store.remember(SWEPT_SINCE, now)
    store.remember(PLAN_REFUSED, "it lowers 40 of 50 products")
    store.remember("orders_backfill", {"after": 7, "read": 150, "total": 600, "since": now, "until": now})
    house.rig.later(90)
    seen = house.scrape()
    assert (seen["syncd_stock_oldest_figure_age_seconds"], seen["syncd_stock_plan_refused"]) == (90, 1)
    assert (seen["syncd_backfill_orders read"], seen["syncd_backfill_orders waiting"]) == (150, 450)
    # as long as this thread has it open, there is a write-ahead log
    log = store.path.with_name(f"{store.path.name}-wal").stat().st_size
    assert seen["syncd_database_bytes"] == store.path.stat().st_size + log
    assert log > 0
    assert seen["syncd_database_free_bytes"] > 0


def test_a_database_that_cannot_be_read_leaves_the_other_metrics(house: House, said: Said) -> None:
    house.work()
    house.shop.store.close()
    path = house.shop.store.path
    whole = path.read_bytes()
    path.write_bytes(b"somebody's letter" * 4096)
    seen = house.scrape()
    assert (seen["syncd_store_readable"], seen["syncd_cycles_total orders"]) == (0, 1)
    assert "syncd_orders received" not in seen
    assert said("metrics_without_store")
    answer = house.get("/readyz")
    assert (answer.status_code, answer.text[:30]) == (503, "the database cannot be read (f")
    assert house.get("/healthz").status_code == 200, "the jobs themselves are well"
    path.write_bytes(whole)
    assert house.scrape()["syncd_store_readable"] == 1, "it comes back by itself"


def test_healthz_is_well_until_a_job_makes_no_progress_for_ten_minutes(house: House) -> None:
    assert (house.get("/healthz").status_code, house.get("/healthz").text) == (200, "ok\n")
    house.work()
    house.rig.clock.advance(15 + 599)
    assert house.get("/healthz").status_code == 200
    house.rig.clock.advance(1)
    answer = house.get("/healthz")
    assert answer.status_code == 503
    assert answer.text == (
        "orders: no progress for 10 minutes; look at the log, then 'systemctl restart' the service\n"
    )
    house.work()
    assert house.get("/healthz").status_code == 200


def test_readyz_waits_for_each_kind_of_cycle_and_for_none_to_be_stale(house: House) -> None:
    answer = house.get("/readyz")
    assert answer.status_code == 503
    assert answer.text.splitlines() == [
        "orders: no cycle went well yet; 'syncd status' shows the last error",
        "stock: no cycle went well yet; 'syncd status' shows the last error",
    ]
    orders, stock = house.station.workers
    orders.run()
    assert house.get("/readyz").text.startswith("stock:")
    stock.run()
    assert (house.get("/readyz").status_code, house.get("/readyz").text) == (200, "ok\n")
    house.rig.clock.advance(299)
    assert house.get("/readyz").status_code == 200
    house.rig.clock.advance(2)
    assert house.get("/readyz").text.splitlines() == [
        f"{cycle}: the last cycle that went well ended 5 minutes ago; 'syncd status' shows the last error"
        for cycle in ("orders", "stock")
    ]


def test_a_shop_without_linked_locations_needs_no_stock_cycle_and_speaks_its_language(
    tmp_path: Path, said: Said
) -> None:
    house = House(tmp_path, language="vi", links=False)
    try:
        assert house.get("/readyz").text.splitlines() == [
            "đơn hàng: chưa có lượt nào chạy tốt; 'syncd status' cho biết lỗi gần nhất"
        ]
        house.station.workers[0].run()
        assert house.get("/readyz").status_code == 200
    finally:
        house.close()


def test_the_pages_are_for_looking_only(house: House) -> None:
    for path in ("/metrics", "/healthz", "/readyz"):
        assert httpx.post(house.listener.url + path).status_code == 405
        assert httpx.head(house.listener.url + path).content == b""


def test_no_question_of_a_scrape_reads_through_the_orders_or_the_events(house: House) -> None:
    with_everything(house)
    store = house.shop.store
    connection, asked = store._db.database.connection(), list[str]()
    connection.set_trace_callback(asked.append)
    families = list(ShopCollector(house.watched).collect())
    assert len(families) == len(METRICS)
    assert len(asked) > 10
    connection = store._db.database.connection()
    plans = [row[-1] for query in asked for row in connection.execute(f"EXPLAIN QUERY PLAN {query}")]
    large = re.compile(r"SCAN .*\b(orders|events|publications|drifts|calls|catalogue)\b(?!.*COVERING)")
    assert [plan for plan in plans if large.search(plan)] == []


def test_the_process_tells_what_it_uses() -> None:
    used = process.usage()
    assert used["process_start_time_seconds"] == pytest.approx(time.time(), abs=3600 * 6)
    assert used["process_start_time_seconds"] < time.time()
    assert used["process_resident_memory_bytes"] > 10_000_000
    assert used["process_open_fds"] < used["process_max_fds"]
    assert used["process_cpu_seconds_total"] > 0.1


def test_a_machine_without_proc_tells_the_rest(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(process, "_SELF", tmp_path / "nowhere")
    assert process.usage().keys() == {"process_cpu_seconds_total", "process_max_fds"}
