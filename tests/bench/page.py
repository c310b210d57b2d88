"""How fast the status page answers with a big store: `python -m tests.bench.page [ORDERS]`.

A store with that many orders (a million unless told), some events of each, and published figures is built in a
temporary folder; then each page is loaded over a real socket, one load after the other.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from syncd.core.lifecycle import State
from syncd.store import Store
from syncd.store.samples import SLOT_SECONDS
from tests.rig import START, Rig
from tests.web.page_kit import Page, status_page

ORDERS = 1_000_000
LOADS = 30
EVENTS_PER_ORDER = 4
OPEN, HELD, TASKS = 3_000, 600, 200
FIRST_ID = 1_000_000_000

# One row per number; the newest are open, some of those held, one in ten of the rest was ignored.
_ORDERS = """
    WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < :orders)
    INSERT INTO orders (haravan_id, number, number_key, state, is_open, ours, reason, created_at, updated_at, digest,
        settled, lines_digest, kv_id, kv_code, kv_said, kv_news, left_to_people, retry_asked, searched, hold_code,
        hold_reason, hold_since, hold_fingerprint, tracking, parts, outstanding, touched_seq, tags)
    SELECT :first + i, '#' || i, i,
        CASE WHEN i >= :orders - :open THEN CASE i % 3 WHEN 0 THEN 'received' WHEN 1 THEN 'ordered' ELSE 'shipping' END
             WHEN i % 10 = 0 THEN 'ignored' WHEN i % 13 = 0 THEN 'cancelled' ELSE 'completed' END,
        i >= :orders - :open, 1,
        CASE WHEN i < :orders - :open AND i % 10 = 0 THEN 'channel pos is not in orders.channels' ELSE 'settled' END,
        strftime('%Y-%m-%dT%H:%M:%S.000000+00:00', 1760000000 + i * 35, 'unixepoch'),
        strftime('%Y-%m-%dT%H:%M:%S.000000+00:00', 1760000000 + i * 35, 'unixepoch'),
        'd', 's', 'l', i, 'DH' || i, '', 0, 0, 0, 1,
        CASE WHEN i >= :orders - :held THEN CASE i % 2 WHEN 0 THEN 'unknown_sku' ELSE 'rejected' END END,
        CASE WHEN i >= :orders - :held THEN 'SKU MOI-01 is not in KiotViet: create it there' ELSE '' END,
        CASE WHEN i >= :orders - :held
             THEN strftime('%Y-%m-%dT%H:%M:%S.000000+00:00', 1760000000 + i * 35, 'unixepoch') END,
        '', '{}', '[]', 0, i, ''
    FROM n
"""
_EVENTS = """
    WITH RECURSIVE k(j) AS (SELECT 0 UNION ALL SELECT j + 1 FROM k WHERE j + 1 < :per)
    INSERT INTO events (at, haravan_id, event, detail)
    SELECT created_at, haravan_id,
        CASE j WHEN 0 THEN 'order_received' WHEN 1 THEN 'order_created' WHEN 2 THEN 'invoice_created'
               ELSE 'state_completed' END, kv_code || ' (Phiếu tạm)'
    FROM orders, k WHERE haravan_id >= :first AND haravan_id < :last ORDER BY haravan_id, j
"""
_PUBLICATIONS = """
    WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < :rows)
    INSERT INTO publications (at, location_id, variant_id, sku, code, old, wanted, shown, sellable, pending,
        safety_stock, source, read_at, branches, note, outcome, reason)
    SELECT strftime('%Y-%m-%dT%H:%M:%S.000000+00:00', 1763000000 + i, 'unixepoch'), :location, :variant + i % 5000,
        'X', 'X', i % 50, i % 47, i % 47, i % 47, 0, 0, 'sweep', NULL, '[]', 'n', 'written', 'kiotviet_moved'
    FROM n
