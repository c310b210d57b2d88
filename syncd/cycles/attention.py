"""What a person must know now: gathered from store, machine and daemon, and logged when it comes and goes."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

from syncd.clock import Clock
from syncd.core.concerns import KINDS, Concern, Level, concerns, in_order
from syncd.core.events import order_field
from syncd.core.facts import (
    ChannelFault,
    ConfigRefusal,
    CycleFacts,
    Facts,
    LostWrite,
    Refusal,
    Silence,
    Trouble,
    Waiting,
)
from syncd.core.texts import speaker, text
from syncd.errors import StoreUnwritable
from syncd.logs import get_logger
from syncd.store import Store
from syncd.store.alerts import Known
from syncd.store.keys import PLAN_REFUSED, TAGS_ERROR
from syncd.store.knocks import last_knock
from syncd.store.rows import moment

SETTLED_AFTER_SECONDS = 180.0
"""So long after a start nothing counts as over: a cycle that was refused yesterday was not even tried today."""

_DAEMON, _HEARD = "daemon", "webhooks_heard"
_HEARD_KEPT_EACH = timedelta(hours=1)
_IN_STORE = {"held", "task", "drift_returns"}
_log = get_logger()


@dataclass(frozen=True, slots=True)
class Watched:
    """What the settings say about being watched: the cycles with their pauses, and what should come and be reached."""

    database: Path
    language: str
    no_cycle_after: timedelta
    pauses: Mapping[str, timedelta]
    gets_per_hour: int
    sides: tuple[str, ...] = ()
    tags: bool = False
    hosts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Inside:
    """What only a running daemon knows; by name of the cycle: what ended it, and since when it does not end."""

    troubles: Mapping[str, Trouble] = field(default_factory=dict)
    stuck: Mapping[str, datetime] = field(default_factory=dict)
    refusals: tuple[Refusal, ...] = ()
    config: ConfigRefusal | None = None
    heard: Mapping[str, datetime] = field(default_factory=dict)
    channels: tuple[ChannelFault, ...] = ()
    findings: tuple[Concern, ...] = ()


class Attention:
    """Looks when told to; what it saw last may be asked for from any thread."""

    def __init__(
        self,
        store: Store,
        watched: Watched,
        clock: Clock,
        gets_left: Callable[[], int],
        inside: Callable[[], Inside],
    ) -> None:
        """See nothing before the first look."""
        self._store, self._watched, self._clock = store, watched, clock
        self._gets_left, self._inside = gets_left, inside
        self._say = speaker(watched.language)
        self._opened_at, self._started_at = clock.monotonic(), clock.now()
        self._last = Facts(clock.now())
        self._known: dict[str, Known] | None = None
        self._is_kept = True
        self._concerns: tuple[Concern, ...] = ()

    def concerns(self) -> tuple[Concern, ...]:
        """What the last look showed, errors first; costs nothing and never fails."""
        return self._concerns

    def is_settled(self) -> bool:
        """Whether what is not seen is really over."""
        return self._clock.monotonic() - self._opened_at >= SETTLED_AFTER_SECONDS

    def look(self) -> tuple[Concern, ...]:
        """Look at everything now; also works where the disk is full or the store cannot be read."""
        now, inside = self._clock.now(), self._inside()
        unwritable, damaged = self._try_to_write(now)
        facts = self._from_store(now, inside)
        facts = replace(
            facts,
            started_at=self._started_at,
            unwritable=unwritable,
            unreadable=facts.unreadable or damaged,
            refusals=inside.refusals,
            config=inside.config,
            channels=inside.channels,
        )
        self._concerns = concerns(facts, inside.findings)
        self._note(self._concerns)
        return self._concerns

    def _try_to_write(self, now: datetime) -> tuple[str, str]:
        """Why nothing can be recorded, and why the store is not what it should be; empty where all is well."""
        try:
            self._store.check_writable(now)
        except StoreUnwritable as error:
            return error.said(self._watched.language), ""
        except Exception as error:  # noqa: BLE001 - whatever a damaged file raises, it is a concern and no end
            return "", _reason(error)
        return "", ""

    def _from_store(self, now: datetime, inside: Inside) -> Facts:
        """What the store and the machine say; where it cannot be read, what was last read and why it cannot."""
        try:
            facts = read_facts(self._store, self._watched, now, self._gets_left)
            cycles = tuple(_with_inside(cycle, inside) for cycle in facts.cycles)
            silences = self._silences(now, inside.heard)
            self._last = replace(facts, cycles=cycles, silences=silences, seen=self._seen())
        except Exception as error:  # noqa: BLE001 - as above
            free = free_bytes(self._watched.database)
            return replace(self._last, now=now, free_bytes=free, unreadable=_reason(error))
        return self._last

    def _seen(self) -> dict[str, datetime]:
        if self._known is None:
            self._known = self._store.alerts.known()
        return {key: known.since for key, known in self._known.items()}

    def _silences(self, now: datetime, heard: Mapping[str, datetime]) -> tuple[Silence, ...]:
        """When each side was last heard of, also by the daemon before this one."""
        stored = self._store.recall(_HEARD)
        kept = {side: moment(at) for side, at in stored.items()} if isinstance(stored, dict) else {}
        last = {side: max(heard.get(side, kept.get(side, now)), kept.get(side, now)) for side in self._watched.sides}
        if any(side not in kept or at - kept[side] >= _HEARD_KEPT_EACH for side, at in last.items()):
            self._store.remember(_HEARD, {side: at.isoformat() for side, at in last.items()})
        return tuple(Silence(side, at) for side, at in last.items())

    # --- what is known ------------------------------------------------------------------------------------------------

    def _note(self, found: tuple[Concern, ...]) -> None:
        """Log what came and what went, once, also over a restart."""
        known = self._known or {}
        present = {concern.key: self._known_of(concern) for concern in found}
        gone = [one for key, one in known.items() if key not in present]
        for concern in found:
            if concern.key not in known:
                self._tell_raised(concern)
        if self.is_settled():
            for one in gone:
                _log.info("concern_resolved", kind=one.kind, key=one.key, **_about(one))
            gone = []
        self._keep(present | {one.key: one for one in gone})

    def _known_of(self, concern: Concern) -> Known:
        is_in_store = concern.kind in _IN_STORE
        return Known(
            concern.key,
            concern.kind,
            concern.level.value,
            concern.since,
            "" if is_in_store else self._say(concern.cause),
            "" if is_in_store else self._say(concern.remedy),
            concern.order,
            concern.sku,
        )

    def _tell_raised(self, concern: Concern) -> None:
        cause, remedy = self._say(concern.cause), self._say(concern.remedy)
        about = _about(concern)
        _log.warning("concern_raised", kind=concern.kind, key=concern.key, cause=cause, remedy=remedy, **about)

    def _keep(self, known: dict[str, Known]) -> None:
        is_news = known != self._known or not self._is_kept
        self._known = known
        if is_news:
            try:
                self._store.alerts.keep_known(known)
                self._is_kept = True
            except Exception:  # noqa: BLE001 - that nothing can be written is a concern of its own, told already
                self._is_kept = False


def read_facts(store: Store, watched: Watched, now: datetime, gets_left: Callable[[], int]) -> Facts:
    """What the store and the machine alone say."""
    refused, tags = store.recall(PLAN_REFUSED), store.recall(TAGS_ERROR) if watched.tags else None
    return Facts(
        now=now,
        database=str(watched.database),
        hosts=watched.hosts,
        no_cycle_after=watched.no_cycle_after,
        held=tuple(
            Waiting(one.haravan_id, one.number, one.hold.code, one.hold.reason, one.hold.since)
            for one in store.reports.held()
        ),
        tasks=tuple(Waiting(t.id, t.number, t.code, t.text, moment(t.since)) for t in store.tasks()),
        cycles=tuple(_cycle(store, name, pause) for name, pause in watched.pauses.items()),
        lost_writes=tuple(LostWrite(d.operation, d.marker, d.since) for d in store.intents.in_doubt()),
        plan_refused=refused if isinstance(refused, str) else "",
        tags_error=tags if isinstance(tags, str) else "",
        gets_left=gets_left(),
        gets_per_hour=watched.gets_per_hour,
        free_bytes=free_bytes(watched.database),
        knock=last_knock(watched.database),
        order_moved_at=store.order_moved_at(),
    )


def standing(store: Store, watched: Watched, now: datetime, gets_left: Callable[[], int]) -> tuple[Concern, ...]:
    """What a command can tell: what store and machine say, and what a daemon that has not ended has left there."""
    left = {key: _restored(one) for key, one in store.alerts.known().items() if one.cause} if _runs(store) else {}
    seen = {key: one.since for key, one in left.items()}
    _, outbox = store.alerts.recall()
    channels = tuple(ChannelFault(name, line.error, line.since) for name, line in outbox.lines.items())
    facts = replace(read_facts(store, watched, now, gets_left), seen=seen, channels=channels)
    own = {concern.key: left.get(concern.key, concern) for concern in concerns(facts)}
    inside = {key: one for key, one in left.items() if one.kind in _INSIDE or one.kind not in KINDS}
    return in_order((inside | own).values())


def began(store: Store, now: datetime) -> None:
    """A daemon begins to work on this store; one before it that did not end in order is mentioned in the log."""
    before = store.recall(_DAEMON)
    if isinstance(before, dict) and not before["ended"] and before["pid"] != os.getpid():
        _log.info("daemon_ended_uncleanly", pid=before["pid"], since=before["since"])
    store.remember(_DAEMON, {"pid": os.getpid(), "since": now.isoformat(), "ended": False})


def ended(store: Store, now: datetime) -> None:
    """The daemon ends in order."""
    store.remember(_DAEMON, {"pid": os.getpid(), "since": now.isoformat(), "ended": True})


def free_bytes(database: Path) -> int | None:
    """What is free for us on the disk of the store; None where nobody says."""
    try:
        return shutil.disk_usage(database.parent).free
    except OSError:
        return None


def _runs(store: Store) -> bool:
    state = store.recall(_DAEMON)
    return isinstance(state, dict) and not state["ended"]


def _cycle(store: Store, name: str, pause: timedelta) -> CycleFacts:
    state = store.cycle(name)
    return CycleFacts(name, pause, state.last_ok, state.last_error or "")


def _with_inside(cycle: CycleFacts, inside: Inside) -> CycleFacts:
    trouble = inside.troubles.get(cycle.name, Trouble.OTHER)
    return replace(cycle, trouble=trouble, stuck_since=inside.stuck.get(cycle.name))


def _restored(one: Known) -> Concern:
    return Concern(
        one.key,
        one.kind,
        Level(one.level),
        text("concern_as_said", said=one.cause),
        text("concern_as_said", said=one.remedy),
        one.since,
        one.order,
        one.sku,
    )


def _about(one: Concern | Known) -> dict[str, str]:
    """The order and the product that a line is about, where there are any."""
    about = {"order": order_field(one.order), "sku": one.sku}
    return {key: value for key, value in about.items() if value}


def _reason(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"


_INSIDE = {"credentials_refused", "cycle_stuck", "config_refused", "webhooks_silent", "store_unwritable"}
