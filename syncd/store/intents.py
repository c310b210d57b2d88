"""The ledger's page of writes that are about to be sent, or whose effect no read has shown yet."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from syncd.core.records import Intent
from syncd.core.texts import Say, text
from syncd.errors import Message
from syncd.store.events import EventPages
from syncd.store.opening import Connection
from syncd.store.prepared import Statement, given, whole
from syncd.store.rows import Doubt, doubt_of, intent_of, stamp
from syncd.store.tables import IntentRow, Tables


def _mine() -> Any:
    return (IntentRow.operation == given("operation")) & (IntentRow.subject == given("subject"))


FORGET = Statement(lambda: IntentRow.delete().where(_mine()))
"""Drop the open intent of an `operation` on a `subject`, if there is one."""

_FIND = Statement(lambda: IntentRow.select().where(_mine()))
_ANSWERED = Statement(lambda: IntentRow.update(result_id=given("result_id")).where(_mine()))
_LOOKED = Statement(
    lambda: IntentRow.update(clean_scans=given("clean_scans"), scanned_at=given("scanned_at")).where(_mine())
)
_ADD = Statement(
    lambda: IntentRow.insert(
        **{name: given(name) for name in ("operation", "subject", "haravan_id", "marker", "digest", "at")}
    )
)


class IntentPages:
    """Intents: at most one per operation and subject, each committed before its write is sent."""

    def __init__(self, connection: Connection, tables: Tables, events: EventPages, say: Say) -> None:
        """Work on an open database; `say` says a sentence in the shop's language."""
        self._db, self._t, self._events, self._say = connection, tables, events, say

    def record(self, intent: Intent, haravan_id: int | None) -> None:
        """Commit what is about to be sent, before it is sent.

        Raises:
            StoreUnwritable: It could not be recorded, so it must not be sent.
        """
        with self._db.write():
            self._forget(intent.operation, intent.subject)
            _ADD.run(
                self._db,
                operation=intent.operation,
                subject=intent.subject,
                haravan_id=haravan_id,
                marker=intent.marker,
                digest=intent.digest,
                at=stamp(intent.at),
            )
            what = {"operation": intent.operation, "marker": intent.marker}
            detail = f"{self._words(intent.operation)} ({intent.marker})"
            self._events.append("intent_recorded", detail, intent.at, haravan_id, **what)

    def find(self, operation: str, subject: object) -> Intent | None:
        """The open intent of an operation on a subject."""
        row = _FIND.row(self._db, operation=operation, subject=str(subject))
        return None if row is None else intent_of(whole(IntentRow, row))

    def answered(self, operation: str, subject: object, result_id: int) -> None:
        """An answer came with an id; a read has yet to confirm it."""
        with self._db.write():
            _ANSWERED.run(self._db, result_id=result_id, operation=operation, subject=str(subject))

    def looked(self, intent: Intent) -> None:
        """Remember how often a clean look did not show the effect."""
        with self._db.write():
            scanned = stamp(intent.scanned_at) if intent.scanned_at else None
            whose = {"operation": intent.operation, "subject": intent.subject}
            _LOOKED.run(self._db, clean_scans=intent.clean_scans, scanned_at=scanned, **whose)

    def withdraw(self, operation: str, subject: object, why: Message, haravan_id: int | None, now: datetime) -> None:
        """It is certain that nothing happened there, or that what happened is recorded."""
        with self._db.write():
            self._forget(operation, subject)
            if why:
                detail = f"{self._words(operation)}: {self._say(why)}"
                self._events.append("intent_withdrawn", detail, now, haravan_id, operation=operation)

    def in_doubt(self) -> list[Doubt]:
        """Every write whose answer was lost, oldest first; a customer that was answered only waits for its order."""
        table = self._t.intents
        answered = (table.operation == "create_customer") & table.result_id.is_null(False)
        return [doubt_of(row) for row in table.select().where(~answered).order_by(table.id)]

    def _forget(self, operation: str, subject: object) -> None:
        FORGET.run(self._db, operation=operation, subject=str(subject))

    def _words(self, operation: str) -> str:
        return self._say(text(f"operation_{operation}"))
