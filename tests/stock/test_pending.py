"""Pieces that web buyers have and KiotViet does not know of yet are sold once, on both readings of both sides."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from syncd.cycles.poll import PAGE
from syncd.errors import SyncdError
from syncd.sandbox.http import Request
from tests.orders.kit import live_invoices, live_orders
from tests.rig import Rig
from tests.stock.kit import (
    ON_HANDS,
    adjusts,
    available,
    deliver,
    fail,
    free,
    ignore_orders,
    link,
    plant,
    sell,
    settings,
    ship,
    slips,
)


def make(folder: Path, **switches: str) -> Rig:
    return Rig(folder, switches=switches)


@pytest.fixture
def voiding(tmp_path: Path) -> Iterator[Rig]:
    """A shop whose invoices are voided when the goods come back."""
    made = Rig(tmp_path, on_return="void_invoice")
    yield made
    made.close()


@pytest.fixture
def two(tmp_path: Path) -> Iterator[Rig]:
    made = Rig(tmp_path, two_branches=True)
    yield made
    made.close()


def test_an_order_both_sides_know_moves_no_figure(rig: Rig) -> None:
    rig.place(("AO-01", 2))
    rig.once()
    assert (available(rig, "AO-01"), free(rig, "AO-01"), slips(rig)) == (18, 18, [])


def test_an_order_kiotviet_does_not_know_yet_is_pending(rig: Rig) -> None:
    rig.stock()
    rig.place(("AO-01", 2))
    sell(rig, "AO-01", 1)
    rig.stock()
    assert (available(rig, "AO-01"), free(rig, "AO-01")) == (17, 19)


def test_a_held_order_stays_pending_until_haravan_takes_the_goods_back(rig: Rig) -> None:
    (orphan,) = rig.haravan.add_product("Lạ", [{"sku": "LA-9", "barcode": "LA-9", "price": 1000}])
    order = rig.haravan.place_order([(rig.sandbox.variants["AO-01"], 2), (orphan, 1)])
    rig.once()
    assert rig.hold(order) == "unknown_sku"
    sell(rig, "AO-01", 1)
    rig.once()
    assert available(rig, "AO-01") == 17
    rig.haravan.cancel(order)
    rig.once()
    assert available(rig, "AO-01") == 19


@pytest.mark.parametrize("who", [{"source": "pos"}, {"cod": False}, {"source": None}])
def test_an_order_outside_the_filter_is_pending_until_it_is_handed_over(rig: Rig, who: dict[str, Any]) -> None:
    order = rig.place(("AO-01", 2), **who)
    rig.once()
    assert rig.state(order) == "ignored"
    sell(rig, "AO-01", 1)
    rig.once()
    assert available(rig, "AO-01") == 17
    shipment = ship(rig, order, "readytopick")
    rig.once()
    assert available(rig, "AO-01") == 17
    rig.haravan.carrier(order, shipment, "delivering")
    rig.once()
    assert available(rig, "AO-01") == free(rig, "AO-01") == 19, "KiotViet will never learn of it"


def test_goods_of_an_order_that_was_cancelled_after_delivery_are_back_although_it_is_held(voiding: Rig) -> None:
    order = voiding.place(("AO-01", 2))
    ship(voiding, order, "delivered")
    voiding.once()
    voiding.haravan.cancel(order)
    voiding.sandbox.turn("kiotviet.status_texts=swapped")
    for _ in range(3):
        voiding.later(400)
        voiding.once()
    assert (voiding.hold(order), free(voiding, "AO-01")) == ("edited_in_kiotviet", 20)
    assert available(voiding, "AO-01") == 20


def leave_every_page(rig: Rig) -> None:
    """So much else changes later, and not in the order of the ids, that no poll shows what was there before."""
    rig.once()
    rig.later(3600)
    others = [rig.place(("AO-03", 1), source="pos") for _ in range(PAGE + 1)]
    for other in reversed(others):
        rig.haravan.cancel(other)
        rig.later(30)
    for _ in range(3):
        rig.later(400)
        rig.shop.orders.run()
        rig.stock()


@pytest.mark.parametrize("who", [{}, {"source": "pos"}])
@pytest.mark.parametrize("then", ["cancel", "picking", "waitingforreturn"])
def test_a_piece_that_came_back_and_is_promised_again_is_off_sale_though_no_poll_shows_it(
    tmp_path: Path, who: dict[str, Any], then: str
) -> None:
    rig = Rig(tmp_path, switches={"haravan_progress_moves_order": "stays"}, on_return="void_invoice")
    order = rig.place(("AO-01", 2), **who)
    rig.once()
    parcel = ship(rig, order, "return")
    leave_every_page(rig)
    assert free(rig, "AO-01") == available(rig, "AO-01") == 20
    moved_at = rig.haravan.order(order)["updated_at"]
    rig.haravan.carrier(order, parcel, then)
    assert rig.haravan.order(order)["updated_at"] == moved_at
    sell(rig, "AO-02", 1)
    for _ in range(3):
        rig.later(400)
        rig.shop.orders.run()
        rig.stock()
    out_unseen = who and then == "waitingforreturn"  # KiotViet never learns of such an order, and the goods are out
    assert available(rig, "AO-01") == (20 if out_unseen else 18)
    rig.close()


@pytest.mark.parametrize("then", ["delivering", "waitingforreturn"])
def test_goods_that_are_on_the_way_once_more_after_their_invoice_was_voided_are_off_sale(
    voiding: Rig, then: str
) -> None:
    order = voiding.place(("AO-01", 2))
    parcel = ship(voiding, order, "delivering")
    voiding.once()
    voiding.haravan.carrier(order, parcel, "return")
    voiding.later(400)
    voiding.once()
    assert free(voiding, "AO-01") == available(voiding, "AO-01") == 20
    voiding.haravan.carrier(order, parcel, then)
    sell(voiding, "AO-02", 1)
    for _ in range(2):
        voiding.later(400)
        voiding.once()
        assert (free(voiding, "AO-01"), available(voiding, "AO-01")) == (20, 18)


def test_an_order_outside_the_filter_that_was_taken_from_the_carrier_again_is_off_sale_within_an_hour(
    tmp_path: Path,
) -> None:
    rig = make(tmp_path, haravan_progress_moves_order="stays")
    order = rig.place(("AO-01", 2), source="pos")
    parcel = ship(rig, order, "delivering")
    leave_every_page(rig)
    rig.haravan.carrier(order, parcel, "cancel")
    rig.later(400)
    rig.journal.clear()
    rig.shop.orders.run()
    assert not any(str(order) in call.query for call in rig.journal.calls("haravan")), "there may be thousands"
    rig.shop.orders.run(full=True)
    rig.stock()
    assert available(rig, "AO-01") == 18
    rig.close()


def test_an_order_whose_parcel_came_back_is_read_again_for_two_weeks(tmp_path: Path) -> None:
    rig = make(tmp_path, haravan_progress_moves_order="stays")
    order = rig.place(("AO-01", 2), source="pos")
    ship(rig, order, "return")
    rig.once()
    waits = []
    for days in (1, 12, 2):
        rig.later(days * 86_400)
        rig.once()
        waits.append(rig.shop.store.orders.unfinished(rig.clock.now()))
    assert waits == [[order], [order], []]
    rig.close()


def test_an_order_that_is_cancelled_after_its_parcel_came_back_is_not_read_again(rig: Rig) -> None:
    order = rig.place(("AO-01", 2), source="pos")
    ship(rig, order, "return")
    rig.once()
    rig.haravan.cancel(order)
    rig.later(400)
    rig.once()
    assert rig.shop.store.orders.unfinished(rig.clock.now()) == []


def test_an_order_outside_the_filter_that_is_cancelled_gives_its_pieces_back(rig: Rig) -> None:
    order = rig.place(("AO-01", 2), source="pos")
    rig.once()
    rig.haravan.cancel(order)
    rig.once()
    assert (available(rig, "AO-01"), slips(rig)) == (20, [])


def test_an_order_placed_while_the_sweep_runs_is_not_given_back(rig: Rig) -> None:
    rig.sandbox.fill(120)
    rig.stock()
    sell(rig, "AO-01", 1)
    placed: list[int] = []

    def order_now(remote: str, request: Request) -> None:
        if ON_HANDS.lower() in request.path.lower() and not placed:
            placed.append(rig.place(("AO-01", 2)))

    rig.sandbox.kiotviet_gate.after_effect.append(order_now)
    rig.stock()
    assert placed
    assert available(rig, "AO-01") == 17


def test_a_kiotviet_order_made_while_the_sweep_runs_is_still_pending_for_that_sweep(rig: Rig) -> None:
    settings(rig, orders_reserve="yes")
    rig.sandbox.fill(120)
    rig.stock()
    rig.place(("AO-01", 2))
    sell(rig, "AO-01", 1)
    done: list[int] = []

    def sync_orders_now(remote: str, request: Request) -> None:
        if ON_HANDS.lower() in request.path.lower() and not done:
            done.append(1)
            rig.orders()

    rig.sandbox.kiotviet_gate.after_effect.append(sync_orders_now)
    rig.stock()
    assert done
    assert available(rig, "AO-01") == 17
    rig.stock()
    assert available(rig, "AO-01") == free(rig, "AO-01") == 17


def test_an_order_of_a_branch_outside_the_link_is_pending_until_shipped(two: Rig) -> None:
    """The second location's orders are received by the first branch: its own branch will never show them."""
    second = two.sandbox.locations[1]
    order = two.place(("AO-01", 3), location_id=second)
    two.once()
    sell(two, "AO-01", 1, two.sandbox.branches[1])
    two.once()
    assert available(two, "AO-01", second) == 16
    shipment = ship(two, order)
    two.once()
    assert available(two, "AO-01", second) == 19
    two.haravan.carrier(order, shipment, "delivered")
    two.once()
    assert available(two, "AO-01", second) == 19


