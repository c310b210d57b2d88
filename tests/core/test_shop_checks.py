"""What both shops show, judged against the config: one row per setting that would make work fail."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from syncd.core import shop_checks
from syncd.core.findings import Finding
from syncd.core.model import BankAccount, Branch, Location, PosSettings, Shop, Surcharge

SHOP = Shop(1, "Shop mẫu", "VND", "(GMT+07:00) Bangkok, Hanoi, Jakarta")
WAREHOUSE = Location(963414, "Kho chính", "", unavailable=False)
PLAIN = PosSettings(False, True, True, True, True)
FEE = Surcharge(4, "THKSHIPPINGWEB", "Phí ship")


def kinds(found: Iterable[Finding]) -> list[tuple[str, str]]:
    """Level and kind of each finding that is not well."""
    return [(finding.level, finding.kind) for finding in found if finding.remedy is not None]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, []),
        ({"currency": "", "timezone": ""}, []),
        ({"currency": "USD"}, [("error", "currency")]),
        ({"timezone": "(GMT+00:00) London"}, [("warning", "shop_timezone")]),
    ],
)
def test_a_web_shop_counts_in_dong_and_in_vietnams_days(
    change: dict[str, Any], expected: list[tuple[str, str]]
) -> None:
    assert kinds(shop_checks.of_web_shop(replace(SHOP, **change))) == expected


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        ([WAREHOUSE], []),
        ([], [("error", "location_missing")]),
        ([replace(WAREHOUSE, id=5)], [("error", "location_missing")]),
        ([replace(WAREHOUSE, kind="ontheroad")], [("error", "location_transit")]),
        ([replace(WAREHOUSE, unavailable=True)], [("warning", "location_unavailable")]),
    ],
)
def test_a_location_is_there_is_real_and_takes_stock(shown: list[Location], expected: list[tuple[str, str]]) -> None:
    found = [*shop_checks.of_locations({"stock.links[0].location_id": 963414}, shown)]
    assert kinds(found) == expected
    assert [finding.check for finding in found] == ["stock.links[0].location_id"]


def test_a_branch_that_is_not_shown_is_named_with_those_that_are() -> None:
    wanted = {"orders.branch_id": 1001, "stock.links[0].branch_ids": 1002}
    found = [*shop_checks.of_branches(wanted, [Branch(1001, "Chi nhánh trung tâm")])]
    assert kinds(found) == [("error", "branch_missing")]
    assert "1001 (Chi nhánh trung tâm)" in str(found[1].remedy)


def test_a_person_reads_twenty_branches_and_that_there_are_more() -> None:
    shown = [Branch(number, f"CN {number}") for number in range(1, 22)]
    (found,) = shop_checks.of_branches({"orders.branch_id": 99}, shown)
    assert "20 (CN 20), …" in str(found.remedy)
    assert "CN 21" not in str(found.remedy)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, []),
        ({"allow_order": None, "allow_order_out_of_stock": None, "allow_sell_out_of_stock": None}, []),
        ({"allow_order": False}, [("error", "order_feature_off")]),
        ({"allow_order_out_of_stock": False}, [("warning", "order_out_of_stock_off")]),
        (
            {"allow_sell_ordered_out_of_stock": False, "allow_sell_out_of_stock": False},
            [("warning", "sell_reserved_off")],
        ),
        ({"allow_sell_ordered_out_of_stock": False}, []),
        ({"allow_sell_out_of_stock": False}, []),
        ({"customers_by_branch": True}, []),
    ],
)
def test_a_switch_in_kiotviet_that_makes_writes_fail_is_named(
    change: dict[str, Any], expected: list[tuple[str, str]]
) -> None:
    assert kinds(shop_checks.of_pos_settings(replace(PLAIN, **change))) == expected


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"allow_sell_out_of_stock": False}, "check_sell_out_of_stock"),
        ({"customers_by_branch": True}, "check_customers"),
    ],
)
def test_a_switch_in_kiotviet_that_changes_how_syncd_works_is_mentioned(change: dict[str, bool], words: str) -> None:
    found = shop_checks.of_pos_settings(replace(PLAIN, **change))
    assert any(finding.cause.key.startswith(words) for finding in found)


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        ([], []),
        ([FEE], []),
        ([replace(FEE, value=Decimal(20_000))], [("warning", "surcharge_value")]),
        ([replace(FEE, ratio=Decimal(5))], [("warning", "surcharge_value")]),
        ([replace(FEE, code="KHAC", value=Decimal(20_000))], []),
    ],
)
def test_a_surcharge_that_adds_something_by_itself_is_warned_of(
    shown: list[Surcharge], expected: list[tuple[str, str]]
) -> None:
    assert kinds([shop_checks.of_surcharge("THKSHIPPINGWEB", shown)]) == expected


@pytest.mark.parametrize(
    ("shown", "expected", "words"),
    [
        ([BankAccount(7, "VCB 001")], [], "VCB 001"),
        ([BankAccount(8, "ACB 002")], [("error", "bank_account_missing")], "7"),
        ([], [("error", "bank_account_missing")], "7"),
    ],
)
def test_money_is_booked_to_a_bank_account_that_is_there(
    shown: list[BankAccount], expected: list[tuple[str, str]], words: str
) -> None:
    found = shop_checks.of_account(7, shown)
    assert kinds([found]) == expected
    assert words in str(found.cause)
