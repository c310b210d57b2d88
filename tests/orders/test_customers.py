"""Which KiotViet customer an order gets: under our own code, by a phone that just one has, else a new one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from syncd.sandbox.faults import Fault
from tests.orders.kit import live_orders
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