def test_an_order_is_received_by_the_branch_of_its_location_where_the_config_says_so(tmp_path: Path) -> None:
    two = Rig(tmp_path, two_branches=True)
    two.settings = replace(
        two.settings,
        orders=replace(
            two.settings.orders,
            branch_by_location=dict(zip(two.sandbox.locations, two.sandbox.branches, strict=True)),
        ),
    )
    second, branch = two.sandbox.locations[1], two.sandbox.branches[1]
    two.place(("AO-01", 3), location_id=second)
    two.once()
    sell(two, "AO-01", 1, branch)
    two.once()
    assert available(two, "AO-01", second) == free(two, "AO-01", branch) == 16
    assert available(two, "AO-01") == 20
    two.close()


@pytest.mark.parametrize("setting", ["auto", "right"])
@pytest.mark.parametrize("reserve", ["yes", "no"])
@pytest.mark.parametrize("leaves_at", ["shipment", "pickup"])
@pytest.mark.parametrize("commits_at", ["placed", "confirmed"])
def test_a_life_from_order_to_money_never_oversells_nor_undersells(
    tmp_path: Path, setting: str, reserve: str, leaves_at: str, commits_at: str
) -> None:
    rig = make(
        tmp_path,
        kiotviet_orders_reserve=reserve,
        haravan_leaves_at=leaves_at,
        haravan_commits_at=commits_at,
    )
    settings(rig, orders_reserve="auto" if setting == "auto" else reserve)
    order = rig.place(("AO-01", 2))
    rig.haravan.confirm(order)
    rig.once()
    sell(rig, "AO-01", 1)
    rig.once()
    assert available(rig, "AO-01") == 17
    shipment = ship(rig, order, "readytopick")
    rig.once()
    assert available(rig, "AO-01") == 17
    for status in ("picking", "delivering", "delivered"):
        rig.haravan.carrier(order, shipment, status)
        rig.once()
        assert available(rig, "AO-01") == 17
    rig.haravan.cod(order, shipment, "codreceipt")
    rig.once()
    assert rig.state(order) == "completed"
    assert available(rig, "AO-01") == free(rig, "AO-01") == 17
    assert len(slips(rig)) == 1, "only the counter sale was a difference"
    rig.close()


