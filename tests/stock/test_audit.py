"""Each figure that was sent can be explained afterwards, and another program that undoes it is told of once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from syncd.errors import Transient
from syncd.sandbox.http import Request
from syncd.store.drifts import Drift
from syncd.store.history import Publication
from tests.rig import Rig
from tests.stock.kit import ADJUST, LEVELS, adjusts, available, count, deliver, doctor, fail, plant, sell, settings


def last(rig: Rig, sku: str = "AO-01") -> Publication:
    return history(rig, sku)[0]


def history(rig: Rig, sku: str = "AO-01") -> list[Publication]:
    return rig.shop.store.history.of(rig.location, rig.sandbox.variants[sku])


def connector(rig: Rig, figures: dict[str, int], note: str = "App KiotViet") -> None:
    """Another program sets what Haravan may sell."""
    rows = [(rig.sandbox.variants[sku], figure - available(rig, sku)) for sku, figure in figures.items()]
    rig.haravan.staff_adjust(rig.location, [row for row in rows if row[1]], note)


def tasks(rig: Rig) -> list[str]:
    return [task.text for task in rig.shop.store.tasks() if task.code == "stock_rewritten"]


def skus(rig: Rig, number: int) -> list[str]:
    return list(rig.sandbox.variants)[:number]


def test_a_sale_is_kept_with_its_terms_and_the_slip(rig: Rig) -> None:
    rig.stock()
    sell(rig, "AO-01", 5)
    rig.stock()
    kept = last(rig)
    assert (kept.old, kept.wanted, kept.shown, kept.outcome) == (20, 15, 15, "written")
    assert (kept.sellable, kept.pending, kept.safety_stock, kept.reason) == (15, 0, 0, "kiotviet_moved")
    assert kept.note == adjusts(rig)[-1].body["inventory"]["note"]  # type: ignore[index]
    assert (kept.sku, kept.code) == ("AO-01", "AO-01")


def test_a_quiet_cycle_publishes_nothing(rig: Rig) -> None:
    rig.stock()
    rig.stock()
    assert history(rig) == []


def test_a_hundred_figures_of_one_call_are_all_kept(rig: Rig) -> None:
    rig.sandbox.fill(120)
    for sku in list(rig.sandbox.products)[:104]:
        count(rig, sku, 21)
    rig.stock()
    kept = [last(rig, sku) for sku in list(rig.sandbox.variants)[:104]]
    assert {(one.wanted, one.shown, one.outcome) for one in kept} == {(21, 21, "written")}
    assert len({one.note for one in kept}) == 2


@pytest.mark.parametrize(("kind", "effect"), [("lose_request", False), ("lose_answer", True)])
def test_a_lost_answer_is_kept_with_what_the_next_read_showed(rig: Rig, kind: str, effect: bool) -> None:
    rig.stock()
    count(rig, "AO-01", 15)
    plant(rig, kind, ADJUST, "haravan")
    rig.stock()
    assert (last(rig).outcome, last(rig).shown) == ("unknown", 15 if effect else 20)


def test_a_lost_answer_whose_read_back_fails_is_settled_by_the_next_cycle(rig: Rig) -> None:
    rig.stock()
    count(rig, "AO-01", 15)
    plant(rig, "lose_answer", ADJUST, "haravan")

    def blind(_: str, request: Request) -> None:
        if ADJUST in request.path:
            fail(rig, "status", LEVELS, "haravan")

    rig.sandbox.haravan_gate.before_effect.append(blind)
    with pytest.raises(Transient):
        rig.stock()
    assert (last(rig).outcome, last(rig).shown) == ("unknown", None)
    rig.sandbox.haravan_gate.before_effect.remove(blind)
    rig.faults.clear()
    rig.reopen()
    rig.stock()
    assert [(one.outcome, one.shown) for one in history(rig)] == [("unknown", 15)]


def test_what_was_never_sent_is_no_publication(rig: Rig) -> None:
    sell(rig, "AO-01", 5)
    plant(rig, "rate_limited", ADJUST, "haravan")
    with pytest.raises(Transient):
        rig.stock()
    assert history(rig) == []


@pytest.mark.parametrize("reading", ["refuses_all", "stops_midway"])
def test_a_refused_line_is_kept_once_and_its_neighbours_as_written(tmp_path: Path, reading: str) -> None:
    rig = Rig(tmp_path, switches={"haravan_bad_line": reading})
    rig.stock()
    for sku in rig.sandbox.variants:
        count(rig, sku, 23)
    gone: list[int] = []

    def delete_now(_: str, request: Request) -> None:
        if LEVELS in request.path and not gone:
            gone.append(rig.sandbox.variants["NON-01"])
            rig.haravan.delete_variant(gone[0])

    rig.sandbox.haravan_gate.after_effect.append(delete_now)
    rig.stock()
    kept = {sku: [one.outcome for one in history(rig, sku)] for sku in rig.sandbox.variants}
    assert kept == {sku: ["refused" if sku == "NON-01" else "written"] for sku in rig.sandbox.variants}
    rig.close()


def undo(rig: Rig, number: int, times: int, *, to: int = 20) -> None:
    """Somebody sets the first figures to `to`, again and again; each time we write them anew."""
    for _ in range(times):
        connector(rig, dict.fromkeys(skus(rig, number), to))
        rig.later(600)
        rig.stock()


def sell_each(rig: Rig, number: int) -> None:
    settings(rig, max_change_percent=100)
    rig.stock()
    for sku in skus(rig, number):
        sell(rig, sku, 1)
    rig.stock()


def test_a_figure_undone_three_times_is_told_once_with_whose_slips_there_are(rig: Rig) -> None:
    sell_each(rig, 1)
    undo(rig, 1, 2)
    assert tasks(rig) == []
    with capture_logs() as logs:
        undo(rig, 1, 4)
    assert len([log for log in logs if log["event"] == "stock_rewritten"]) == 1
    (told,) = tasks(rig)
    assert f"location {rig.location}" in told
    assert "AO-01 was written as 19 and found as 20" in told
    assert "(App KiotViet)" in told
    assert "syncd 2026" not in told, "our own slips are not named"
    assert "'syncd done'" in told
    assert available(rig, "AO-01") == 19, "what is right is written all the while"
    assert last(rig).reason == "changed_in_haravan"


@pytest.mark.parametrize(("foreign", "figures"), [("sets_back", 5), ("slips", 1)])
def test_a_program_that_answers_our_writes_before_they_are_read_back_is_told(
    tmp_path: Path, foreign: str, figures: int
) -> None:
    rig = Rig(tmp_path, switches={"haravan_foreign_slips": foreign})
    sell_each(rig, figures)
    for _ in range(2):
        rig.later(30)
        rig.stock()
    (told,) = tasks(rig)
    assert "(Đồng bộ tồn kho từ ứng dụng khác)" in told
    rig.close()


def test_a_write_that_haravan_takes_and_does_not_show_is_nobody_elses(rig: Rig) -> None:
    settings(rig, max_change_percent=100)
    connector(rig, dict.fromkeys(skus(rig, 7), 30))
    rig.stock()
    for sku in skus(rig, 7):
        sell(rig, sku, 1)

    def hide(payload: dict[str, Any]) -> None:
        for level in payload["inventory_locations"]:
            level["qty_available"] = 20

    doctor(rig, "haravan", LEVELS, hide)
    for _ in range(4):
        rig.later(30)
        rig.stock()
    assert tasks(rig) == []


def test_a_shop_that_reads_vietnamese_is_told_in_vietnamese(tmp_path: Path) -> None:
    rig = Rig(tmp_path, language="vi")
    sell_each(rig, 1)
    undo(rig, 1, 3)
    (told,) = tasks(rig)
    assert "có phần mềm khác liên tục sửa tồn kho mà syncd đã ghi: AO-01 đã ghi 19, sau đó thấy 20" in told
    rig.close()


def test_after_the_task_is_closed_only_what_happens_from_then_on_counts(rig: Rig) -> None:
    sell_each(rig, 1)
    undo(rig, 1, 5)
    rig.shop.store.todo.close(rig.shop.store.tasks()[0].id, "command", rig.clock.now())
    undo(rig, 1, 2)
    assert tasks(rig) == []
    undo(rig, 1, 1)
    assert len(tasks(rig)) == 1


def test_many_figures_set_back_within_an_hour_are_told_at_once_and_five_are_named(rig: Rig) -> None:
    sell_each(rig, 7)
    undo(rig, 7, 1)
    (told,) = tasks(rig)
    assert told.count(" was written as ") == 5


def test_a_person_who_corrects_one_figure_or_many_is_not_told_of(rig: Rig) -> None:
    sell_each(rig, 7)
    undo(rig, 1, 1)
    undo(rig, 7, 1, to=31)
    assert tasks(rig) == []
    assert {available(rig, sku) for sku in skus(rig, 7)} == {19}


def test_slips_that_cannot_be_read_do_not_keep_the_report_back(rig: Rig) -> None:
    sell_each(rig, 1)
    fail(rig, "status", "/inventories/adjustments", "haravan")
    undo(rig, 1, 3)
    (told,) = tasks(rig)
    assert "could not be read" in told


def test_sales_in_between_are_not_another_program(rig: Rig) -> None:
    sell_each(rig, 7)
    for _ in range(4):
        for sku in skus(rig, 7):
            sell(rig, sku, 1)
        rig.later(600)
        rig.stock()
    assert undone(rig) == []


def undone(rig: Rig) -> list[str]:
    return [one.sku for one in rig.shop.store.drifts.undone_since(rig.clock.now().replace(year=2020))]


@pytest.mark.parametrize("known_at_once", [True, False])
def test_orders_that_come_and_go_are_not_another_program(rig: Rig, known_at_once: bool) -> None:
    sell_each(rig, 7)
    for _ in range(2):
        order = rig.place(*((sku, 2) for sku in skus(rig, 7)))
        if known_at_once:
            rig.once()
        rig.stock()
        rig.haravan.cancel(order)
        rig.later()
        rig.stock()
        rig.once()
    assert (undone(rig), tasks(rig)) == ([], [])


def test_an_order_cancelled_while_stock_is_read_is_not_another_program(rig: Rig) -> None:
    sell_each(rig, 7)
    for _ in range(2):
        order = rig.place(*((sku, 1) for sku in skus(rig, 7)))
        rig.stock()
        rig.later()
        waiting = [order]

        def cancel_now(_: str, request: Request, waiting: list[int] = waiting) -> None:
            if LEVELS in request.path and waiting:
                rig.haravan.cancel(waiting.pop())

        rig.sandbox.haravan_gate.before_effect.append(cancel_now)
        rig.stock()
        rig.sandbox.haravan_gate.before_effect.remove(cancel_now)
        rig.stock()
    assert (undone(rig), tasks(rig)) == ([], [])


def test_goods_that_web_buyers_bring_back_are_not_another_program(rig: Rig) -> None:
    sell_each(rig, 1)
    for _ in range(2):
        order = rig.place(("AO-01", 1))
        rig.once()
        deliver(rig, order)
        rig.once()
        line = rig.haravan.order(order)["line_items"][0]["id"]
        rig.haravan.refund(order, [(line, 1)], restock=True)
        rig.later(600)
        rig.once()
    assert last(rig).reason == "orders_moved"
    assert (undone(rig), tasks(rig)) == ([], [])


def test_our_own_late_request_is_not_another_program(rig: Rig) -> None:
    rig.stock()
    count(rig, "AO-01", 25)
    plant(rig, "late", ADJUST, "haravan", seconds=200)
    for _ in range(8):
        rig.later(45)
        rig.stock()
        rig.sandbox.settle()
    assert (available(rig, "AO-01"), undone(rig)) == (25, [])


def drifts(rig: Rig) -> list[Drift]:
    return rig.shop.store.drifts.since(rig.clock.now().replace(year=2020))


def test_a_comparison_remembers_what_differed_and_why(rig: Rig) -> None:
    sell_each(rig, 1)
    connector(rig, {"AO-01": 31})
    rig.stock()
    drift = drifts(rig)[-1]
    assert (drift.kind, drift.subject, drift.found, drift.expected) == ("stock", "AO-01", "31", "19")
    assert (drift.code, drift.repaired, drift.location_id) == ("changed_in_haravan", True, rig.location)
    assert "from 19 to 31" in drift.sentence


def test_what_a_document_named_has_not_drifted(rig: Rig) -> None:
    rig.stock()
    rig.shop.stock.run()
    rig.later(30)
    sell(rig, "AO-01", 2)
    rig.shop.stock.run()
    assert (last(rig).wanted, last(rig).source[:2]) == (18, "HD")
    assert drifts(rig) == []


def test_a_difference_that_could_not_be_repaired_says_so(rig: Rig) -> None:
    rig.stock()
    sell(rig, "AO-01", 1)
    plant(rig, "lose_request", ADJUST, "haravan")
    rig.stock()
    assert [drift.repaired for drift in drifts(rig)] == [False]


def test_a_comparison_that_breaks_off_remembers_what_it_found(rig: Rig) -> None:
    rig.stock()
    sell(rig, "AO-01", 1)
    plant(rig, "rate_limited", ADJUST, "haravan")
    with pytest.raises(Transient):
        rig.stock()
    assert [drift.repaired for drift in drifts(rig)] == [False]
