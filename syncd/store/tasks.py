"""The ledger's page of what people are asked to enter or look at, and of which order replaced which."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from peewee import fn

from syncd.core.tasks import KEYS, About, Goods, ReturnOf, Wanted
from syncd.core.texts import Say
from syncd.store import meta
from syncd.store.events import EventPages
from syncd.store.opening import Connection
from syncd.store.prepared import Statement, all_given, columns_of, given, whole
from syncd.store.rows import instant, stamp, tuples
from syncd.store.tables import MetaRow, Tables, TaskRow

BY_COMMAND, IN_KIOTVIET, SUPERSEDED = "command", "kiotviet", "superseded"
"""How a task is closed: a person said so, KiotViet shows it, or Haravan does not ask for it any more."""

_REPLACED_BY, _TO_TELL = "replaced_by:", "exchange_to_tell:"

_EXCHANGES = Statement(lambda: MetaRow.select(MetaRow.key).where(MetaRow.key.startswith(_TO_TELL)))
_OPEN = Statement(
    lambda: TaskRow.select().where(TaskRow.closed_at.is_null()).order_by(TaskRow.id).limit(given("limit"))
)
_OF_ORDER = Statement(lambda: TaskRow.select().where(TaskRow.haravan_id == given("haravan_id")).order_by(TaskRow.id))
_KNOWN = Statement(lambda: TaskRow.select().where(TaskRow.key == given("key")))
_STILL_OPEN = Statement(lambda: TaskRow.select().where((TaskRow.id == given("id")) & TaskRow.closed_at.is_null()))
_SAVE = Statement(lambda: TaskRow.update(**all_given(TaskRow, key=False)).where(TaskRow.id == given("id")))
_NO_LIMIT = -1


@dataclass(frozen=True, slots=True)
class Task:
    """Something a person should enter or look at; `how` it was closed is empty while it is open."""

    id: int
    key: str
    haravan_id: int | None
    number: str
    code: str
    text: str
    since: str
    about: About
    closed_at: str | None
    how: str


class TaskPages:
    """Tasks: one per key, whatever happens."""

    def __init__(self, connection: Connection, tables: Tables, events: EventPages) -> None:
        """Work on an open database."""
        self._db, self._t, self._events = connection, tables, events

    def add(
        self,
        key: str,
        haravan_id: int | None,
        number: str,
        code: str,
        text: str,
        now: datetime,
        about: About | None = None,
    ) -> bool:
        """Ask a person for something, once per key; True when it is new."""
        with self._db.write():
            if _KNOWN.row(self._db, key=key) is not None:
                return False
            self._create(key, haravan_id, number, code, text, now, about or About())
            return True

    def agree(self, haravan_id: int, number: str, wanted: Sequence[Wanted], say: Say, now: datetime) -> list[str]:
        """Make the tasks about what happened after completion those that the order needs now; codes of the new ones.

        A task that is closed stays closed, except one that Haravan had stopped asking for and asks for again.
        """
        with self._db.write():
            known = {row.key: row for row in self._rows_of(haravan_id) if row.key.startswith(KEYS)}
            news = []
            for task in wanted:
                row, said = known.pop(task.key, None), say(task.text)
                if row is None:
                    self._create(task.key, haravan_id, number, task.code, said, now, task.about)
                elif not self._revise(row, task, said, now):
                    continue
                news.append(task.code)
            for row in known.values():
                if _how(row) != SUPERSEDED:
                    self._close(row, SUPERSEDED, now)
            return news

    def close(self, task_id: int, how: str, now: datetime) -> bool:
        """Close an open task; False when there is none of that id."""
        with self._db.write():
            columns = _STILL_OPEN.row(self._db, id=task_id)
            if columns is None:
                return False
            self._close(whole(TaskRow, columns), how, now)
            return True

    def drop(self, before: datetime) -> None:
        """Drop what was closed before and is about no order, except the newest of its code.

        Those of an order stay: while its task is known, nobody is asked for the same again.
        """
        table, newer = self._t.tasks, self._t.tasks.alias()
        old = table.haravan_id.is_null() & (table.closed_at < stamp(before))
        again = newer.select(newer.id).where((newer.code == table.code) & (newer.id > table.id))
        if table.select().where(old & fn.EXISTS(again)).exists():
            with self._db.write():
                table.delete().where(old & fn.EXISTS(again)).execute()

    def find(self, task_id: int) -> Task | None:
        """The task of an id, open or closed."""
        row = self._t.tasks.get_or_none(self._t.tasks.id == task_id)
        return None if row is None else _task(row)

    def called(self, key: str) -> Task | None:
        """The task of a key, open or closed."""
        row = self._t.tasks.get_or_none(self._t.tasks.key == key)
        return None if row is None else _task(row)

    def last_of(self, code: str) -> Task | None:
        """The newest task of a code, open or closed."""
        table = self._t.tasks
        row = table.select().where(table.code == code).order_by(table.id.desc()).first()
        return None if row is None else _task(row)

    def open(self, limit: int | None = None) -> list[Task]:
        """Open tasks, oldest first; at most `limit`."""
        rows = _OPEN.rows(self._db, limit=_NO_LIMIT if limit is None else limit)
        return [_task(whole(TaskRow, row)) for row in rows]

    def count_open(self) -> int:
        """How many tasks are open."""
        return int(self._t.tasks.select().where(self._t.tasks.closed_at.is_null()).count())

    def open_codes(self) -> dict[str, int]:
        """Open tasks per code."""
        table = self._t.tasks
        query = table.select(table.code, fn.COUNT(table.id)).where(table.closed_at.is_null())
        return dict(tuples(query.group_by(table.code)))

    def of_order(self, haravan_id: int) -> list[Task]:
        """Every task of an order, the closed ones too, oldest first."""
        return [_task(row) for row in self._rows_of(haravan_id)]

    def note_exchange(self, old_id: int, number: str) -> None:
        """Remember that an order was replaced by the order `number`, and that its tasks may not say so yet."""
        with self._db.write():
            key, value = f"{_REPLACED_BY}{old_id}", json.dumps(number)
            if meta.stored(self._db, key) == value:
                return
            meta.store(self._db, key, value)
            meta.store(self._db, f"{_TO_TELL}{old_id}", "true")

    def replaced_by(self, old_id: int) -> str:
        """The number of the order that replaced this one, empty where none did."""
        known = meta.stored(self._db, f"{_REPLACED_BY}{old_id}")
        return "" if known is None else str(json.loads(known))

    def exchanges_to_tell(self) -> list[int]:
        """Replaced orders whose tasks do not say so yet: ids."""
        return sorted(int(key.removeprefix(_TO_TELL)) for (key,) in _EXCHANGES.rows(self._db))

    def exchange_told(self, old_id: int) -> None:
        """The tasks of a replaced order say what they should, or it needs none."""
        with self._db.write():
            self._t.meta.delete().where(self._t.meta.key == f"{_TO_TELL}{old_id}").execute()

    def _rows_of(self, haravan_id: int) -> list[TaskRow]:
        return [whole(TaskRow, row) for row in _OF_ORDER.rows(self._db, haravan_id=haravan_id)]

    def _create(
        self, key: str, haravan_id: int | None, number: str, code: str, text: str, now: datetime, about: About
    ) -> None:
        self._t.tasks.create(
            key=key,
            haravan_id=haravan_id,
            number=number,
            code=code,
            text=text,
            since=stamp(now),
            about=_about_text(about),
        )
        self._events.append("task_added", f"{code}: {text}", now, haravan_id, code=code)

    def _revise(self, row: TaskRow, task: Wanted, said: str, now: datetime) -> bool:
        """Let a known task say what is wanted now; True when it was open no more and is asked for again."""
        how = _how(row)
        reopened = how == SUPERSEDED
        if how and not reopened:
            about = _about_text(task.about, how)
            if row.about != about:  # it goes on counting for the pieces that are its own
                row.about = about
                _SAVE.run(self._db, **columns_of(row))
            return False
        changed = (row.code, row.text, row.about) != (task.code, said, _about_text(task.about))
        if changed or reopened:
            row.code, row.text, row.about, row.closed_at = task.code, said, _about_text(task.about), None
            _SAVE.run(self._db, **columns_of(row))
            event = "task_added" if reopened else "task_changed"
            self._events.append(event, f"{task.code}: {said}", now, row.haravan_id, code=task.code)
        return reopened

    def _close(self, row: TaskRow, how: str, now: datetime) -> None:
        was_open = row.closed_at is None
        row.about = _about_text(_about_of(row.about), how)
        row.closed_at = row.closed_at or stamp(now)
        _SAVE.run(self._db, **columns_of(row))
        if was_open:
            self._events.append("task_closed", f"{row.code}: {how}", now, row.haravan_id, code=row.code, how=how)


def _task(row: TaskRow) -> Task:
    about = _about_of(row.about)
    return Task(
        row.id, row.key, row.haravan_id, row.number, row.code, row.text, row.since, about, row.closed_at, _how(row)
    )


def _how(row: TaskRow) -> str:
    """How a task was closed; empty while it is open."""
    if row.closed_at is None:
        return ""
    return str(json.loads(row.about).get("how", BY_COMMAND)) if row.about else BY_COMMAND


def _about_text(about: About, how: str = "") -> str:
    """What a task is about as stored, and how it was closed."""
    shown = asdict(about) | {"how": how}
    kept = {key: value for key, value in shown.items() if value}
    return json.dumps(kept, ensure_ascii=False, default=_plain) if kept else ""


def _plain(value: object) -> str:
    return stamp(value) if isinstance(value, datetime) else str(value)


def _about_of(text: str) -> About:
    stored: dict[str, Any] = json.loads(text) if text else {}
    returns = tuple(
        ReturnOf(one["shipment_id"], one["invoice_id"], one["code"], tuple(_goods(goods) for goods in one["goods"]))
        for one in stored.get("returns", ())
    )
    return About(returns, Decimal(stored.get("amount", "0")), instant(stored.get("placed_at")))


def _goods(stored: dict[str, Any]) -> Goods:
    sold = stored["sold"]
    quantity = Decimal(stored["quantity"])
    return Goods(stored["product_id"], stored["code"], quantity, None if sold is None else Decimal(sold))
