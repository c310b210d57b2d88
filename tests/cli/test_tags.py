"""Tags in Haravan from the command line: what an admin is told to do about them, and that nothing else suffers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from syncd.sandbox.faults import Fault
from tests.cli_kit import Desk, open_desk


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with open_desk(tmp_path) as opened:
        opened.edit("orders:\n", "orders:\n  tags: true\n")
        yield opened


def test_a_missing_permission_for_tags_fails_no_cycle_and_status_says_what_to_tick(desk: Desk) -> None:
    desk.sandbox.faults.add(Fault("forbidden", remote="haravan", method="POST", path="/tags", times=0))
    desk.place()
    once = desk("once", "--json")
    assert (once.code, once.json["errors"]) == (0, [])
    status = desk("status", "--json")
    assert status.code == 0
    tags = status.json["tags"]
    assert tags["enabled"] is True
    assert "com.write_orders" in tags["last_error"]
    assert status.json["cycles"]["orders"]["last_error"] is None
    assert "com.write_orders" in desk("status").out
    assert _finding(desk) == ("warning", tags["last_error"])
    desk.edit("tags: true", "tags: false")
    assert desk("status", "--json").json["tags"] == {"enabled": False, "last_error": None}


def test_once_tags_and_status_has_nothing_to_say(desk: Desk) -> None:
    level, said = _finding(desk)
    assert level == "ok"
    assert "com.write_orders" in said
    order = desk.place()
    planned = desk("plan", "--json").json["writes"]
    assert [(w["target"], w["order_number"]) for w in planned if w["operation"] == "tag_order"] == [
        ("haravan", desk.sandbox.haravan.order(order)["order_number"])
    ]
    assert desk("once").code == 0
    (document,) = desk.sandbox.kiotviet.orders()
    assert desk.sandbox.haravan.order(order)["tags"] == f"KV:{document['code']}"
    assert desk("status", "--json").json["tags"] == {"enabled": True, "last_error": None}
    assert "com.write_orders" not in desk("status").out


def test_check_says_that_nothing_is_tagged_while_orders_are_only_watched(desk: Desk) -> None:
    desk.edit("tags: true", "tags: true\n  apply: false")
    assert _finding(desk) == ("warning", "đang bật nhưng orders.apply đang tắt: không gắn thẻ nào")
    desk.edit("tags: true", "tags: false")
    assert "orders.tags" not in desk("check").out


def _finding(desk: Desk) -> tuple[str, str]:
    (found,) = [f for f in desk("check", "--json").json["findings"] if f["check"] == "orders.tags"]
    return found["level"], found["text"]
