"""What `journalctl SYNCD_ORDER=…` tells of an order is what `explain` tells: the same steps, in the same order."""

from __future__ import annotations

from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from syncd.core.events import KINDS, order_field
from syncd.core.texts import text
from syncd.cycles.order_story import tell
from syncd.errors import StoreUnwritable
from syncd.logs import processors, speak
from syncd.sandbox.faults import Fault
from syncd.store import Store
from syncd.store.tasks import BY_COMMAND
from syncd.wiring import Outside, open_shop
from tests.orders.kit import Killed, settle
from tests.orders.week import SETTINGS, Week
from tests.rig import Rig

Line = MutableMapping[str, Any]


@contextmanager
def journal(language: str) -> Iterator[list[Line]]:
    """Every line that is said meanwhile, as the sinks get it."""
    speak(language)
    try:
        with capture_logs(processors=processors()) as lines:
            yield lines
    finally:
        speak("en")


def story(lines: list[Line], number: str, *, once: bool = False) -> list[tuple[str, str, str]]:
    """What the journal has of an order's steps; with `once`, a step that was said again is left out."""
    mine = [line for line in lines if line.get("order") == order_field(number) and "seq" in line]
    kept = (
        {line["seq"]: line for line in reversed(mine)} if once else {number: line for number, line in enumerate(mine)}
    )
    return [(line["event"], line["detail"], line["text"]) for line in (kept[key] for key in sorted(kept))]


def explained(store: Store, haravan_id: int, language: str) -> tuple[str, list[tuple[str, str, str]]]:
    """An order's number, and its steps as `explain --json` has them, with the number in front as in the journal."""
    told: Any = tell(store, haravan_id, language)
    whose = text("about_order", order=order_field(told["order_number"])).said(language)
    return told["order_number"], [(e["event"], e["detail"], f"{whose}{e['text']}") for e in told["events"]]


def assert_agree(rig: Rig, lines: list[Line], orders: list[int], *, once: bool = False) -> None:
    for haravan_id in orders:
        number, steps = explained(rig.shop.store, haravan_id, rig.settings.language)
        assert steps
        assert story(lines, number, once=once) == steps


@pytest.mark.parametrize("language", ["vi", "en"])
def test_a_week_of_orders_reads_the_same_in_the_journal_and_in_explain(tmp_path: Path, language: str) -> None:
    with journal(language) as lines:
        rig = Rig(tmp_path, language=language, **SETTINGS)
        week = Week(rig)
        unknown = rig.haravan.add_product("Hàng mới", [{"sku": "MOI-01", "price": 99_000}])
        (rig.sandbox.variants["MOI-01"],) = unknown
        (rig.sandbox.variants["VỀ-01"],) = rig.haravan.add_product("Hàng về", [{"sku": "VỀ-01", "price": 50_000}])
        held, released = rig.place(("MOI-01", 1)), rig.place(("VỀ-01", 1))
        rig.faults.add(Fault("lose_answer", remote="kiotviet", method="POST", path="/orders$", nth=2))
        rig.faults.add(Fault("refuse", remote="kiotviet", method="POST", path="/invoices$", nth=3))
        settle(rig, 2)
        rig.kiotviet.add_product("VỀ-01", "Hàng về", 50_000)
        settle(rig, 1)
        rig.reopen()
        week.live()
        by_command(rig, held)
        rig.reopen()
        settle(rig, 2)
        orders = [*week.orders.values(), held, released]
        assert_agree(rig, lines, orders)
        seen = {line["event"] for line in lines if "seq" in line}
        assert seen >= {
            "order_created",
            "order_held",
            "hold_released",
            "invoice_voided",
            "state_returned",
            "task_added",
            "task_closed",
            "intent_withdrawn",
            "retry_asked",
            "left_to_people",
        }
        assert_right_form(lines, orders)
        rig.close()


def by_command(rig: Rig, held: int) -> None:
    """What `syncd retry`, `done` and `ignore` do while the daemon runs: in another process, which tells nobody."""
    now = rig.clock.now()
    other = Store(rig.settings.database, create=False, language=rig.settings.language)
    other.orders.ask_retry(held, now)
    for task in other.tasks():
        other.todo.close(task.id, BY_COMMAND, now)
    other.close()
    settle(rig, 1)
    other = Store(rig.settings.database, create=False, language=rig.settings.language)
    other.orders.leave_to_people(held, now)
    other.close()


def assert_right_form(lines: list[Line], orders: list[int]) -> None:
    """Each line has its kind's fields, at its level, with a sentence; what is about an order says which."""
    for line in lines:
        kind = KINDS[line["event"]]
        assert line["level"] in kind.levels
        assert set(kind.fields) <= set(line), line
        assert line["text"]
        assert ("haravan_id" in line) == ("order" in line)
        assert line.get("haravan_id") in (*orders, None)
    of_one = ("order_not_done", "write_in_doubt", "task_invoice_not_read", "document_differs")
    assert all("order" in line for line in lines if line["event"] in of_one)
    assert {"order_not_done"} & {line["event"] for line in lines}


