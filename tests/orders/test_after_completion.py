"""After an order was completed: a person is told once which document to enter, until KiotViet shows it."""

from __future__ import annotations

import contextlib
from pathlib import Path

import pytest

from syncd.sandbox.faults import Fault
from syncd.store.tasks import BY_COMMAND, IN_KIOTVIET, SUPERSEDED, Task
from tests.orders.kit import (
    Killed,
    assert_ended_well,
    assert_quiet,
    deliver,
    live_invoices,
    live_orders,
    settle,
    try_cycle,
    whole_life,
)
from tests.orders.mortality import Fuse, wire
from tests.rig import Rig

MINUTES = 60
NEXT_LOOK, NEXT_HOUR = 11 * MINUTES, 61 * MINUTES


def sold(rig: Rig, *lines: tuple[str, int], cycles: int = 1) -> int:
    """A completed order, three shirts and trousers unless told."""
    order_id = rig.place(*(lines or (("AO-01", 3), ("QUAN-01", 1))))
    whole_life(rig, order_id)
    settle(rig, cycles)
    assert rig.state(order_id) == "completed"
    return order_id


def line_of(rig: Rig, order_id: int, number: int = 0) -> int:
    return int(rig.haravan.order(order_id)["line_items"][number]["id"])


def tasks(rig: Rig) -> list[Task]:
    return rig.shop.store.tasks()


def cycle(rig: Rig, after: float = MINUTES) -> list[Task]:
    """One more cycle; the tasks that are open then."""
    rig.later(after)
    rig.orders()
    return tasks(rig)


def closed(rig: Rig, order_id: int) -> list[str]:
    return [task.how for task in rig.shop.store.todo.of_order(order_id) if task.closed_at is not None]


def invoice_of(rig: Rig, number: int = 0) -> int:
    return int(live_invoices(rig)[number]["id"])


def take_back(rig: Rig, sku: str = "AO-01", pieces: int = 1, invoice: int | None = None) -> None:
    """A clerk enters a return slip in KiotViet."""
    rig.kiotviet.return_goods(invoice or invoice_of(rig), [(rig.sandbox.products[sku], pieces)])


def returns_read(rig: Rig) -> int:
    return sum(call.path.startswith("/returns") for call in rig.journal.calls())


# --- what people are told --------------------------------------------------------------------------------------------


def test_a_partial_return_names_invoice_product_pieces_and_money_and_undoes_nothing(rig: Rig) -> None:
    order_id = sold(rig)
    rig.haravan.refund(order_id, [(line_of(rig, order_id), 2)], restock=True, amount=580_000)
    (task,) = cycle(rig)
    code = live_invoices(rig)[0]["code"]
    assert f"enter a return (Trả hàng) in KiotViet for invoice {code} with 2 × AO-01; pay back 580.000 đ" in task.text
    assert (task.code, task.haravan_id) == ("refunded", order_id)
    assert cycle(rig) == cycle(rig) == [task]
    assert_ended_well(rig, order_id)


def test_a_return_that_was_booked_before_completion_is_asked_for_at_completion(rig: Rig) -> None:
    order_id = rig.place(("AO-01", 2))
    shipment_id = rig.haravan.ship(order_id)
    rig.haravan.carrier(order_id, shipment_id, "delivering")
    rig.orders()
    rig.haravan.refund(order_id, [(line_of(rig, order_id), 1)], restock=True)
    assert cycle(rig) == []
    deliver(rig, order_id, shipment_id)
    (task,) = cycle(rig)
    assert (rig.state(order_id), task.code) == ("completed", "refunded")


def test_each_of_two_shipments_is_returned_on_its_own_invoice(rig: Rig) -> None:
    order_id = rig.place(("AO-01", 1), ("QUAN-01", 1))
    for number in (0, 1):
        shipment_id = rig.haravan.ship(order_id, [(line_of(rig, order_id, number), 1)])
        rig.haravan.carrier(order_id, shipment_id, "delivering")
        deliver(rig, order_id, shipment_id)
        settle(rig, 2)
    assert (rig.state(order_id), len(live_invoices(rig))) == ("completed", 2)
    rig.haravan.refund(order_id, [(line_of(rig, order_id, 1), 1)], restock=True)
    (task,) = cycle(rig)
    carrying = next(row for row in live_invoices(rig) if row["invoiceDetails"][0]["productCode"] == "QUAN-01")
    assert f"invoice {carrying['code']} with 1 × QUAN-01" in task.text