@pytest.mark.parametrize("reserve", ["yes", "no"])
def test_the_first_order_tells_whether_kiotviet_reserves(tmp_path: Path, reserve: str) -> None:
    rig = make(tmp_path, kiotviet_orders_reserve=reserve)
    rig.place(("AO-01", 2))
    rig.once()
    assert rig.shop.reserve.known == reserve
    rig.reopen()
    assert rig.shop.reserve.known == reserve, "remembered across a restart"
    rig.close()


def test_a_calibration_that_fails_is_careful_and_tried_with_the_next_order(rig: Rig) -> None:
    fail(rig, "status", r"/products/\d", "kiotviet")
    order = rig.place(("AO-01", 2))
    rig.once()
    assert rig.state(order) == "ordered"
    assert rig.shop.reserve.known is None
    assert available(rig, "AO-01") <= 18, "subtracted on both sides rather than on none"
    rig.faults.clear()
    rig.place(("AO-02", 1))
    rig.once()
    assert rig.shop.reserve.known == "yes"
    rig.once()
    assert available(rig, "AO-01") == free(rig, "AO-01") == 18


def test_another_order_during_the_calibration_never_leads_to_the_wrong_answer(rig: Rig) -> None:
    rig.stock()
    done: list[int] = []

    def another_order_comes_in(remote: str, request: Request) -> None:
        if request.method == "POST" and request.path.endswith("/orders") and not done:
            done.append(1)
            rig.kiotviet.staff_create_order(rig.branch, [(rig.sandbox.products["AO-01"], 5)])

    rig.sandbox.kiotviet_gate.after_effect.append(another_order_comes_in)
    rig.place(("AO-01", 2))
    rig.once()
    assert done
    assert rig.shop.reserve.known in (None, "yes")


