"""The formula, the plan and its guards."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syncd.core.model import AdjustLine, BranchStock, OnHand
from syncd.core.pending import StockLink
from syncd.core.products import Link
from syncd.core.stock import (
    LINES_PER_CALL,
    Change,
    Guard,
    Plan,
    Read,
    Reading,
    adjust_lines,
    batches,
    by_source,
    figures,
    plan,
    refusal,
    sellable,
)
from tests.core.build import BRANCH, LOCATION, link

OTHER = 1002


def row(branch: int, on_hand: Any, reserved: Any = 0, *, active: bool | None = True) -> BranchStock:
    def number(value: Any) -> Decimal | None:
        return None if value is None else Decimal(str(value))

    return BranchStock(branch, number(on_hand), number(reserved), active)


def read(rows: dict[int, list[BranchStock]]) -> dict[int, dict[int, BranchStock]]:
    return figures([OnHand(product_id, "", tuple(stock)) for product_id, stock in rows.items()], frozenset())


@pytest.mark.parametrize(
    ("story", "rows", "free"),
    [
        ("on hand less reserved", [row(BRANCH, 10, 3)], 7),
        ("over all linked branches", [row(BRANCH, 10, 3), row(OTHER, 5, 1)], 11),
        ("another branch does not count", [row(BRANCH, 10), row(9, 50)], 10),
        ("parts of a piece are added before they are dropped", [row(BRANCH, "1.5"), row(OTHER, "1.5")], 3),
        ("parts of a piece are dropped", [row(BRANCH, "2.9")], 2),
        ("below zero is rounded down", [row(BRANCH, "-0.5")], -1),
        ("below zero is told", [row(BRANCH, -4, 1), row(OTHER, 2)], -3),
        ("not sold here adds nothing", [row(BRANCH, 10, active=False), row(OTHER, 5)], 5),
        ("not sold anywhere is zero", [row(BRANCH, 10, active=False)], 0),
        ("not sold and unknown is zero", [row(BRANCH, None, active=False)], 0),
        ("nothing said about selling: sold", [row(BRANCH, 10, active=None)], 10),
        ("unknown at one branch is unknown", [row(BRANCH, None), row(OTHER, 5)], None),
        ("unknown is not zero", [row(BRANCH, None)], None),
        ("no reserve told is none", [row(BRANCH, 10, None)], 10),
        ("no linked branch in the row", [row(9, 50)], None),
        ("a branch that never had it", [row(BRANCH, 10)], 10),
        ("an empty row", [], None),
    ],
)
def test_what_may_be_sold(story: str, rows: list[BranchStock], free: int | None) -> None:
    assert sellable(link(1), (BRANCH, OTHER), read({201: rows})) == free, story


def test_a_product_that_was_not_read_is_unknown() -> None:
    assert sellable(link(1), (BRANCH,), {}) is None


UNIT = link(1, master_unit_id=300, conversion=Decimal(12))


@pytest.mark.parametrize(
    ("story", "base", "own", "free"),
    [
        ("whole packs of the base's stock", [row(BRANCH, 30, 5)], [row(BRANCH, 99)], 2),
        ("the pack itself is not listed", [row(BRANCH, 36)], None, 3),
        ("the pack is not sold here", [row(BRANCH, 36)], [row(BRANCH, 3, active=False)], 0),
        ("the base is not sold here", [row(BRANCH, 36, active=False)], [row(BRANCH, 3)], 0),
        ("the base was not read", None, [row(BRANCH, 3)], None),
        ("packs over several branches", [row(BRANCH, 6), row(OTHER, 7)], None, 1),
    ],
)
def test_a_unit_is_counted_from_its_base(story: str, base: Any, own: Any, free: int | None) -> None:
    rows = {300: base, 201: own}
    assert sellable(UNIT, (BRANCH, OTHER), read({key: value for key, value in rows.items() if value})) == free, story


PACK = link(2, master_unit_id=201, conversion=Decimal(12))


@pytest.mark.parametrize(
    ("story", "waiting", "single", "packs"),
    [
        ("nothing is pending", {}, 30, 2),
        ("a piece is: no whole pack less", {11: 1}, 29, 2),
        ("seven pieces are: a pack less", {11: 7}, 23, 1),
        ("a pack is: twelve pieces less", {12: 1}, 18, 1),
        ("both are", {11: 7, 12: 1}, 11, 0),
        ("more than there is", {12: 9}, 0, 0),
    ],
)
def test_what_is_pending_of_a_pack_is_pending_of_its_pieces(
    story: str, waiting: dict[int, int], single: int, packs: int
) -> None:
    rows = read({201: [row(BRANCH, 30)]})
    levels = {(LOCATION, 10 + number): 99 for number in (1, 2)}
    found = plan(
        [StockLink(LOCATION, (BRANCH,))],
        [link(1), PACK],
        Read(rows),
        levels,
        {(LOCATION, variant): pieces for variant, pieces in waiting.items()},
    )
    assert [change.wanted for change in found.compared] == [single, packs], story
    assert all(change.wanted == max(0, change.sellable - change.pending) for change in found.compared)


def test_a_pack_that_is_not_published_is_pending_all_the_same() -> None:
    rows, levels = read({201: [row(BRANCH, 30)]}), {(LOCATION, 11): 30}
    families = by_source([link(1), PACK])
    found = plan([StockLink(LOCATION, (BRANCH,))], [link(1)], Read(rows), levels, {(LOCATION, 12): 1}, families)
    assert [change.wanted for change in found.compared] == [18]


def test_a_figure_tells_its_reading_and_the_branches_it_came_from() -> None:
    reading = Reading(datetime(2026, 11, 26, tzinfo=UTC), 7, "HD000123")
    rows = Read(read({201: [row(BRANCH, 30, 5), row(OTHER, 2), row(9, 50)]}), {201: reading})
    links = [StockLink(LOCATION, (BRANCH, OTHER), 1)]
    (change,) = plan(links, [link(1)], rows, {(LOCATION, 11): 3}, {}).compared
    assert (change.reading, change.sellable, change.wanted, change.delta) == (reading, 27, 26, 23)
    assert [(stock.branch_id, stock.on_hand) for stock in change.branches] == [(BRANCH, 30), (OTHER, 2)]


def test_a_product_that_the_catalogue_calls_inactive_is_not_sold() -> None:
    found = figures([OnHand(201, "SP-1", (row(BRANCH, 10, active=None),))], frozenset({(201, BRANCH)}))
    assert sellable(link(1), (BRANCH,), found) == 0


# --- the plan --------------------------------------------------------------------------------------------------------


def planned(on_hand: Any, available: int, *, waiting: int = 0, safety: int = 0, product: Link | None = None) -> Plan:
    links = [StockLink(LOCATION, (BRANCH,), safety)]
    rows = read({201: [row(BRANCH, on_hand)]})
    levels = {(LOCATION, 11): available}
    return plan(links, [product or link(1)], Read(rows), levels, {(LOCATION, 11): waiting})


@pytest.mark.parametrize(
    ("on_hand", "waiting", "safety", "available", "wanted"),
    [(10, 0, 0, 3, 10), (10, 4, 0, 3, 6), (10, 4, 2, 3, 4), (3, 4, 0, 3, 0), (3, 0, 9, 3, 0), (-2, 0, 0, -7, 0)],
)
def test_the_figure_is_sellable_less_pending_less_safety_and_never_below_zero(
    on_hand: int, waiting: int, safety: int, available: int, wanted: int
) -> None:
    (change,) = planned(on_hand, available, waiting=waiting, safety=safety).compared
    assert (change.wanted, change.delta) == (wanted, wanted - available)
    assert (change.sellable, change.pending, change.safety_stock) == (on_hand, waiting, safety)
    assert (change.product_id, change.variant_id, change.code) == (901, 11, "SP-1")


def test_only_differences_are_changes() -> None:
    assert planned(5, 5).changes == ()
    assert len(planned(5, 5).compared) == 1
    assert len(planned(5, 6).changes) == 1


def test_an_unknown_figure_is_named_once_and_never_written() -> None:
    links = [StockLink(LOCATION, (BRANCH,)), StockLink(2, (BRANCH,))]
    levels = {(LOCATION, 11): 5, (2, 11): 5}
    found = plan(links, [link(1)], Read(read({201: [row(BRANCH, None)]})), levels, {})
    assert (found.compared, found.unknown) == ((), ("SP-1",))


def test_a_pair_whose_level_was_not_read_is_not_compared() -> None:
    found = plan([StockLink(LOCATION, (BRANCH,))], [link(1), link(2)], Read(read({201: [row(BRANCH, 4)]})), {}, {})
    assert found == Plan((), ())


STOCK = st.one_of(
    st.none(),
    st.lists(st.builds(row, st.sampled_from([BRANCH, OTHER, 9]), st.one_of(st.none(), st.integers(-5, 5))), max_size=3),
)


@given(st.dictionaries(st.sampled_from([201, 202, 203]), STOCK), st.dictionaries(st.integers(1, 3), st.integers(-3, 9)))
def test_a_zero_is_planned_only_for_a_product_that_was_read(stock: dict[int, Any], known: dict[int, int]) -> None:
    rows = read({product_id: found for product_id, found in stock.items() if found is not None})
    levels = {(LOCATION, 10 + number): available for number, available in known.items()}
    found = plan([StockLink(LOCATION, (BRANCH, OTHER))], [link(1), link(2), link(3)], Read(rows), levels, {})
    for change in found.compared:
        shown = rows.get(change.variant_id - 10 + 200, {})
        figures_read = [one for branch, one in shown.items() if branch in (BRANCH, OTHER)]
        assert figures_read, "absence is not zero"
        assert all(one.on_hand is not None for one in figures_read)
        assert (LOCATION, change.variant_id) in levels


# --- the guards ------------------------------------------------------------------------------------------------------


def lowering(count: int, *, available: int = 5, wanted: int = 1, raising: int = 0) -> Plan:
    base = Change(LOCATION, 11, 901, "SP-1", "SP-1", wanted, 0, 0, wanted, available)
    return Plan((base,) * count + (replace(base, wanted=9),) * raising)


@pytest.mark.parametrize(
    ("story", "proposed", "published", "guard", "refused"),
    [
        ("exactly the share", lowering(3), 10, Guard(30, 10), False),
        ("one more", lowering(4), 10, Guard(30, 10), True),
        ("exactly the share of an odd number", lowering(3), 11, Guard(30, 10), False),
        ("too few products to judge", lowering(9), 9, Guard(30, 10), False),
        ("just enough to judge", lowering(10), 10, Guard(30, 10), True),
        ("raising is not dangerous", lowering(0, raising=10), 10, Guard(30, 10), False),
        (
            "what is already at zero or below is not lowered",
            lowering(10, available=0, wanted=0),
            10,
            Guard(30, 10),
            False,
        ),
        ("below zero is raised to zero", lowering(10, available=-3, wanted=0), 10, Guard(30, 10), False),
        ("a hundred percent refuses nothing", lowering(10), 10, Guard(100, 10), False),
        ("zero percent refuses anything", lowering(1), 10, Guard(0, 10), True),
        ("a nothing is never refused", lowering(0), 10, Guard(0, 0), False),
    ],
)
def test_a_plan_that_lowers_too_much_of_the_shop_is_refused(
    story: str, proposed: Plan, published: int, guard: Guard, refused: bool
) -> None:
    assert bool(refusal(proposed, published, guard)) is refused, story


def test_a_refusal_says_how_much_and_what_to_do() -> None:
    reason = str(refusal(Plan(lowering(3).compared + lowering(2, wanted=0).compared), 10, Guard()))
    assert "lowers 5 of 10 published products (2 to zero)" in reason
    assert "30 %" in reason
    assert "syncd once --force-stock" in reason


def test_a_call_is_for_one_location_and_a_hundred_lines() -> None:
    here, there = lowering(LINES_PER_CALL + 1).compared, replace(lowering(1).compared[0], location_id=2)
    calls = batches([there, *here])
    assert [(location, len(changes)) for location, changes in calls] == [(2, 1), (LOCATION, 100), (LOCATION, 1)]
    assert batches(()) == ()


def test_a_line_adds_the_difference() -> None:
    assert adjust_lines(lowering(1).compared) == (AdjustLine(901, 11, -4),)
    assert [change.pair for change in lowering(1).compared] == [(LOCATION, 11)]
