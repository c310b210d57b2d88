"""When a job runs next, as figures."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from syncd.daemon.turns import Ending, Turn, full_in

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
WELL = Ending()


def turn(now: float = 0.0, full_in: float = 3600.0) -> Turn:
    return Turn(15.0, 3600.0, now=now, full_in=full_in)


def once(job: Turn, start: float, end: float, ending: Ending = WELL) -> bool:
    full = job.start(start)
    job.end(end, ending, full=full)
    return full


def test_the_first_run_is_due_at_once() -> None:
    assert turn(now=7.0).due_at == 7.0


def test_runs_begin_an_interval_apart_however_long_they_take() -> None:
    job = turn()
    once(job, 0.0, 4.0)
    assert job.due_at == 15.0
    once(job, 15.0, 16.0)
    assert job.due_at == 30.0


def test_a_run_that_took_longer_than_the_interval_is_followed_at_once_and_not_made_up_for() -> None:
    job = turn()
    once(job, 0.0, 100.0)
    assert job.due_at == 100.0
    once(job, 100.0, 101.0)
    assert job.due_at == 115.0


def test_a_remote_that_says_wait_is_left_alone_that_long() -> None:
    job = turn()
    once(job, 0.0, 2.0, Ending(error="too many requests", wait_seconds=40.0))
    assert job.due_at == 42.0


@pytest.mark.parametrize(
    ("told", "due_at"), [(3.0, 15.0), (-1.0, 15.0), (float("nan"), 15.0), (float("inf"), 3602.0), (1e9, 3602.0)]
)
def test_a_strange_or_short_wait_neither_hurries_nor_stops_the_job(told: float, due_at: float) -> None:
    job = turn()
    once(job, 0.0, 2.0, Ending(error="too many requests", wait_seconds=told))
    assert job.due_at == due_at


def test_refused_credentials_are_probed_every_minute_and_later_every_five() -> None:
    job = turn()
    refused, at, pauses = Ending(error="401", refused_by="haravan"), 0.0, []
    for _ in range(7):
        once(job, at, at, refused)
        pauses.append(job.due_at - at)
        at = job.due_at
    assert pauses == [60.0, 60.0, 60.0, 60.0, 60.0, 300.0, 300.0]


def test_once_accepted_again_the_job_is_back_in_its_rhythm() -> None:
    job = turn()
    for _ in range(8):
        once(job, 0.0, 0.0, Ending(error="401", refused_by="haravan"))
    once(job, 1000.0, 1001.0)
    assert (job.due_at, job.refused_by) == (1015.0, "")


def test_a_job_that_waits_for_a_probe_can_be_hastened_and_never_delayed() -> None:
    job = turn()
    once(job, 0.0, 0.0, Ending(error="401", refused_by="kiotviet"))
    job.hasten(10.0)
    assert (job.due_at, job.refused_by) == (10.0, "")
    job.hasten(50.0)
    assert job.due_at == 10.0


def test_a_full_run_comes_when_its_time_has_come_and_then_every_reconcile_interval() -> None:
    job = turn(full_in=20.0)
    fulls = [at for at in range(0, 7500, 15) if once(job, float(at), float(at))]
    assert fulls == [30, 3630, 7230]


def test_a_full_run_that_did_not_get_through_is_tried_again_after_five_minutes() -> None:
    job = turn(full_in=0.0)
    assert once(job, 0.0, 1.0, Ending(error="no answer", complete=False))
    assert not once(job, 299.0, 299.0)
    assert once(job, 300.0, 301.0)


def test_a_full_run_in_which_single_records_failed_counts_as_made() -> None:
    job = turn(full_in=0.0)
    once(job, 0.0, 1.0, Ending(error="AO-01: refused"))
    assert not once(job, 3599.0, 3599.0)


@pytest.mark.parametrize(
    ("last", "seconds"),
    [
        (None, 0.0),
        (NOW.isoformat(), 3600.0),
        ((NOW - timedelta(seconds=600)).isoformat(), 3000.0),
        ((NOW - timedelta(days=30)).isoformat(), 0.0),
        ((NOW + timedelta(days=1)).isoformat(), 0.0),
    ],
)
def test_full_runs_keep_their_rhythm_over_restarts(last: object, seconds: float) -> None:
    assert full_in(last, NOW, 3600.0) == seconds


# --- hints -----------------------------------------------------------------------------------------------------------


def test_a_hint_lets_a_job_run_at_once() -> None:
    job = turn()
    once(job, 0.0, 1.0)
    job.hint(8.0)
    assert job.due_at == 8.0


def test_hints_let_no_job_begin_more_often_than_every_five_seconds() -> None:
    job = turn()
    once(job, 100.0, 101.0)
    for now in (101.0, 102.0, 104.9):
        job.hint(now)
        assert job.due_at == 105.0


def test_a_hint_never_puts_a_run_off() -> None:
    job = Turn(2.0, 3600.0, now=0.0, full_in=3600.0)
    once(job, 0.0, 1.0)
    job.hint(1.5)
    assert job.due_at == 2.0
    job.hint(9.0)
    assert job.due_at == 2.0


def test_a_hint_changes_nothing_about_a_wait_that_we_were_told() -> None:
    job = turn()
    once(job, 0.0, 2.0, Ending(error="too many requests", wait_seconds=9.0))
    job.hint(3.0)
    assert job.due_at == 11.0
    once(job, 15.0, 16.0, Ending(error="too many requests", wait_seconds=40.0))
    job.hint(17.0)
    assert job.due_at == 56.0


def test_a_hint_changes_nothing_while_the_credentials_are_refused() -> None:
    job = turn()
    once(job, 0.0, 2.0, Ending(error="refused", refused_by="haravan"))
    job.hint(10.0)
    assert job.due_at == 62.0


def test_a_hinted_run_is_in_full_only_when_that_is_due() -> None:
    job = turn(full_in=100.0)
    once(job, 0.0, 1.0)
    job.hint(6.0)
    assert once(job, 6.0, 7.0) is False
    job.hint(100.0)
    assert once(job, 100.0, 101.0) is True