def test_a_cancellation_after_completion_asks_for_what_no_refund_speaks_of(rig: Rig) -> None:
    order_id = sold(rig)
    rig.haravan.refund(order_id, [(line_of(rig, order_id), 1)], restock=True)
    cycle(rig)
    rig.haravan.cancel(order_id)
    first, second = cycle(rig)
    assert ("1 × AO-01" in first.text, first.code) == (True, "refunded")
    assert ("2 × AO-01, 1 × QUAN-01" in second.text, second.code) == (True, "cancelled_after_completion")
    assert_quiet(rig)


def test_a_parcel_that_comes_back_after_completion_is_asked_for_until_a_refund_says_it_better(rig: Rig) -> None:
    order_id = rig.place(("AO-01", 2))
    shipment_id = whole_life(rig, order_id)
    rig.orders()
    rig.haravan.carrier(order_id, shipment_id, "waitingforreturn")
    (coming,) = cycle(rig, 6 * MINUTES)
    assert coming.code == "returned_after_completion"
    rig.haravan.refund(order_id, [(line_of(rig, order_id), 2)], restock=True)
    (refunded,) = cycle(rig)
    assert (refunded.code, closed(rig, order_id)) == ("refunded", [SUPERSEDED])
    take_back(rig, pieces=2)
    assert cycle(rig, NEXT_LOOK) == []


def test_a_carrier_that_changes_its_mind_takes_the_task_back_and_can_ask_again(rig: Rig) -> None:
    order_id = rig.place(("AO-01", 2))
    shipment_id = whole_life(rig, order_id)
    rig.orders()
    seen = []
    for status in ("waitingforreturn", "delivered", "return"):
        rig.haravan.carrier(order_id, shipment_id, status)
        seen.append([task.id for task in cycle(rig, 6 * MINUTES)])
    assert seen[0] == seen[2] != []
    assert seen[1] == []


def test_an_exchange_is_one_task_about_the_old_order(rig: Rig) -> None:
    order_id = sold(rig)
    new_id = rig.haravan.reorder(order_id)
    (task,) = cycle(rig)
    assert (task.code, task.haravan_id) == ("exchanged", order_id)
    assert rig.haravan.order(new_id)["name"] in task.text
    assert (rig.state(new_id), len(live_orders(rig, new_id))) == ("ordered", 1)
    assert cycle(rig) == [task]


def test_an_exchange_of_an_order_that_was_cancelled_earlier_changes_its_one_task(rig: Rig) -> None:
    order_id, new_id = sold(rig), sold(rig, ("NON-01", 1))
    rig.haravan.cancel(order_id)
    (before,) = cycle(rig)
    rig.haravan.corrupt(new_id, {"prev_order_id": order_id})
    (after,) = cycle(rig)
    assert (before.code, after.code, after.id) == ("cancelled_after_completion", "exchanged", before.id)


def test_an_exchange_that_was_only_noted_when_the_process_died_is_told_later(rig: Rig) -> None:
    order_id = sold(rig)
    rig.shop.store.todo.note_exchange(order_id, "#100777")
    rig.reopen()
    rig.faults.add(Fault("status", remote="haravan", times=0))
    assert try_cycle(rig) is not None
    rig.faults.clear()
    (task,) = cycle(rig)
    assert (task.code, "#100777" in task.text, task.haravan_id) == ("exchanged", True, order_id)
    assert rig.shop.store.todo.exchanges_to_tell() == []