def test_a_cancelled_order_gives_its_pieces_back_on_both_sides(rig: Rig) -> None:
    order = rig.place(("AO-01", 2))
    rig.once()
    rig.haravan.cancel(order)
    rig.once()
    rig.once()
    assert rig.state(order) == "cancelled"
    assert available(rig, "AO-01") == free(rig, "AO-01") == 20


def test_an_order_that_people_cancelled_in_kiotviet_is_pending_again(rig: Rig) -> None:
    order = rig.place(("AO-01", 2))
    rig.once()
    (made,) = rig.kiotviet.orders()
    rig.kiotviet.staff_cancel_order(made["id"])
    ship(rig, order, "delivering")
    rig.later()
    rig.once()
    rig.once()
    assert rig.hold(order) == "edited_in_kiotviet"
    assert (free(rig, "AO-01"), available(rig, "AO-01")) == (20, 18)


def test_an_order_that_people_ended_in_kiotviet_without_an_invoice_is_pending_again(rig: Rig) -> None:
    rig.place(("AO-01", 2))
    rig.once()
    (made,) = rig.kiotviet.orders()
    rig.kiotviet.staff_complete_order(made["id"])
    rig.later()
    rig.once()
    assert (free(rig, "AO-01"), available(rig, "AO-01")) == (20, 18)
    rig.later()
    assert rig.shop.stock.turn(reconcile=False).written == 0, "and stays so"


@pytest.mark.parametrize("invoiced", [False, True])
def test_pieces_that_people_struck_from_our_order_are_not_sold_again(rig: Rig, invoiced: bool) -> None:
    rig.place(("AO-01", 2))
    rig.once()
    (document,) = rig.kiotviet.orders()
    rig.kiotviet.staff_edit_order(document["id"], [(rig.sandbox.products["AO-01"], 1)])
    if invoiced:
        rig.kiotviet.staff_invoice_order(document["id"])
    assert free(rig, "AO-01") == 19
    rig.later()
    rig.shop.stock.run(full=True)
    assert available(rig, "AO-01") <= 18, "before the orders are looked at"
    rig.once()
    assert available(rig, "AO-01") <= 18
    if not invoiced:
        rig.kiotviet.staff_edit_order(document["id"], [(rig.sandbox.products["AO-01"], 2)])
        rig.later()
        rig.once()
        assert available(rig, "AO-01") == 18, "KiotViet reserves both of them again"


def test_stock_alone_sees_that_people_ended_an_order(rig: Rig) -> None:
    rig.place(("AO-01", 2))
    rig.once()
    (made,) = rig.kiotviet.orders()
    rig.kiotviet.staff_complete_order(made["id"])
    rig.later()
    rig.shop.stock.turn(reconcile=False)
    assert (free(rig, "AO-01"), available(rig, "AO-01")) == (20, 18)


def test_what_kiotviet_no_longer_reserves_is_kept_back_before_its_document_is_read_again(rig: Rig) -> None:
    rig.place(("AO-01", 2))
    rig.once()
    (made,) = rig.kiotviet.orders()
    ended: list[int] = []

    def end_now(remote: str, request: Request) -> None:
        if ON_HANDS.lower() in request.path.lower() and not ended:
            ended.append(made["id"])
            rig.kiotviet.staff_complete_order(made["id"])

    rig.sandbox.kiotviet_gate.before_effect.append(end_now)
    rig.stock()
    assert ended
    assert (free(rig, "AO-01"), available(rig, "AO-01")) == (20, 18)


