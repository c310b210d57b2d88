"""Why a figure differs: one row per reason, and what tells another program from a person."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from syncd.core.drift import Figure, Undone, is_undone, is_unnamed, rewritten, why
from syncd.core.stock import Change, Reading

NOW = datetime(2026, 11, 26, 8, tzinfo=UTC)
SEEN = Figure(963414, 1, "AO-01", 18, 18, NOW, 20, 1, 1, written=True, in_doubt=False)
SAME = Change(963414, 1, 1, "AO-01", "AO-01", sellable=20, pending=1, safety_stock=1, wanted=18, available=18)


@pytest.mark.parametrize(
    ("change", "moved", "code"),
    [
        ({"sellable": 15, "wanted": 13}, False, "kiotviet_moved"),
        ({"pending": 0, "wanted": 19}, False, "pending_changed"),
        ({"safety_stock": 5, "wanted": 14}, False, "settings_changed"),
        ({"available": 25}, False, "changed_in_haravan"),
        ({"available": 25}, True, "orders_moved"),
        (
            {"pending": 3, "wanted": 16, "available": 16, "sellable": 21},
            False,
            "kiotviet_moved+pending_changed+orders_moved",
        ),
        ({"sellable": 15, "wanted": 13, "available": 25}, False, "kiotviet_moved+changed_in_haravan"),
        ({"wanted": 17}, False, "still_differs"),
    ],
)
def test_each_cause_has_its_code_and_sentence(change: dict[str, int], moved: bool, code: str) -> None:
    found = why(SEEN, replace(SAME, **change), orders_moved=moved)  # type: ignore[arg-type]
    assert found.code == code
    assert len(found.told) == len(found.codes)


def test_the_sentences_name_the_figures_before_and_now() -> None:
    found = why(SEEN, replace(SAME, sellable=15, available=25), orders_moved=False)
    assert [str(told) for told in found.told] == [
        "what KiotViet can sell went from 20 to 15",
        "staff or another program changed it in Haravan from 18 to 25",
    ]


def test_a_figure_that_was_never_compared_has_no_other_reason() -> None:
    assert why(None, SAME, orders_moved=True).code == "first"


def test_a_figure_whose_write_was_lost_may_have_been_changed_by_ourselves() -> None:
    assert why(replace(SEEN, in_doubt=True), replace(SAME, available=25), orders_moved=False).code == "in_doubt"


def test_a_safety_stock_that_an_older_version_did_not_keep_did_not_change() -> None:
    assert (
        why(replace(SEEN, safety_stock=None), replace(SAME, available=25), orders_moved=False).code
        == "changed_in_haravan"
    )


@pytest.mark.parametrize(
    ("before", "change", "undone"),
    [
        ({}, {"available": 25}, True),
        ({"written": False}, {"available": 25}, False),
        ({"available": 17}, {"available": 25}, False),
        ({"in_doubt": True}, {"available": 25}, False),
        ({}, {"available": 25, "sellable": 21}, False),
        ({}, {"wanted": 17}, False),
    ],
)
def test_only_what_read_back_right_and_nothing_else_moved_was_undone(
    before: dict[str, int], change: dict[str, int], undone: bool
) -> None:
    known, now = replace(SEEN, **before), replace(SAME, **change)  # type: ignore[arg-type]
    assert is_undone(known, why(known, now, orders_moved=False)) is undone


def times(variant_id: int, *hours_ago: float, set_back: bool = False) -> list[Undone]:
    return [
        Undone(NOW - timedelta(hours=ago), 963414, variant_id, f"AO-{variant_id}", 18, 20, set_back)
        for ago in hours_ago
    ]


def found(*undone: list[Undone]) -> list[int]:
    return [one.variant_id for one in rewritten([one for some in undone for one in some], NOW)]


def test_one_figure_undone_three_times_within_a_day_is_another_program() -> None:
    assert found(times(1, 23, 12, 1)) == [1]
    assert found(times(1, 25, 12, 1)) == []
    assert found(times(1, 12, 1), times(2, 12, 1)) == []


def test_five_figures_set_back_within_an_hour_are_another_program() -> None:
    back = [times(variant, 0.5, set_back=True) for variant in range(5)]
    assert found(*back) == [0, 1, 2, 3, 4]
    assert found(*back[:4]) == []
    assert found(*back[:4], times(9, 2, set_back=True)) == []


def test_a_person_who_corrects_many_figures_is_no_program() -> None:
    assert found(*(times(variant, 0.5) for variant in range(50))) == []


def test_each_figure_is_named_once_as_last_found() -> None:
    late = replace(times(1, 0)[0], found=7)
    assert [one.found for one in rewritten([late, *times(1, 3, 2)], NOW)] == [7]


@pytest.mark.parametrize(("source", "unnamed"), [("full", True), ("sweep", True), ("named", False), (None, False)])
def test_a_difference_that_no_document_named_was_found_by_a_comparison(source: str | None, unnamed: bool) -> None:
    reading = None if source is None else Reading(0, NOW, source)
    assert is_unnamed(replace(SAME, reading=reading)) is unnamed
