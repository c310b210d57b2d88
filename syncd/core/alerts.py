"""When a person is told of a concern: grouped, not again too soon, never more than an hour may carry. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from syncd.core import messages
from syncd.core.concerns import KINDS, Concern, Level
from syncd.core.messages import Message, Row, Sender

RESOLVED_AFTER = timedelta(minutes=2)
"""How long a concern must have been gone before it counts as over."""

HOUR = timedelta(hours=1)
ALL = "all"


@dataclass(frozen=True, slots=True)
class AlertPolicy:
    """What an admin decided about messages.

    Args:
        sender: In whose name they are written.
        group: How long something new waits for company.
        repeat: After what time something that is still so is told again.
        most_per_hour: Messages in any hour, one more that says so aside.
        kinds: The kinds of concern that are told; `all`, and `findings` for those of the examination.
    """

    sender: Sender
    group: timedelta = timedelta(seconds=60)
    repeat: timedelta = timedelta(hours=24)
    most_per_hour: int = 12
    kinds: frozenset[str] = frozenset({ALL})

    def wants(self, concern: Concern) -> bool:
        """Whether a person is to be told of this one."""
        kind = concern.kind if concern.kind in KINDS else "findings"
        return bool(self.kinds & {ALL, concern.kind, kind})


@dataclass(frozen=True, slots=True)
class Entry:
    """What is remembered of one concern: `row` as last seen, and when it was first seen, told and seen no more."""

    row: Row
    first_at: datetime
    told_at: datetime | None = None
    gone_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Memory:
    """What was told, by key of the concern; when messages were made, and when one said that there is more."""

    entries: Mapping[str, Entry] = field(default_factory=dict)
    sent_at: tuple[datetime, ...] = ()
    limited_at: datetime | None = None


def decide(
    concerns: Sequence[Concern], memory: Memory, policy: AlertPolicy, now: datetime, *, settled: bool = True
) -> tuple[tuple[Message, ...], Memory]:
    """The messages that are due now, and the memory from which the next call goes on.

    Nothing new is lost: what cannot be told yet is told later, as long as it is still so.

    Args:
        concerns: Everything that is so now.
        memory: What the last call gave.
        policy: What an admin decided.
        now: The instant; it may lie before the last one, where somebody set the clock.
        settled: Whether what is not among `concerns` is really over; not so just after a start.
    """
    memory = _not_ahead(memory, now)
    present = {concern.key: concern for concern in concerns if policy.wants(concern)}
    unwanted = {concern.key for concern in concerns} - present.keys()
    kept = {key: entry for key, entry in memory.entries.items() if key not in unwanted}
    entries = _absent(kept, present, now, settled=settled) | _present(kept, present, policy, now)
    room = _Room(memory, policy, now)
    entries = _tell_news(entries, present, policy, now, room)
    entries = _tell_resolved(entries, policy, now, room)
    return room.close(entries)


class _Room:
    """How many messages this hour still carries, and those that took their place."""

    def __init__(self, memory: Memory, policy: AlertPolicy, now: datetime) -> None:
        self._policy, self._now = policy, now
        self._sent = [at for at in memory.sent_at if now - at < HOUR]
        self._limited_at = memory.limited_at
        self._messages: list[Message] = []
        self._full = False

    def take(self) -> bool:
        """Whether one more message may be made."""
        if len(self._sent) >= self._policy.most_per_hour:
            self._full = True
            return False
        self._sent.append(self._now)
        return True

    def put(self, message: Message) -> None:
        self._messages.append(message)

    def close(self, entries: Mapping[str, Entry]) -> tuple[tuple[Message, ...], Memory]:
        """All messages, one that says that there is more among them, once an hour."""
        if self._full and (self._limited_at is None or self._now - self._limited_at >= HOUR):
            self._limited_at = self._now
            most = self._policy.most_per_hour
            self._messages.append(messages.limit_reached(self._policy.sender, most, self._now))
        return tuple(self._messages), Memory(entries, tuple(self._sent), self._limited_at)


def _present(
    kept: Mapping[str, Entry], present: Mapping[str, Concern], policy: AlertPolicy, now: datetime
) -> dict[str, Entry]:
    """What is so now; something known that became worse is new."""
    found = {}
    for key, concern in present.items():
        row, known = messages.row_of(concern, policy.sender.say), kept.get(key)
        worse = known is not None and row.level == Level.ERROR and known.row.level != Level.ERROR
        found[key] = Entry(row, now) if known is None or worse else replace(known, row=row, gone_at=None)
    return found


def _absent(
    kept: Mapping[str, Entry], present: Mapping[str, Concern], now: datetime, *, settled: bool
) -> dict[str, Entry]:
    """What is not so now; one that was never told and stays away is forgotten."""
    gone = {key: entry for key, entry in kept.items() if key not in present}
    if not settled:
        return {key: replace(entry, gone_at=None) for key, entry in gone.items()}
    marked = {key: replace(entry, gone_at=entry.gone_at or now) for key, entry in gone.items()}
    return {key: entry for key, entry in marked.items() if entry.told_at is not None or not _is_over(entry, now)}


def _tell_news(
    entries: dict[str, Entry], present: Mapping[str, Concern], policy: AlertPolicy, now: datetime, room: _Room
) -> dict[str, Entry]:
    """What is new goes out together once the first of it has waited; with it, what is due again."""
    untold = [key for key in present if entries[key].told_at is None]
    waited = any(now - entries[key].first_at >= policy.group for key in untold)
    fresh = untold if waited else []
    again = [key for key in present if _is_due_again(entries[key], policy, now)]
    if not (fresh or again) or not room.take():
        return entries
    room.put(messages.news(policy.sender, _of(present, fresh), _of(present, again), now))
    return entries | {key: replace(entries[key], told_at=now) for key in (*fresh, *again)}


def _tell_resolved(entries: dict[str, Entry], policy: AlertPolicy, now: datetime, room: _Room) -> dict[str, Entry]:
    over = [key for key, entry in entries.items() if _is_over(entry, now)]
    if not over or not room.take():
        return entries
    room.put(messages.resolved(policy.sender, [entries[key].row for key in over], now))
    return {key: entry for key, entry in entries.items() if key not in over}


def _of(present: Mapping[str, Concern], keys: Iterable[str]) -> list[Concern]:
    return [present[key] for key in keys]


def _is_over(entry: Entry, now: datetime) -> bool:
    return entry.gone_at is not None and now - entry.gone_at >= RESOLVED_AFTER


def _is_due_again(entry: Entry, policy: AlertPolicy, now: datetime) -> bool:
    return entry.told_at is not None and now - entry.told_at >= policy.repeat


def _not_ahead(memory: Memory, now: datetime) -> Memory:
    """A clock that was set back must not put off what is due: nothing remembered lies after now."""
    entries = {
        key: replace(
            entry,
            first_at=min(entry.first_at, now),
            told_at=None if entry.told_at is None else min(entry.told_at, now),
            gone_at=None if entry.gone_at is None else min(entry.gone_at, now),
        )
        for key, entry in memory.entries.items()
    }
    limited_at = None if memory.limited_at is None else min(memory.limited_at, now)
    return Memory(entries, tuple(min(at, now) for at in memory.sent_at), limited_at)