def test_what_people_invoiced_of_an_order_that_they_ended_is_not_pending(rig: Rig) -> None:
    rig.place(("AO-01", 2))
    rig.once()
    (made,) = rig.kiotviet.orders()
    rig.kiotviet.staff_invoice_order(made["id"])
    rig.later()
    rig.once()
    rig.once()
    assert (free(rig, "AO-01"), available(rig, "AO-01")) == (18, 18)


def test_pieces_of_an_order_that_was_never_understood_count_also_once_they_have_left(rig: Rig) -> None:
    rig.once()
    order = rig.place(("AO-01", 2))
    rig.haravan.corrupt(order, {"total_price": "?"})
    rig.haravan.carrier(order, rig.haravan.ship(order), "delivering")
    rig.later()
    rig.once()
    assert (rig.hold(order), available(rig, "AO-01")) == ("bad_payload", 18)


@pytest.mark.parametrize(
    ("odd", "pending"),
    [
        ({"fulfillments": [{"id": "abc"}]}, 2),
        ({"total_price": "không phải số"}, 2),
        ({"total_price": "?", "assigned_location_id": None}, 2),
        ({"line_items": None}, 0),
        ({"total_price": "?", "cancelled_at": "2026-11-23T03:00:00Z"}, 0),
        ({"total_price": "?", "location_id": "?"}, 0),
    ],
)
def test_pieces_of_an_order_that_was_never_understood_are_not_sold_again(
    rig: Rig, odd: dict[str, Any], pending: int
) -> None:
    rig.once()
    order = rig.place(("AO-01", 2))
    rig.haravan.corrupt(order, odd)
    rig.later()
    rig.once()
    assert rig.hold(order) == "bad_payload"
    assert available(rig, "AO-01") == 20 - pending
    rig.haravan.corrupt(order, {})
    rig.later()
    rig.once()
    assert (rig.state(order), available(rig, "AO-01"), free(rig, "AO-01")) == ("ordered", 18, 18)


def test_what_was_understood_of_an_order_before_it_became_odd_still_counts(tmp_path: Path) -> None:
    rig = make(tmp_path, kiotviet_orders_reserve="no")
    order, other = rig.place(("AO-01", 2)), rig.place(("AO-02", 5))
    rig.once()
    rig.haravan.corrupt(order, {"total_price": "?", "line_items": rig.haravan.order(other)["line_items"]})
    rig.later()
    rig.once()
    assert (rig.hold(order), available(rig, "AO-01")) == ("bad_payload", 18)
    rig.close()


def test_pieces_of_an_order_that_became_odd_are_followed_as_far_as_they_can_be_read(rig: Rig) -> None:
    order = rig.place(("AO-01", 2), source="pos")
    rig.once()
    shipment = rig.haravan.ship(order)
    rig.haravan.carrier(order, shipment, "delivering")
    rig.later()
    rig.once()
    assert available(rig, "AO-01") == 20, "they have left; whoever sold them enters that in KiotViet"
    rig.haravan.corrupt(order, {"total_price": "?"})
    rig.haravan.carrier(order, shipment, "cancel")
    rig.later(400)
    rig.once()
    assert (rig.hold(order), available(rig, "AO-01")) == ("bad_payload", 18), "they wait again"
    rig.haravan.corrupt(order, {"total_price": "?", "fulfillments": "?", "line_items": []})
    rig.later(400)
    rig.once()
    assert available(rig, "AO-01") == 18
    rig.haravan.corrupt(order, {})
    rig.haravan.cancel(order)
    rig.later(400)
    rig.once()
    assert (rig.hold(order), available(rig, "AO-01")) == ("", 20)


@pytest.mark.parametrize("first", ["voided", "cancelled"])
def test_with_hold_goods_of_a_cancelled_order_are_back_once_people_ended_the_kiotviet_order(
    tmp_path: Path, first: str
) -> None:
    rig = make(tmp_path, kiotviet_orders_reserve="no", kiotviet_void_effect="reopens")
    order = rig.place(("AO-01", 2))
    rig.once()
    rig.haravan.carrier(order, rig.haravan.ship(order), "delivered")
    rig.later()
    rig.once()
    (invoice,) = live_invoices(rig)
    steps = {
        "voided": lambda: rig.kiotviet.staff_void_invoice(invoice["id"]),
        "cancelled": lambda: rig.haravan.cancel(order),
    }
    for step in (first, *(steps.keys() - {first})):
        steps[step]()
        for _ in range(3):
            rig.later(70)
            rig.once()
        assert available(rig, "AO-01") == 18, f"{step}: nobody said that they are back"
    assert (rig.hold(order), free(rig, "AO-01")) == ("cancelled_after_shipping", 20)
    rig.kiotviet.staff_cancel_order(live_orders(rig, order)[0]["id"])
    for _ in range(3):
        rig.later(70)
        rig.once()
    assert (rig.state(order), rig.hold(order), available(rig, "AO-01")) == ("returned", "", 20)
    rig.close()


