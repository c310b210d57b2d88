"""The ledger's page of alerts: what people were told, what is still to be delivered, and which concerns are known."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from syncd.core.alerts import Entry, Memory
from syncd.core.messages import Message, Row
from syncd.core.outbox import Letter, Line, Outbox
from syncd.store import meta
from syncd.store.opening import Connection
from syncd.store.rows import instant, moment, stamp
from syncd.store.tables import Tables

_MEMORY, _KNOWN = "alerts_memory", "concerns_known"


@dataclass(frozen=True, slots=True)
class Known:
    """A concern that is known already.

    Its sentences are empty where the store has them elsewhere: those of a held order or a task.
    """

    key: str
    kind: str
    level: str
    since: datetime
    cause: str = ""
    remedy: str = ""
    order: str = ""
    sku: str = ""


class AlertPages:
    """What alerts must remember over a restart; each method one transaction."""

    def __init__(self, connection: Connection, tables: Tables) -> None:
        """Work on an open database."""
        self._db = connection
        self._t = tables

    def keep(self, memory: Memory, outbox: Outbox) -> None:
        """Remember what was told and what is still to be delivered.

        Raises:
            StoreUnwritable: It could not be kept.
        """
        self._put(_MEMORY, {"memory": asdict(memory), "outbox": asdict(outbox)})

    def recall(self) -> tuple[Memory, Outbox]:
        """What was told and what is still to be delivered; nothing where another version kept it otherwise."""
        kept = self._get(_MEMORY)
        try:
            return (_memory(kept["memory"]), _outbox(kept["outbox"])) if kept else (Memory(), Outbox())
        except (KeyError, TypeError, ValueError):
            return Memory(), Outbox()

    def keep_known(self, known: Mapping[str, Known]) -> None:
        """Remember which concerns there are.

        Raises:
            StoreUnwritable: It could not be kept.
        """
        self._put(_KNOWN, [asdict(one) for one in known.values()])

    def known(self) -> dict[str, Known]:
        """The concerns that were there when somebody last looked, by key."""
        kept = self._get(_KNOWN)
        try:
            rows = [Known(**{**row, "since": moment(row["since"])}) for row in kept or ()]
        except (KeyError, TypeError, ValueError):
            return {}
        return {row.key: row for row in rows}

    def _put(self, key: str, value: object) -> None:
        with self._db.write():
            stored = json.dumps(value, ensure_ascii=False, default=_plain)
            meta.store(self._db, key, stored)

    def _get(self, key: str) -> Any:
        kept = meta.stored(self._db, key)
        return None if kept is None else json.loads(kept)


def _plain(value: object) -> str:
    return stamp(value) if isinstance(value, datetime) else str(value)


def _memory(kept: dict[str, Any]) -> Memory:
    entries = {
        key: Entry(_row(entry["row"]), moment(entry["first_at"]), instant(entry["told_at"]), instant(entry["gone_at"]))
        for key, entry in kept["entries"].items()
    }
    return Memory(entries, tuple(map(moment, kept["sent_at"])), instant(kept["limited_at"]))


def _outbox(kept: dict[str, Any]) -> Outbox:
    letters = tuple(Letter(_message(one["message"]), tuple(one["pending"])) for one in kept["letters"])
    lines = {
        name: Line(moment(one["since"]), one["error"], one["tries"], moment(one["again_at"]))
        for name, one in kept["lines"].items()
    }
    return Outbox(letters, lines)


def _message(kept: dict[str, Any]) -> Message:
    return Message(**{**kept, "at": moment(kept["at"]), "rows": tuple(map(_row, kept["rows"]))})


def _row(kept: dict[str, Any]) -> Row:
    return Row(**{**kept, "since": moment(kept["since"])})
