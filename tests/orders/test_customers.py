"""Which KiotViet customer an order gets: under our own code, by a phone that just one has, else a new one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from syncd.sandbox.faults import Fault
from tests.orders.kit import assert_ended_well, deliver, hand_over, live_invoices, live_orders, settle, whole_life
from tests.rig import Rig

BUYER = {"first_name": "Bình", "last_name": "Trần", "phone": "+84 912 345 678", "email": "binh@example.com"}


def codes(rig: Rig) -> list[str]:
    return [str(row["code"]) for row in rig.kiotviet.customers()]


def customer_of(rig: Rig, order_id: int) -> Any:
    return live_orders(rig, order_id)[0].get("customerId")


def haravan_customer(rig: Rig, order_id: int) -> int:
    return int(rig.haravan.order(order_id)["customer"]["id"])


def test_a_new_buyer_becomes_a_customer_under_our_own_code(rig: Rig) -> None:
    order_id = rig.place(buyer=BUYER)
    rig.orders()
    (customer,) = rig.kiotviet.customers()
    assert customer["code"] == f"HRV{haravan_customer(rig, order_id)}"
    assert (customer["name"], customer["contactNumber"]) == ("Trần Bình", "0912345678")
    assert customer_of(rig, order_id) == customer["id"]


def test_the_same_buyer_is_one_customer_for_all_orders(rig: Rig) -> None:
    orders = [rig.place(buyer=BUYER) for _ in range(3)]
    rig.orders()
    assert len(rig.kiotviet.customers()) == 1
    assert len({customer_of(rig, order_id) for order_id in orders}) == 1


@pytest.mark.parametrize("typed", ["0912345678", "+84 912 345 678", "84912345678", "0912.345.678"])
def test_a_customer_with_exactly_this_phone_is_used_however_the_buyer_typed_it(rig: Rig, typed: str) -> None:
    known = rig.kiotviet.add_customer("Anh Bình", "0912345678")
    order_id = rig.place(buyer={**BUYER, "phone": typed})
    rig.orders()
    assert customer_of(rig, order_id) == known
    assert len(rig.kiotviet.customers()) == 1


@pytest.mark.parametrize("stored", ["84912345678", "+84912345678", "0912345678", "0912345678 - 0987654321"])
def test_a_customer_is_found_however_kiotviet_stores_the_number(rig: Rig, stored: str) -> None:
    known = rig.kiotviet.add_customer("Anh Bình", stored)
    order_id = rig.place(buyer=BUYER)
    rig.orders()
    assert (customer_of(rig, order_id), len(rig.kiotviet.customers())) == (known, 1)


@pytest.mark.parametrize(
    ("contact_filter", "found"),
    [
        ("part", ["091234567{}", "8491234567{}", "+8491234567{}"]),
        ("start", ["091234567{}", "8491234567{}"]),
        ("exact", ["091234567{}", "8491234567{}"]),
        ("digits", ["091234567{}", "8491234567{}", "+8491234567{}", "0912 345 67{}", "+84 912 345 67{}"]),
    ],
)
def test_whatever_the_phone_filter_does_a_customer_is_used_or_made_but_never_doubled(
    tmp_path: Path, contact_filter: str, found: list[str]
) -> None:
    rig = Rig(tmp_path, switches={"kiotviet_contact_filter": contact_filter})
    forms = ["091234567{}", "8491234567{}", "+8491234567{}", "0912 345 67{}", "+84 912 345 67{}"]
    known = [rig.kiotviet.add_customer("Anh Bình", form.format(n)) for n, form in enumerate(forms)]
    orders = [[rig.place(buyer={"first_name": "Bình", "phone": f"091234567{n}"}) for _ in "ab"] for n in range(5)]
    rig.orders()
    for form, customer, (first, second) in zip(forms, known, orders, strict=True):
        assert customer_of(rig, first) == customer_of(rig, second)
        assert (customer_of(rig, first) == customer) == (form in found), form
    assert len(rig.kiotviet.customers()) == 5 + 5 - len(found)
    rig.close()


def questions(rig: Rig) -> int:
    return sum(call.method == "GET" and call.path == "/customers" for call in rig.journal.calls("kiotviet"))


@pytest.mark.parametrize(("contact_filter", "asked"), [("part", 1), ("digits", 1), ("exact", 2), ("start", 2)])
def test_a_new_buyer_costs_one_question_once_it_is_known_that_parts_of_numbers_are_found(
    tmp_path: Path, contact_filter: str, asked: int
) -> None:
    rig = Rig(tmp_path, switches={"kiotviet_contact_filter": contact_filter})
    for number in range(4):
        rig.place(buyer={"first_name": "Bình", "phone": f"091234567{number}"})
    rig.orders()
    rig.reopen()
    before = questions(rig)
    rig.place(buyer={"first_name": "An", "phone": "0987654321"})
    rig.later()
    rig.orders()
    probes = 0 if asked == 1 else 1
    assert questions(rig) - before == asked + probes, "what is not known is asked again after a start"
    rig.close()


def test_a_number_from_before_the_renumbering_is_todays(rig: Rig) -> None:
    known = rig.kiotviet.add_customer("Anh Bình", "0351234567")
    order_id = rig.place(buyer={**BUYER, "phone": "0165 123 4567"})
    rig.orders()
    assert (customer_of(rig, order_id), len(rig.kiotviet.customers())) == (known, 1)


@pytest.mark.parametrize("phone", ["+1 415 555 2671", "1900 1234", "091****678", "gọi Zalo", None])
def test_what_is_no_number_of_a_person_matches_nobody_and_is_not_written(rig: Rig, phone: str | None) -> None:
    for stored in ("1900 1234", "091****678", "+1 415 555 2671", None):
        rig.kiotviet.add_customer("Ai đó", stored)
    order_id = rig.place(buyer={**BUYER, "phone": phone})
    rig.orders()
    made = rig.kiotviet.customers()[-1]
    assert (customer_of(rig, order_id), made["code"]) == (made["id"], f"HRV{haravan_customer(rig, order_id)}")
    assert "contactNumber" not in made


def test_a_phone_that_only_the_address_has_is_the_buyers(rig: Rig) -> None:
    known = rig.kiotviet.add_customer("Anh Bình", "0912345678")
    order_id = rig.place(buyer={**BUYER, "phone": None}, address={"address1": "1 Đường Mẫu", "phone": "0912.345.678"})
    rig.orders()
    assert customer_of(rig, order_id) == known


def test_a_phone_that_only_contains_this_one_is_another_customer(rig: Rig) -> None:
    rig.kiotviet.add_customer("Tổng đài", "09123456789")
    order_id = rig.place(buyer={**BUYER, "phone": "0912345678"})
    rig.orders()
    assert customer_of(rig, order_id) == rig.kiotviet.customers()[1]["id"]


def test_of_several_customers_with_this_phone_none_is_guessed(rig: Rig) -> None:
    for name in ("Bình ở nhà", "Bình ở cơ quan"):
        rig.kiotviet.add_customer(name, "0912345678")
    order_id = rig.place(buyer=BUYER)
    rig.orders()
    assert codes(rig)[2] == f"HRV{haravan_customer(rig, order_id)}"
    assert customer_of(rig, order_id) == rig.kiotviet.customers()[2]["id"]


def test_our_own_code_goes_before_a_phone(rig: Rig) -> None:
    first = rig.place(buyer=BUYER)
    rig.orders()
    rig.kiotviet.add_customer("Người khác", "0912345678")
    second = rig.place(buyer=BUYER)
    rig.later()
    rig.orders()
    assert customer_of(rig, first) == customer_of(rig, second)
    assert len(rig.kiotviet.customers()) == 2


def test_masked_customers_are_never_matched_by_phone(tmp_path: Path) -> None:
    rig = Rig(tmp_path, switches={"kiotviet_customer_names": "masked"})
    rig.kiotviet.add_customer("Bình", "0912345678")
    orders = [rig.place(buyer=BUYER) for _ in range(2)]
    rig.orders()
    assert codes(rig)[1:] == [f"HRV{haravan_customer(rig, orders[0])}"]
    assert len({customer_of(rig, order_id) for order_id in orders}) == 1
    rig.close()


def test_a_guest_without_a_record_is_sent_without_a_customer(rig: Rig) -> None:
    order_id = rig.place(buyer=False)
    rig.orders()
    assert (rig.state(order_id), customer_of(rig, order_id), codes(rig)) == ("ordered", None, [])


@pytest.mark.parametrize(
    "patch",
    [
        {"customer": None},
        {"customer": {"id": 0}},
        {"customer": {"email": "Guest@haravan.com"}, "email": "guest@haravan.com"},
    ],
    ids=["null", "id 0", "guest"],
)
def test_a_buyer_who_is_nobody_goes_all_the_way_without_a_customer(rig: Rig, patch: dict[str, Any]) -> None:
    order_id = rig.place(buyer=BUYER)
    whole_life(rig, order_id)
    rig.haravan.corrupt(order_id, patch)
    rig.orders()
    assert_ended_well(rig, order_id)
    assert (customer_of(rig, order_id), codes(rig)) == (None, [])
    assert live_invoices(rig)[0]["invoiceDelivery"]["receiver"] == "Trần Bình"


def test_a_customer_without_a_name_has_the_receivers_or_our_code(rig: Rig) -> None:
    nameless = {"first_name": None, "last_name": None}
    named, unnamed = rig.place(buyer={**BUYER, **nameless}), rig.place(buyer={**nameless, "phone": "0987654321"})
    rig.haravan.corrupt(named, {"shipping_address": {"name": "Người Nhận"}})
    rig.haravan.corrupt(unnamed, {"shipping_address": {"name": None}, "billing_address": {"name": None}})
    rig.orders()
    names = {row["name"] for row in rig.kiotviet.customers()}
    assert names == {"Người Nhận", f"Haravan {haravan_customer(rig, unnamed)}"}


def test_masked_names_and_numbers_of_haravan_are_not_written(rig: Rig) -> None:
    order_id = rig.place(buyer=BUYER)
    hidden = {"first_name": None, "last_name": "T******h", "phone": "091****678"}
    rig.haravan.corrupt(order_id, {"customer": hidden, "shipping_address": {"name": "T******h", "phone": "09****"}})
    hand_over(rig, order_id)
    rig.orders()
    (customer,) = rig.kiotviet.customers()
    assert "*" not in str(customer)
    assert "*" not in str(live_orders(rig)[0]["orderDelivery"])
    assert "*" not in str(live_invoices(rig)[0]["invoiceDelivery"])


def test_a_buyer_without_a_phone_is_made_and_found_by_code(rig: Rig) -> None:
    rig.kiotviet.add_customer("Không có số")
    orders = [rig.place(buyer={"first_name": "Lan", "email": "lan@example.com"}) for _ in range(2)]
    rig.orders()
    assert len(rig.kiotviet.customers()) == 2
    assert len({customer_of(rig, order_id) for order_id in orders}) == 1


def test_with_customers_per_branch_one_of_another_branch_is_not_used(tmp_path: Path) -> None:
    rig = Rig(tmp_path, two_branches=True)
    rig.kiotviet.setting("ManagerCustomerByBranch", True)
    rig.kiotviet.add_customer("Bình Hà Nội", "0912345678", branch_id=rig.sandbox.branches[1])
    order_id = rig.place(buyer=BUYER)
    rig.orders()
    assert codes(rig)[1] == f"HRV{haravan_customer(rig, order_id)}-{rig.branch}"
    assert customer_of(rig, order_id) == rig.kiotviet.customers()[1]["id"]
    rig.close()


def test_with_customers_per_branch_one_of_the_receiving_branch_is_used(rig: Rig) -> None:
    rig.kiotviet.setting("ManagerCustomerByBranch", True)
    known = rig.kiotviet.add_customer("Bình Quận 1", "0912345678", branch_id=rig.branch)
    order_id = rig.place(buyer=BUYER)
    rig.orders()
    assert customer_of(rig, order_id) == known


def test_a_customer_whose_answer_was_lost_is_found_by_code_and_not_made_twice(rig: Rig) -> None:
    rig.faults.add(Fault("lose_answer", remote="kiotviet", method="POST", path="/customers"))
    order_id = rig.place(buyer=BUYER)
    rig.orders()
    assert rig.state(order_id) == "received"
    rig.orders()
    assert (rig.state(order_id), len(rig.kiotviet.customers())) == ("ordered", 1)


def test_a_lost_customer_of_one_order_makes_the_next_order_of_that_buyer_wait(rig: Rig) -> None:
    rig.faults.add(Fault("lose_request", remote="kiotviet", method="POST", path="/customers"))
    orders = [rig.place(buyer=BUYER), rig.place(buyer=BUYER), rig.place()]
    rig.orders()
    assert [rig.state(order_id) for order_id in orders] == ["received", "received", "ordered"]
    for _ in range(3):
        rig.later(65)
        rig.orders()
    assert [rig.state(order_id) for order_id in orders] == ["ordered"] * 3
    assert len(rig.kiotviet.customers()) == 2


# --- customers per branch --------------------------------------------------------------------------------------------


@pytest.fixture
def two(tmp_path: Path) -> Any:
    """A shop in which each of two locations ships from its own branch."""
    rig = Rig(tmp_path, two_branches=True)
    branches = dict(zip(rig.sandbox.locations, rig.sandbox.branches, strict=True))
    rig.close()
    rig = Rig(tmp_path, two_branches=True, branch_by_location=branches)
    yield rig
    rig.close()


def at_both(rig: Rig) -> list[int]:
    """One order of the same buyer at each location."""
    return [rig.place(buyer=BUYER, location_id=location) for location in rig.sandbox.locations]


def test_a_buyer_at_two_branches_is_one_customer_of_the_shop(two: Rig) -> None:
    orders = at_both(two)
    two.orders()
    assert [two.state(order_id) for order_id in orders] == ["ordered", "ordered"]
    assert codes(two) == [f"HRV{haravan_customer(two, orders[0])}"]


def test_a_buyer_at_two_branches_is_a_customer_of_each_where_they_are_kept_apart(two: Rig) -> None:
    two.kiotviet.setting("ManagerCustomerByBranch", True)
    orders = at_both(two)
    two.orders()
    buyer = haravan_customer(two, orders[0])
    assert sorted(codes(two)) == [f"HRV{buyer}-{branch}" for branch in sorted(two.sandbox.branches)]
    homes = {row["id"]: row["branchId"] for row in two.kiotviet.customers()}
    assert [homes[customer_of(two, order_id)] for order_id in orders] == list(two.sandbox.branches)


@pytest.mark.parametrize("known_by", ["code", "phone"])
def test_a_switch_to_customers_per_branch_is_noticed_at_once(two: Rig, known_by: str) -> None:
    if known_by == "phone":
        two.kiotviet.add_customer("Anh Bình", "0912345678", branch_id=two.branch)
    first = two.place(buyer=BUYER, location_id=two.location)
    two.orders()
    two.kiotviet.setting("ManagerCustomerByBranch", True)
    second = two.place(buyer=BUYER, location_id=two.sandbox.locations[1])
    two.later()
    two.orders()
    assert (two.state(second), two.hold(second)) == ("ordered", "")
    assert codes(two)[1] == f"HRV{haravan_customer(two, first)}-{two.sandbox.branches[1]}"
    assert customer_of(two, first) != customer_of(two, second)


def test_a_switch_back_to_customers_of_the_shop_stops_nothing(two: Rig) -> None:
    two.kiotviet.setting("ManagerCustomerByBranch", True)
    two.place(buyer=BUYER)
    two.orders()
    two.kiotviet.setting("ManagerCustomerByBranch", False)
    orders = at_both(two)
    two.later()
    two.orders()
    assert [two.state(order_id) for order_id in orders] == ["ordered", "ordered"]


# --- refused, deleted, oddly answered --------------------------------------------------------------------------------


def test_an_inactive_customer_with_our_code_holds_its_orders_until_it_is_activated(rig: Rig) -> None:
    rig.place(buyer=BUYER)
    rig.orders()
    (known,) = rig.kiotviet.customers()
    rig.kiotviet.set_customer_active(known["id"], False)
    order_id, other = rig.place(buyer=BUYER), rig.place(buyer=False)
    rig.later()
    rig.orders()
    assert (rig.hold(order_id), rig.state(other)) == ("rejected", "ordered")
    (held,) = rig.shop.store.reports.held()
    assert f"Mã khách hàng {known['code']} đã tồn tại" in held.hold.reason
    assert "activate" in held.hold.reason
    rig.kiotviet.set_customer_active(known["id"], True)
    rig.later(3700)
    rig.orders()
    assert (rig.hold(order_id), rig.state(order_id)) == ("", "ordered")
    assert (customer_of(rig, order_id), len(rig.kiotviet.customers())) == (known["id"], 1)


def test_a_customer_that_people_deleted_is_made_again_for_the_next_order(rig: Rig) -> None:
    rig.place(buyer=BUYER)
    rig.orders()
    (first,) = rig.kiotviet.customers()
    rig.kiotviet.delete_customer(first["id"])
    order_id = rig.place(buyer=BUYER)
    rig.later()
    rig.orders()
    (second,) = rig.kiotviet.customers()
    assert (customer_of(rig, order_id), second["code"]) == (second["id"], first["code"])
    assert second["id"] != first["id"]


@pytest.mark.parametrize("status", [404, 420])
def test_a_code_that_is_not_there_may_be_refused_either_way(rig: Rig, status: int) -> None:
    rig.faults.add(Fault("status", remote="kiotviet", method="GET", path="/customers/code/", status=status))
    order_id = rig.place(buyer=BUYER)
    rig.orders()
    assert (rig.state(order_id), len(rig.kiotviet.customers())) == ("ordered", 1)


@pytest.mark.parametrize("case", ["camel", "pascal"])
@pytest.mark.parametrize("answers", ["flat", "wrapped", "as_seen"])
def test_writes_answered_flat_or_wrapped_in_either_case_go_all_the_way(tmp_path: Path, answers: str, case: str) -> None:
    rig = Rig(tmp_path, switches={"kiotviet_post_answers": answers, "kiotviet_key_case": case})
    order_id = rig.place(buyer=BUYER)
    whole_life(rig, order_id)
    rig.orders()
    assert_ended_well(rig, order_id)
    assert codes(rig) == [f"HRV{haravan_customer(rig, order_id)}"]
    rig.close()


# --- names and addresses change --------------------------------------------------------------------------------------

MOVED = {"name": "Lê Thị Khác", "address1": "99 Đường Mới", "phone": "0987654321", "ward": "Phường 2"}


def test_an_address_that_changed_before_hand_over_is_on_the_invoice_and_never_rewritten(rig: Rig) -> None:
    order_id = rig.place(buyer=BUYER)
    rig.orders()
    (before,) = rig.kiotviet.customers()
    rig.haravan.corrupt(order_id, {"shipping_address": MOVED, "customer": {"first_name": "Tên Khác"}})
    shipment_id = hand_over(rig, order_id)
    rig.later()
    rig.orders()
    wanted = ("Lê Thị Khác", "0987654321", "99 Đường Mới", "Phường 2")
    shown = ("receiver", "contactNumber", "address", "wardName")
    assert tuple(live_invoices(rig)[0]["invoiceDelivery"].get(key) for key in shown) == wanted
    rig.haravan.corrupt(order_id, {"shipping_address": {**MOVED, "address1": "1 Đường Khác Nữa"}})
    deliver(rig, order_id, shipment_id)
    rig.later()
    rig.orders()
    assert_ended_well(rig, order_id)
    assert tuple(live_invoices(rig)[0]["invoiceDelivery"].get(key) for key in shown) == wanted
    assert rig.kiotviet.customers() == [before]


def test_a_buyer_who_changed_name_and_phone_is_still_the_same_customer(rig: Rig) -> None:
    first = rig.place(buyer=BUYER)
    rig.orders()
    (before,) = rig.kiotviet.customers()
    second = rig.place(buyer=BUYER)
    rig.haravan.corrupt(second, {"customer": {"first_name": "Tên Mới", "phone": "0987654321"}})
    rig.later()
    rig.orders()
    assert customer_of(rig, first) == customer_of(rig, second) == before["id"]
    assert rig.kiotviet.customers() == [before]


@pytest.mark.parametrize("kind", ["lose_request", "lose_answer"])
def test_a_customer_in_doubt_is_not_in_doubt_for_ever_where_its_order_ends_first(rig: Rig, kind: str) -> None:
    rig.faults.add(Fault(kind, method="POST", path="/customers"))
    order_id = rig.place(buyer=BUYER)
    rig.orders()
    assert [doubt.operation for doubt in rig.shop.store.intents.in_doubt()] == ["create_customer"]
    rig.haravan.cancel(order_id)
    settle(rig, 3)
    assert rig.shop.store.intents.in_doubt() == []
    assert rig.state(order_id) == "cancelled"
    assert len(rig.kiotviet.customers()) == (kind == "lose_answer")
    again = rig.place(buyer=BUYER)
    rig.orders()
    assert (rig.state(again), len(rig.kiotviet.customers())) == ("ordered", 1)


def test_an_order_that_was_cancelled_is_not_settled_before_its_customer_was_looked_up_twice(rig: Rig) -> None:
    rig.faults.add(Fault("late", method="POST", path="/customers", seconds=90))
    order_id = rig.place(buyer=BUYER)
    rig.orders()
    rig.haravan.cancel(order_id)
    rig.later(70)
    rig.orders()
    assert rig.state(order_id) == "received", "the first look shows nothing yet"
    rig.later(70)
    rig.orders()
    assert (rig.state(order_id), rig.shop.store.intents.in_doubt()) == ("cancelled", [])
