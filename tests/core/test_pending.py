"""Pieces that Haravan promised and KiotViet's figures do not show yet: never negative, never twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syncd.core.invoices import lacks_pieces
from syncd.core.model import WebOrder
from syncd.core.pending import Claim, Part, StockLink, doubting, never_less, parts_of, pending
from tests.core.build import BRANCH, LOCATION, NOW, document, line, links, order, refund, shipment

ELSEWHERE = 777
HERE = StockLink(LOCATION, (BRANCH,))


# --- what an order takes out of available ----------------------------------------------------------------------------


def taken(of: WebOrder) -> list[tuple[int, int, int | None, bool]]:
    """Variant, pieces, shipment and whether it was handed over, of each part."""
    return [(part.variant_id, part.quantity, part.shipment_id, part.handed_over) for part in parts_of(of.goods)]


@pytest.mark.parametrize(
    ("story", "of", "expected"),
    [
        ("placed", order(line(1, 2), line(2)), [(11, 2, None, False), (12, 1, None, False)]),
        ("waiting for pickup", order(line(1, 2), shipments=(shipment(1, "picking", (1, 2)),)), [(11, 2, 71, False)]),
        ("on the road", order(line(1, 2), shipments=(shipment(1, "delivering", (1, 2)),)), [(11, 2, 71, True)]),
        (
            "partly shipped",
            order(line(1, 3), shipments=(shipment(1, "delivering", (1, 2)),)),
            [(11, 2, 71, True), (11, 1, None, False)],
        ),
        (
            "its shipment was cancelled: promised still",
            order(line(1, 2), shipments=(shipment(1, "cancel", (1, 2)),)),
            [(11, 2, None, False)],
        ),
        (
            "shipped again",
            order(line(1, 2), shipments=(shipment(1, "cancel", (1, 2)), shipment(2, "delivering", (1, 2)))),
            [(11, 2, 72, True)],
        ),
        ("cancelled before hand-over", order(cancelled_at=NOW), []),
        (
            "cancelled, its shipment kept",
            order(shipments=(shipment(1, "readytopick"),), cancelled_at=NOW),
            [],
        ),
        (
            "cancelled on the road: what was not shipped is free",
            order(line(1, 2), shipments=(shipment(1, "delivering", (1, 1)),), cancelled_at=NOW),
            [(11, 1, 71, True)],
        ),
        (
            "cancelled with one parcel on the road, the other still in the shop",
            order(
                line(1),
                line(2),
                shipments=(shipment(1, "delivering", (1, 1)), shipment(2, "picking", (2, 1))),
                cancelled_at=NOW,
            ),
            [(11, 1, 71, True)],
        ),
        (
            "brought back, cancelled and put on the shelf",
            order(shipments=(shipment(1, "return"),), cancelled_at=NOW, refunds=(refund((1, 1)),)),
            [],
        ),
        (
            "brought back, whatever else is done about it",
            order(line(1, 2), shipments=(shipment(1, "return", (1, 2)),)),
            [],
        ),
        (
            "brought back and sent again",
            order(line(1, 2), shipments=(shipment(1, "return", (1, 1)), shipment(2, "delivering", (1, 1)))),
            [(11, 1, 72, True)],
        ),
        (
            "one of two put back",
            order(line(1, 2), shipments=(shipment(1, "delivered", (1, 2)),), refunds=(refund((1, 1)),)),
            [(11, 1, 71, True)],
        ),
        (
            "refunded but not put back: the pieces are still out",
            order(
                line(1, 2), shipments=(shipment(1, "delivered", (1, 2)),), refunds=(refund((1, 1), restocked=False),)
            ),
            [(11, 2, 71, True)],
        ),
        (
            "refunded before it was shipped: promised to nobody",
            order(line(1, 3), refunds=(refund((1, 1), restocked=False), refund((1, 1)))),
            [(11, 1, None, False)],
        ),
        ("refunded more than there was", order(line(1, 1), refunds=(refund((1, 5)),)), []),
        ("money back alone", order(refunds=(refund(amount=5),)), [(11, 1, None, False)]),
        ("not a product of the shop", order(line(1, variant_id=None)), []),
        (
            "not a product of the shop, shipped",
            order(line(1, variant_id=None), shipments=(shipment(1, "delivering"),)),
            [],
        ),
        (
            "the shipment names a line that is not there",
            order(shipments=(shipment(1, "delivering", (99, 1)),)),
            [(11, 1, None, False)],
        ),
        (
            "shipments that carry too much count once",
            order(shipments=(shipment(1, "delivering"), shipment(2, "delivering"))),
            [(11, 1, 71, True)],
        ),
    ],
)
def test_what_an_order_takes_out_of_available(story: str, of: WebOrder, expected: list[Any]) -> None:
    assert taken(of) == expected, story


@pytest.mark.parametrize(
    ("assigned", "location", "shipped_from", "expected"),
    [(None, 1, None, {1}), (2, 1, None, {2}), (None, None, None, {None}), (2, 1, 3, {3}), (2, 1, "none", {2})],
)
def test_a_part_is_taken_where_it_ships(
    assigned: int | None, location: int | None, shipped_from: Any, expected: set[int | None]
) -> None:
    ships = (shipment(location_id=None if shipped_from == "none" else shipped_from),) if shipped_from else ()
    of = order(assigned_location_id=assigned, location_id=location, shipments=ships)
    assert {part.location_id for part in parts_of(of.goods)} == expected


# --- what KiotViet's figures do not show -----------------------------------------------------------------------------


def claim(
    *parts: Part, ours: bool = True, branch: int | None = BRANCH, ordered: int | None = None, **more: Any
) -> Claim:
    return Claim(5001, ours, branch, parts or (Part(11, 2, LOCATION),), ordered, **more)


WAITING = Part(11, 2, LOCATION, 71)
GONE = Part(11, 2, LOCATION, 71, handed_over=True)
ANEW = Part(11, 2, LOCATION, 72)
OUTLIVED = {"invoiced": {71: 9}, "held": {71: (WAITING,)}}
"""The invoice of a parcel that is none any more still holds its two pieces."""


@pytest.mark.parametrize(
    ("story", "owed", "with_reserve", "without"),
    [
        ("KiotViet does not have it", claim(), 2, 2),
        ("KiotViet had it before the reading", claim(ordered=9), 0, 2),
        ("as the reading began", claim(ordered=10), 0, 2),
        ("only after the reading began", claim(ordered=11), 2, 2),
        ("waiting for pickup with its order there", claim(WAITING, ordered=9), 0, 2),
        ("invoiced before the reading", claim(GONE, ordered=9, invoiced={71: 10}), 0, 0),
        ("invoiced after the reading began", claim(GONE, ordered=9, invoiced={71: 11}), 0, 2),
        ("another shipment was invoiced", claim(GONE, ordered=9, invoiced={72: 1}), 0, 2),
        ("held: KiotViet never got it, and it is on the road", claim(GONE), 2, 2),
        ("shipped anew while the former invoice holds the pieces", claim(ANEW, **OUTLIVED), 0, 0),
        ("the same, not shipped anew yet", claim(**OUTLIVED), 0, 0),
        ("more is shipped anew than it holds", claim(ANEW, Part(11, 1, LOCATION), **OUTLIVED), 1, 1),
        ("it was seen only after the reading began", claim(ANEW, invoiced={71: 11}, held={71: (WAITING,)}), 2, 2),
        ("KiotViet counts it no more", claim(ANEW, invoiced={}, held={71: (WAITING,)}), 2, 2),
        ("nobody knows what it holds", claim(ANEW, invoiced={71: 9}), 2, 2),
        ("its parcel is still there", claim(WAITING, Part(11, 1, LOCATION), **OUTLIVED), 1, 1),
        ("its parcel became smaller", claim(Part(11, 1, LOCATION, 71), Part(11, 1, LOCATION), **OUTLIVED), 0, 0),
        ("it holds another product", claim(Part(12, 2, LOCATION, 72), Part(11, 1, LOCATION), **OUTLIVED), 0, 0),
        ("it holds other units of the product", claim(Part(11, 2, LOCATION, 72, sku="LOC"), **OUTLIVED), 2, 2),
        ("its branch is not linked here", claim(ANEW, branch=4, **OUTLIVED), 2, 2),
        ("no part of it is left", Claim(5001, True, BRANCH, ()), 0, 0),
        ("not ours and not shipped", claim(ours=False, branch=None), 2, 2),
        ("not ours and waiting for pickup", claim(WAITING, ours=False, branch=None), 2, 2),
        ("not ours and on the road", claim(GONE, ours=False, branch=None), 0, 0),
        ("received by a branch that is not linked here", claim(branch=4, ordered=1), 2, 2),
        ("the same, on the road", claim(GONE, branch=4, ordered=1), 0, 0),
        ("at another location", claim(Part(11, 2, ELSEWHERE)), 0, 0),
        ("at no known location", claim(Part(11, 2, None)), 2, 2),
    ],
)
def test_what_is_pending_depends_on_what_the_figures_show(
    story: str, owed: Claim, with_reserve: int, without: int
) -> None:
    for reserves, expected in ((True, with_reserve), (False, without)):
        found = pending([owed], [HERE], reserves=reserves, read_seq=10)
        assert found.get((LOCATION, 11), 0) == expected, (story, reserves)


def test_every_linked_location_is_counted_by_itself_and_a_part_without_one_at_each() -> None:
    there = StockLink(ELSEWHERE, (2002,))
    claims = [claim(Part(11, 2, ELSEWHERE), branch=2002), claim(Part(11, 1, None)), claim(Part(12, 3, LOCATION))]
    found = pending(claims, [HERE, there], reserves=False, read_seq=0)
    assert found == {(ELSEWHERE, 11): 3, (LOCATION, 11): 1, (LOCATION, 12): 3}


def test_variants_that_were_read_at_different_times_are_counted_by_their_own_reading() -> None:
    claims = [claim(Part(11, 2, LOCATION), Part(12, 3, LOCATION), Part(13, 4, LOCATION), ordered=10)]
    found = pending(claims, [HERE], reserves=True, read_seq={11: 9, 12: 10})
    assert found == {(LOCATION, 11): 2}, "12 was read after the order showed, and of 13 nothing was asked"


PACKS = {11: {"LON": 1, "LOC": 6, "THUNG": 24}}


@pytest.mark.parametrize(
    ("sku", "expected"), [("LON", 2), ("LOC", 12), ("THUNG", 48), ("", 48), ("OTHER", 48)], ids=lambda value: value
)
def test_a_pack_takes_as_many_base_pieces_as_it_holds(sku: str, expected: int) -> None:
    """Where the line does not say which unit it is, it may be the largest."""
    claims = [claim(Part(11, 2, LOCATION, sku=sku), Part(12, 3, LOCATION, sku=sku))]
    found = pending(claims, [HERE], reserves=False, read_seq=0, packs=PACKS)
    assert found == {(LOCATION, 11): expected, (LOCATION, 12): 3}


CARRIERS = ["readytopick", "delivering", "delivered", "cancel", "return", "unknown"]


@st.composite
def claims(draw: st.DrawFn) -> tuple[WebOrder, Claim]:
    """An order in any state, and what the ledger remembers of it."""
    lines = [line(n, draw(st.integers(0, 4))) for n in range(1, draw(st.integers(1, 3)) + 1)]
    rows = st.lists(st.tuples(st.integers(1, 3), st.integers(0, 5)), max_size=3)
    ships = [shipment(n, draw(st.sampled_from(CARRIERS)), *draw(rows)) for n in range(1, draw(st.integers(0, 3)) + 1)]
    refunds = [refund(*draw(rows), restocked=draw(st.booleans())) for _ in range(draw(st.integers(0, 2)))]
    cancelled = NOW if draw(st.booleans()) else None
    of = order(*lines, shipments=tuple(ships), refunds=tuple(refunds), cancelled_at=cancelled)
    seq = st.one_of(st.none(), st.integers(0, 20))
    invoiced = {key: at for key in (*(one.id for one in ships), 79) if (at := draw(seq)) is not None}
    pieces = st.lists(st.builds(Part, st.integers(11, 13), st.integers(1, 4), st.just(LOCATION)), max_size=2)
    held = {key: tuple(draw(pieces)) for key in invoiced}
    return of, Claim(5001, draw(st.booleans()), BRANCH, parts_of(of.goods), draw(seq), invoiced, held)


@given(claims(), st.booleans(), st.integers(0, 20))
def test_pending_is_never_negative_and_no_order_counts_twice(
    case: tuple[WebOrder, Claim], reserves: bool, read_seq: int
) -> None:
    of, owed = case
    found = pending([owed], [HERE], reserves=reserves, read_seq=read_seq)
    ordered = {one.variant_id: one.quantity for one in of.lines}
    for (_, variant_id), pieces in found.items():
        assert 0 < pieces <= ordered[variant_id]


@given(claims(), st.integers(0, 20))
def test_a_later_reading_and_a_counted_reserve_show_more_never_less(
    case: tuple[WebOrder, Claim], read_seq: int
) -> None:
    _, owed = case

    def waiting(*, reserves: bool, at: int) -> int:
        return sum(pending([owed], [HERE], reserves=reserves, read_seq=at).values())

    assert waiting(reserves=True, at=read_seq) <= waiting(reserves=False, at=read_seq)
    assert waiting(reserves=False, at=read_seq + 1) <= waiting(reserves=False, at=read_seq)


@pytest.mark.parametrize(
    ("story", "of", "shown", "lacks"),
    [
        ("as it was made", {}, (2, 1), False),
        ("made larger", {}, (3, 1), False),
        ("made smaller", {}, (1, 1), True),
        ("a product is gone", {}, (2,), True),
        ("put on the shelf again", {"refunds": (refund((1, 1)),)}, (1, 1), False),
        ("refunded before it left", {"refunds": (refund((1, 1), restocked=False),)}, (1, 1), False),
        (
            "refunded on the road: the piece is still out",
            {"refunds": (refund((1, 1), restocked=False),), "shipments": (shipment(1, "delivering", (1, 2)),)},
            (1, 1),
            True,
        ),
        ("cancelled", {"cancelled_at": NOW}, (0, 0), False),
    ],
)
def test_a_kiotviet_order_that_people_made_smaller_lacks_pieces(
    story: str, of: dict[str, Any], shown: tuple[int, ...], lacks: bool
) -> None:
    web = order(line(1, 2), line(2), **of)
    made = document(order(line(1, 2), line(2)))
    rows = tuple(replace(row, quantity=Decimal(pieces)) for row, pieces in zip(made.lines, shown, strict=False))
    assert lacks_pieces(replace(made, lines=rows), web, links()) is lacks, story


def test_what_is_linked_to_nothing_is_not_missed() -> None:
    of = order(line(1, 2), line(2))
    assert not lacks_pieces(replace(document(of), lines=()), of, {})


# --- an order that cannot be understood ------------------------------------------------------------------------------

some_parts = st.lists(
    st.builds(Part, st.integers(11, 13), st.integers(1, 4), st.just(LOCATION), st.none() | st.just(71), st.booleans()),
    max_size=4,
)


def pieces_by_variant(parts: Iterable[Part]) -> Counter[int]:
    found: Counter[int] = Counter()
    for part in parts:
        found[part.variant_id] += part.quantity
    return found


@given(some_parts, some_parts)
def test_what_an_odd_order_shows_gives_no_piece_back(known: list[Part], shown: list[Part]) -> None:
    merged = never_less(known, shown)
    assert merged[: len(shown)] == tuple(shown), "where its goods are now is believed"
    assert pieces_by_variant(merged) == pieces_by_variant(known) | pieces_by_variant(shown)
    assert not any(part.handed_over for part in merged[len(shown) :])
    assert pieces_by_variant(never_less(merged, shown)) == pieces_by_variant(merged)


def test_an_odd_order_that_says_the_same_takes_the_same() -> None:
    parts = (Part(31, 2, LOCATION, 71, handed_over=True), Part(31, 1, LOCATION))
    assert never_less(parts, parts) == parts


# --- what KiotViet should reserve and does not ------------------------------------------------------------------------

RESERVED = {(BRANCH, 11): Decimal(3), (BRANCH, 12): Decimal(1)}


def open_order(haravan_id: int, *parts: Part, **more: Any) -> Claim:
    """An order whose KiotViet order was last seen open, before the reading."""
    return replace(claim(*parts, ordered=5, reserving=True, **more), haravan_id=haravan_id)


def doubted(*claims: Claim, reserved: dict[tuple[int, int], Decimal] | None = None, seq: int = 9) -> list[int]:
    found = doubting(claims, RESERVED if reserved is None else reserved, seq)
    assert [replace(one, doubted=False) for one in found] == list(claims)
    return [one.haravan_id for one in found if one.doubted]


def test_the_newest_orders_are_doubted_until_the_others_fit_what_kiotviet_reserves() -> None:
    three = [open_order(number) for number in (1, 2, 3)]
    assert doubted(three[0]) == []
    assert doubted(*three) == [2, 3], "two pieces each, three are reserved"
    both = Part(11, 1, LOCATION), Part(12, 1, LOCATION)
    assert doubted(open_order(1, *both), open_order(2, *both), open_order(3, Part(11, 1, LOCATION))) == [2]


def test_all_pieces_of_a_doubted_order_are_pending() -> None:
    claims = doubting([open_order(1), open_order(2)], RESERVED, 9)
    assert pending(claims, [HERE], reserves=True, read_seq=9) == {(LOCATION, 11): 2}


@pytest.mark.parametrize(
    "of",
    [
        open_order(1, Part(11, 9, LOCATION), ours=False),
        open_order(1, Part(11, 9, LOCATION), branch=None),
        open_order(1, Part(11, 9, LOCATION, 71, handed_over=True)),
        open_order(1, Part(13, 9, LOCATION)),
        replace(open_order(1, Part(11, 9, LOCATION)), reserving=False),
        replace(open_order(1, Part(11, 9, LOCATION)), ordered_seq=10),
        replace(open_order(1, Part(11, 9, LOCATION)), ordered_seq=None),
    ],
)
def test_nobody_can_say_that_these_must_be_reserved(of: Claim) -> None:
    assert doubted(of) == []


@given(st.lists(st.lists(st.tuples(st.integers(11, 13), st.integers(1, 4)), min_size=1, max_size=3), max_size=5))
def test_what_is_not_doubted_fits_what_is_reserved(orders: list[list[tuple[int, int]]]) -> None:
    claims = [open_order(n, *(Part(*row, LOCATION) for row in rows)) for n, rows in enumerate(orders)]
    doubts = set(doubted(*claims))
    believed = Counter[int]()
    for one in claims:
        if one.haravan_id not in doubts:
            for part in one.parts:
                believed[part.variant_id] += part.quantity
    assert all(believed[variant] <= pieces for (_, variant), pieces in RESERVED.items())