def completed(rig: Rig) -> int:
    """An order of two pieces that was delivered and paid."""
    order = rig.place(("AO-01", 2))
    rig.once()
    deliver(rig, order)
    rig.later()
    rig.once()
    assert rig.state(order) == "completed"
    return order


@pytest.mark.parametrize("effect", ["stays_closed", "reopens_unreserved"])
def test_of_a_completed_order_that_is_cancelled_the_parcel_whose_invoice_people_voided_is_back(
    tmp_path: Path, effect: str
) -> None:
    rig = make(tmp_path, kiotviet_void_effect=effect)
    order = rig.place(("AO-01", 2))
    rig.once()
    line = rig.haravan.order(order)["line_items"][0]["id"]
    for _ in range(2):
        shipment = rig.haravan.ship(order, [(line, 1)])
        rig.haravan.carrier(order, shipment, "delivered")
        rig.haravan.cod(order, shipment, "codreceipt")
        rig.later()
        rig.once()
    assert (rig.state(order), len(live_invoices(rig))) == ("completed", 2)
    rig.kiotviet.staff_void_invoice(live_invoices(rig)[0]["id"])
    for _ in range(3):
        rig.later(400)
        rig.once()
    assert available(rig, "AO-01") == 18, "the buyer has both"
    rig.haravan.cancel(order)
    for _ in range(3):
        rig.later(400)
        rig.once()
    assert available(rig, "AO-01") == 19, "of the other one a task asks for a return slip"
    rig.close()


def assert_the_buyer_keeps_both(rig: Rig) -> None:
    """However often is looked."""
    for _ in range(3):
        rig.later(400)
        rig.once()
        assert available(rig, "AO-01") == 18, "the buyer has them still"


def test_pieces_of_a_completed_order_whose_invoice_people_void_stay_with_the_buyer(rig: Rig) -> None:
    order = completed(rig)
    (invoice,) = rig.kiotviet.invoices()
    rig.kiotviet.staff_void_invoice(invoice["id"])
    for _ in range(3):
        rig.later(400)
        rig.once()
    assert (free(rig, "AO-01"), available(rig, "AO-01")) in {(20, 18), (18, 18)}
    rig.haravan.edit_note(order, "khách gọi lại")
    for _ in range(2):
        rig.later(400)
        rig.once()
    assert available(rig, "AO-01") == 18, "whatever else changes about the order"
    line = rig.haravan.order(order)["line_items"][0]["id"]
    rig.haravan.refund(order, [(line, 2)], restock=True)
    rig.later(400)
    rig.once()
    assert available(rig, "AO-01") == free(rig, "AO-01")


def test_a_completed_order_that_people_end_after_they_voided_its_invoice_keeps_its_pieces(rig: Rig) -> None:
    completed(rig)
    (invoice,), (document,) = rig.kiotviet.invoices(), rig.kiotviet.orders()
    rig.kiotviet.staff_void_invoice(invoice["id"])
    rig.later(400)
    rig.once()
    assert (free(rig, "AO-01"), available(rig, "AO-01")) == (18, 18), "KiotViet reserves for its order again"
    rig.kiotviet.staff_complete_order(document["id"])
    assert free(rig, "AO-01") == 20
    assert_the_buyer_keeps_both(rig)


def test_what_is_not_invoiced_of_an_order_that_people_end_is_not_sold_again(rig: Rig) -> None:
    order = rig.place(("AO-01", 2))
    line = rig.haravan.order(order)["line_items"][0]["id"]
    parcel = rig.haravan.ship(order, [(line, 1)], tracking="GHN-1")
    rig.haravan.carrier(order, parcel, "delivering")
    rig.once()
    (document,) = rig.kiotviet.orders()
    assert (free(rig, "AO-01"), available(rig, "AO-01")) == (18, 18)
    rig.kiotviet.staff_complete_order(document["id"])
    assert free(rig, "AO-01") == 19
    rig.later()
    rig.shop.stock.run(full=True)
    assert available(rig, "AO-01") == 18, "before the orders are looked at"
    rig.later()
    rig.once()
    assert available(rig, "AO-01") == 18