"""


def fill_store(store: Store, orders: int, *, open_orders: int = 0, held: int = 0) -> None:
    """Orders of former years with some events each; the newest may be open, and some of those held."""
    numbers = {"orders": orders, "first": FIRST_ID, "open": min(open_orders, orders), "held": min(held, orders)}
    database = store._db.database.connection()  # type: ignore[no-untyped-call]
    with database:
        database.execute(_ORDERS, numbers)
        database.execute(_EVENTS, {"per": EVENTS_PER_ORDER, "first": FIRST_ID, "last": FIRST_ID + orders})
    with store._db.write():
        # the log of those years was written then
        store.events.keep_told(store.events.newest())


def fill(rig: Rig, orders: int) -> None:
    """A store as after years of trade."""
    store = rig.shop.store
    fill_store(store, orders, open_orders=OPEN, held=HELD)
    variant = rig.sandbox.variants["AO-01"]
    database = store._db.database.connection()  # type: ignore[no-untyped-call]
    with database:
        database.execute(_PUBLICATIONS, {"rows": orders // 2, "location": rig.location, "variant": variant})
    now = rig.clock.now()
    for slot in range(14 * 86400 // SLOT_SECONDS):
        store.samples.keep(now - timedelta(seconds=slot * SLOT_SECONDS), figures_seconds=900, orders_seconds=slot % 90)
    for minute in range(60):
        store.count_calls("kiotviet_get", 40 + minute % 30, now - timedelta(minutes=minute))
    for number in range(TASKS):
        store.add_task(f"bench:{number}", FIRST_ID + number, f"#{number}", "refunded", "enter a return", now)


def paths(rig: Rig, orders: int) -> Iterator[tuple[str, str]]:
    yield "overview", "/"
    yield "overview, 14 days", "/?span=weeks"
    yield "held and tasks", "/held"
    yield "held of one code", "/held?code=rejected"
    yield "held, last page", f"/held?skip={min(HELD, orders) - 50}"
    yield "an order", f"/orders/{FIRST_ID + orders // 2}"
    yield "an order by number", f"/orders?q={orders // 2}"
    yield "a product", "/stock?q=AO-01"
    yield "events", "/events"
    yield "events, half-way back", f"/events?before={orders * EVENTS_PER_ORDER // 2}"


def loads(page: Page, path: str) -> tuple[list[float], float, int]:
    """Milliseconds of each load, those that one costs a processor (its reader here too), and how many bytes come."""
    taken, size, spent = [], 0, time.process_time()
    for _ in range(LOADS):
        begin = time.perf_counter()
        answer = page.http.get(path, follow_redirects=True)
        taken.append((time.perf_counter() - begin) * 1000)
        assert answer.status_code == 200, answer.text
        size = len(answer.content)
    return taken, (time.process_time() - spent) * 1000 / LOADS, size


def reports(store: Store) -> float:
    """Milliseconds of what `status` counts."""
    begin = time.perf_counter()
    counts = store.reports.counts()
    store.reports.ignored_reasons()
    assert set(counts) <= {state.value for state in State}
    return (time.perf_counter() - begin) * 1000


def main() -> None:
    orders = int(sys.argv[1]) if len(sys.argv) > 1 else ORDERS
    with tempfile.TemporaryDirectory(prefix="syncd-bench-") as folder:
        rig = Rig(Path(folder))
        rig.once()
        begin = time.perf_counter()
        fill(rig, orders)
        megabytes = rig.settings.database.stat().st_size / 1e6
        print(
            f"{orders:,} orders, {orders * EVENTS_PER_ORDER:,} events, {orders // 2:,} publications, "
            f"{megabytes:,.0f} MB, made in {time.perf_counter() - begin:.0f} s; from {START:%Y-%m-%d}"
        )
        with status_page(rig) as page:
            begin = time.perf_counter()
            page.http.get("/", timeout=120)
            print(f"first load, with templates to compile: {(time.perf_counter() - begin) * 1000:.0f} ms")
            print(f"{'page':<24}{'median ms':>10}{'max ms':>10}{'CPU ms':>10}{'KB':>8}")
            for name, path in paths(rig, orders):
                taken, spent, size = loads(page, path)
                figures = (statistics.median(taken), max(taken), spent)
                print(f"{name:<24}{''.join(f'{figure:>10.1f}' for figure in figures)}{size / 1000:>8.1f}")
        print(f"counts per state and reason, as 'syncd status' asks: {reports(rig.shop.store):.2f} ms")
        rig.close()


if __name__ == "__main__":
    main()
