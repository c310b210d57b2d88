"""The clock of a remote, as its answers tell it."""

from __future__ import annotations

from datetime import UTC, datetime

import httpx
import pytest

from syncd.clients.dates import DateOffset, told_at
from syncd.clock import ManualClock
from syncd.sandbox.serving import Served
from syncd.sandbox.world import Sandbox

NOW = datetime(2026, 11, 26, 2, 0, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"date": "Thu, 26 Nov 2026 02:00:00 GMT"}, 5.0),
        ({"Date": "Thu, 26 Nov 2026 03:00:05 GMT"}, -3600.0),
        ({"date": "Thu, 26 Nov 2026 09:00:00 +0700"}, 5.0),
        ({"date": "Thu, 26 Nov 2026 02:00:00 -0000"}, 5.0),
        ({"date": "Thu, 26 Nov 2026 01:00:00 GMT", "age": "3600"}, None),
        ({}, None),
        ({"date": ""}, None),
        ({"date": "yesterday"}, None),
        ({"date": "Thu, 99 Nov 99999999999 02:00:00 GMT"}, None),
        ({"date": "Fri, 31 Dec 9999 23:59:59 -2359"}, None),
    ],
)
def test_the_offset_is_ours_minus_theirs_and_odd_headers_change_nothing(
    headers: dict[str, str], seconds: float | None
) -> None:
    offset = DateOffset()
    offset.observe(httpx.Headers(headers), NOW)
    assert offset.seconds == seconds


def test_the_latest_answer_counts() -> None:
    offset = DateOffset()
    for minute in ("59", "58"):
        offset.observe(httpx.Headers({"date": f"Thu, 26 Nov 2026 01:{minute}:05 GMT"}), NOW)
    assert offset.seconds == 120.0
    offset.observe(httpx.Headers(), NOW)
    assert offset.seconds == 120.0


def test_no_header_at_all_is_no_time() -> None:
    assert told_at(None) is None


@pytest.mark.parametrize("path", ["/com/shop.json", "/_sandbox/clock"])
def test_the_served_sandbox_tells_its_own_time_once(path: str) -> None:
    clock = ManualClock(datetime(2030, 1, 1, tzinfo=UTC))
    with Served(Sandbox.small_shop(clock)) as served:
        answer = httpx.get(served.haravan_url + path, trust_env=False)
    assert len(answer.headers.get_list("date")) == 1
    if not path.startswith("/_sandbox"):
        assert told_at(answer.headers["date"]) == clock.now()