def test_a_completed_order_that_was_shipped_anew_keeps_its_pieces_when_people_cancel_all_of_it(rig: Rig) -> None:
    order = completed(rig)
    (parcel,) = rig.haravan.order(order)["fulfillments"]
    rig.haravan.carrier(order, parcel["id"], "cancel")
    again = rig.haravan.ship(order, tracking="GHN-2")
    rig.haravan.carrier(order, again, "delivered")
    for _ in range(2):
        rig.later(400)
        rig.once()
    rig.kiotviet.staff_void_invoice(rig.kiotviet.invoices()[0]["id"])
    rig.kiotviet.staff_cancel_order(rig.kiotviet.orders()[0]["id"])
    assert free(rig, "AO-01") == 20
    assert_the_buyer_keeps_both(rig)


@pytest.mark.parametrize("reserve", ["yes", "no"])
def test_a_completed_order_that_is_shipped_anew_takes_nothing_more(tmp_path: Path, reserve: str) -> None:
    rig = make(tmp_path, kiotviet_orders_reserve=reserve)
    order = completed(rig)
    (parcel,) = rig.haravan.order(order)["fulfillments"]
    rig.haravan.carrier(order, parcel["id"], "cancel")
    sell(rig, "AO-02", 1)
    assert_its_invoice_holds_both(rig)
    again = rig.haravan.ship(order, tracking="GHN-2")
    assert_its_invoice_holds_both(rig)
    rig.haravan.carrier(order, again, "delivering")
    assert_its_invoice_holds_both(rig)
    rig.kiotviet.staff_void_invoice(rig.kiotviet.invoices()[0]["id"])
    assert_the_buyer_keeps_both(rig)
    rig.close()


def assert_its_invoice_holds_both(rig: Rig) -> None:
    for _ in range(2):
        rig.later(400)
        rig.once()
        assert (free(rig, "AO-01"), available(rig, "AO-01")) == (18, 18)


def test_an_order_whose_answer_was_lost_is_subtracted_until_it_is_found(rig: Rig) -> None:
    settings(rig, orders_reserve="yes")
    rig.stock()
    plant(rig, "lose_answer", r"/orders$", "kiotviet", method="POST")
    rig.place(("AO-01", 2))
    rig.once()
    assert available(rig, "AO-01") <= 18
    for _ in range(4):
        rig.later(90)
        rig.once()
    assert available(rig, "AO-01") == free(rig, "AO-01") == 18


def test_part_of_an_order_shipped_is_still_subtracted_once(tmp_path: Path) -> None:
    rig = make(tmp_path, kiotviet_orders_reserve="no")
    order = rig.place(("AO-01", 3))
    rig.once()
    line = rig.haravan.order(order)["line_items"][0]["id"]
    shipment = rig.haravan.ship(order, [(line, 1)])
    rig.haravan.carrier(order, shipment, "delivering")
    sell(rig, "AO-01", 1)
    rig.once()
    rig.once()
    assert available(rig, "AO-01") == 16
    rig.close()


def test_a_return_that_is_restocked_is_published_when_people_enter_it_in_kiotviet(rig: Rig) -> None:
    order = rig.place(("AO-01", 2))
    rig.once()
    deliver(rig, order)
    rig.once()
    line = rig.haravan.order(order)["line_items"][0]["id"]
    rig.haravan.refund(order, [(line, 1)], restock=True)
    rig.once()
    assert available(rig, "AO-01") == free(rig, "AO-01") == 18
    (invoice,) = rig.kiotviet.invoices()
    rig.kiotviet.return_goods(invoice["id"], [(rig.sandbox.products["AO-01"], 1)])
    rig.once()
    assert available(rig, "AO-01") == free(rig, "AO-01") == 19


def test_more_ordered_than_there_is_publishes_nothing_less_than_zero(rig: Rig) -> None:
    ignore_orders(rig)
    rig.place(("AO-01", 25))
    sell(rig, "AO-01", 1)
    rig.once()
    assert available(rig, "AO-01") == 0