def test_an_exchange_is_told_later_when_haravan_shows_an_empty_page_instead(rig: Rig) -> None:
    order_id = sold(rig)
    rig.shop.store.todo.note_exchange(order_id, "#100777")
    rig.faults.add(Fault("empty_page", remote="haravan", times=0))
    try_cycle(rig)
    rig.faults.clear()
    (task,) = cycle(rig, NEXT_LOOK)
    assert task.code == "exchanged"
    rig.journal.clear()
    assert cycle(rig) == [task]
    assert [call for call in rig.journal.calls("haravan") if "ids=" in call.query] == []


@pytest.mark.parametrize("point", range(3, 13))
def test_a_process_that_dies_while_a_return_is_told_tells_it_once(
    rig: Rig, point: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    order_id = sold(rig)
    rig.haravan.refund(order_id, [(line_of(rig, order_id), 1)], restock=True)
    rig.later()
    fuse = Fuse(point)
    with monkeypatch.context() as patch:
        wire(rig, fuse, patch)
        with contextlib.suppress(Killed):
            rig.shop.orders.run()
    fuse.lit = False
    rig.reopen()
    rig.later()
    rig.shop.orders.run()
    assert [task.code for task in tasks(rig)] == ["refunded"]
    assert [e.event for e in rig.shop.store.events_of(order_id)].count("task_added") == 1


def test_an_order_that_is_replaced_before_completion_needs_no_person(rig: Rig) -> None:
    order_id = rig.place()
    rig.orders()
    rig.haravan.reorder(order_id)
    assert cycle(rig) == []
    assert (rig.state(order_id), rig.shop.store.todo.exchanges_to_tell()) == ("cancelled", [])


def test_an_order_that_is_left_to_people_asks_for_nothing(rig: Rig) -> None:
    order_id = sold(rig)
    rig.shop.store.orders.leave_to_people(order_id, rig.clock.now())
    rig.haravan.refund(order_id, [(line_of(rig, order_id), 1)], restock=True)
    assert cycle(rig) == []
    outside = rig.place(source="pos")
    whole_life(rig, outside)
    rig.haravan.refund(outside, [(line_of(rig, outside), 1)], restock=True)
    assert cycle(rig) == []


# --- when KiotViet shows it ------------------------------------------------------------------------------------------


def test_a_task_closes_once_return_slips_cover_its_pieces_and_leaves_an_event(rig: Rig) -> None:
    order_id = sold(rig)
    rig.haravan.refund(order_id, [(line_of(rig, order_id), 2)], restock=True)
    assert len(cycle(rig)) == 1
    take_back(rig)
    assert len(cycle(rig, NEXT_HOUR)) == 1
    take_back(rig)
    assert cycle(rig, NEXT_LOOK) == []
    assert closed(rig, order_id) == [IN_KIOTVIET]
    assert [e.detail for e in rig.shop.store.events_of(order_id) if e.event == "task_closed"] == ["refunded: kiotviet"]
    assert cycle(rig) == []


def test_one_slip_closes_one_of_two_tasks(rig: Rig) -> None:
    order_id = sold(rig)
    for _ in range(2):
        rig.haravan.refund(order_id, [(line_of(rig, order_id), 1)], restock=True)
    older, newer = cycle(rig)
    take_back(rig)
    assert [task.id for task in cycle(rig, NEXT_HOUR)] == [newer.id]
    assert [task.id for task in cycle(rig, NEXT_HOUR)] == [newer.id]
    take_back(rig)
    assert cycle(rig, NEXT_HOUR) == []
    assert older.id < newer.id


def test_money_given_back_waits_for_a_person(rig: Rig) -> None:
    order_id = sold(rig)
    rig.haravan.refund(order_id, amount=50_000)
    (task,) = cycle(rig)
    take_back(rig)
    assert cycle(rig, NEXT_HOUR) == [task]
    assert rig.shop.store.todo.close(task.id, BY_COMMAND, rig.clock.now())
    assert cycle(rig) == []
    assert closed(rig, order_id) == [BY_COMMAND]


def test_a_voided_invoice_is_back_as_a_whole(rig: Rig) -> None:
    order_id = sold(rig)
    rig.haravan.cancel(order_id)
    assert len(cycle(rig)) == 1
    rig.kiotviet.staff_void_invoice(invoice_of(rig))
    assert cycle(rig, NEXT_HOUR) == []


def test_what_an_order_had_is_on_sale_again_once_it_is_cancelled_after_people_voided_its_invoice(
    tmp_path: Path,
) -> None:
    rig = Rig(tmp_path, switches={"kiotviet_void_effect": "stays_closed"})
    order_id = sold(rig)
    rig.kiotviet.staff_void_invoice(invoice_of(rig))
    cycle(rig, NEXT_HOUR)
    rig.stock()
    assert rig.available("AO-01") == 17, "the buyer has them"
    rig.haravan.cancel(order_id)
    cycle(rig, NEXT_HOUR)
    rig.stock()
    assert (rig.state(order_id), rig.available("AO-01")) == ("completed", 20)
    rig.close()


def test_what_is_sent_anew_is_off_sale_although_people_made_the_reopened_document_smaller(rig: Rig) -> None:
    order_id = sold(rig, ("AO-01", 2))
    shipment_id = rig.haravan.order(order_id)["fulfillments"][0]["id"]
    rig.haravan.carrier(order_id, shipment_id, "return")
    assert len(cycle(rig)) == 1
    rig.kiotviet.staff_void_invoice(invoice_of(rig))
    assert cycle(rig, NEXT_HOUR) == []
    (document,) = live_orders(rig, order_id)
    rig.kiotviet.staff_edit_order(document["id"], [(rig.sandbox.products["AO-01"], 1)])
    cycle(rig, NEXT_HOUR)
    rig.haravan.carrier(order_id, shipment_id, "cancel")
    rig.haravan.ship(order_id)
    cycle(rig)
    rig.stock()
    assert (rig.state(order_id), rig.available("AO-01")) == ("completed", 17), "one is reserved, two are promised"


def test_what_a_cancelled_order_had_is_on_sale_again_once_people_voided_its_invoice(tmp_path: Path) -> None:
    rig = Rig(tmp_path, switches={"kiotviet_void_effect": "stays_closed"})
    order_id = sold(rig)
    rig.haravan.cancel(order_id)
    assert len(cycle(rig)) == 1
    rig.kiotviet.staff_void_invoice(invoice_of(rig))
    assert cycle(rig, NEXT_HOUR) == []
    rig.stock()
    assert rig.available("AO-01") == 20
    rig.close()


def test_an_invoice_that_was_edited_to_what_the_buyer_kept_is_enough(rig: Rig) -> None:
    order_id = sold(rig)
    rig.haravan.refund(order_id, [(line_of(rig, order_id), 2)], restock=True)
    assert len(cycle(rig)) == 1
    rig.kiotviet.staff_edit_invoice(
        invoice_of(rig), [(rig.sandbox.products["AO-01"], 1), (rig.sandbox.products["QUAN-01"], 1)]
    )
    assert cycle(rig, NEXT_HOUR) == []


def test_an_edited_invoice_with_the_pieces_on_it_is_found_under_its_new_id(rig: Rig) -> None:
    order_id = sold(rig)
    rig.haravan.refund(order_id, [(line_of(rig, order_id, 1), 1)], restock=True)
    assert len(cycle(rig)) == 1
    edited = rig.kiotviet.staff_edit_invoice(
        invoice_of(rig), [(rig.sandbox.products["AO-01"], 3), (rig.sandbox.products["QUAN-01"], 1)], discount=5_000
    )
    assert len(cycle(rig, NEXT_HOUR)) == 1
    take_back(rig, "QUAN-01", invoice=edited)
    assert cycle(rig, NEXT_HOUR) == []


def test_nothing_is_read_without_an_open_task_and_little_with_one(rig: Rig) -> None:
    order_id = sold(rig)
    rig.journal.clear()
    for _ in range(5):
        cycle(rig, NEXT_LOOK)
    assert returns_read(rig) == 0
    rig.haravan.refund(order_id, [(line_of(rig, order_id), 1)], restock=True)
    cycle(rig)
    rig.journal.clear()
    for _ in range(2 * 60):
        rig.later(60)
        rig.shop.orders.run()
    assert returns_read(rig) <= 13
    assert sum(call.path.startswith("/invoices/") for call in rig.journal.calls()) <= 3


def test_an_answer_of_which_half_is_missing_is_no_voided_invoice(rig: Rig) -> None:
    order_id = sold(rig)
    rig.haravan.cancel(order_id)
    assert len(cycle(rig)) == 1
    rig.kiotviet.staff_edit_invoice(invoice_of(rig), discount=5_000)
    rig.faults.add(Fault("empty_page", remote="kiotviet", method="GET", path="/invoices$", times=0))
    assert len(cycle(rig, NEXT_HOUR)) == 1
    rig.faults.clear()
    assert len(cycle(rig, NEXT_HOUR)) == 1
    rig.kiotviet.staff_void_invoice(invoice_of(rig))
    assert cycle(rig, NEXT_HOUR) == []


@pytest.mark.parametrize("kind", ["status", "garbage_json", "missing_keys", "forbidden", "empty_page"])
def test_what_cannot_be_read_leaves_the_task_open_and_the_cycle_good(rig: Rig, kind: str) -> None:
    order_id = sold(rig)
    rig.haravan.refund(order_id, [(line_of(rig, order_id), 1)], restock=True)
    rig.faults.add(Fault(kind, remote="kiotviet", method="GET", path="/returns|/invoices/[0-9]", times=99))
    assert len(cycle(rig)) == 1
    take_back(rig)
    assert len(cycle(rig, NEXT_HOUR)) == 1
    assert rig.orders().failures == []
    rig.faults.clear()
    assert cycle(rig, NEXT_HOUR) == []


# --- whatever nobody is sure of --------------------------------------------------------------------------------------


def test_a_lost_store_asks_again_only_for_what_kiotviet_does_not_show(rig: Rig) -> None:
    order_id = sold(rig)
    rig.haravan.refund(order_id, [(line_of(rig, order_id), 1)], restock=True)
    rig.haravan.refund(order_id, [(line_of(rig, order_id, 1), 1)], restock=True)
    rig.haravan.refund(order_id, amount=50_000)
    before = [(task.code, task.text) for task in cycle(rig)]
    take_back(rig)
    assert len(cycle(rig, NEXT_HOUR)) == 2
    rig.lose_store()
    settle(rig, 3)
    assert rig.state(order_id) == "completed"
    assert [(task.code, task.text) for task in cycle(rig, NEXT_HOUR)] == before[1:]
    assert [task.code for task in rig.shop.store.todo.of_order(order_id)] == [code for code, _ in before]


TURNED = [
    ("fresh_documents", "late"),
    ("query_clock", "offset_dropped"),
    ("query_clock", "naive_is_utc"),
    ("modified_bound", "exclusive"),
    ("never_modified", "left_out"),
    ("ignored_filter", "orderId"),
    ("key_case", "pascal"),
    ("put_invoice", "always_new"),
    ("put_invoice", "in_place"),
    ("void_effect", "stays_closed"),
    ("shared_budget", "shared"),
]
"""What reading return slips and invoices depends on."""


@pytest.mark.parametrize(("key", "position"), TURNED, ids=map("=".join, TURNED))
def test_returns_are_seen_whatever_kiotviet_turns_out_to_do(tmp_path: Path, key: str, position: str) -> None:
    rig = Rig(tmp_path, switches={f"kiotviet.{key}": position})
    order_id = sold(rig, ("AO-01", 2), cycles=2)
    rig.haravan.refund(order_id, [(line_of(rig, order_id), 1)], restock=True)
    assert [task.code for task in cycle(rig)] == ["refunded"]
    take_back(rig)
    assert cycle(rig, NEXT_HOUR) == []
    rig.haravan.cancel(order_id)
    assert [task.code for task in cycle(rig)] == ["cancelled_after_completion"]
    rig.kiotviet.staff_void_invoice(invoice_of(rig))
    assert cycle(rig, NEXT_HOUR) == []
    assert closed(rig, order_id) == [IN_KIOTVIET, IN_KIOTVIET]
    rig.close()
