"""KiotViet's documents in lists that are odd, short or contradict each other: nothing wrong is concluded."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from syncd.core.documents import marker
from syncd.sandbox.faults import Fault
from tests.orders.kit import assert_quiet, hand_over, live_invoices, live_orders, settle
from tests.orders.test_document_audit import audit, document, ordered
from tests.rig import Rig
from tests.stock.kit import cure, doctor

LISTED = ("/orders", "/invoices")


@pytest.fixture
def shipped(rig: Rig) -> Iterator[tuple[Rig, int]]:
    """An order on the road that no list of changes shows any more."""
    order_id = ordered(rig, ("AO-01", 2))
    hand_over(rig, order_id)
    rig.orders()
    return rig, order_id


def rows(payload: dict[str, Any]) -> list[dict[str, Any]]:
    return payload.get("data", [payload])  # type: ignore[no-any-return]


# --- the full comparison ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", LISTED)
def test_a_row_that_cannot_be_understood_is_not_compared(shipped: tuple[Rig, int], path: str) -> None:
    rig, order_id = shipped

    def spoil(payload: dict[str, Any]) -> None:
        for row in rows(payload):
            row["total"] = "nhiều"

    doctor(rig, "kiotviet", path, spoil)
    report = audit(rig)
    assert (report.compared, report.differed, rig.hold(order_id)) == (1, (), "")


def test_an_invoice_that_neither_list_nor_id_shows_is_gone(shipped: tuple[Rig, int]) -> None:
    rig, order_id = shipped

    def empty(payload: dict[str, Any]) -> None:
        payload["data"], payload["total"] = [], 0

    rig.faults.add(Fault("status", remote="kiotviet", path=r"^/invoices/\d+$", status=404, times=0))
    doctor(rig, "kiotviet", "/invoices", empty)
    assert ("gone", order_id) in [(drift.code, drift.haravan_id) for drift in audit(rig).differed]


def test_a_comparison_that_comes_too_soon_after_a_dear_one_is_left_out(shipped: tuple[Rig, int]) -> None:
    rig, _ = shipped
    assert rig.shop.orders.run(full=True, audit=True).compared == 1
    calls = len(rig.journal.calls("kiotviet"))
    assert rig.shop.orders.run(full=True, audit=True).compared == 0
    rig.later(600)
    assert rig.shop.orders.run(full=True, audit=True).compared == 1
    assert len(rig.journal.calls("kiotviet")) > calls


def test_an_order_with_the_marker_of_one_that_we_never_made_is_no_stranger(shipped: tuple[Rig, int]) -> None:
    rig, _ = shipped
    rig.kiotviet.staff_create_order(rig.branch, [(rig.sandbox.products["AO-01"], 1)], description=marker(424242))
    assert audit(rig).differed == ()


def test_a_copy_that_took_the_place_of_our_cancelled_order_is_no_twin(rig: Rig) -> None:
    order_id = ordered(rig)
    ours = document(rig, order_id)
    rig.kiotviet.staff_create_order(rig.branch, [(rig.sandbox.products["AO-01"], 1)], description=ours["description"])
    rig.kiotviet.staff_cancel_order(ours["id"])
    assert "stranger" not in [drift.code for drift in audit(rig).differed]
    assert rig.hold(order_id) != "duplicate_in_kiotviet"


# --- whose invoice it is ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("told", ["orderId", "orderCode", "description"])
def test_an_invoice_is_known_by_the_order_it_names_else_by_our_marker(rig: Rig, told: str) -> None:
    first, second = rig.place(("AO-01", 1)), rig.place(("AO-02", 1))
    rig.orders()
    by_code = {row["code"]: row["id"] for row in rig.kiotviet.orders()}
    codes = {row["id"]: row["orderCode"] for row in rig.kiotviet.invoices()}
    assert codes == {}

    def rename(payload: dict[str, Any]) -> None:
        for row in rows(payload):
            code = row.pop("orderCode", None)
            row.pop("orderId", None)
            row |= {"orderId": {"orderId": by_code.get(code)}, "orderCode": {"orderCode": code}}.get(told, {})

    doctor(rig, "kiotviet", "/invoices", rename)
    rig.sandbox.turn(kiotviet_ignored_filter="orderId")
    for order_id in (first, second):
        hand_over(rig, order_id)
    rig.later()
    rig.orders()
    assert [rig.state(order_id) for order_id in (first, second)] == ["shipping", "shipping"]
    assert_quiet(rig)
    assert len(live_invoices(rig)) == 2


def test_an_invoice_that_cannot_be_understood_lets_its_order_wait(rig: Rig) -> None:
    order_id = rig.place()
    rig.orders()
    hand_over(rig, order_id)
    rig.kiotviet.staff_invoice_order(live_orders(rig)[0]["id"])

    def spoil(payload: dict[str, Any]) -> None:
        for row in rows(payload):
            row["total"] = "nhiều"

    doctor(rig, "kiotviet", "/invoices", spoil)
    rig.later()
    assert rig.orders().failures
    assert len(live_invoices(rig)) == 1
    cure(rig)
    settle(rig, 2)
    assert (rig.state(order_id), len(live_invoices(rig))) == ("shipping", 1)


# --- twins and the watch ---------------------------------------------------------------------------------------------


def test_a_copy_of_an_order_that_people_cancelled_meanwhile_is_no_twin(rig: Rig) -> None:
    order_id = rig.place()
    rig.orders()
    (ours,) = live_orders(rig, order_id)
    rig.later(70)
    rig.shop.orders.run()
    rig.later(7200)
    for _ in range(100):
        rig.kiotviet.staff_create_order(rig.branch, [(rig.sandbox.products["AO-02"], 1)])
    rig.later(3600)
    for _ in range(2):
        rig.place(("AO-02", 1))
        rig.shop.orders.run()
        rig.later(70)
    rig.shop.orders._documents.look = lambda **_: None  # type: ignore[method-assign]
    rig.kiotviet.staff_cancel_order(ours["id"])
    rig.kiotviet.staff_create_order(rig.branch, [(rig.sandbox.products["AO-01"], 1)], description=ours["description"])
    rig.place(("AO-02", 1))
    rig.later()
    rig.shop.orders.run()
    assert rig.hold(order_id) != "duplicate_in_kiotviet"


def test_what_stock_saw_of_documents_is_looked_at_before_the_next_minute(rig: Rig) -> None:
    rig.place(("AO-01", 2))
    rig.once()
    order_id = rig.place(("AO-02", 1))
    rig.later(70)
    rig.shop.orders.run()
    rig.kiotviet.staff_cancel_order(live_orders(rig, order_id)[0]["id"])
    rig.later(30)
    rig.shop.stock.run()
    rig.later(10)
    rig.shop.orders.run()
    assert rig.hold(order_id) == "edited_in_kiotviet"


def test_what_could_not_be_dealt_with_is_taken_again(rig: Rig) -> None:
    order_id = rig.place()
    rig.orders()
    rig.later()
    rig.kiotviet.staff_create_order(
        rig.branch, [(rig.sandbox.products["AO-01"], 1)], description=live_orders(rig)[0]["description"]
    )
    rig.faults.add(Fault("status", remote="kiotviet", path=r"^/orders/\d+$", status=503, times=0))
    assert rig.shop.orders.run().failures
    rig.faults.clear()
    rig.later(10)
    rig.shop.orders.run()
    assert rig.hold(order_id) == "duplicate_in_kiotviet"


def test_a_copy_beside_our_cancelled_order_is_news_and_no_twin(rig: Rig) -> None:
    order_id = rig.place()
    rig.orders()
    (ours,) = live_orders(rig, order_id)
    rig.later()
    rig.kiotviet.staff_cancel_order(ours["id"])
    rig.kiotviet.staff_create_order(rig.branch, [(rig.sandbox.products["AO-01"], 1)], description=ours["description"])
    rig.shop.orders.run()
    assert rig.hold(order_id) not in ("", "duplicate_in_kiotviet")
