"""Every way a web shop comes to a total: KiotViet's is the same to the dong, or the order is held with both figures."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syncd.core import documents
from syncd.core.decisions import CreateOrder, Stop
from syncd.core.documents import Draft
from syncd.core.model import Discounts, OrderLine, WebOrder
from syncd.core.orders import decide
from tests.core.build import POLICY, index, line, link, nothing_found, order, record


def bought(*lines: OrderLine, discount: Any = None, coupon: Any = None, promotions: int = 0, **more: Any) -> WebOrder:
    """An order that says what its discounts are, and whose total is what they leave unless told."""
    made = order(*lines, **more)
    said = Discounts(
        None if discount is None else Decimal(discount),
        Decimal(discount or 0),
        None if coupon is None else Decimal(coupon),
        Decimal(promotions),
    )
    owed = made.total_price if "total_price" in more else made.total_price - Decimal(discount or 0)
    return replace(made, discounts=said, total_price=owed)


def same(number: int, quantity: int, price: int | str) -> OrderLine:
    """Line `number` of the one product SP-1."""
    return line(number, quantity, price, variant_id=11, sku="SP-1")


def draft_of(of: WebOrder) -> Draft:
    return documents.order_draft(of, {one.id: link(int(one.sku.removeprefix("SP-"))) for one in of.lines})


EQUAL: list[tuple[str, WebOrder, int, int]] = [
    # what it is, the order, the discount and the surcharge that KiotViet gets
    ("nothing special", bought(discount=0), 0, 0),
    ("shipping paid by the buyer", bought(discount=0, shipping=30_000), 0, 30_000),
    ("a line promotion is in the price", bought(line(1, 2, 170_000), discount=0, promotions=30_000), 0, 0),
    ("a fixed code", bought(line(1, 1, 600_000), discount=100_000), 100_000, 0),
    ("a percentage that is no whole dong a piece", bought(line(1, 3, 33_300), discount="9990"), 9_990, 0),
    ("several codes", bought(line(1, 1, 600_000), discount=150_000, shipping=15_000), 150_000, 15_000),
    ("a coupon among the discounts", bought(discount=30_000, coupon=30_000, shipping=30_000), 30_000, 30_000),
    ("a coupon off the shipping line", bought(discount=0, coupon=30_000), 0, 0),
    (
        "a coupon only in the total",
        bought(discount=0, coupon=20_000, shipping=30_000, total_price=110_000),
        20_000,
        30_000,
    ),
    (
        "a coupon that says no amount",
        bought(discount=0, coupon=0, shipping=30_000, total_price=100_000),
        30_000,
        30_000,
    ),
    (
        "a coupon larger than the fee, counted up to it",
        bought(discount=50_000, coupon=50_000, shipping=30_000, total_price=100_000),
        30_000,
        30_000,
    ),
    (
        "a coupon larger than the fee, counted whole",
        bought(discount=50_000, coupon=50_000, shipping=30_000, total_price=80_000),
        50_000,
        30_000,
    ),
    ("free shipping", bought(discount=0, shipping=0), 0, 0),
    ("a gift", bought(line(1, 1, 100_000), line(2, 3, 0), discount=0), 0, 0),
    ("nothing but gifts", bought(line(1, 1, 0), line(2, 2, 0), discount=0), 0, 0),
    ("gifts whose shipping is paid", bought(line(1, 1, 0), discount=0, shipping=15_000), 0, 15_000),
    ("gifts with free shipping by coupon", bought(line(1, 1, 0), discount=30_000, shipping=30_000), 0, 0),
    ("one product at two prices", bought(same(1, 1, 100), same(2, 2, 50), discount=0), 1, 0),
    ("one product, one of them a gift", bought(same(1, 2, 99_000), same(2, 1, 0), discount=0), 0, 0),
    ("fractions that come to a whole", bought(line(1, 2, "33333.5"), discount=0), 1, 0),
    ("a third of a price", bought(line(1, 3, "33333.3333"), discount=0, total_price=100_000), 2, 0),
    (
        "a fraction of shipping",
        bought(line(1, 1, "99999.5"), discount=0, shipping="30000.5", total_price=130_000),
        1,
        30_001,
    ),
    ("a discount of the whole goods", bought(line(1, 1, 600_000), discount=600_000), 600_000, 0),
    (
        "a discount larger than the goods",
        bought(discount=400_000, shipping=30_000, total_price=30_000),
        100_000,
        30_000,
    ),
    (
        "a discount that also pays some of the shipping",
        bought(discount=110_000, shipping=30_000, total_price=20_000),
        100_000,
        20_000,
    ),
    ("a wholesaler's quantity", bought(line(1, 1_000_000, 2_900_000), discount=7), 7, 0),
    ("a wholesaler's fraction", bought(line(1, 999_999, "0.5"), discount="0.5"), 500_000, 0),
    ("tax in the prices", bought(discount=0, tax=Decimal(9_091), taxes_included=True), 0, 0),
    ("tax in the prices though it says not", bought(discount=0, tax=Decimal(9_091)), 0, 0),
    (
        "tax in the prices though it says not, and a coupon",
        bought(discount=20_000, coupon=20_000, shipping=30_000, tax=Decimal(9_091)),
        20_000,
        30_000,
    ),
    ("discounts that count line promotions too", bought(line(1, 2, 85_000), discount=30_000, promotions=30_000,
                                                        total_price=170_000), 0, 0),
    ("prices before line promotions", bought(line(1, 2, 100_000), discount=0, promotions=30_000,
                                             total_price=170_000), 30_000, 0),
    ("nothing said about discounts", order(total_price=93_000), 7_000, 0),
]  # fmt: skip


@pytest.mark.parametrize(("what", "of", "discount", "surcharge"), EQUAL, ids=[case[0] for case in EQUAL])
def test_kiotviets_total_is_haravans_to_the_dong(what: str, of: WebOrder, discount: int, surcharge: int) -> None:
    draft = draft_of(of)
    assert draft.expected_total == of.total_price
    assert (draft.discount, draft.shipping) == (discount, surcharge)
    assert isinstance(decide(of, record(), nothing_found(), POLICY, index()), CreateOrder)


HELD: list[tuple[str, WebOrder, str, str]] = [
    # what it is, the order, Haravan's figure and KiotViet's
    ("more than its parts", bought(discount=0, total_price=113_000), "113.000 đ", "100.000 đ"),
    ("less than its parts", bought(discount=0, total_price=87_000), "87.000 đ", "100.000 đ"),
    ("a discount that its total does not have", bought(discount=20_000, total_price=100_000), "100.000 đ", "80.000 đ"),
    (
        "less than a coupon can explain",
        bought(discount=0, coupon=20_000, shipping=30_000, total_price=90_000),
        "90.000 đ",
        "130.000 đ",
    ),
    ("tax on top", bought(discount=0, tax=Decimal(8_000), total_price=108_000), "108.000 đ", "100.000 đ"),
    (
        "tax on top and a discount",
        bought(discount=10_000, tax=Decimal(9_000), total_price=99_000),
        "99.000 đ",
        "90.000 đ",
    ),
    (
        "tax on top that it calls included",
        bought(discount=0, tax=Decimal(8_000), taxes_included=True, total_price=108_000),
        "108.000 đ",
        "100.000 đ",
    ),
    (
        "tax on top where no discount is said",
        order(tax=Decimal(8_000), total_price=108_000),
        "108.000 đ",
        "100.000 đ",
    ),
    ("no whole dong", bought(line(1, 1, "33333.3333"), discount=0), "33.333,3333 đ", "33.334 đ"),
    ("half a dong of discount", bought(discount="0.5"), "99.999,5 đ", "100.000 đ"),
    ("below zero", bought(discount=150_000, shipping=30_000), "-20.000 đ", "0 đ"),
]


@pytest.mark.parametrize(("what", "of", "haravan", "kiotviet"), HELD, ids=[case[0] for case in HELD])
def test_a_total_that_kiotviet_cannot_have_is_held_with_both_figures(
    what: str, of: WebOrder, haravan: str, kiotviet: str
) -> None:
    decision = decide(of, record(), nothing_found(), POLICY, index())
    assert isinstance(decision, Stop)
    assert decision.code == "total_mismatch"
    said = dict(decision.reason.fields)
    assert (said["haravan"], said["kiotviet"]) == (haravan, kiotviet)


def test_an_order_that_kiotviet_has_keeps_haravans_total_whatever_it_says_of_discounts_later() -> None:
    of = bought(discount=0, total_price=87_000)
    assert documents.settled_draft(of, {1: link(1)}).expected_total == 87_000


AMOUNTS = st.one_of(
    st.integers(-10, 10**12).map(Decimal),
    st.decimals(0, 10**21, places=4, allow_nan=False, allow_infinity=False),
)


@given(
    st.lists(st.tuples(st.integers(0, 10**9), AMOUNTS), min_size=1, max_size=4),
    st.tuples(AMOUNTS, AMOUNTS, AMOUNTS, st.none() | AMOUNTS, st.none() | AMOUNTS, AMOUNTS),
    st.booleans(),
)
def test_whatever_an_order_says_it_is_sent_right_or_held(
    rows: list[tuple[int, Decimal]], money: tuple[Any, ...], included: bool
) -> None:
    shipping, tax, total, stated, coupons, promotions = money
    lines = [same(number, quantity, str(price)) for number, (quantity, price) in enumerate(rows, 1)]
    said = Discounts(stated, Decimal(0), coupons, promotions)
    of = order(*lines, shipping=shipping, total_price=total, tax=tax, taxes_included=included, discounts=said)
    decision = decide(of, record(), nothing_found(), POLICY, index())
    if isinstance(decision, Stop):
        assert decision.code in ("total_mismatch", "unsupported_line")
        return
    assert isinstance(decision, CreateOrder)
    draft = decision.draft
    sent = [draft.discount, draft.shipping, *(one.price for one in draft.lines)]
    assert all(amount == amount.to_integral_value() for amount in sent)
    assert draft.expected_total == of.total_price
    assert 0 <= draft.discount <= max(Decimal(0), sum((one.amount for one in draft.lines), Decimal(0)))
