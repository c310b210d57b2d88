"""A lost answer: presence is believed at once, absence late and twice."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from syncd.core.intents import Verdict, weigh
from syncd.core.records import Intent
from tests.core.build import NOW, intent

WAIT = timedelta(seconds=60)
SECOND = timedelta(seconds=1)
FRESH = intent()
LOOKED = replace(FRESH, clean_scans=1, scanned_at=NOW + WAIT)


@pytest.mark.parametrize(
    ("story", "asked", "after", "verdict", "scans"),
    [
        ("too early to mean anything", FRESH, WAIT - SECOND, Verdict.WAIT, 0),
        ("first clean look", FRESH, WAIT, Verdict.WAIT, 1),
        ("second look too close to the first", LOOKED, 2 * WAIT - SECOND, Verdict.WAIT, 1),
        ("second clean look", LOOKED, 2 * WAIT, Verdict.SEND_AGAIN, 2),
        ("the clock went back behind the attempt", FRESH, -SECOND, Verdict.WAIT, 1),
        ("the clock went back behind the first look", LOOKED, WAIT - SECOND + SECOND, Verdict.WAIT, 1),
        ("a year later", LOOKED, timedelta(days=365), Verdict.SEND_AGAIN, 2),
    ],
)
def test_absence_counts_only_late_and_in_two_looks(
    story: str, asked: Intent, after: timedelta, verdict: Verdict, scans: int
) -> None:
    found, looked = weigh(asked, found=False, complete=True, now=NOW + after, wait=WAIT)
    assert (found, looked.clean_scans) == (verdict, scans), story
    assert looked.scanned_at == (NOW + after if looked != asked else asked.scanned_at)


@pytest.mark.parametrize("complete", [True, False])
def test_presence_counts_at_once(complete: bool) -> None:
    assert weigh(FRESH, found=True, complete=complete, now=NOW, wait=WAIT) == (Verdict.ADOPT, FRESH)


def test_a_look_that_saw_not_everything_says_nothing() -> None:
    assert weigh(LOOKED, found=False, complete=False, now=NOW + 9 * WAIT, wait=WAIT) == (Verdict.UNKNOWN, LOOKED)


def test_without_a_wait_two_looks_may_follow_at_once() -> None:
    verdict, looked = weigh(FRESH, found=False, complete=True, now=NOW, wait=timedelta())
    assert verdict is Verdict.WAIT
    assert weigh(looked, found=False, complete=True, now=NOW, wait=timedelta())[0] is Verdict.SEND_AGAIN
