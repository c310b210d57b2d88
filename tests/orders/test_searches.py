"""What a search of KiotViet showed is kept, and never believed where it may have changed."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from syncd.core.documents import marker
from syncd.sandbox.faults import Fault
from tests.orders.kit import live_orders
from tests.rig import START, Rig

DAYS = timedelta(days=5)


def by_creation(rig: Rig) -> int:
    """How many pages of KiotViet's newest orders were read."""
    return sum("orderBy=createdDate" in call.query for call in rig.journal.calls() if call.path == "/orders")


def staff_orders(rig: Rig, count: int, description: str = "") -> list[int]:
    product = rig.sandbox.products["AO-02"]
    return [rig.kiotviet.staff_create_order(rig.branch, [(product, 1)], description=description) for _ in range(count)]


def test_old_orders_make_kiotviet_be_read_back_to_them_only_once(rig: Rig) -> None:
    staff_orders(rig, 250)
    rig.later(DAYS.total_seconds())
    staff_orders(rig, 1)
    first = rig.place(created_at=START - timedelta(hours=1))
    rig.orders()
    assert by_creation(rig) >= 3
    rig.later()
    rig.journal.clear()
    second = rig.place(created_at=START - timedelta(minutes=30))
    rig.orders()
    assert by_creation(rig) <= 2
    assert [rig.state(order_id) for order_id in (first, second)] == ["ordered", "ordered"]


def test_an_older_order_makes_it_be_read_further_back(rig: Rig) -> None:
    made = rig.place(created_at=START - timedelta(hours=1))
    staff_orders(rig, 1, marker(made))
    rig.later(DAYS.total_seconds())
    rig.place()
    rig.shop.orders.run()
    rig.later()
    assert len(live_orders(rig, made)) == 1


def test_a_page_with_a_row_that_cannot_be_read_proves_nothing_and_is_not_built_upon(rig: Rig) -> None:
    made = rig.place(created_at=START - timedelta(hours=1))
    staff_orders(rig, 1, marker(made))
    rig.faults.add(Fault("missing_keys", remote="kiotviet", method="GET", path="/orders$"))
    rig.orders()
    assert rig.state(made) == "received"
    rig.later()
    rig.orders()
    assert len(live_orders(rig, made)) == 1
    assert rig.state(made) == "ordered"


def test_a_copy_that_was_cancelled_since_is_no_twin(rig: Rig) -> None:
    order_id = rig.place()
    rig.orders()
    (copy,) = staff_orders(rig, 1, marker(order_id))
    rig.shop.orders._tools.search.twins(START)
    rig.kiotviet.staff_cancel_order(copy)
    rig.later(1200)
    rig.place()
    rig.orders()
    assert rig.hold(order_id) == ""


@pytest.mark.parametrize("listed", ["at_once", "late"])
def test_a_lost_answer_is_found_though_newer_orders_were_seen_meanwhile(tmp_path: Path, listed: str) -> None:
    rig = Rig(tmp_path, switches={"kiotviet_fresh_documents": listed})
    rig.place()
    rig.orders()
    lost = rig.place()
    rig.faults.add(Fault("lose_answer", remote="kiotviet", method="POST", path="^/orders$"))
    rig.orders()
    for _ in range(6):
        rig.place()
        rig.later(30)
        rig.orders()
    assert len(live_orders(rig, lost)) == 1
    assert rig.state(lost) == "ordered"
    rig.close()
