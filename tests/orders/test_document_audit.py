"""The full comparison of documents: what no list of changes showed is found, marked, and remembered with its end."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from syncd.cycles.orders import OrdersReport
from syncd.store.drifts import Drift
from tests.orders.kit import hand_over, live_invoices, live_orders
from tests.rig import Rig
from tests.stock.kit import cure, doctor, plant


def ordered(rig: Rig, *lines: tuple[str, int]) -> int:
    """An order that KiotViet has, on which the watch for changes is blind from here on."""
    order_id = rig.place(*lines)
    rig.orders()
    rig.later()
    rig.orders()
    rig.shop.orders._documents.look = lambda **_: None  # type: ignore[method-assign]
    return order_id


def document(rig: Rig, order_id: int) -> dict[str, Any]:
    return live_orders(rig, order_id)[0]


def audit(rig: Rig) -> OrdersReport:
    rig.later()
    return rig.shop.orders.run(full=True, audit=True)


def remembered(rig: Rig) -> list[Drift]:
    return rig.shop.store.drifts.since(rig.clock.now().replace(year=2020))


def test_where_both_sides_agree_nothing_is_found_and_nothing_written(rig: Rig) -> None:
    hand_over(rig, ordered(rig))
    ordered(rig)
    audit(rig)
    rig.journal.clear()
    report = audit(rig)
    assert (report.compared, report.differed, report.not_compared) == (2, (), "")
    assert rig.journal.writes() == []
    assert len([call for call in rig.journal.calls("kiotviet") if call.path in ("/orders", "/invoices")]) <= 3


def test_an_edit_that_no_list_of_changes_showed_is_found_held_and_remembered_once(rig: Rig) -> None:
    order_id = ordered(rig)
    code = document(rig, order_id)["code"]
    rig.kiotviet.staff_edit_order(document(rig, order_id)["id"], [(rig.sandbox.products["AO-01"], 5)])
    (drift,) = audit(rig).differed
    assert rig.hold(order_id) == "edited_in_kiotviet"
    assert (drift.kind, drift.code, drift.repaired, drift.haravan_id) == ("document", "changed", False, order_id)
    assert f"{code} has other lines" in drift.sentence
    assert "; held: " in drift.sentence
    assert audit(rig).differed == (), "what was judged is known"
    assert remembered(rig) == [drift]


@pytest.mark.parametrize(
    ("hidden", "code"), [("listed", "status_differs"), ("by_id_only", "status_differs"), ("gone", "gone")]
)
def test_a_cancelled_order_is_found_wherever_kiotviet_still_shows_it(tmp_path: Path, hidden: str, code: str) -> None:
    rig = Rig(tmp_path, switches={"kiotviet_cancelled_orders": hidden})
    order_id = ordered(rig)
    rig.kiotviet.staff_cancel_order(document(rig, order_id)["id"])
    (drift,) = audit(rig).differed
    assert (drift.code, rig.hold(order_id)) == (code, "edited_in_kiotviet")
    rig.close()


def test_a_new_document_that_lists_do_not_show_yet_is_not_gone(tmp_path: Path) -> None:
    rig = Rig(tmp_path, switches={"kiotviet_fresh_documents": "late"})
    ordered(rig)
    rig.place(("AO-02", 1))
    rig.orders()
    report = rig.shop.orders.run(full=True, audit=True)
    assert (report.compared, report.differed) == (2, ())
    rig.close()


def test_a_difference_that_both_sides_explain_is_taken_up(rig: Rig) -> None:
    order_id = ordered(rig)
    rig.kiotviet.staff_cancel_order(document(rig, order_id)["id"])
    rig.haravan.cancel(order_id)
    (drift,) = audit(rig).differed
    assert (rig.state(order_id), drift.repaired) == ("cancelled", True)
    assert drift.sentence.endswith("taken up, nothing is left to do")


def test_an_order_that_was_given_our_marker_later_is_told(rig: Rig) -> None:
    other = rig.kiotviet.staff_create_order(rig.branch, [(rig.sandbox.products["AO-01"], 1)])
    rig.later(7200)
    order_id = ordered(rig)
    rig.later(7200)
    rig.orders()
    rig.kiotviet.staff_edit_order(other, description=document(rig, order_id)["description"])
    (drift,) = audit(rig).differed
    assert (drift.code, rig.hold(order_id)) == ("stranger", "duplicate_in_kiotviet")
    assert audit(rig).differed == ()


def test_an_invoice_that_we_did_not_make_and_one_that_was_voided_are_found(rig: Rig) -> None:
    first, second = ordered(rig, ("AO-01", 1)), ordered(rig, ("AO-02", 1))
    rig.kiotviet.staff_invoice_order(document(rig, first)["id"])
    hand_over(rig, second)
    rig.orders()
    made = next(row for row in live_invoices(rig) if row["orderId"] == document(rig, second)["id"])
    rig.kiotviet.staff_void_invoice(made["id"])
    codes = {(drift.haravan_id, drift.code) for drift in audit(rig).differed}
    assert {(first, "strange_invoice"), (second, "status_differs")} <= codes


@pytest.mark.parametrize("kind", ["status", "truncate"])
@pytest.mark.parametrize("path", ["^/orders$", "^/invoices$"])
def test_a_list_that_could_not_be_read_to_the_end_concludes_nothing(rig: Rig, kind: str, path: str) -> None:
    order_id = ordered(rig)
    rig.kiotviet.staff_cancel_order(document(rig, order_id)["id"])
    plant(rig, kind, path, "kiotviet", times=0)
    report = audit(rig)
    assert report.not_compared
    assert (report.compared, report.differed, remembered(rig), rig.hold(order_id)) == (0, (), [], "")
    rig.faults.clear()
    assert len(audit(rig).differed) == 1


def test_a_list_that_is_shorter_than_it_says_concludes_nothing(rig: Rig) -> None:
    order_id = ordered(rig)
    rig.kiotviet.staff_cancel_order(document(rig, order_id)["id"])
    doctor(rig, "kiotviet", "/orders", lambda payload: payload.update(total=payload.get("total", 0) + 3))
    report = audit(rig)
    assert "could not be compared" in report.not_compared
    assert (report.differed, remembered(rig)) == ((), [])
    cure(rig)
    assert len(audit(rig).differed) == 1


def test_a_difference_that_stays_is_remembered_once_a_day(rig: Rig) -> None:
    order_id = ordered(rig)
    rig.kiotviet.staff_invoice_order(document(rig, order_id)["id"])
    for _ in range(3):
        audit(rig)
    assert len([drift for drift in remembered(rig) if drift.code == "strange_invoice"]) == 1


def test_orders_at_their_end_are_not_compared(rig: Rig) -> None:
    order_id = ordered(rig)
    rig.haravan.cancel(order_id)
    audit(rig)
    assert audit(rig).compared == 0
