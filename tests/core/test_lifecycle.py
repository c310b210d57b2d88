"""The table of legal moves, and that no way through it takes a document back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syncd.core import lifecycle
from syncd.core.lifecycle import FINAL, MOVES, IllegalMove, State, advance, route, settle_into

S = State
# How far KiotViet's documents are: nothing, an order, an invoice, a settled invoice.
DOCUMENTS = {S.IGNORED: 0, S.RECEIVED: 0, S.ORDERED: 1, S.SHIPPING: 2, S.COMPLETED: 3}


@pytest.mark.parametrize(
    ("current", "derived", "recorded"),
    [
        (S.RECEIVED, S.COMPLETED, S.COMPLETED),
        (S.RECEIVED, S.RETURNED, S.RETURNED),
        (S.RECEIVED, S.CANCELLED, S.CANCELLED),
        (S.RECEIVED, S.IGNORED, S.IGNORED),
        (S.IGNORED, S.ORDERED, S.ORDERED),
        (S.IGNORED, S.COMPLETED, S.COMPLETED),
        (S.ORDERED, S.CANCELLED, S.CANCELLED),
        (S.ORDERED, S.RECEIVED, S.ORDERED),
        (S.ORDERED, S.IGNORED, S.ORDERED),
        (S.SHIPPING, S.ORDERED, S.SHIPPING),
        (S.SHIPPING, S.RECEIVED, S.SHIPPING),
        (S.SHIPPING, S.CANCELLED, S.SHIPPING),
        (S.SHIPPING, S.RETURNING, S.RETURNING),
        (S.SHIPPING, S.RETURNED, S.RETURNED),
        (S.RETURNING, S.SHIPPING, S.SHIPPING),
        (S.RETURNING, S.ORDERED, S.ORDERED),
        (S.RETURNING, S.COMPLETED, S.COMPLETED),
        (S.RETURNED, S.SHIPPING, S.SHIPPING),
        (S.RETURNED, S.RETURNING, S.RETURNING),
        (S.RETURNED, S.ORDERED, S.ORDERED),
        (S.RETURNED, S.CANCELLED, S.CANCELLED),
        (S.COMPLETED, S.RETURNED, S.COMPLETED),
        (S.COMPLETED, S.SHIPPING, S.COMPLETED),
        (S.CANCELLED, S.ORDERED, S.CANCELLED),
        (S.CANCELLED, S.RECEIVED, S.CANCELLED),
    ],
)
def test_what_is_derived_is_recorded_where_legal_moves_lead(current: State, derived: State, recorded: State) -> None:
    assert settle_into(current, derived) is recorded


@given(st.sampled_from(State), st.lists(st.sampled_from(State), max_size=8))
def test_an_end_stays_and_documents_never_go_back_in_one_step(current: State, derived: list[State]) -> None:
    for target in derived:
        reached = settle_into(current, target)
        assert reached in (current, target)
        if current in (S.COMPLETED, S.CANCELLED):
            assert reached is current
        if current in DOCUMENTS and reached in DOCUMENTS and current is not S.RECEIVED:
            assert DOCUMENTS[reached] >= DOCUMENTS[current]
        current = reached


def test_every_move_of_the_table_can_be_made_and_says_why() -> None:
    for move in MOVES:
        assert advance(move.source, move.trigger) is move.target
        assert move.reason
    assert len({(move.source, move.trigger) for move in MOVES}) == len(MOVES)
    assert {move.target for move in MOVES} | {S.RECEIVED} == set(State)


@pytest.mark.parametrize(
    ("state", "trigger"), [(S.COMPLETED, "came_back"), (S.RECEIVED, "settled"), (S.RECEIVED, "no such step")]
)
def test_a_step_that_the_table_has_not_stops_loudly(state: State, trigger: str) -> None:
    with pytest.raises(IllegalMove, match=f"{state.value}: no step '{trigger}'"):
        advance(state, trigger)


def test_there_is_no_way_out_of_an_end_but_for_an_order_that_was_ignored() -> None:
    assert route(S.ORDERED, S.ORDERED) == ()
    assert [move.trigger for move in route(S.RECEIVED, S.COMPLETED)] == ["order_written", "shipped", "settled"]
    assert {move.source for move in MOVES} & FINAL == {S.IGNORED}
    with pytest.raises(IllegalMove, match="completed: no way to shipping"):
        route(S.COMPLETED, S.SHIPPING)


def test_a_person_alone_may_take_an_order_out() -> None:
    with pytest.raises(IllegalMove):
        route(S.ORDERED, S.IGNORED)
    assert advance(S.ORDERED, "left_to_people") is S.IGNORED


def test_the_table_is_drawn_whole() -> None:
    drawn, rows = lifecycle.mermaid(), lifecycle.move_table()
    for move in MOVES:
        assert f"{move.source.value} --> {move.target.value}: {move.trigger}" in drawn
        assert f"| {move.source.value} | {move.target.value} | {move.reason} |" in rows
    assert drawn.startswith("stateDiagram-v2\n    [*] --> received")
    assert drawn.count("--> [*]") == len(FINAL)
