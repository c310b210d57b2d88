"""Plots as numbers: inside their frame, with round axes, and honest about what is missing."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syncd.web import words
from syncd.web.charts import HEIGHT, WIDTH, Chart, Frame, bars, curve

FRAME = Frame("key", "title", "caption", "description", [(0.5, "12:00")])
POINTS = st.lists(st.tuples(st.floats(0, 1), st.one_of(st.none(), st.floats(0, 1e7))), max_size=40)
COLUMNS = st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 10**6)), max_size=40)


def plain(value: float) -> str:
    return f"{value:g}"


def figures(chart: Chart) -> list[float]:
    return [float(figure) for line in chart.lines for figure in re.findall(r"[\d.]+(?:e-?\d+)?", line)]


@given(POINTS)
def test_a_curve_stays_inside_its_frame(points: list[tuple[float, float | None]]) -> None:
    chart = curve(FRAME, points, plain)
    assert all(0 <= figure <= max(WIDTH, HEIGHT) for figure in figures(chart))
    assert chart.is_empty == all(value is None for _, value in points)


@given(COLUMNS, st.floats(1, 1000))
def test_bars_stand_upon_each_other_inside_the_frame(columns: list[tuple[int, int]], mark: float) -> None:
    chart = bars(FRAME, [[("a", one, ""), ("b", two, "")] for one, two in columns], plain, mark)
    assert len(chart.bars) == sum((one > 0) + (two > 0) for one, two in columns)
    for bar in chart.bars:
        assert bar.x >= 0
        assert bar.x + bar.width <= WIDTH
        assert bar.y >= 0
        assert bar.y + bar.height <= HEIGHT
    if chart.mark is not None:
        assert 0 <= chart.mark <= HEIGHT


def test_a_gap_breaks_the_line() -> None:
    chart = curve(FRAME, [(0, 1), (0.2, 2), (0.4, None), (0.6, 2), (0.8, 1)], plain)
    assert [line.count("M") for line in chart.lines] == [1, 1]


def test_a_lone_value_is_seen() -> None:
    assert curve(FRAME, [(0.5, 1)], plain).lines[0].endswith("h1")


def test_steps_hold_each_figure_until_the_next_and_the_last_to_the_end() -> None:
    (line,) = curve(FRAME, [(0, 4), (0.5, 2)], plain, steps=True).lines
    assert re.fullmatch(r"M46.0 8.0H189.0V69.0H332", line), line


@pytest.mark.parametrize(
    ("most", "top"), [(0, "2"), (1, "2"), (3, "4"), (7, "8"), (9, "10"), (11, "20"), (66.7, "80"), (2817, "4000")]
)
def test_the_axis_ends_at_a_round_figure_with_a_whole_half(most: float, top: str) -> None:
    chart = bars(FRAME, [[("a", int(most), "")]], plain, most)
    assert chart.y_ticks[-1].label == top
    assert [tick.label for tick in chart.y_ticks] == ["0", f"{float(top) / 2:g}", top]


@pytest.mark.parametrize(
    ("most", "top"), [(0, 10), (15, 20), (70, 120), (1500, 1800), (50_000, 86_400), (200_000, 259_200)]
)
def test_an_axis_of_time_ends_at_a_round_time(most: float, top: float) -> None:
    assert curve(FRAME, [(0, most)], plain).y_ticks[-1].label == f"{top:g}"


# --- words -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(0, "0 s"), (119, "119 s"), (120, "2 min"), (5400, "90 min"), (7200, "2 h"), (9000, "2.5 h"), (172_800, "2 d")],
)
def test_ages_in_their_biggest_unit(seconds: float, said: str) -> None:
    assert str(words.age(seconds)) == said


def test_instants_on_the_shops_clock_as_short_as_they_are_clear() -> None:
    now = datetime(2026, 11, 23, 18, 30, tzinfo=UTC)
    shown = [words.clock(now - ago, now) for ago in (timedelta(0), timedelta(hours=2), timedelta(days=400))]
    assert shown == ["01:30:00", "23/11 23:30", "20/10/2025 01:30"]


def test_thousands_are_set_apart_as_each_language_does() -> None:
    assert (words.number(1_234_567, "en"), words.number(1_234_567, "vi")) == ("1,234,567", "1.234.567")


def test_an_event_is_told_as_in_the_journal_and_without_a_sentence_by_its_name() -> None:
    assert words.event("something_new", "x", {}, "en") == "something_new x"
    assert words.event("state_new", "", {}, "en") == "state_new"
    told = words.event("order_created", "", {"kiotviet": "DH1", "status": "Phiếu tạm"}, "vi")
    assert told == "đã tạo phiếu đặt hàng DH1 (Phiếu tạm) trong KiotViet"
