"""When a person is told: grouped, not again too soon, never in a stream, and nothing new is lost."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syncd.core import messages
from syncd.core.alerts import AlertPolicy, Memory, decide
from syncd.core.concerns import Concern, Level
from syncd.core.messages import LIMIT, NEWS, RESOLVED, Message, Sender
from syncd.core.texts import text

START = datetime(2026, 11, 26, 3, 0, tzinfo=UTC)
POLICY = AlertPolicy(Sender("shopmau", "vi", "https://s.vn"))
SECOND = timedelta(seconds=1)


def concern(key: str, kind: str = "plan_refused", level: Level = Level.WARNING, **more: str) -> Concern:
    return Concern(key, kind, level, text("concern_plan_refused", why=key), text("remedy_tags"), START, **more)


def held(number: int, code: str = "unknown_sku") -> Concern:
    order = f"#{100000 + number}"
    cause = text("concern_held", code=code, reason=f"Đơn {order}: không rõ")
    return Concern(
        f"held:{number}", "held", Level.WARNING, cause, text("remedy_held", order=order), START, order=order, code=code
    )


class Reader:
    """Somebody who is told; time passes in seconds since the start."""

    def __init__(self, policy: AlertPolicy = POLICY) -> None:
        self.policy, self.memory, self.told = policy, Memory(), list[Message]()

    def at(self, seconds: float, *present: Concern, settled: bool = True) -> list[Message]:
        now = START + seconds * SECOND
        made, self.memory = decide(present, self.memory, self.policy, now, settled=settled)
        self.told += made
        return list(made)


def keys(message: Message) -> list[str]:
    return [row.key for row in message.rows]


A, B, C = concern("a"), concern("b"), concern("c")


def test_something_new_waits_for_company_and_goes_out_together() -> None:
    reader = Reader()
    assert reader.at(0, A) == []
    assert reader.at(30, A, B) == []
    (message,) = reader.at(60, A, B, C)
    assert (message.event, keys(message)) == (NEWS, ["a", "b", "c"])
    assert reader.at(90, A, B, C) == []


def test_what_is_still_so_is_told_again_only_after_a_day() -> None:
    reader = Reader()
    reader.at(0, A)
    reader.at(60, A)
    day = 24 * 3600
    assert all(reader.at(60 + hours * 3600, A) == [] for hours in range(1, 24))
    (message,) = reader.at(60 + day, A)
    assert "Vẫn còn:" in message.text
    assert reader.at(90 + day, A) == []


def test_what_is_over_is_told_once_it_has_been_gone_for_two_minutes() -> None:
    reader = Reader()
    reader.at(0, A)
    reader.at(60, A)
    assert reader.at(90) == []
    assert reader.at(209) == []
    (message,) = reader.at(210)
    assert (message.event, keys(message)) == (RESOLVED, ["a"])
    assert message.subject == "[shopmau] đã xử lý xong: 1"
    assert reader.at(240) == []


def test_what_comes_back_within_two_minutes_was_never_away() -> None:
    reader = Reader()
    for second in range(0, 3600, 30):
        reader.at(second, *([A] if second // 90 % 2 == 0 else []))
    assert [message.event for message in reader.told] == [NEWS]


def test_what_went_before_it_was_told_is_never_told_as_over() -> None:
    reader = Reader()
    reader.at(0, A)
    for second in range(30, 600, 30):
        assert reader.at(second) == []
    assert reader.memory.entries == {}


def test_what_flickers_faster_than_the_group_waits_is_told_all_the_same() -> None:
    reader = Reader()
    for second in range(0, 600, 20):
        reader.at(second, *([A] if second % 40 == 0 else []))
    assert [message.event for message in reader.told] == [NEWS]


def test_just_after_a_start_nothing_is_taken_for_over() -> None:
    reader = Reader()
    reader.at(0, A)
    reader.at(60, A)
    for second in range(90, 1000, 30):
        assert reader.at(second, settled=False) == []
    assert reader.at(1000, A) == []
    reader.at(1030)
    assert [message.event for message in reader.at(1150)] == [RESOLVED]


def test_what_went_just_before_a_restart_gets_its_time_after_it() -> None:
    reader = Reader()
    reader.at(0, A)
    reader.at(60, A)
    reader.at(90, B)
    assert [reader.at(second, settled=False) for second in (120, 300)] == [[], []]
    assert reader.at(330, A) == []
    assert [reader.at(second) for second in (360, 390)] == [[], []]


def test_something_that_became_worse_is_news() -> None:
    reader = Reader()
    reader.at(0, A)
    reader.at(60, A)
    reader.at(90, replace(A, level=Level.ERROR))
    (message,) = reader.at(150, replace(A, level=Level.ERROR))
    assert message.text.startswith("LỖI: ")
    assert reader.at(300, A) == [], "better is no news"


def test_an_hour_carries_so_many_messages_and_one_that_says_so() -> None:
    reader = Reader(replace(POLICY, most_per_hour=3, group=timedelta()))
    for number in range(10):
        reader.at(number * 30, *map(held, range(number + 1)))
    assert [message.event for message in reader.told] == [NEWS, NEWS, NEWS, LIMIT]
    (message,) = reader.at(3600, *map(held, range(10)))
    assert len(message.rows) == 7, "what had to wait is told together"


def test_only_the_kinds_that_were_asked_for_are_told() -> None:
    finding = concern("x", "clock_off")
    task = concern("y", "task")
    for kinds, told in (({"task"}, ["y"]), ({"findings"}, ["x"]), ({"clock_off"}, ["x"]), ({"all"}, ["x", "y"])):
        reader = Reader(replace(POLICY, kinds=frozenset(kinds), group=timedelta()))
        (message,) = reader.at(0, finding, task)
        assert sorted(keys(message)) == told


def test_a_kind_that_is_no_longer_asked_for_is_not_told_as_over() -> None:
    reader = Reader()
    reader.at(0, A)
    reader.at(60, A)
    reader.policy = replace(POLICY, kinds=frozenset({"held"}))
    assert [reader.at(second, A) for second in (90, 300, 600)] == [[], [], []]
    assert [reader.at(second) for second in (900, 1200)] == [[], []]


@pytest.mark.parametrize("back", [-3600.0, -365 * 86400.0])
def test_a_clock_that_is_set_back_silences_nobody(back: float) -> None:
    reader = Reader(replace(POLICY, most_per_hour=1))
    reader.at(0, A)
    reader.at(60, A)
    reader.at(back, A, B)
    (limited,) = reader.at(back + 60, A, B)
    assert limited.event == LIMIT
    (message,) = reader.at(back + 3600, A, B)
    assert keys(message) == ["b"]
    day = 24 * 3600
    assert [m.event for second in range(0, 2 * day, 600) for m in reader.at(back + second, A, B)].count(NEWS) >= 1


# --- the words -------------------------------------------------------------------------------------------------------


def news(*present: Concern, language: str = "vi") -> Message:
    return messages.news(Sender("shopmau", language, "https://s.vn"), present, (), START)


def test_orders_held_for_one_reason_are_one_line_with_their_numbers() -> None:
    message = news(held(3), held(1), held(2), held(4, "rejected"))
    assert "3 đơn hàng bị giữ (unknown_sku): #100001, #100002, #100003. Đơn đầu tiên: bị tạm giữ" in message.text
    assert "bị tạm giữ (rejected): Đơn #100004: không rõ" in message.text
    assert message.subject == "[shopmau] 4 việc cần người xử lý"
    assert message.text.endswith("\n\nTrang trạng thái: https://s.vn")
    assert len(message.rows) == 4


def test_a_message_lists_ten_and_counts_the_rest() -> None:
    message = news(*(concern(f"k{number:02}", f"kind{number:02}") for number in range(25)))
    assert message.text.count("CẢNH BÁO") == 10
    assert "… và 15 mục nữa: xem bằng 'syncd status'." in message.text
    many = news(*map(held, range(30)))
    assert "30 đơn hàng bị giữ" in many.text
    assert " và 20 đơn nữa" in many.text
    assert "mục nữa" not in many.text


def test_what_is_over_is_listed_up_to_ten_too() -> None:
    rows = [messages.row_of(held(number), str) for number in range(1, 14)]
    told = messages.resolved(Sender("shopmau", "en"), rows, START)
    assert told.event == RESOLVED
    assert told.text.count("since") >= 10
    assert "3 more" in told.text
    assert len(told.rows) == 13


def test_a_start_that_failed_and_a_trial_name_the_shop_and_what_happened() -> None:
    failed = messages.start_failed(Sender("shopmau", "vi"), "config.yaml:3: orders.since", START)
    assert (failed.event, "config.yaml:3: orders.since" in failed.text) == ("start_failed", True)
    trial = messages.trial(Sender("shopmau", "vi"), START)
    assert trial.event == "test"
    assert all("shopmau" in one.subject for one in (failed, trial))


def test_errors_come_first_and_one_thing_names_itself_in_the_subject() -> None:
    mixed = news(A, concern("z", "store_unwritable", Level.ERROR))
    assert mixed.text.index("LỖI") < mixed.text.index("CẢNH BÁO")
    assert news(held(1), language="en").subject == "[shopmau] an order is held"
    assert news(concern("x", "clock_off"), language="en").subject == "[shopmau] something to look at"


def test_a_long_answer_of_a_remote_is_cut_and_stays_one_line() -> None:
    long = Concern(
        "a", "plan_refused", Level.ERROR, text("concern_plan_refused", why="x\n" * 900), text("remedy_tags"), START
    )
    assert all(len(line) < 700 for line in news(long).text.splitlines())
    assert "\n" not in news(long).subject


def test_the_same_message_has_the_same_id_and_another_has_another() -> None:
    assert news(A).id == news(A).id
    assert len({news(A).id, news(B).id, news(A, language="en").id}) == 3


# --- for every story --------------------------------------------------------------------------------------------------

KEYS = tuple("abcde")
Step = tuple[int, frozenset[str]]
STORIES = st.lists(
    st.tuples(st.sampled_from([10, 30, 30, 30, 60, 120, 600, 3600, 40_000]), st.frozensets(st.sampled_from(KEYS))),
    max_size=60,
)
LIMITS = st.integers(1, 12)


def play(story: Iterable[Step], most: int) -> tuple[Reader, list[tuple[float, frozenset[str], list[Message]]]]:
    reader, second = Reader(replace(POLICY, most_per_hour=most)), 0.0
    seen = []
    for pause, present in story:
        second += pause
        seen.append((second, present, reader.at(second, *(concern(key) for key in sorted(present)))))
    return reader, seen


@given(STORIES, LIMITS)
def test_nothing_new_is_lost_as_long_as_it_is_so(story: list[Step], most: int) -> None:
    reader, seen = play(story, most)
    second = seen[-1][0] if seen else 0.0
    last = seen[-1][1] if seen else frozenset()
    for _ in range(3):
        second += 3600
        seen.append((second, last, reader.at(second, *(concern(key) for key in sorted(last)))))
    told: set[str] = set()
    for _, _, made in seen:
        for message in made:
            told = told | set(keys(message)) if message.event == NEWS else told - set(keys(message))
    assert last <= told


@given(STORIES, LIMITS)
def test_nothing_is_told_twice_before_its_time_nor_as_over_before_it_was_told(story: list[Step], most: int) -> None:
    _, seen = play(story, most)
    told: dict[str, float] = {}
    for second, present, made in seen:
        for message in made:
            for key in keys(message):
                if message.event == NEWS:
                    assert key in present
                    assert key not in told or second - told[key] >= 24 * 3600
                    told[key] = second
                else:
                    assert key not in present
                    assert told.pop(key, None) is not None


@given(STORIES, LIMITS)
def test_no_hour_carries_more_than_it_may(story: list[Step], most: int) -> None:
    _, seen = play(story, most)
    stamps = [(second, message.event) for second, _, made in seen for message in made]
    for second, _ in stamps:
        hour = [event for at, event in stamps if second - 3600 < at <= second]
        assert sum(event != LIMIT for event in hour) <= most
        assert hour.count(LIMIT) <= 1


@given(STORIES)
def test_every_id_is_its_own(story: list[Step]) -> None:
    reader, _ = play(story, 12)
    ids = [message.id for message in reader.told]
    assert len(set(ids)) == len(ids)
    assert all(a.at <= b.at for a, b in pairwise(reader.told))
