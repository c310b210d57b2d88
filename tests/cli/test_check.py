"""`syncd check` on the command line: what it prints, what it exits with, and how far it goes without a database."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from syncd.store import Store
from tests.cli_kit import Desk, open_desk


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with open_desk(tmp_path) as opened:
        yield opened


def findings(desk: Desk) -> dict[str, dict[str, Any]]:
    return {item["kind"]: item for item in desk("check", "--json").json["findings"]}


def test_the_json_contract_and_a_remedy_for_whatever_is_not_well(desk: Desk) -> None:
    desk.sandbox.kiotviet.setting("SellAllowOrder", False)
    outcome = desk("check", "--json")
    assert (outcome.code, outcome.json["ok"]) == (2, False)
    for item in outcome.json["findings"]:
        assert {"level", "check", "text", "remedy", "kind"} == set(item)
        assert item["level"] in ("ok", "warning", "error")
        assert bool(item["remedy"]) == (item["level"] != "ok")
        assert "{" not in f"{item['text']}{item['remedy']}"


def test_people_read_cause_and_remedy_in_the_shops_language_and_a_sum_at_the_end(desk: Desk) -> None:
    desk.sandbox.kiotviet.setting("SellAllowOrder", False)
    said = desk("check").out
    assert "LỖI" in said
    assert "cách xử lý: KiotViet, Thiết lập cửa hàng > Giao dịch: bật 'Cho phép đặt hàng'" in said
    assert said.splitlines()[-1] == "1 lỗi, 0 cảnh báo"
    desk.edit("language: vi", "language: en")
    assert desk("check").out.splitlines()[-1] == "1 errors, 0 warnings"


def test_warnings_alone_are_no_failure(desk: Desk) -> None:
    desk.sandbox.kiotviet.setting("AllowOrderWhenOutStock", False)
    assert desk("check").code == 0


def test_check_makes_no_database_and_needs_none(desk: Desk) -> None:
    assert desk("check").code == 0
    assert not list(desk.config.parent.glob("syncd.db*"))


def test_a_database_from_a_newer_syncd_is_told_and_the_rest_is_examined(desk: Desk) -> None:
    path = desk.config.parent / "syncd.db"
    Store(path).close()
    with closing(sqlite3.connect(path)) as database, database:
        (table,) = [
            name
            for (name,) in database.execute("select name from sqlite_master where type = 'table'")
            if "migration" in name or "history" in name
        ][:1]
        columns = [row[1] for row in database.execute(f"pragma table_info({table})")]
        row = dict(zip(columns, database.execute(f"select * from {table}").fetchone(), strict=True))
        row |= {"name": "9999_of_the_future"} | ({"id": 9999} if "id" in row else {})
        marks = ", ".join("?" * len(row))
        database.execute(f"insert into {table} ({', '.join(row)}) values ({marks})", list(row.values()))
    found = findings(desk)
    assert found["database_unusable"]["level"] == "error"
    assert any(item["check"] == "products" for item in desk("check", "--json").json["findings"])


def test_a_damaged_database_is_told_and_the_rest_is_examined(desk: Desk) -> None:
    (desk.config.parent / "syncd.db").write_bytes(b"SQLite format 3\x00" + b"?" * 5000)
    outcome = desk("check")
    assert outcome.code == 2
    assert "orders.branch_id" in outcome.out
    assert "Traceback" not in outcome.err


def test_a_clock_an_hour_off_is_planted_with_the_sandboxs_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with open_desk(tmp_path) as desk:
        real = desk.sandbox.clock.now
        for gate in (desk.sandbox.haravan_gate, desk.sandbox.kiotviet_gate):
            monkeypatch.setattr(gate, "_clock", _Ahead(real))
        found = findings(desk)["clock_off"]
    assert found["level"] == "error"
    assert "timedatectl set-ntp true" in found["remedy"]
    assert "60" in found["text"]


class _Ahead:
    """A clock that is an hour ahead."""

    def __init__(self, now: Any) -> None:
        self._now = now

    def now(self) -> Any:
        return self._now() + timedelta(hours=1)

    def monotonic(self) -> float:
        return 0.0
