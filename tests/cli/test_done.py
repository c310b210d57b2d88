"""Tasks at the front door: `status` numbers them, `done` closes them, `explain` remembers them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from syncd.store import DaemonLock, Store
from tests.cli_kit import Desk, open_desk


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with open_desk(tmp_path) as opened:
        yield opened


def _refunded(desk: Desk) -> int:
    """A completed order of which money was given back."""
    haravan = desk.sandbox.haravan
    order = desk.place()
    shipment = haravan.ship(order)
    for status in ("delivering", "delivered"):
        haravan.carrier(order, shipment, status)
    haravan.cod(order, shipment, "codreceipt")
    haravan.refund(order, amount=50_000)
    assert desk("once").code == 0
    return order


def test_a_task_is_numbered_closed_while_the_daemon_runs_and_remembered(desk: Desk) -> None:
    order = _refunded(desk)
    (task,) = desk("status", "--json").json["tasks"]
    assert (task["haravan_id"], task["code"]) == (order, "refunded")
    assert "Phiếu chi 50.000 đ" in task["text"]
    assert "việc số" in desk("status").out
    (told,) = desk("explain", str(order), "--json").json["tasks"]
    assert (told["id"], told["closed_at"], told["how"]) == (task["id"], None, None)
    with DaemonLock(desk.config.parent / "syncd.db"):
        done = desk("done", str(task["id"]), "--json")
    assert (done.code, [row["id"] for row in done.json["done"]]) == (0, [task["id"]])
    assert desk("status", "--json").json["tasks"] == []
    (told,) = desk("explain", str(order), "--json").json["tasks"]
    assert (told["how"], told["closed_at"] is None) == ("command", False)
    assert f"việc số {task['id']}, nhân viên báo đã làm lúc" in " ".join(desk("explain", str(order)).out.split())
    assert desk("once").code == 0
    assert desk("status", "--json").json["tasks"] == []


def test_an_unknown_or_closed_task_is_named_and_closes_nothing(tmp_path: Path, desk: Desk) -> None:
    order = _refunded(desk)
    (task,) = desk("status", "--json").json["tasks"]
    unknown = desk("done", str(task["id"]), "777")
    assert (unknown.code, "777" in unknown.err, "syncd status" in unknown.err) == (2, True, True)
    assert len(desk("status", "--json").json["tasks"]) == 1
    said = desk("done", str(task["id"]), str(task["id"]))
    assert (said.code, said.out.count("đã đóng")) == (0, 1)
    again = desk("done", str(task["id"]))
    assert (again.code, "đã được đóng" in again.err) == (2, True)
    store = Store(desk.config.parent / "syncd.db")
    assert [event.event for event in store.events_of(order)].count("task_closed") == 1
    store.close()


def test_what_is_no_number_is_refused(desk: Desk) -> None:
    assert desk("done", "#100001").code == 2
