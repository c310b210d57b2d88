"""Which orders are ours: web, COD, since; where they go; how long a refused one rests."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from syncd.core.orders import RETRY_REJECTED_AFTER, OrderPolicy, is_cod, outside, rests
from tests.core.build import BRANCH, NOW, POLICY, SINCE, hold, money, order, record, shipment

COD_TEXT = "Thanh toán khi giao hàng"


@pytest.mark.parametrize(
    ("story", "change", "cod"),
    [
        ("the code says so", {"gateway_code": "COD", "gateway": "anything"}, True),
        ("the code in small letters", {"gateway_code": "cod", "gateway": ""}, True),
        ("another code beats the text", {"gateway_code": "bankdeposit", "gateway": "COD"}, False),
        ("without a code the shop's text counts", {"gateway_code": "", "gateway": "Thu tiền (CoD)"}, True),
        ("the Vietnamese text", {"gateway_code": "", "gateway": COD_TEXT.upper()}, True),
        ("its accents typed apart", {"gateway_code": "", "gateway": unicodedata.normalize("NFD", COD_TEXT)}, True),
        ("no word of it", {"gateway_code": "", "gateway": "Chuyển khoản"}, False),
        ("nothing at all", {"gateway_code": "", "gateway": ""}, False),
        (
            "a transaction through a COD gateway",
            {"gateway_code": "Custom", "transactions": (money("pending", 1, cod_gateway=True),)},
            True,
        ),
        ("a shipment that collects money", {"gateway_code": "Custom", "shipments": (shipment(),)}, True),
        (
            "a shipment that collects none",
            {"gateway_code": "Custom", "shipments": (shipment(cod_amount=Decimal(0)),)},
            False,
        ),
    ],
)
def test_an_order_is_cod_when_something_decisive_says_so(story: str, change: dict[str, Any], cod: bool) -> None:
    assert is_cod(order(**change)) is cod, story


@pytest.mark.parametrize(
    ("change", "policy", "reason"),
    [
        ({}, POLICY, ""),
        ({"source": "WEB"}, POLICY, ""),
        ({"created_at": SINCE}, POLICY, ""),
        ({"created_at": SINCE - timedelta(microseconds=1)}, POLICY, "created before orders.since"),
        ({"source": "pos"}, POLICY, "channel pos is not in orders.channels"),
        ({"source": ""}, POLICY, "channel (none) is not in orders.channels"),
        ({"source": "pos"}, replace(POLICY, channels=("web", "pos")), ""),
        ({"source": ""}, replace(POLICY, channels=("any",)), ""),
        ({"gateway_code": "bankdeposit"}, POLICY, "payment bankdeposit is not COD"),
        ({"gateway_code": "", "gateway": "Chuyển khoản"}, POLICY, "payment Chuyển khoản is not COD"),
        ({"gateway_code": "", "gateway": ""}, POLICY, "payment (none) is not COD"),
        ({"gateway_code": "bankdeposit"}, replace(POLICY, payments=("any",)), ""),
    ],
)
def test_what_is_not_web_not_cod_or_too_old_is_outside(
    change: dict[str, Any], policy: OrderPolicy, reason: str
) -> None:
    assert str(outside(order(**change), policy) or "") == reason


@pytest.mark.parametrize(
    ("assigned", "location", "branch"),
    [(None, None, BRANCH), (None, 1, 11), (2, 1, 12), (3, 1, BRANCH), (None, 3, BRANCH)],
)
def test_the_branch_follows_the_location_that_must_ship(
    assigned: int | None, location: int | None, branch: int
) -> None:
    policy = replace(POLICY, branch_by_location={1: 11, 2: 12})
    assert policy.branch_of(order(assigned_location_id=assigned, location_id=location)) == branch


def test_money_received_before_delivery_is_booked_on_the_order_and_what_a_carrier_collects_is_not() -> None:
    paid = (money("capture", 60_000), money("refund", -10_000, number=2))
    policy = replace(POLICY, cod_method="Transfer", cod_account_id=9)
    prepaid = policy.deposit(order(gateway_code="bankdeposit", transactions=paid))
    assert (prepaid.method, prepaid.account_id, prepaid.received) == ("Transfer", 9, 50_000)
    assert policy.deposit(order(transactions=paid)).received == 0, "with COD only it is booked with the invoice"
    policy = replace(policy, payments=("any",))
    assert policy.deposit(order(transactions=paid)).received == 50_000, "a deposit on a COD order"
    delivered = shipment(1, "delivered", cod="codreceipt")
    collected = order(shipments=(delivered,), transactions=(money("capture", 100_000),))
    assert policy.deposit(collected).received == 0, "the carrier's money"
    assert policy.deposit(order(gateway_code="bankdeposit", transactions=(money("refund", -5),))).received == 0
    assert policy.settlement().received == 0


REJECTED = hold("rejected", fingerprint="same", tried_at=NOW)


@pytest.mark.parametrize(
    ("story", "held", "retry", "fingerprint", "after", "waits"),
    [
        ("just refused", REJECTED, False, "same", timedelta(0), True),
        ("almost an hour later", REJECTED, False, "same", RETRY_REJECTED_AFTER - timedelta(seconds=1), True),
        ("an hour later", REJECTED, False, "same", RETRY_REJECTED_AFTER, False),
        ("a person says retry", REJECTED, True, "same", timedelta(0), False),
        ("what it depends on changed", REJECTED, False, "other", timedelta(0), False),
        ("the clock went back", REJECTED, False, "same", -timedelta(seconds=1), False),
        ("it was never tried", replace(REJECTED, tried_at=None), False, "same", timedelta(0), False),
        ("held for another reason", replace(REJECTED, code="unknown_sku"), False, "same", timedelta(0), False),
        ("not held", None, False, "same", timedelta(0), False),
    ],
)
def test_a_refused_order_rests_an_hour_unless_something_changed(
    story: str, held: Any, retry: bool, fingerprint: str, after: timedelta, waits: bool
) -> None:
    assert rests(record(hold=held, retry_asked=retry), fingerprint, NOW + after) is waits, story
