"""What KiotViet's orders do to `reserved` is found out from an order only where nothing leaves a doubt."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from syncd.cycles import reserve
from syncd.sandbox.faults import Fault
from tests.orders.kit import assert_ended_well, daemon_cycles, hand_over, live_orders, whole_life, withdrawn
from tests.rig import Rig
from tests.stock.kit import available, cure, doctor, settings


def forgotten(rig: Rig, *, pieces: int = 2) -> int:
    """An order that KiotViet has and a store that knows nothing."""
    order_id = rig.place(("AO-01", pieces))
    rig.orders()
    rig.lose_store()
    rig.later()
    return order_id


def test_an_order_list_that_fails_just_then_teaches_nothing_and_harms_nothing(rig: Rig) -> None:
    order_id = forgotten(rig)
    rig.faults.add(Fault("status", remote="kiotviet", method="GET", path="^/orders$", status=503, nth=2, times=0))
    rig.orders()
    assert (rig.state(order_id), rig.shop.reserve.known) == ("ordered", None)


def test_pieces_that_somebody_else_reserves_leave_a_doubt(rig: Rig) -> None:
    order_id = forgotten(rig)

    def more(payload: dict[str, object]) -> None:
        for row in payload["inventories"]:  # type: ignore[attr-defined]
            row["reserved"] = 7

    doctor(rig, "kiotviet", "/products/", more)
    rig.orders()
    assert (rig.state(order_id), rig.shop.reserve.known) == ("ordered", None)


@pytest.mark.parametrize(("most", "known"), [(3, "yes"), (2, None)])
def test_where_the_list_heeds_no_status_all_orders_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, most: int, known: str | None
) -> None:
    monkeypatch.setattr(reserve, "_MOST_OPEN", most)
    rig = Rig(tmp_path, switches={"kiotviet_ignored_filter": "status"})
    goods = [(rig.sandbox.products["AO-01"], 1)]
    rig.kiotviet.staff_confirm_order(rig.kiotviet.staff_create_order(rig.branch, goods))
    rig.kiotviet.staff_cancel_order(rig.kiotviet.staff_create_order(rig.branch, goods))
    order_id = forgotten(rig)
    rig.orders()
    assert (rig.state(order_id), rig.shop.reserve.known) == ("ordered", known)
    rig.close()


@pytest.mark.parametrize(("pieces", "known"), [(1, None), (2, "yes")])
def test_an_order_of_which_a_part_was_sold_already_blurs_the_sum(rig: Rig, pieces: int, known: str | None) -> None:
    other = rig.place(("AO-01", 1), ("NON-01", 1))
    rig.orders()
    line = rig.haravan.order(other)["line_items"][0]["id"]
    rig.haravan.carrier(other, rig.haravan.ship(other, [(line, 1)]), "delivering")
    rig.later()
    rig.orders()
    assert [row["status"] for row in live_orders(rig, other)] == [2]
    order_id = forgotten(rig, pieces=pieces)
    rig.orders()
    assert (rig.state(order_id), rig.shop.reserve.known) == ("ordered", known)


@pytest.mark.parametrize("fails", [True, False])
def test_what_a_void_reserved_again_is_sold_only_once_kiotviet_shows_it(tmp_path: Path, fails: bool) -> None:
    rig = Rig(tmp_path, on_return="void_invoice")
    order_id = withdrawn(rig)
    rig.later()
    if fails:
        rig.faults.add(Fault("status", remote="kiotviet", method="GET", path="^/orders$", status=503, nth=2, times=0))
        rig.shop.orders._documents.look = lambda **_: None  # type: ignore[method-assign]
    rig.orders()
    rig.faults.clear()
    rig.stock()
    assert rig.state(order_id) == "shipping"
    assert rig.available("AO-01") == (16 if fails else 18)
    rig.close()


def test_where_orders_reserve_nothing_a_void_puts_its_pieces_back_into_pending(tmp_path: Path) -> None:
    switches = {"kiotviet_orders_reserve": "no"}
    rig = Rig(tmp_path, switches=switches, on_return="void_invoice")
    order_id = rig.place(("AO-01", 2))
    shipment = hand_over(rig, order_id)
    rig.once()
    rig.haravan.carrier(order_id, shipment, "cancel")
    rig.later()
    rig.once()
    assert (rig.shop.reserve.known, rig.available("AO-01")) == ("no", 18)
    rig.close()


@pytest.mark.parametrize(("first", "then"), [("yes", "no"), ("no", "yes")])
def test_a_kiotviet_that_counts_otherwise_is_noticed_with_the_orders_of_the_next_day(
    tmp_path: Path, first: str, then: str
) -> None:
    rig = Rig(tmp_path, switches={"kiotviet_orders_reserve": first})
    rig.place(("AO-01", 2))
    rig.once()
    rig.once()
    rig.later(3600)
    rig.sandbox.turn(f"kiotviet.orders_reserve={then}")
    rig.place(("AO-02", 1))
    rig.once()
    assert rig.shop.reserve.known == first, "not looked at twice a day"
    rig.later(86_400)
    for known in ("no", then):
        rig.place(("AO-02", 1))
        rig.once()
        assert rig.shop.reserve.known == known, "that they count is believed only when it was seen twice"
    rig.once()
    assert (available(rig, "AO-01"), available(rig, "AO-02")) == (18, 17)
    rig.later(86_400)
    rig.place(("AO-02", 1))
    rig.once()
    assert rig.shop.reserve.known == then
    rig.close()


def misled(rig: Rig) -> None:
    """A shop that knows that orders reserve reads a figure of yesterday with the first order of the next day."""
    rig.place(("AO-01", 2))
    rig.once()
    rig.once()
    rig.later(86_400)
    doctor(rig, "kiotviet", "/products/", stand_still())
    rig.place(("AO-02", 1))
    rig.once()
    cure(rig)
    assert rig.shop.reserve.known == "no"


def stand_still() -> Callable[[dict[str, object]], None]:
    first: dict[object, object] = {}

    def keep(payload: dict[str, object]) -> None:
        payload["inventories"] = first.setdefault(payload["id"], payload["inventories"])

    return keep


def test_a_reading_that_came_too_early_is_believed_only_until_all_open_orders_were_asked(rig: Rig) -> None:
    misled(rig)
    rig.later(3600)
    rig.once()
    assert (rig.shop.reserve.known, available(rig, "AO-01")) == ("yes", 18)
    before = len(rig.journal.calls("kiotviet"))
    rig.later(60)
    rig.orders()
    assert [call for call in rig.journal.calls("kiotviet")[before:] if "status=" in call.query] == []


def test_open_orders_that_cannot_be_read_leave_the_doubt_for_the_next_hour(rig: Rig) -> None:
    misled(rig)
    for path in ("^/products/", "^/orders$"):
        rig.faults.add(Fault("status", remote="kiotviet", method="GET", path=path, status=503, times=0))
        rig.later(3600)
        rig.orders()
        assert rig.shop.reserve.known == "no"
        rig.faults.clear()
    doctor(rig, "kiotviet", "/products/", lambda payload: [row.update(reserved=7) for row in payload["inventories"]])
    rig.later(3600)
    rig.orders()
    assert rig.shop.reserve.known == "no", "somebody else reserves as well"
    cure(rig)
    rig.later(3600)
    rig.orders()
    assert rig.shop.reserve.known == "yes"


def test_a_shop_that_is_told_what_orders_reserve_asks_nobody(tmp_path: Path) -> None:
    rig = Rig(tmp_path)
    settings(rig, orders_reserve="yes")
    rig.shop.reserve.look_again(rig.branch)
    assert rig.journal.calls() == []
    rig.close()


def test_more_open_orders_than_a_page_holds_are_added_up_all_the_same(rig: Rig) -> None:
    forgotten(rig)
    staff_orders(rig, 101)
    rig.orders()
    assert (rig.shop.reserve.known, available_now(rig)) == ("yes", 18)


def test_very_many_open_orders_are_not_added_up(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reserve, "_MOST_OPEN", 3)
    forgotten(rig)
    staff_orders(rig, 4)
    rig.orders()
    assert rig.shop.reserve.known is None


def test_what_no_order_tells_is_asked_a_few_times_and_then_once_an_hour(rig: Rig) -> None:
    for _ in range(8):
        rig.place(("AO-01", 1))
    rig.orders()
    rig.lose_store()
    rig.later()
    rig.faults.add(Fault("status", remote="kiotviet", method="GET", path="^/products/", status=503, times=0))
    rig.journal.clear()
    rig.orders()
    assert questions(rig) == 3 * 5
    rig.faults.clear()
    rig.later(60)
    rig.shop.orders.run()
    assert (questions(rig), rig.shop.reserve.known) == (3 * 5, None)
    rig.later(3600)
    rig.orders()
    assert (questions(rig), rig.shop.reserve.known) == (3 * 6, "yes")


def staff_orders(rig: Rig, number: int) -> None:
    for _ in range(number):
        rig.kiotviet.staff_create_order(rig.branch, [(rig.sandbox.products["NON-01"], 0.01)])


def available_now(rig: Rig) -> int:
    rig.stock()
    return available(rig, "AO-01")


def questions(rig: Rig) -> int:
    """How often KiotViet was asked for its open orders by status."""
    return sum(call.path == "/orders" and "status=" in call.query for call in rig.journal.calls("kiotviet"))


def test_what_the_first_order_tells_is_believed_and_asked_of_all_open_orders_once(rig: Rig) -> None:
    doctor(rig, "kiotviet", "/products/", stand_still())
    rig.place(("AO-01", 2))
    rig.orders()
    assert rig.shop.reserve.known == "no", "its figure came too early"
    cure(rig)
    rig.later(3600)
    rig.once()
    assert (rig.shop.reserve.known, available(rig, "AO-01")) == ("yes", 18)


# --- what people voided ----------------------------------------------------------------------------------------------


def looked(rig: Rig, times: int = 3) -> None:
    """What the daemon sees in so many cycles, and publishes then."""
    daemon_cycles(rig, times)
    rig.stock()


def voided_by_hand(rig: Rig, seen: str) -> int:
    """An order that people invoiced before it was shipped; they void that again, and perhaps confirm what is left."""
    order_id = rig.place(("AO-01", 2))
    rig.orders()
    looked(rig, 1)
    (document,) = live_orders(rig)
    invoice_id = rig.kiotviet.staff_invoice_order(document["id"], using_cod=True)
    if seen == "invoiced and voided":
        looked(rig)
    rig.kiotviet.staff_void_invoice(invoice_id)
    if seen == "confirmed since":
        rig.kiotviet.staff_confirm_order(document["id"])
    return order_id


@pytest.mark.parametrize("seen", ["invoiced and voided", "voided", "confirmed since"])
@pytest.mark.parametrize("effect", ["reopens", "reopens_unreserved"])
def test_what_an_order_reserves_is_asked_once_people_voided_their_own_invoice_of_it(
    tmp_path: Path, effect: str, seen: str
) -> None:
    rig = Rig(tmp_path, switches={"kiotviet_void_effect": effect})
    order_id = voided_by_hand(rig, seen)
    looked(rig)
    assert (rig.hold(order_id), available(rig, "AO-01")) == ("", 18), "the buyer waits for two, in either case"
    whole_life(rig, order_id)
    looked(rig)
    assert available(rig, "AO-01") == 18
    assert_ended_well(rig, order_id)
    rig.close()


def test_what_an_order_was_found_to_reserve_after_a_void_stands_whatever_can_be_proved_later(tmp_path: Path) -> None:
    rig = Rig(tmp_path, switches={"kiotviet_void_effect": "reopens"})
    voided_by_hand(rig, "voided")
    looked(rig)
    rig.sandbox.turn("kiotviet.void_effect=reopens_unreserved")
    other = rig.kiotviet.staff_create_order(rig.branch, [(rig.sandbox.products["AO-01"], 1)])
    rig.kiotviet.staff_void_invoice(rig.kiotviet.staff_invoice_order(other))
    looked(rig, 70)
    assert available(rig, "AO-01") == 18, "an order of the counter that reserves nothing makes the sum a doubtful one"
    rig.close()


@pytest.mark.parametrize("effect", ["reopens", "reopens_unreserved"])
@pytest.mark.parametrize("lines", [[("AO-01", 2)], [("AO-01", 1), ("AO-02", 1)]], ids=["more", "another product"])
def test_an_order_of_which_a_part_was_sold_already_hides_no_void(
    tmp_path: Path, effect: str, lines: list[tuple[str, int]]
) -> None:
    rig = Rig(tmp_path, switches={"kiotviet_void_effect": effect}, on_return="void_invoice")
    rig.once()
    before = {sku: available(rig, sku) for sku, _ in lines}
    other = rig.place(("AO-01", 1), ("NON-01", 1))
    order_id = rig.place(*lines)
    rig.orders()
    line = rig.haravan.order(other)["line_items"][0]["id"]
    rig.haravan.carrier(other, rig.haravan.ship(other, [(line, 1)]), "delivering")
    shipment = hand_over(rig, order_id)
    rig.later()
    rig.once()
    rig.haravan.carrier(order_id, shipment, "cancel")
    looked(rig)
    left = dict(lines) | {"AO-01": dict(lines)["AO-01"] + 1}
    assert {sku: before[sku] - available(rig, sku) for sku in left} == left
    rig.close()


@pytest.mark.parametrize(("call", "nth"), [("product", 1), ("orders_page", 1), ("product", 2)])
@pytest.mark.parametrize("comes", [True, False], ids=["made", "cancelled"])
def test_an_order_that_comes_or_goes_while_reserved_is_asked_does_not_stand_in_for_a_reopened_one(
    tmp_path: Path, call: str, nth: int, comes: bool
) -> None:
    rig = Rig(tmp_path, switches={"kiotviet_void_effect": "reopens_unreserved"}, on_return="void_invoice")
    order_id = withdrawn(rig)
    rig.orders()
    (ours,) = live_orders(rig, order_id)
    asked = rig.shop.reserve._kiotviet
    lines = [(rig.sandbox.products["AO-01"], 2)]
    other = None if comes else rig.kiotviet.staff_create_order(rig.branch, lines)
    calls: list[str] = []

    class Busy:
        """The counter makes, or cancels, an order of as many pieces just before one of the calls."""

        def __getattr__(self, name: str) -> object:
            calls.append(name)
            if name == call and calls.count(name) == nth:
                if other is None:
                    rig.kiotviet.staff_create_order(rig.branch, lines)
                else:
                    rig.kiotviet.staff_cancel_order(other)
            return getattr(asked, name)

    rig.shop.reserve._kiotviet = Busy()  # type: ignore[assignment]
    assert not rig.shop.reserve.covers(asked.order(ours["id"]))
    rig.close()
