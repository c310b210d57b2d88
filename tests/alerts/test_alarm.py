"""From what is so to what people get: remembered before it is sent, each channel by itself, over any restart."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest

from syncd.clock import ManualClock
from syncd.core.alerts import AlertPolicy
from syncd.core.concerns import Concern, Level
from syncd.core.messages import NEWS, RESOLVED, Message, Sender
from syncd.core.texts import Text, text
from syncd.cycles.alarm import Alarm
from syncd.errors import RateLimited, StoreUnwritable, SyncdError, Transient
from syncd.logs import register_secret
from syncd.store import Store
from tests.rig import START


@dataclass
class Mouth:
    """A channel that keeps what it is given, or fails as told."""

    name: str
    got: list[Message] = field(default_factory=list)
    fails: Exception | None = None
    tried: list[str] = field(default_factory=list)
    closed: bool = False

    @property
    def tries(self) -> int:
        return len(self.tried)

    def send(self, message: Message) -> Text | None:
        self.tried.append(message.id)
        if self.fails is not None:
            raise self.fails
        self.got.append(message)
        return None

    def close(self) -> None:
        self.closed = True


class Desk:
    """A store, a clock and an alarm that can be made anew, as after a restart."""

    def __init__(self, folder: Path) -> None:
        self.clock, self.store = ManualClock(START), Store(folder / "syncd.db")
        self.mouths = [Mouth("email"), Mouth("telegram")]
        self.stopping = False
        self.restart()

    def restart(self) -> None:
        policy = AlertPolicy(Sender("shopmau", "vi"), group=timedelta())
        self.alarm = Alarm(self.mouths, policy, self.store, self.clock, lambda: self.stopping)

    def step(self, *present: Concern, seconds: float = 0) -> None:
        self.clock.advance(seconds)
        self.alarm.step(present, settled=True)

    @property
    def got(self) -> list[int]:
        return [len(mouth.got) for mouth in self.mouths]


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def concern(key: str, why: str = "x") -> Concern:
    return Concern(key, "plan_refused", Level.ERROR, text("concern_plan_refused", why=why), text("remedy_tags"), START)


A, B = concern("a"), concern("b")


def test_everybody_is_told_once_and_told_when_it_is_over(desk: Desk) -> None:
    desk.step(A)
    for _ in range(5):
        desk.step(A, seconds=30)
    assert desk.got == [1, 1]
    desk.step(seconds=30)
    desk.step(seconds=120)
    assert [[message.event for message in mouth.got] for mouth in desk.mouths] == [[NEWS, RESOLVED]] * 2


def test_a_restart_repeats_nothing_and_forgets_nothing(desk: Desk) -> None:
    desk.step(A)
    desk.restart()
    desk.step(A, seconds=30)
    assert desk.got == [1, 1]
    desk.restart()
    desk.step(seconds=30)
    desk.step(seconds=120)
    assert desk.mouths[0].got[-1].event == RESOLVED


def test_a_channel_that_fails_gets_it_later_with_growing_pauses(desk: Desk) -> None:
    email, telegram = desk.mouths
    telegram.fails = Transient("down")
    desk.step(A)
    for _ in range(20):
        desk.step(A, seconds=30)
    assert (len(email.got), telegram.tries) == (1, 4), "at once, then after 1, 2 and 4 minutes"
    assert [fault.channel for fault in desk.alarm.faults()] == ["telegram"]
    telegram.fails = None
    desk.restart()
    for _ in range(20):
        desk.step(A, seconds=30)
    assert desk.got == [1, 1]
    assert email.got == telegram.got
    assert desk.alarm.faults() == ()


def test_a_channel_that_says_wait_is_waited_for(desk: Desk) -> None:
    desk.mouths[1].fails = RateLimited("slow down", 300)
    desk.step(A)
    desk.step(A, seconds=299)
    assert desk.mouths[1].tries == 1
    desk.step(A, seconds=1)
    assert desk.mouths[1].tries == 2


@pytest.mark.parametrize("surprise", [ValueError("a header"), RuntimeError("bug"), SyncdError("known")])
def test_a_surprise_in_one_channel_does_not_silence_the_other(desk: Desk, surprise: Exception) -> None:
    desk.mouths[0].fails = surprise
    desk.step(A)
    assert desk.got == [0, 1]


def test_a_power_cut_while_sending_sends_the_same_message_again_and_no_other(desk: Desk) -> None:
    email, telegram = desk.mouths
    email.fails = KeyboardInterrupt()
    with pytest.raises(KeyboardInterrupt):
        desk.step(A)
    email.fails = None
    desk.restart()
    desk.step(A, seconds=30)
    assert email.tried == 2 * telegram.tried
    assert desk.got == [1, 1]


def test_without_a_store_people_are_told_once_all_the_same(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise StoreUnwritable("disk full")

    monkeypatch.setattr(desk.store.alerts, "keep", refuse)
    monkeypatch.setattr(desk.store.alerts, "recall", refuse)
    for _ in range(5):
        desk.step(A, seconds=30)
    assert desk.got == [1, 1]
    desk.step(seconds=30)
    desk.step(seconds=120)
    assert desk.got == [2, 2]


def test_a_stop_comes_before_the_next_message(desk: Desk) -> None:
    desk.stopping = True
    desk.step(A)
    assert desk.got == [0, 0]
    desk.stopping = False
    desk.step(A)
    assert desk.got == [1, 1]


def test_nothing_private_leaves_the_machine_whatever_a_remote_has_said(desk: Desk) -> None:
    register_secret("the-secret-of-the-shop")
    desk.step(concern("a", "Khách 0912 345 678, an.nguyen@mail.vn, token=abcdef, the-secret-of-the-shop"))
    (message,) = desk.mouths[0].got
    told = repr(message)
    for private in ("0912", "345 678", "an.nguyen", "abcdef", "the-secret-of-the-shop"):
        assert private not in told
    assert "Khách ***" in message.text
    assert message.text.count("\n") >= 1, "its lines are kept"


def test_an_alarm_that_ends_lets_go_of_every_channel(desk: Desk) -> None:
    desk.alarm.close()
    assert [mouth.closed for mouth in desk.mouths] == [True, True]
