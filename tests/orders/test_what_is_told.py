"""What the logs say when things go wrong: enough to act on, told once, no traceback and nobody's name or phone."""

from __future__ import annotations

from typing import Any

import pytest
from structlog.testing import capture_logs

from syncd.sandbox.faults import KINDS, Fault
from tests.orders.kit import settle, whole_life
from tests.rig import Rig

BUYER = {"first_name": "Bưởi", "last_name": "Lê Thị Thanh", "phone": "0977123456", "email": "buoi.le@example.com"}
ADDRESS = {"address1": "77/3 Hẻm Hoa Sữa", "ward": "Phường 2", "district": "Quận 5", "province": "Hồ Chí Minh"}
PERSONAL = ("Bưởi", "Thanh", "0977123456", "977123456", "buoi.le", "Hoa Sữa", "0966000111")


def bought(rig: Rig) -> int:
    return rig.place(("AO-01", 2), buyer=BUYER, address=ADDRESS, note="Gọi 0966000111 gặp chị Bưởi")


def assert_decent(logs: list[Any], rig: Rig) -> None:
    text = repr(logs) + repr(rig.shop.store.reports.held()) + repr(rig.shop.store.tasks())
    assert [word for word in PERSONAL if word in text] == []
    assert not any("exc_info" in line or "exception" in line for line in logs)
    assert "Traceback" not in text


@pytest.mark.parametrize("kind", sorted(KINDS))
@pytest.mark.parametrize("method", ["GET", "POST", "PUT"])
def test_no_failure_of_kiotviet_shows_a_traceback_or_a_person(rig: Rig, kind: str, method: str) -> None:
    with capture_logs() as logs:
        rig.faults.add(Fault(kind, remote="kiotviet", method=method, path="/(customers|orders|invoices)", times=4))
        order_id = bought(rig)
        settle(rig, 2, 20)
        whole_life(rig, order_id)
        settle(rig, 3)
        rig.faults.clear()
        settle(rig, 3)
    assert_decent(logs, rig)


@pytest.mark.parametrize("kind", sorted(KINDS - {"duplicate", "late"}))
def test_no_failure_of_haravan_shows_a_traceback_or_a_person(rig: Rig, kind: str) -> None:
    with capture_logs() as logs:
        bought(rig)
        rig.orders()
        rig.faults.add(Fault(kind, remote="haravan", times=4))
        settle(rig, 2, 20)
    assert_decent(logs, rig)


@pytest.mark.parametrize(
    "patch",
    [
        {"line_items": "77/3 Hẻm Hoa Sữa 0977123456"},
        {"total_price": "0977123456 Bưởi"},
        {"created_at": "Lê Thị Thanh Bưởi"},
    ],
)
def test_a_payload_that_cannot_be_understood_is_told_without_its_content(rig: Rig, patch: dict[str, Any]) -> None:
    with capture_logs() as logs:
        rig.haravan.corrupt(bought(rig), patch)
        settle(rig, 3, 20)
    assert_decent(logs, rig)


def test_what_stays_the_same_is_told_once(rig: Rig) -> None:
    bad, poor = bought(rig), rig.place(("NON-01", 1))
    rig.haravan.corrupt(bad, {"line_items": None})
    rig.kiotviet.set_stock(rig.sandbox.products["NON-01"], rig.branch, 0)
    rig.haravan.carrier(poor, rig.haravan.ship(poor), "delivering")
    with capture_logs() as logs:
        settle(rig, 6, 400)
    told = [line["event"] for line in logs]
    assert told.count("order_held") == 2, "each of them once"
