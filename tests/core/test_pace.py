"""How the hour's GETs are shared: never more than there are, never nothing for the stock, little for an idle shop."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syncd.core.pace import (
    BACKFILL_SHARE,
    FEED_SHARE,
    IDLE_SHARE,
    Spent,
    feed_pause,
    for_sweeps,
    has_room,
    late_after,
    look_again_after,
    pages_due,
    sweep_pages_per_hour,
)

LIMITS = st.integers(100, 5000)


@given(limit=LIMITS, others=st.integers(0, 5000), swept=st.integers(0, 5000), busy=st.booleans(), old=st.booleans())
def test_a_sweep_takes_what_the_others_leave_but_never_nothing(
    limit: int, others: int, swept: int, busy: bool, old: bool
) -> None:
    found = sweep_pages_per_hour(Spent(limit, others + swept, swept), 1000, busy=busy, backfill=old)
    assert limit * 0.1 <= found <= limit * 0.96
    if found > limit * 0.1:
        share = BACKFILL_SHARE * limit if old else for_sweeps(limit) if busy else IDLE_SHARE * limit
        assert found + min(others, limit * (BACKFILL_SHARE - 0.1) if old else others) == pytest.approx(share)


@given(limit=LIMITS, used=st.integers(0, 5000), saved=st.floats(0, 600), passed=st.floats(0, 7200))
def test_pages_never_exceed_the_list_nor_what_the_hour_has_left(
    limit: int, used: int, saved: float, passed: float
) -> None:
    due = pages_due(saved, 2000.0, passed, 50, Spent(limit, used, 0))
    assert 0 <= due <= 50
    assert used + due <= max(used, for_sweeps(limit))
    assert due <= saved + passed * 2000 / 3600 + 1e-6


@pytest.mark.parametrize(
    ("spent", "busy", "expected"),
    [
        (Spent(4000, 1300, 0), True, 2540),
        (Spent(4000, 3700, 2400), True, 2540),
        (Spent(4000, 500, 300, lately=1300), True, 2540),
        (Spent(4000, 520, 0), False, 1000),
        (Spent(4000, 4000, 0), True, 400),
        (Spent(3200, 1300, 0), True, 1772),
    ],
    ids=[
        "others take 1,300",
        "sweeps do not count against themselves",
        "a rush began",
        "idle",
        "spent by orders",
        "after a refusal",
    ],
)
def test_pages_an_hour(spent: Spent, busy: bool, expected: float) -> None:
    assert sweep_pages_per_hour(spent, 100, busy=busy, backfill=False) == expected


@pytest.mark.parametrize(("pages", "expected"), [(1, 2000), (50, 2000), (100, 2769), (130, 3600), (500, 3740)])
def test_a_sweep_is_no_faster_than_is_of_use(pages: int, expected: int) -> None:
    assert int(sweep_pages_per_hour(Spent(4000, 100, 0), pages, busy=True, backfill=False)) == expected


def test_feeds_are_followed_as_wanted_unless_the_hour_is_short() -> None:
    assert feed_pause(4000, 4, 0.0) == 24.0
    assert feed_pause(4000, 3, 60.0) == 60.0
    assert feed_pause(100, 4, 0.0) * 100 * FEED_SHARE == 4 * 3600


@pytest.mark.parametrize(
    ("pairs", "seconds"), [(12, 300), (7_500, 300), (10_000, 400), (50_000, 2000), (200_000, 3600)]
)
def test_haravans_figures_are_looked_at_again_within_minutes(pairs: int, seconds: int) -> None:
    assert look_again_after(pairs, 3600) == seconds
    assert look_again_after(pairs, 60) == 60


def test_room_and_lateness() -> None:
    assert has_room(Spent(4000, 3919, 0))
    assert not has_room(Spent(4000, 3920, 0))
    assert not has_room(Spent(100, 90, 0))
    assert late_after(4000, 1) == pytest.approx(618)
    assert late_after(4000, 500) == pytest.approx(9600)