def test_lines_from_pool_threads_know_their_order(tmp_path: Path) -> None:
    with journal("en") as lines:
        rig = Rig(tmp_path)
        travel = rig.outside()
        outside = Outside(rig.clock, travel.haravan_transport, travel.kiotviet_transport)
        orders = {rig.place(): None for _ in range(6)}
        rig.faults.add(Fault("status", remote="kiotviet", method="POST", path="/orders$", times=0))
        with open_shop(rig.settings, outside) as shop:
            shop.orders.run(full=True)
            numbers = {order_field(shop.store.orders.record(key).number): key for key in orders}  # type: ignore[union-attr]
        rig.close()
    failed = [line for line in lines if line["event"] == "order_not_done"]
    assert {(line["order"], line["haravan_id"]) for line in failed} == set(numbers.items())
    told = [line for line in lines if "seq" in line]
    assert all(line["haravan_id"] == numbers[line["order"]] for line in told if "order" in line)
    assert [line["seq"] for line in told] == sorted(line["seq"] for line in told)


def test_what_plan_would_do_is_not_told(rig: Rig) -> None:
    rig.orders()
    rig.place()
    with journal("en") as lines, rig.plan() as plan:
        plan.orders.run(full=True)
        assert plan.planned is not None
        assert plan.planned.writes
        assert plan.store.last_seq() > rig.shop.store.last_seq()
    assert [line for line in lines if "seq" in line] == []


def test_what_was_rolled_back_is_not_told(rig: Rig) -> None:
    store = rig.shop.store
    with journal("en") as lines:
        with suppress(Killed), store._db.write():
            store.add_event("stock_written", "never", rig.clock.now())
            raise Killed
        with suppress(StoreUnwritable), store._db.write():
            store.add_event("stock_written", "nor this", rig.clock.now())
            raise StoreUnwritable
        with store._db.write():
            store.add_event("stock_written", "first", rig.clock.now())
            assert lines == [], "it is not sure yet"
            store.add_event("stock_written", "second", rig.clock.now())
    assert [line["detail"] for line in lines] == ["first", "second"]


@pytest.mark.parametrize("steps", [0, 2])
def test_a_process_that_dies_leaves_out_no_step_and_says_few_twice(rig: Rig, steps: int) -> None:
    with journal("en") as lines:
        first = rig.place()
        settle(rig, 1)
        before = len([line for line in lines if "seq" in line])
        rig.place()
        store = rig.shop.store
        store.check_writable(rig.clock.now())
        assert rig.shop.store._teller is not None
        with suppress(Killed), dying_teller(store, steps):
            rig.orders()
        store.close()
        rig._shop = None
        orders = [first, *(set(rig.shop.store.orders.record(key).haravan_id for key in all_ids(rig)) - {first})]  # type: ignore[union-attr]
        settle(rig, 1)
        assert_agree(rig, lines, orders, once=True)
    seqs = [line["seq"] for line in lines if "seq" in line]
    assert sorted(set(seqs)) == list(range(1, max(seqs) + 1)), "none is missing"
    assert len(seqs) - len(set(seqs)) <= 2
    assert seqs[:before] == sorted(set(seqs[:before]))


def all_ids(rig: Rig) -> list[int]:
    return [order.haravan_id for order in rig.shop.store.orders.open_orders()]


@contextmanager
def dying_teller(store: Store, steps: int) -> Iterator[None]:
    """The process dies between the commit of a step and its line, once so many more were said."""
    teller: Any = store._teller
    tell_it, left = teller._tell, iter(range(steps))

    def dies(event: Any) -> None:
        if next(left, None) is None:
            raise Killed
        tell_it(event)

    teller._tell = dies
    yield


def test_an_orderly_restart_says_nothing_twice(rig: Rig) -> None:
    rig.place()
    rig.orders()
    with journal("en") as lines:
        rig.reopen()
        assert rig.shop.store.last_seq() > 0
    assert lines == []


def test_a_store_of_an_older_syncd_is_not_told_all_over(tmp_path: Path, rig: Rig) -> None:
    rig.place()
    rig.orders()
    database: Any = rig.shop.store._db.database
    rows = database.execute_sql("SELECT count(*) FROM events WHERE haravan_id IS NOT NULL").fetchone()[0]
    assert rows > 0
    database.execute_sql("ALTER TABLE events DROP COLUMN fields")
    database.execute_sql("ALTER TABLE orders DROP COLUMN story_cut")
    database.execute_sql("DELETE FROM meta WHERE key = 'events_told'")
    database.execute_sql("DELETE FROM schema_migration WHERE name LIKE '0005%'")
    rig.shop.store.close()
    rig._shop = None
    with journal("en") as lines:
        _, steps = explained(rig.shop.store, all_ids(rig)[0], "en")
    assert lines == []
    assert len(steps) == rows, "what has no fields yet is told in its own words"
    assert all(step[2] for step in steps)
