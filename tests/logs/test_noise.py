"""What repeats is said a few times, then counted; what is news is never held back."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st

from syncd.logs import configure, get_logger
from syncd.logs.noise import HELD_BACK, MOST_REMEMBERED, SAID_AT_ONCE, WINDOW_SECONDS, Noise, key_of, weigh

HELD = {"event": "order_not_done", "level": "warning", "order": "100020", "error": "KiotViet: 503"}
IDLE = {"event": "cycle_finished", "level": "info", "cycle": "orders", "ok": True, "full": False, "changed": 0}


def said(*events: dict[str, Any], every: float = 1.0) -> list[int]:
    noise = Noise()
    return [noise.hear(event, number * every) for number, event in enumerate(events)]


def test_the_same_is_said_three_times_then_once_per_ten_minutes_with_a_count() -> None:
    noise = Noise()
    heard = [(second, noise.hear(HELD, float(second))) for second in range(0, 1300, 15)]
    told = [(second, held) for second, held in heard if held != HELD_BACK]
    assert told == [(0, 0), (15, 0), (30, 0), (630, 39), (1230, 39)]


def test_after_ten_quiet_minutes_it_is_news_again() -> None:
    noise = Noise()
    assert [noise.hear(HELD, float(second)) for second in range(5)] == [0, 0, 0, HELD_BACK, HELD_BACK]
    assert [noise.hear(HELD, 4 + WINDOW_SECONDS + second) for second in range(3)] == [2, 0, 0]


@pytest.mark.parametrize(
    "other",
    [{"order": "100021"}, {"sku": "AO-01"}, {"remote": "haravan"}, {"error": "KiotViet: cut"}, {"event": "x"}],
)
def test_another_order_product_remote_or_error_is_another_thing(other: dict[str, Any]) -> None:
    assert said(*[HELD] * 4, HELD | other)[3:] == [HELD_BACK, 0]


def test_figures_in_a_sentence_make_no_other_error() -> None:
    assert key_of(HELD | {"error": "wait 12.5 s"}) == key_of(HELD | {"error": "wait 9 s"})


def test_a_step_of_the_story_is_never_held_back() -> None:
    assert said(*[HELD | {"seq": 7}] * 9) == [0] * 9


def test_a_traceback_from_another_place_is_another_thing() -> None:
    here, there = ({"event": "cycle_failed", "exception": f'  File "a.py", line {line}, in x'} for line in (1, 2))
    assert said(*[here] * 4, there)[3:] == [HELD_BACK, 0]


def test_idle_cycles_that_say_the_same_are_one_line_in_ten_minutes() -> None:
    noise = Noise()
    heard = [noise.hear(IDLE | {"seconds": second, "seen": second}, second * 15.0) for second in range(5760)]
    assert len([held for held in heard if held != HELD_BACK]) == 144


@pytest.mark.parametrize("news", [{"changed": 1}, {"written": 2}, {"refused": 1}])
def test_a_cycle_that_did_something_is_always_said(news: dict[str, int]) -> None:
    assert said(*[IDLE] * 2, *[IDLE | news] * 5)[1:] == [HELD_BACK, 0, 0, 0, 0, 0]


@pytest.mark.parametrize("news", [{"ok": False}, {"full": True}, {"stopped": True}, {"cycle": "stock"}])
def test_a_cycle_that_ended_otherwise_is_news(news: dict[str, Any]) -> None:
    assert said(IDLE, IDLE, IDLE | news) == [0, HELD_BACK, 0]


def test_what_is_remembered_is_bounded() -> None:
    noise = Noise()
    for number in range(3 * MOST_REMEMBERED):
        noise.hear({"event": f"e{number}"}, 0.0)
    assert len(noise) == MOST_REMEMBERED


@given(st.lists(st.floats(0, 900), max_size=60))
def test_nothing_is_lost_count_of_and_little_is_said(gaps: list[float]) -> None:
    heard, now, counted, times = None, 0.0, 0, list[float]()
    for gap in gaps:
        now += gap
        say, held, heard = weigh(heard, now)
        counted += held + say
        times += [now] * say
    assert counted + (heard.held if heard else 0) == len(gaps)
    for start in times:
        assert len([at for at in times if start <= at < start + WINDOW_SECONDS]) <= SAID_AT_ONCE + 1


def test_the_line_says_how_often_it_was_held_back() -> None:
    stream, now = io.StringIO(), [0.0]
    try:
        configure(stream=stream, environ={}, monotonic=lambda: now[0])
        for _ in range(10):
            get_logger().warning("documents_not_watched", error="cut")
        now[0] = WINDOW_SECONDS
        get_logger().warning("documents_not_watched", error="cut")
        lines = [json.loads(line) for line in stream.getvalue().splitlines()]
        assert [line.get("repeated") for line in lines] == [None, None, None, 7]
        assert "(the same 7 more times since it was last said)" in lines[-1]["text"]
        configure(stream=stream, environ={}, verbose=True, monotonic=lambda: now[0])
        stream.truncate(0)
        for _ in range(5):
            get_logger().warning("documents_not_watched", error="cut")
        levels = [json.loads(line)["level"] for line in stream.getvalue().replace("\0", "").splitlines()]
        assert levels == ["warning"] * 3 + ["debug"] * 2
    finally:
        structlog.reset_defaults()
