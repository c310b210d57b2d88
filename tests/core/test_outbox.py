"""Each channel delivers by itself: one that fails gets it later, the others do not get it twice."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from syncd.core import outbox
from syncd.core.messages import NEWS, Message
from syncd.core.outbox import LONGEST_WAIT, MOST_LETTERS, Outbox

NOW = datetime(2026, 11, 26, 3, 0, tzinfo=UTC)
BOTH = ("email", "telegram")


def message(number: int = 1, at: datetime = NOW) -> Message:
    return Message(str(number), NEWS, "shopmau", at, f"subject {number}", "text")


def later(**time: float) -> datetime:
    return NOW + timedelta(**time)


def ids(box: Outbox, channel: str, now: datetime = NOW) -> list[str]:
    return [one.id for one in outbox.due(box, channel, now)]


def test_a_message_goes_out_by_every_channel_oldest_first() -> None:
    box = outbox.put(Outbox(), [message(1), message(2)], BOTH, NOW)
    assert ids(box, "email") == ids(box, "telegram") == ["1", "2"]


def test_a_channel_that_fails_gets_it_later_and_the_other_not_again() -> None:
    box = outbox.put(Outbox(), [message(1)], BOTH, NOW)
    box = outbox.delivered(box, "email", message(1))
    box = outbox.failed(box, "telegram", "down", NOW)
    assert (ids(box, "email", later(hours=1)), ids(box, "telegram")) == ([], [])
    assert ids(box, "telegram", later(minutes=1)) == ["1"]
    assert [(fault.channel, fault.error, fault.since) for fault in outbox.faults(box)] == [("telegram", "down", NOW)]
    assert outbox.delivered(box, "telegram", message(1)) == Outbox()


def test_pauses_grow_and_end_at_half_an_hour() -> None:
    box, now, pauses = outbox.put(Outbox(), [message(1)], BOTH, NOW), NOW, []
    for _ in range(8):
        box = outbox.failed(box, "email", "down", now)
        pauses.append((box.lines["email"].again_at - now).total_seconds() / 60)
        now = box.lines["email"].again_at
    assert pauses == [1, 2, 4, 8, 16, 30, 30, 30]
    assert box.lines["email"].since == NOW


@pytest.mark.parametrize(("asked", "waited"), [(35, 35), (0, 0), (86_400, 1800)])
def test_a_wait_that_the_channel_asks_for_is_kept_within_reason(asked: int, waited: int) -> None:
    box = outbox.failed(Outbox(), "telegram", "slow down", NOW, timedelta(seconds=asked))
    assert box.lines["telegram"].again_at == later(seconds=waited)


def test_a_clock_that_is_set_back_does_not_silence_a_channel() -> None:
    box = outbox.failed(outbox.put(Outbox(), [message(1)], BOTH, NOW), "email", "down", NOW)
    assert ids(box, "email", NOW - LONGEST_WAIT - timedelta(hours=1)) == ["1"]


def test_what_is_a_day_old_is_not_delivered_any_more() -> None:
    box = outbox.put(Outbox(), [message(1)], BOTH, NOW)
    box = outbox.put(box, [message(2, later(hours=23))], BOTH, later(hours=24))
    assert ids(box, "email", later(hours=24)) == ["2"]


def test_a_channel_that_was_taken_out_of_the_config_owes_nothing() -> None:
    box = outbox.failed(outbox.put(Outbox(), [message(1)], BOTH, NOW), "telegram", "down", NOW)
    box = outbox.put(outbox.delivered(box, "email", message(1)), [], ("email",), NOW)
    assert box == Outbox()


def test_a_long_outage_keeps_the_newest() -> None:
    box = outbox.put(Outbox(), [message(number) for number in range(MOST_LETTERS + 5)], BOTH, NOW)
    assert ids(box, "email")[0] == "5"
    assert len(box.letters) == MOST_LETTERS
