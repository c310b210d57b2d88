"""Both rate limits, on a clock that is told when to pass."""

from __future__ import annotations

import threading

import pytest

from syncd.clients.budget import CallBucket, MemoryGetBudget
from syncd.clock import ManualClock
from syncd.errors import RateLimited
from tests.clients.answers import START


def spent(clock: ManualClock, bucket: CallBucket, calls: int) -> float:
    before = clock.monotonic()
    for _ in range(calls):
        bucket.acquire()
    return clock.monotonic() - before


def test_a_short_burst_does_not_wait() -> None:
    clock = ManualClock(START)
    assert spent(clock, CallBucket(clock), 60) == 0


def test_a_long_run_stays_below_what_the_bucket_leaks() -> None:
    clock = ManualClock(START)
    assert spent(clock, CallBucket(clock), 60 + 350) == pytest.approx(100, abs=1)


def test_the_level_never_passes_the_real_bucket() -> None:
    clock = ManualClock(START)
    bucket, level, at = CallBucket(clock), 0.0, 0.0
    for _ in range(1000):
        bucket.acquire()
        level = max(0.0, level - 4 * (clock.monotonic() - at)) + 1
        at = clock.monotonic()
        assert level <= 61


def test_a_bucket_that_others_fill_is_obeyed() -> None:
    clock = ManualClock(START)
    bucket = CallBucket(clock)
    bucket.observe_header("74/80")
    assert spent(clock, bucket, 1) == pytest.approx(15 / 3.5)


def test_a_bucket_that_others_do_not_fill_is_used() -> None:
    clock = ManualClock(START)
    bucket = CallBucket(clock)
    for _ in range(60):
        bucket.acquire()
    bucket.observe(1, 80)
    assert spent(clock, bucket, 59) == 0


def test_a_smaller_bucket_is_paced_in_proportion() -> None:
    clock = ManualClock(START)
    bucket = CallBucket(clock)
    bucket.observe(30, 40)
    assert spent(clock, bucket, 7) == pytest.approx(4, abs=0.01)


@pytest.mark.parametrize("header", [None, "", "many", "1/0", "-3/80", "5", "٣/80", "1e3/80", "9999999999/80", "/"])
def test_an_odd_header_changes_nothing(header: str | None) -> None:
    clock = ManualClock(START)
    bucket = CallBucket(clock)
    bucket.observe_header(header)
    assert spent(clock, bucket, 60) == 0


def test_a_refusal_is_waited_out_and_slows_down_until_good_answers_come() -> None:
    clock = ManualClock(START)
    bucket = CallBucket(clock)
    bucket.penalize(2.0)
    assert spent(clock, bucket, 1) >= 2.0
    assert spent(clock, bucket, 7) == pytest.approx(4.5 / 1.75)  # 2.5 had leaked while it waited
    for _ in range(20):
        bucket.observe(60, 80)
    assert spent(clock, bucket, 7) == pytest.approx(2)


def test_a_wait_that_is_too_long_for_a_call_is_left_to_the_next_cycle() -> None:
    clock = ManualClock(START)
    bucket = CallBucket(clock)
    bucket.penalize(600)
    with pytest.raises(RateLimited) as raised:
        bucket.acquire()
    assert raised.value.retry_after_seconds == pytest.approx(600)
    assert clock.monotonic() == 0
    clock.advance(600)
    bucket.acquire()


def test_threads_share_one_bucket() -> None:
    clock = ManualClock(START)
    bucket = CallBucket(clock)
    threads = [threading.Thread(target=lambda: [bucket.acquire() for _ in range(40)]) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert clock.monotonic() >= (160 - 61) / 3.5


def test_an_hour_holds_just_the_limit() -> None:
    clock = ManualClock(START)
    budget = MemoryGetBudget(100, clock)
    for _ in range(100):
        budget.acquire()
        clock.advance(1)
    assert budget.left() == 0
    with pytest.raises(RateLimited) as raised:
        budget.acquire()
    assert raised.value.retry_after_seconds == pytest.approx(3500)
    clock.advance(3500)
    budget.acquire()
    assert budget.left() == 0


def test_low_priority_reads_leave_a_fifth_to_the_others() -> None:
    budget = MemoryGetBudget(100, ManualClock(START))
    for _ in range(80):
        budget.acquire(low_priority=True)
    with pytest.raises(RateLimited):
        budget.acquire(low_priority=True)
    assert budget.left() == 20
    budget.acquire()


def test_a_told_wait_stops_all_gets() -> None:
    clock = ManualClock(START)
    budget = MemoryGetBudget(100, clock)
    budget.penalize(300)
    with pytest.raises(RateLimited) as raised:
        budget.acquire()
    assert raised.value.retry_after_seconds == 300
    clock.advance(300)
    budget.acquire()