def test_an_order_with_two_lines_of_one_product_counts_both(rig: Rig) -> None:
    ignore_orders(rig)
    rig.place(("AO-01", 2), ("AO-01", 3))
    sell(rig, "AO-01", 1)
    rig.once()
    assert available(rig, "AO-01") == 14


def test_stock_is_not_compared_when_the_orders_cannot_be_read(rig: Rig) -> None:
    rig.stock()
    sell(rig, "AO-01", 5)
    fail(rig, "status", r"/orders\.json", "haravan")
    with pytest.raises(SyncdError):
        rig.stock()
    assert adjusts(rig) == []


def test_a_lost_store_gives_nothing_back(rig: Rig) -> None:
    order = rig.place(("AO-01", 2))
    other = rig.place(("AO-01", 1), source="pos")
    rig.once()
    rig.lose_store()
    sell(rig, "AO-01", 1)
    rig.stock()
    assert available(rig, "AO-01") <= 16
    rig.once()
    rig.once()
    assert rig.state(order) == "ordered"
    assert rig.state(other) == "ignored"
    rig.place(("AO-02", 1))
    rig.once()
    assert rig.shop.reserve.known == "yes", "until an order told it again, the careful answer was no"
    assert available(rig, "AO-01") == 16


@pytest.mark.parametrize("did", ["ended it", "struck a piece"])
def test_what_people_took_out_of_our_order_is_missed_after_the_store_was_lost_too(rig: Rig, did: str) -> None:
    settings(rig, orders_reserve="yes")
    rig.place(("AO-01", 2))
    rig.once()
    (document,) = rig.kiotviet.orders()
    if did == "ended it":
        rig.kiotviet.staff_complete_order(document["id"])
    else:
        rig.kiotviet.staff_edit_order(document["id"], [(rig.sandbox.products["AO-01"], 1)])
    rig.lose_store()
    for _ in range(3):
        rig.later(400)
        rig.once()
        assert available(rig, "AO-01") <= 18


def test_two_locations_of_one_branch_each_subtract_their_own_orders(two: Rig) -> None:
    first, second = two.sandbox.locations
    link(two, (first, (two.branch,), 0), (second, (two.branch,), 0))
    ignore_orders(two)
    two.place(("AO-01", 2), location_id=first)
    two.place(("AO-01", 5), location_id=second)
    sell(two, "AO-01", 1)
    two.once()
    assert (available(two, "AO-01", first), available(two, "AO-01", second)) == (17, 14)


def test_an_order_from_before_the_start_is_pending_until_it_is_handed_over(rig: Rig) -> None:
    """People enter such orders by hand, or not; nothing of theirs is given back for sale."""
    old = rig.place(("AO-01", 2), created_at=datetime(2026, 9, 1, tzinfo=UTC))
    sell(rig, "AO-01", 1)
    rig.once()
    assert rig.state(old) in ("", "ignored")
    assert available(rig, "AO-01") == 17
    ship(rig, old)
    rig.once()
    assert available(rig, "AO-01") == 19


@pytest.mark.parametrize("unit_lines", ["unit", "base"])
@pytest.mark.parametrize("line_sku", ["carried", "null"])
def test_a_pack_that_waits_for_kiotviet_keeps_all_its_pieces(tmp_path: Path, unit_lines: str, line_sku: str) -> None:
    rig = make(tmp_path, haravan_unit_lines=unit_lines, haravan_line_sku=line_sku)
    base = rig.kiotviet.add_product("SUA-1", "Sữa", 30_000, stock={rig.branch: 60})
    rig.kiotviet.add_product("SUA-T", "Sữa thùng", 700_000, unit="thùng", master_unit_id=base, conversion=24)
    units = [{"unit": "Thùng", "sku": "SUA-T", "ratio": 24, "price": 700_000}]
    (variant,) = rig.haravan.add_product("Sữa", [{"sku": "SUA-1", "barcode": "SUA-1", "price": 30_000, "units": units}])
    rig.sandbox.variants["SUA-1"], rig.sandbox.products["SUA-1"] = variant, base
    rig.stock()
    rig.haravan.place_order([{"variant_id": variant, "quantity": 1, "unit": "Thùng"}])
    sell(rig, "SUA-1", 5)
    rig.stock()
    assert available(rig, "SUA-1") <= 60 - 24 - 5
    assert available(rig, "SUA-1") == 60 - 24 - 5 or (unit_lines, line_sku) == ("base", "null")
    rig.close()
