"""Orders that cannot go on: why, for how long, and that none of them delays another."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from syncd.errors import BadPayload
from syncd.sandbox.faults import Fault
from tests.orders.kit import (
    assert_ended_well,
    assert_quiet,
    hand_over,
    live_invoices,
    live_orders,
    settle,
    whole_life,
    writes_of_a_cycle,
)
from tests.rig import Rig


def reason(rig: Rig, order_id: int) -> str:
    record = rig.shop.store.orders.record(order_id)
    assert record is not None
    assert record.hold is not None
    return record.hold.reason


def new_goods(rig: Rig, sku: str, *, in_kiotviet: bool = False) -> None:
    """A product that only Haravan has, or both."""
    (rig.sandbox.variants[sku],) = rig.haravan.add_product(
        f"Hàng {sku}", [{"sku": sku, "barcode": sku, "price": 99_000}]
    )
    if in_kiotviet:
        stock_up(rig, sku)


def stock_up(rig: Rig, sku: str, code: str = "") -> None:
    rig.kiotviet.add_product(code or sku, f"Hàng {sku}", 99_000, stock={rig.branch: 9})


# --- products --------------------------------------------------------------------------------------------------------


def test_an_unknown_sku_holds_only_its_own_order_and_goes_on_once_the_product_is_there(rig: Rig) -> None:
    new_goods(rig, "MOI-01")
    held, other = rig.place(("AO-01", 1), ("MOI-01", 1)), rig.place()
    rig.orders()
    assert (rig.hold(held), rig.state(held), rig.state(other)) == ("unknown_sku", "received", "ordered")
    assert "MOI-01" in reason(rig, held)
    rig.later()
    assert_quiet(rig)
    stock_up(rig, "MOI-01")
    rig.later()
    rig.orders()
    assert (rig.hold(held), rig.state(held), len(live_orders(rig, held))) == ("", "ordered", 1)


def test_an_unknown_sku_refreshes_the_products_at_once(rig: Rig) -> None:
    rig.place()
    rig.orders()
    new_goods(rig, "MOI-01", in_kiotviet=True)
    order_id = rig.place(("MOI-01", 1))
    rig.later()
    rig.orders()
    assert rig.state(order_id) == "ordered"


def test_an_ambiguous_sku_is_never_guessed(rig: Rig) -> None:
    rig.haravan.add_product("Áo chép lại", [{"sku": "AO-01", "barcode": "AO-01", "price": 290_000}])
    held, other = rig.place(), rig.place(("NON-01", 1))
    rig.orders()
    assert (rig.hold(held), rig.state(other)) == ("ambiguous_sku", "ordered")
    assert "AO-01" in reason(rig, held)


def test_a_line_without_a_variant_is_held(rig: Rig) -> None:
    order_id = rig.haravan.place_order([{"variant_id": None, "quantity": 1, "price": 50_000, "title": "Gói quà"}])
    rig.orders()
    assert rig.hold(order_id) in ("unknown_sku", "unsupported_line")
    assert_quiet(rig)


# --- totals ----------------------------------------------------------------------------------------------------------


def test_totals_that_differ_before_sending_hold_the_order_with_both_figures(rig: Rig) -> None:
    order_id = rig.place(("AO-01", 1))
    rig.haravan.corrupt(order_id, {"total_price": 333_000})
    other = rig.place(("NON-01", 1))
    rig.orders()
    assert (rig.hold(order_id), live_orders(rig, order_id)) == ("total_mismatch", [])
    assert "333.000" in reason(rig, order_id)
    assert "320.000" in reason(rig, order_id)
    assert rig.state(other) == "ordered"


def test_a_total_that_kiotviet_answers_otherwise_holds_the_order_until_people_correct_it(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    _dear(rig, monkeypatch, 7_000)
    order_id = rig.place()
    hand_over(rig, order_id)
    rig.orders()
    assert (rig.hold(order_id), live_invoices(rig)) == ("total_mismatch", [])
    assert "320.000" in reason(rig, order_id)
    assert "327.000" in reason(rig, order_id)
    rig.later(400)
    assert_quiet(rig)
    monkeypatch.undo()
    rig.later(400)
    rig.orders()
    assert (rig.hold(order_id), rig.state(order_id), len(live_invoices(rig))) == ("", "shipping", 1)


def _dear(rig: Rig, monkeypatch: pytest.MonkeyPatch, more: int) -> None:
    """KiotViet shows each order dearer than it was sent, as with a price rule of its own."""
    real = rig.shop.remotes.kiotviet.order

    def order(order_id: int) -> Any:
        shown = real(order_id)
        return replace(shown, total=shown.total + more)

    monkeypatch.setattr(rig.shop.remotes.kiotviet, "order", order)


# --- refusals --------------------------------------------------------------------------------------------------------


def refused(rig: Rig) -> tuple[int, int]:
    """An order whose invoice KiotViet refuses, because the goods are gone there, and one that is fine."""
    rig.kiotviet.set_stock(rig.sandbox.products["AO-01"], rig.branch, 0)
    held, other = rig.place(), rig.place(("NON-01", 1))
    for order_id in (held, other):
        hand_over(rig, order_id)
    rig.orders()
    return held, other


def test_a_refusal_holds_the_order_with_kiotviets_own_sentence(rig: Rig) -> None:
    held, other = refused(rig)
    assert (rig.hold(held), rig.state(held), rig.state(other)) == ("rejected", "ordered", "shipping")
    assert "hết tồn kho" in reason(rig, held)
    assert "Traceback" not in reason(rig, held)


def test_a_refused_write_is_not_repeated_before_an_hour_has_passed(rig: Rig) -> None:
    refused(rig)
    for _ in range(9):
        rig.later(360)
        assert writes_of_a_cycle(rig) == []
    rig.later(600)
    assert writes_of_a_cycle(rig) == ["POST /invoices"]


def test_a_refused_write_is_sent_again_when_a_person_says_retry(rig: Rig) -> None:
    held, _ = refused(rig)
    rig.kiotviet.set_stock(rig.sandbox.products["AO-01"], rig.branch, 5)
    rig.shop.store.orders.ask_retry(held, rig.clock.now())
    assert writes_of_a_cycle(rig) == ["POST /invoices"]
    assert (rig.hold(held), rig.state(held)) == ("", "shipping")


def test_a_refused_write_is_sent_again_when_the_order_changes(rig: Rig) -> None:
    held, _ = refused(rig)
    rig.kiotviet.set_stock(rig.sandbox.products["AO-01"], rig.branch, 5)
    rig.later(20)
    rig.haravan.edit_note(held, "Gọi lại sau 5 giờ")
    assert writes_of_a_cycle(rig) == ["POST /invoices"]


def test_a_refused_write_is_sent_again_when_the_settings_change(rig: Rig) -> None:
    refused(rig)
    rig.kiotviet.set_stock(rig.sandbox.products["AO-01"], rig.branch, 5)
    rig.reopen()
    rig.settings = replace(rig.settings, orders=replace(rig.settings.orders, lookup_wait_seconds=61))
    rig.later(20)
    assert writes_of_a_cycle(rig) == ["POST /invoices"]


def test_orders_switched_off_in_kiotviet_hold_and_recover_without_a_restart(rig: Rig) -> None:
    rig.kiotviet.setting("SellAllowOrder", False)
    order_id = rig.place(shipping=0, buyer=False)
    settle(rig, 2)
    assert live_orders(rig) == []
    rig.kiotviet.setting("SellAllowOrder", True)
    rig.later(3700)
    settle(rig, 2)
    assert (rig.state(order_id), rig.hold(order_id)) == ("ordered", "")


def test_an_order_left_to_people_is_never_written_again(rig: Rig) -> None:
    held, _ = refused(rig)
    rig.kiotviet.set_stock(rig.sandbox.products["AO-01"], rig.branch, 5)
    rig.shop.store.orders.leave_to_people(held, rig.clock.now())
    rig.later(4000)
    assert_quiet(rig)
    assert (rig.state(held), rig.hold(held)) == ("ignored", "")


# --- outcomes that cannot be known -----------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["status", "html", "truncate"])
def test_a_list_that_cannot_be_read_after_a_lost_answer_holds_the_order_and_sends_nothing(rig: Rig, kind: str) -> None:
    rig.faults.add(Fault("lose_answer", remote="kiotviet", method="POST", path="/orders$"))
    order_id = rig.place()
    rig.orders()
    rig.faults.add(Fault(kind, remote="kiotviet", method="GET", path="/orders$", times=0))
    for _ in range(3):
        rig.later(90)
        assert writes_of_a_cycle(rig) == []
    assert rig.hold(order_id) == "outcome_unknown"
    rig.faults.clear()
    rig.later(20)
    assert writes_of_a_cycle(rig) == []
    assert (rig.state(order_id), rig.hold(order_id), len(live_orders(rig))) == ("ordered", "", 1)


def test_an_invoice_list_that_cannot_be_read_after_a_lost_answer_sends_nothing(rig: Rig) -> None:
    rig.faults.add(Fault("lose_answer", remote="kiotviet", method="POST", path="/invoices$"))
    order_id = rig.place()
    whole_life(rig, order_id)
    rig.orders()
    rig.faults.add(Fault("missing_keys", remote="kiotviet", method="GET", path="/invoices$", times=0))
    for _ in range(3):
        rig.later(90)
        assert writes_of_a_cycle(rig) == []
    assert rig.hold(order_id) == "outcome_unknown"
    rig.faults.clear()
    settle(rig, 3, 400)
    assert_ended_well(rig, order_id)


def test_a_list_that_fails_is_read_once_a_cycle_however_many_orders_wait(rig: Rig) -> None:
    rig.faults.add(Fault("status", remote="kiotviet", method="GET", path="/orders$", times=0))
    for _ in range(5):
        rig.place(buyer=False, shipping=0)
    rig.orders()
    asked = [call for call in rig.journal.calls("kiotviet") if call.path == "/orders"]
    assert len(asked) <= 3


# --- payloads --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("patch", [{"line_items": "hỏng"}, {"created_at": "hôm qua"}, {"total_price": "miễn phí"}])
def test_an_order_that_cannot_be_understood_is_held_and_the_rest_goes_on(rig: Rig, patch: dict[str, Any]) -> None:
    held, other = rig.place(), rig.place(("NON-01", 1))
    rig.haravan.corrupt(held, patch)
    rig.orders()
    assert (rig.hold(held), rig.state(other)) == ("bad_payload", "ordered")
    rig.later(20)
    assert_quiet(rig)
    rig.haravan.corrupt(held, {})
    rig.later(20)
    rig.orders()
    assert (rig.hold(held), rig.state(held)) == ("", "ordered")


def test_a_row_without_an_id_keeps_the_cursor_where_it_is(rig: Rig) -> None:
    rig.place()
    rig.orders()
    before = rig.shop.store.recall("orders_cursor")
    rig.later()
    held, other = rig.place(), rig.place(("NON-01", 1))
    rig.haravan.corrupt(held, {"id": None})
    report = rig.orders()
    assert rig.shop.store.recall("orders_cursor") == before
    assert report.failures
    assert rig.state(other) == "ordered"
    rig.haravan.corrupt(held, {})
    rig.later()
    assert rig.orders().failures == []
    assert rig.state(held) == "ordered"


def test_a_document_of_ours_that_cannot_be_understood_holds_only_its_own_order(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    held, other = rig.place(), rig.place(("NON-01", 1))
    rig.orders()
    (document,) = live_orders(rig, held)
    real = rig.shop.remotes.kiotviet.order

    def order(order_id: int) -> Any:
        if order_id == document["id"]:
            raise BadPayload("order total: expected a number, found a text", record_id=order_id)
        return real(order_id)

    monkeypatch.setattr(rig.shop.remotes.kiotviet, "order", order)
    for order_id in (held, other):
        hand_over(rig, order_id)
    rig.later()
    rig.orders()
    assert (rig.hold(held), rig.state(other)) == ("bad_payload", "shipping")
    monkeypatch.undo()
    rig.later(400)
    rig.orders()
    assert (rig.hold(held), rig.state(held)) == ("", "shipping")
