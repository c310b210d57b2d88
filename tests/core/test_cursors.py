"""A cursor goes as far as the remote's own stamps, and never where a wrong one would have the rest passed over."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from syncd.core.cursors import AHEAD, newest

NOW = datetime(2026, 11, 26, 3, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("shown", "reached"),
    [
        ([], None),
        ([-5, -9], -5),
        ([3, -5], 3),
        ([10, -5], 10),
        ([11, -5], -5),
        ([60 * 24 * 365 * 100, -5, -9], -5),
        ([60, 50], 10),
    ],
)
def test_the_newest_stamp_counts_unless_it_is_ahead_of_every_clock(shown: list[int], reached: int | None) -> None:
    found = newest((NOW + minutes * MINUTE for minutes in shown), NOW)
    assert found == (None if reached is None else NOW + reached * MINUTE)


def test_what_may_be_ahead_is_read_again_anyway() -> None:
    assert newest([NOW + AHEAD], NOW) == NOW + 10 * MINUTE
