"""Telling people: decide, remember, send on each channel by itself, remember again.

A message is remembered before it is sent: after a power cut in between it is sent again, with the same id.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Protocol

from syncd.clock import Clock
from syncd.core import alerts, outbox
from syncd.core.alerts import AlertPolicy, Memory
from syncd.core.concerns import Concern
from syncd.core.facts import ChannelFault
from syncd.core.messages import Message, Row
from syncd.core.outbox import Outbox
from syncd.core.texts import Text
from syncd.errors import RateLimited, SyncdError
from syncd.logs import get_logger, masked
from syncd.store import Store

_log = get_logger()


class Channel(Protocol):
    """A way by which messages reach people."""

    name: str

    def send(self, message: Message) -> Text | None:
        """Deliver one message; a note where it did not reach everybody.

        Raises:
            SyncdError: It was not delivered; a `RateLimited` says when to try again.
        """
        ...

    def close(self) -> None:
        """Give back what is held."""
        ...


class Alarm:
    """What was told and what is on its way; the store remembers it, or this process while the store cannot."""

    def __init__(
        self, channels: Sequence[Channel], policy: AlertPolicy, store: Store, clock: Clock, stop: Callable[[], bool]
    ) -> None:
        """Send nothing yet; `stop` is asked before each message."""
        self._channels = {channel.name: channel for channel in channels}
        self._policy, self._store, self._clock, self._stop = policy, store, clock, stop
        self._memory: Memory | None = None
        self._outbox = Outbox()

    def faults(self) -> tuple[ChannelFault, ...]:
        """The channels that fail now."""
        return outbox.faults(self._outbox)

    def step(self, concerns: Sequence[Concern], *, settled: bool) -> None:
        """Tell what is due; never raises what a channel or the store may raise."""
        before = (self._recall(), self._outbox)
        now = self._clock.now()
        made, self._memory = alerts.decide(concerns, before[0], self._policy, now, settled=settled)
        self._outbox = outbox.put(self._outbox, map(safe, made), self._channels, now)
        if (self._memory, self._outbox) != before:
            self._keep()
        for channel in self._channels.values():
            self._deliver(channel)

    def close(self) -> None:
        """Close every channel."""
        for channel in self._channels.values():
            channel.close()

    def _recall(self) -> Memory:
        if self._memory is None:
            try:
                self._memory, self._outbox = self._store.alerts.recall()
            except Exception as error:  # noqa: BLE001 - a store that cannot be read is what people must be told of
                _log.warning("alerts_not_remembered", exc_info=error)
                self._memory = Memory()
        return self._memory

    def _keep(self) -> None:
        try:
            self._store.alerts.keep(self._memory or Memory(), self._outbox)
        except Exception as error:  # noqa: BLE001 - as above; until it can be kept this process remembers
            _log.warning("alerts_not_remembered", exc_info=error)

    def _deliver(self, channel: Channel) -> None:
        """Send what a channel owes, until it fails."""
        for message in outbox.due(self._outbox, channel.name, self._clock.now()):
            if self._stop() or not self._send(channel, message):
                return

    def _send(self, channel: Channel, message: Message) -> bool:
        try:
            note = channel.send(message)
        except SyncdError as error:
            self._failed(channel, error, error.said(self._policy.sender.language))
            return False
        except Exception as error:  # noqa: BLE001 - one channel's surprise must not silence the others
            self._failed(channel, error, type(error).__name__)
            return False
        self._outbox = outbox.delivered(self._outbox, channel.name, message)
        self._keep()
        _log.info("alert_sent", channel=channel.name, event_kind=message.event, id=message.id, remark=_said(note))
        return True

    def _failed(self, channel: Channel, error: Exception, told: str) -> None:
        now = self._clock.now()
        wait = timedelta(seconds=error.retry_after_seconds) if isinstance(error, RateLimited) else None
        self._outbox = outbox.failed(self._outbox, channel.name, masked(told), now, wait)
        self._keep()
        _log.warning("alert_not_sent", channel=channel.name, exc_info=error)


def safe(message: Message) -> Message:
    """A message without what must not leave the machine, whatever a remote has said."""
    rows = tuple(_safe_row(row) for row in message.rows)
    return replace(message, subject=masked(message.subject), text=masked(message.text), rows=rows)


def _safe_row(row: Row) -> Row:
    return replace(row, cause=masked(row.cause), remedy=masked(row.remedy))


def _said(note: Text | None) -> str | None:
    return None if note is None else str(note)
