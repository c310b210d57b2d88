"""What each channel still has to deliver: one that fails gets it later, the others do not get it twice. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from syncd.core.facts import ChannelFault
from syncd.core.messages import Message

KEEP = timedelta(hours=24)
"""A message that could not be delivered for so long tells of yesterday."""

MOST_LETTERS = 50
FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Letter:
    """A message and the channels that have not delivered it."""

    message: Message
    pending: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """A channel that fails: since when, with what sentence, how often in a row, and when it is tried again."""

    since: datetime
    error: str
    tries: int
    again_at: datetime


@dataclass(frozen=True, slots=True)
class Outbox:
    """Letters, oldest first, and the channels that fail now, by name."""

    letters: tuple[Letter, ...] = ()
    lines: Mapping[str, Line] = field(default_factory=dict)


def put(outbox: Outbox, made: Iterable[Message], channels: Collection[str], now: datetime) -> Outbox:
    """With new messages for all channels; without what is too old, and without channels that are there no more."""
    letters = (*outbox.letters, *(Letter(message, tuple(channels)) for message in made))
    kept = [
        replace(letter, pending=tuple(name for name in letter.pending if name in channels))
        for letter in letters
        if now - letter.message.at < KEEP
    ]
    lines = {name: line for name, line in outbox.lines.items() if name in channels}
    return Outbox(tuple(letter for letter in kept if letter.pending)[-MOST_LETTERS:], lines)


def due(outbox: Outbox, channel: str, now: datetime) -> tuple[Message, ...]:
    """What a channel should deliver now, oldest first; nothing while it waits after a failure."""
    line = outbox.lines.get(channel)
    # a clock that was set back must not make a channel wait longer than it ever would
    if line is not None and now < line.again_at <= now + LONGEST_WAIT:
        return ()
    return tuple(letter.message for letter in outbox.letters if channel in letter.pending)


def delivered(outbox: Outbox, channel: str, message: Message) -> Outbox:
    """A channel has delivered a message, so it is well."""
    letters = (_without(letter, channel) if letter.message.id == message.id else letter for letter in outbox.letters)
    lines = {name: line for name, line in outbox.lines.items() if name != channel}
    return Outbox(tuple(letter for letter in letters if letter.pending), lines)


def failed(outbox: Outbox, channel: str, error: str, now: datetime, wait: timedelta | None = None) -> Outbox:
    """A channel has failed: it is tried again after `wait` where it said so, else after ever longer pauses."""
    line = outbox.lines.get(channel)
    tries = 1 if line is None else line.tries + 1
    pause = min(LONGEST_WAIT, wait if wait is not None else FIRST_WAIT * 2 ** min(tries - 1, 10))
    since = now if line is None else min(line.since, now)
    return replace(outbox, lines={**outbox.lines, channel: Line(since, error, tries, now + pause)})


def faults(outbox: Outbox) -> tuple[ChannelFault, ...]:
    """The channels that fail now."""
    return tuple(ChannelFault(name, line.error, line.since) for name, line in outbox.lines.items())


def _without(letter: Letter, channel: str) -> Letter:
    return replace(letter, pending=tuple(name for name in letter.pending if name != channel))
