"""KiotViet's hourly GETs: counted over restarts and processes, kept for orders, and patient when told to be."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from syncd.clock import ManualClock
from syncd.cycles.budget import REMOTE, StoreGetBudget
from syncd.errors import RateLimited
from syncd.store import Store

START = datetime(2026, 11, 23, 8, tzinfo=UTC)


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(START)


@pytest.fixture
def budget(store: Store, clock: ManualClock) -> StoreGetBudget:
    return StoreGetBudget(store, 100, clock)


def spend(budget: StoreGetBudget, calls: int, *, low_priority: bool = False) -> int:
    """How many of so many calls were allowed."""
    allowed = 0
    for _ in range(calls):
        try:
            budget.acquire(low_priority)
        except RateLimited:
            break
        allowed += 1
    return allowed


def test_no_more_than_the_limit_in_any_hour(budget: StoreGetBudget, clock: ManualClock) -> None:
    assert spend(budget, 150) == 100
    assert budget.left() == 0
    clock.advance(3590)
    assert spend(budget, 1) == 0
    clock.advance(120)
    assert spend(budget, 150) == 100


def test_calls_spread_over_the_hour_come_back_one_by_one(budget: StoreGetBudget, clock: ManualClock) -> None:
    for _ in range(50):
        assert spend(budget, 2) == 2
        clock.advance(60)
    assert spend(budget, 5) == 0
    clock.advance(11 * 60)
    assert spend(budget, 5) == 2, "the two of the first minute"


def test_a_part_is_kept_from_low_priority_reads(budget: StoreGetBudget) -> None:
    assert spend(budget, 200, low_priority=True) == 96
    assert spend(budget, 200) == 4


def test_a_restart_forgets_nothing(path: Path, clock: ManualClock) -> None:
    with closing(Store(path)) as store:
        assert spend(StoreGetBudget(store, 100, clock), 70) == 70
    with closing(Store(path)) as store:
        assert spend(StoreGetBudget(store, 100, clock), 70) == 30


def test_two_handles_share_one_budget(store: Store, path: Path, clock: ManualClock) -> None:
    with closing(Store(path)) as other:
        mine, theirs = StoreGetBudget(store, 100, clock), StoreGetBudget(other, 100, clock)
        assert spend(mine, 60) == 60
        assert spend(theirs, 60) == 40
        assert mine.left() == theirs.left() == 0


def test_a_wait_that_kiotviet_told_is_kept_across_a_restart(path: Path, clock: ManualClock) -> None:
    with closing(Store(path)) as store:
        StoreGetBudget(store, 100, clock).penalize(300)
    with closing(Store(path)) as store:
        budget = StoreGetBudget(store, 100, clock)
        with pytest.raises(RateLimited) as refused:
            budget.acquire()
        assert refused.value.retry_after_seconds == 300
        clock.advance(300)
        budget.acquire()


def test_a_wait_longer_than_its_hour_is_not_forgotten(budget: StoreGetBudget, clock: ManualClock) -> None:
    budget.penalize(7200)
    assert spend(budget, 1) == 0
    clock.advance(3599)
    assert spend(budget, 1) == 0
    clock.advance(2)
    assert spend(budget, 1) == 1


def test_a_refusal_shrinks_the_budget_for_an_hour(budget: StoreGetBudget, clock: ManualClock) -> None:
    budget.penalize(0)
    assert (budget.limit(), spend(budget, 200)) == (80, 80)
    clock.advance(3661)
    assert budget.limit() == 100


def test_a_clock_that_was_set_back_starves_nobody_and_forgets_nothing(
    budget: StoreGetBudget, clock: ManualClock
) -> None:
    assert spend(budget, 90) == 90
    clock.step(-24 * 3600)
    assert spend(budget, 20) == 10, "the calls of this hour still count"
    clock.advance(3661)
    assert spend(budget, 200) == 100, "and are an hour old an hour later"


def test_a_wait_from_before_the_clock_was_set_back_ends(budget: StoreGetBudget, clock: ManualClock) -> None:
    budget.penalize(600)
    clock.step(-24 * 3600)
    assert spend(budget, 1) == 1


def test_a_small_step_back_keeps_the_wait(budget: StoreGetBudget, clock: ManualClock) -> None:
    budget.penalize(600)
    clock.step(-60)
    assert spend(budget, 1) == 0


def test_calls_of_yesterday_are_cleared_away(budget: StoreGetBudget, store: Store, clock: ManualClock) -> None:
    spend(budget, 3)
    clock.advance(2 * 24 * 3600)
    spend(budget, 1)
    assert store._t.calls.select().count() == 1
    assert store.calls_in_last_hour(REMOTE, clock.now()) == 1


@pytest.mark.parametrize("step", [lambda clock: clock.advance(59.9), lambda clock: clock.step(-59.9)])
def test_the_count_is_never_too_low_around_a_minute(
    budget: StoreGetBudget, clock: ManualClock, step: Callable[[ManualClock], None]
) -> None:
    assert spend(budget, 100) == 100
    step(clock)
    assert spend(budget, 1) == 0


def test_what_was_made_lately_is_a_part_of_the_hour_and_begins_with_a_whole_minute(store: Store) -> None:
    for minutes, made in ((0, 1), (20, 10), (21, 100), (60, 1000), (61, 10_000)):
        store.count_calls(REMOTE, made, START - timedelta(minutes=minutes))
    store.count_calls("another", 5, START)
    assert store.calls_lately(REMOTE, START, minutes=20) == (1111, 11)
    assert store.calls_in_last_hour(REMOTE, START) == 1111
