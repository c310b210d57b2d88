"""Which files in a directory are our backups, and which of them go."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from syncd.core.backups import name_of, surplus

AT = datetime(2026, 11, 23, 9, 5, 7, tzinfo=timezone(timedelta(hours=7)))


@pytest.mark.parametrize(
    ("shop", "name"),
    [
        ("my-shop", "syncd-my-shop-20261123-020507.db"),
        ("Cửa hàng 1", "syncd-Cửa-hàng-1-20261123-020507.db"),
        ("../../etc/x", "syncd-..-..-etc-x-20261123-020507.db"),
        ("a/b\0c", "syncd-a-b-c-20261123-020507.db"),
        ("x" * 400, f"syncd-{'x' * 60}-20261123-020507.db"),
    ],
)
def test_a_backup_has_the_shop_and_the_instant_in_utc_in_its_name(shop: str, name: str) -> None:
    assert name_of(shop, AT) == name
    assert surplus([name], shop, 0) == [name]


def test_the_oldest_go_first_and_the_newest_stay() -> None:
    names = [name_of("s", AT + timedelta(days=day)) for day in (3, 1, 400, 2)]
    assert surplus(names, "s", 2) == [names[1], names[3]]
    assert surplus(names, "s", 4) == surplus(names, "s", 9) == surplus([], "s", 1) == []


@pytest.mark.parametrize(
    "name",
    [
        "syncd-s2-20261123-020507.db",
        "syncd-s-2-20261123-020507.db",
        "syncd-s-20261123-020507.db.part",
        "syncd-s-20261123-020507.db-wal",
        "old-syncd-s-20261123-020507.db",
        "syncd-s-20261123.db",
        "syncd-s-yesterday-020507.db",
        "syncd-s-٢٠٢٦١١٢٣-020507.db",
        "syncd.db",
    ],
)
def test_what_is_not_wholly_our_name_is_never_touched(name: str) -> None:
    newer = [name_of("s", datetime(2030, 1, day, tzinfo=UTC)) for day in (1, 2)]
    assert name not in surplus([name, *newer], "s", 1)
