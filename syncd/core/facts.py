"""What is known of a running shop at one instant: plain values, from which `core.concerns` tells what matters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum


class Trouble(StrEnum):
    """What kept a cycle from going well, as far as it can be told apart."""

    NETWORK = "network"
    REMOTE = "remote"
    BUDGET = "budget"
    CREDENTIALS = "credentials"
    STORE = "store"
    BUG = "bug"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Waiting:
    """A held order or an open task: `said` is its sentence in the shop's language, `id` the order's or the task's."""

    id: int
    number: str
    code: str
    said: str
    since: datetime


@dataclass(frozen=True, slots=True)
class CycleFacts:
    """How the cycles of one kind do; `pause` is what lies between two of them.

    `stuck_since` is when a run began that should have ended long ago.
    """

    name: str
    pause: timedelta
    last_ok: datetime | None = None
    error: str = ""
    trouble: Trouble = Trouble.OTHER
    stuck_since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Refusal:
    """A remote that does not accept our credentials, or lacks the `permission` for something."""

    remote: str
    error: str
    since: datetime
    permission: str = ""


@dataclass(frozen=True, slots=True)
class LostWrite:
    """A write whose answer was lost and whose effect no read has shown yet."""

    operation: str
    marker: str
    since: datetime


@dataclass(frozen=True, slots=True)
class ConfigRefusal:
    """A reload that was refused: every problem, one line each."""

    problems: tuple[str, ...]
    since: datetime


@dataclass(frozen=True, slots=True)
class Knock:
    """Another daemon that wanted this database and was sent away."""

    pid: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Silence:
    """A side that should send webhooks (`haravan` or `kiotviet`), and when it last did, or began to be waited for."""

    side: str
    since: datetime


@dataclass(frozen=True, slots=True)
class ChannelFault:
    """A way by which alerts do not get out."""

    channel: str
    error: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything that may be a concern.

    Args:
        now: The instant of all this.
        database: The path of the store, for people.
        started_at: When the daemon began; None where none is known to run.
        hosts: The servers of both sides that this machine must reach, with their ports if those are not usual.
        seen: By key: since when a concern that is known already is known.
        no_cycle_after: How long no cycle of a kind may go well before a person is told.
        plan_refused: The sentence of a stock plan that was refused, empty where none was.
        tags_error: What keeps tags from being written, empty where nothing does.
        gets_left: KiotViet GETs that are left in this hour, of `gets_per_hour`; None where that is not known.
        unwritable: Why the store cannot be written, empty where it can; `unreadable` likewise.
        free_bytes: Of the database's file system; None where that is not known.
        order_moved_at: When anything last happened to an order.
    """

    now: datetime
    database: str = ""
    hosts: tuple[str, ...] = ()
    started_at: datetime | None = None
    seen: Mapping[str, datetime] = field(default_factory=dict)
    no_cycle_after: timedelta = timedelta(minutes=15)
    held: tuple[Waiting, ...] = ()
    tasks: tuple[Waiting, ...] = ()
    cycles: tuple[CycleFacts, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    lost_writes: tuple[LostWrite, ...] = ()
    plan_refused: str = ""
    tags_error: str = ""
    gets_left: int | None = None
    gets_per_hour: int = 0
    config: ConfigRefusal | None = None
    unwritable: str = ""
    unreadable: str = ""
    free_bytes: int | None = None
    knock: Knock | None = None
    silences: tuple[Silence, ...] = ()
    order_moved_at: datetime | None = None
    channels: tuple[ChannelFault, ...] = ()
