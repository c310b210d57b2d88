"""The store of one shop: orders on their own pages, and what cycles, stock and budgets remember."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from syncd.core.drift import Figure as Figure
from syncd.core.stock import Change
from syncd.core.tasks import About
from syncd.core.texts import speaker, text
from syncd.errors import Unusable
from syncd.store import meta
from syncd.store.alerts import AlertPages
from syncd.store.drifts import DriftPages
from syncd.store.events import Event, EventPages, Tell, Teller
from syncd.store.history import HistoryPages
from syncd.store.intents import IntentPages
from syncd.store.opening import Connection
from syncd.store.orders import OrderPages
from syncd.store.prepared import Among, Statement, all_given, given
from syncd.store.reports import OrderReports
from syncd.store.rows import instant, moment, stamp, tuples
from syncd.store.samples import SamplePages
from syncd.store.tables import CallRow, CatalogueRow, FigureRow, Tables
from syncd.store.tags import TagPages
from syncd.store.tasks import Task, TaskPages

LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
"""When a figure in doubt counts as read: older than any age that is still good."""

_BATCH = 200
_LATER_CALLS = (CallRow.remote == given("remote")) & (CallRow.minute >= given("since"))
_CALLS_SINCE = Statement(lambda: CallRow.select(CallRow.minute, CallRow.count).where(_LATER_CALLS))
_DROP_CALLS_AHEAD = Statement(lambda: CallRow.delete().where(_LATER_CALLS))
_DROP_CALLS = Statement(lambda: CallRow.delete().where(CallRow.minute < given("before")))
_ADD_CALLS = Statement(
    lambda: CallRow.insert(remote=given("remote"), minute=given("minute"), count=given("made")).on_conflict(
        conflict_target=[CallRow.remote, CallRow.minute], update={CallRow.count: CallRow.count + given("made")}
    )
)


def _every_figure() -> Any:
    f = FigureRow
    compared = (f.location_id, f.variant_id, f.sku, f.wanted, f.available, f.read_at)
    return f.select(*compared, f.sellable, f.pending, f.safety_stock, f.written_at)


_FIGURES = Statement(_every_figure)
_SOME_FIGURES = Among(lambda places: _every_figure().where(FigureRow.variant_id.in_(places)))
_DOUBTED = Statement(
    lambda: FigureRow.select(FigureRow.location_id, FigureRow.variant_id).where(FigureRow.read_at == given("read_at"))
)


def _keep_figure(*kept: str) -> Any:
    f = FigureRow
    changed = [field for field in f._meta.sorted_fields if field.name not in ("location_id", "variant_id", *kept)]
    return f.insert(**all_given(f)).on_conflict(conflict_target=[f.location_id, f.variant_id], preserve=changed)


_KEEP_WRITTEN = Statement(_keep_figure)
_KEEP_COMPARED = Statement(lambda: _keep_figure("written_at"))
_DOUBT = Among(
    lambda places: FigureRow.update(read_at=stamp(LONG_AGO)).where(
        (FigureRow.location_id == given("location_id")) & FigureRow.variant_id.in_(places)
    )
)
_PUT_PRODUCT = Statement(
    lambda: CatalogueRow.replace(  # type: ignore[no-untyped-call]
        side=given("side"), id=given("id"), data=given("data")
    )
)


@dataclass(frozen=True, slots=True)
class CycleState:
    """How the last cycles of a kind ended."""

    last_ok: datetime | None
    last_error: str | None
    last_error_at: datetime | None
    counts: Mapping[str, object]


class Store:
    """One open store. Methods are one transaction each and return values, never rows."""

    def __init__(self, path: Path, *, create: bool = True, language: str = "en", tell: Tell | None = None) -> None:
        """Open the store at `path`; what it writes for people by itself is in `language`.

        `tell` is told of each event after it was committed, first of those that were left when the last process died.

        Raises:
            Unusable: Damaged, from a newer syncd, or not openable.
        """
        self._db = Connection(path, create=create)
        self._t = Tables(self._db.database)
        self.path = path
        self.events = EventPages(self._db, self._t)
        self.orders = OrderPages(self._db, self._t, self.events, speaker(language))
        self.intents = IntentPages(self._db, self._t, self.events, speaker(language))
        self.reports = OrderReports(self._db, self._t)
        self.tags = TagPages(self._db, self._t, self.events)
        self.todo = TaskPages(self._db, self._t, self.events)
        self.history = HistoryPages(self._db, self._t)
        self.drifts = DriftPages(self._db, self._t)
        self.samples = SamplePages(self._db, self._t)
        self.alerts = AlertPages(self._db, self._t)
        self._teller = Teller(self.events, self._db, tell) if tell is not None else None

    def end(self) -> None:
        """An orderly end: nothing that was told is told again."""
        if self._teller is not None:
            self._teller.end()
        self.close()

    def close(self) -> None:
        """Close this thread's connection."""
        self._db.close()

    def copy_to(self, target: Path) -> None:
        """A consistent copy of the whole store, also while others write.

        Raises:
            Unusable: The target exists already or cannot be written.
        """
        if target.exists():
            raise Unusable(text("backup_exists", path=str(target)))
        try:
            copy = sqlite3.connect(target)
            try:
                self._db.database.connection().backup(copy, pages=-1)  # type: ignore[no-untyped-call]
            finally:
                copy.close()
        except (OSError, sqlite3.Error) as error:
            target.unlink(missing_ok=True)  # half a copy must not be taken for a backup
            raise Unusable(text("backup_not_written", path=str(target), error=str(error))) from error

    def check_writable(self, now: datetime) -> None:
        """Prove before a cycle that what it does can be recorded; what others recorded meanwhile is told.

        Raises:
            StoreUnwritable: It cannot.
        """
        with self._db.write():
            meta.store(self._db, "last_write_check", json.dumps(stamp(now)))
            self._keep_told()
        if self._teller is not None:
            self._teller.go()

    def _keep_told(self) -> None:
        if self._teller is not None:
            self._teller.keep()

    def remember(self, key: str, value: object) -> None:
        """Keep one JSON value under a key."""
        with self._db.write():
            meta.store(self._db, key, json.dumps(value))

    def recall(self, key: str) -> object:
        """The value under a key, None when there is none."""
        kept = meta.stored(self._db, key)
        return None if kept is None else json.loads(kept)

    def add_event(self, event: str, detail: str, now: datetime, haravan_id: int | None = None, **fields: str) -> int:
        """Append to the story; the number of the new event."""
        with self._db.write():
            return self.events.append(event, detail, now, haravan_id, **fields)

    def drop_old(self, before: datetime) -> bool:
        """Drop some of the steps and of the shop's closed tasks that are older; True when none is left for now."""
        self.todo.drop(before)
        return self.events.drop(before)

    def last_seq(self) -> int:
        """The number of the newest event, 0 when there is none."""
        return self.events.newest()

    def order_moved_at(self) -> datetime | None:
        """When anything last happened to an order."""
        t = self._t.events
        row = t.select(t.at).where(t.haravan_id.is_null(False)).order_by(t.id.desc()).first()
        return None if row is None else moment(row.at)

    def events_of(self, haravan_id: int) -> list[Event]:
        """The story of one order, oldest first."""
        return self.events.of(haravan_id)

    def add_task(
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
        return self.todo.add(key, haravan_id, number, code, text, now, about)

    def tasks(self) -> list[Task]:
        """Open tasks, oldest first."""
        return self.todo.open()

    def cycle_ok(self, name: str, counts: Mapping[str, object], now: datetime) -> None:
        """A cycle of this kind ended well."""
        values: dict[str, object] = {
            "last_ok": stamp(now),
            "last_error": None,
            "last_error_at": None,
            "counts": json.dumps(counts),
        }
        self._cycle(name, values)

    def cycle_failed(self, name: str, error: str, now: datetime) -> None:
        """A cycle of this kind failed."""
        self._cycle(name, {"last_error": error, "last_error_at": stamp(now)})

    def cycle(self, name: str) -> CycleState:
        """How the last cycles of this kind ended."""
        row = self._t.cycles.get_or_none(self._t.cycles.name == name)
        if row is None:
            return CycleState(None, None, None, {})
        return CycleState(instant(row.last_ok), row.last_error, instant(row.last_error_at), json.loads(row.counts))

    def _cycle(self, name: str, values: dict[str, object]) -> None:
        with self._db.write():
            table = self._t.cycles
            table.insert(name=name, **values).on_conflict(conflict_target=[table.name], update=values).execute()
            self._keep_told()

    def keep_catalogue(self, side: str, rows: Iterable[tuple[int, str]]) -> None:
        """Replace what is known of one side's products; `rows` are ids and texts, taken one by one."""
        with self._db.write():
            table = self._t.catalogue
            table.delete().where(table.side == side).execute()
            self._put_products(side, rows)

    def change_catalogue(self, side: str, rows: Iterable[tuple[int, str]], gone: Sequence[int]) -> None:
        """Change what is known of some of one side's products; `gone` are ids that are there no more."""
        with self._db.write():
            table = self._t.catalogue
            for start in range(0, len(gone), _BATCH):
                some = table.id.in_(gone[start : start + _BATCH])
                table.delete().where((table.side == side) & some).execute()
            self._put_products(side, rows)

    def _put_products(self, side: str, rows: Iterable[tuple[int, str]]) -> None:
        _PUT_PRODUCT.run_each(self._db, ({"side": side, "id": key, "data": data} for key, data in rows))

    def catalogue(self, side: str) -> Iterator[str]:
        """What is known of one side's products, by id; some at a time, so that a big shop's never lie here whole."""
        table, last = self._t.catalogue, -1
        while True:
            query = table.select(table.id, table.data).where((table.side == side) & (table.id > last))
            rows = list(tuples(query.order_by(table.id).limit(_BATCH)))
            if not rows:
                return
            yield from (data for _, data in rows)
            last = rows[-1][0]

    def keep_figures(self, changes: Iterable[Change], now: datetime, *, written: bool, in_doubt: bool = False) -> None:
        """Remember figures as they now stand in Haravan; those `in_doubt` count as read long ago."""
        read_at = LONG_AGO if in_doubt else now
        rows = [_figure_row(change, now, written=written) | {"read_at": stamp(read_at)} for change in changes]
        if not rows:
            return
        with self._db.write():
            (_KEEP_WRITTEN if written else _KEEP_COMPARED).run_each(self._db, rows)

    def doubt_figures(self, location_id: int, variant_ids: Sequence[int]) -> None:
        """What these figures are is about to change, and nobody can say when: they count as read long ago."""
        with self._db.write():
            _DOUBT.run(self._db, variant_ids, location_id=location_id)

    def figures(self, variant_ids: Sequence[int] | None = None) -> dict[tuple[int, int], Figure]:
        """The figures of these variants, or every figure, as last compared; by (location id, variant id)."""
        rows = _FIGURES.rows(self._db) if variant_ids is None else _SOME_FIGURES.rows(self._db, variant_ids)
        return {(row[0], row[1]): _figure_of(row) for row in rows}

    def doubted(self) -> list[tuple[int, int]]:
        """The figures that nobody can be sure of until they are read again, as (location id, variant id)."""
        return [(location, variant) for location, variant in _DOUBTED.rows(self._db, read_at=stamp(LONG_AGO))]

    def differing(self) -> int:
        """How many figures were not what they should be when last compared."""
        table = self._t.figures
        return int(table.select().where(table.available != table.wanted).count())

    def published(self, location_ids: Iterable[int]) -> int:
        """How many figures of these locations are above zero in Haravan, as last seen."""
        table = self._t.figures
        return int(table.select().where((table.available > 0) & table.location_id.in_(list(location_ids))).count())

    def take_call(self, remote: str, now: datetime, allowed: int) -> bool:
        """Count one more call to a remote, unless `allowed` were made in the rolling hour; whether it was counted.

        Looking and counting are one transaction, so that two processes cannot both take the last one.
        """
        minute = _minute(now)
        with self._db.write():
            made = self._calls_since(remote, minute - 60)
            if any(at > minute for at in made):
                self._bring_back(remote, minute)
            if sum(made.values()) >= allowed:
                return False
            self._add_calls(remote, minute, 1)
            if minute not in made:
                _DROP_CALLS.run(self._db, before=minute - 24 * 60)
            return True

    def count_calls(self, remote: str, made: int, now: datetime) -> None:
        """Count calls that are allowed anyway."""
        with self._db.write():
            self._add_calls(remote, _minute(now), made)

    def _add_calls(self, remote: str, minute: int, made: int) -> None:
        _ADD_CALLS.run(self._db, remote=remote, minute=minute, made=made)

    def _calls_since(self, remote: str, minute: int) -> dict[int, int]:
        """Calls by minute, from this minute on, those of minutes that are still to come too."""
        return dict(_CALLS_SINCE.rows(self._db, remote=remote, since=minute))

    def calls_in_last_hour(self, remote: str, now: datetime) -> int:
        """Calls in the rolling hour, counted in whole minutes so that it is never too low."""
        return sum(self._calls_since(remote, _minute(now) - 60).values())

    def calls_lately(self, remote: str, now: datetime, *, minutes: int) -> tuple[int, int]:
        """Calls in the rolling hour, and those of them in its last minutes, both counted as by `calls_in_last_hour`."""
        made, lately = self._calls_since(remote, _minute(now) - 60), _minute(now) - minutes
        return sum(made.values()), sum(count for minute, count in made.items() if minute >= lately)

    def calls_by_minute(self, remote: str, now: datetime, *, minutes: int = 60) -> list[int]:
        """Calls in each of the last minutes, the oldest first, this minute last."""
        last = _minute(now)
        made = self._calls_since(remote, last - minutes + 1)
        return [made.get(minute, 0) for minute in range(last - minutes + 1, last + 1)]

    def _bring_back(self, remote: str, minute: int) -> None:
        """Calls from later than now were made before the clock was set back: they count from now on, for an hour."""
        ahead = self._calls_since(remote, minute + 1)
        _DROP_CALLS_AHEAD.run(self._db, remote=remote, since=minute + 1)
        self._add_calls(remote, minute, sum(ahead.values()))


def _minute(now: datetime) -> int:
    return int(now.timestamp() // 60)


def _figure_of(row: tuple[Any, ...]) -> Figure:
    location_id, variant_id, sku, wanted, available, read_at, sellable, pending, safety_stock, written_at = row
    instant_read = moment(read_at)
    return Figure(
        location_id=location_id,
        variant_id=variant_id,
        sku=sku,
        wanted=wanted,
        available=available,
        read_at=instant_read,
        sellable=sellable,
        pending=pending,
        safety_stock=safety_stock,
        written=written_at is not None,
        in_doubt=instant_read == LONG_AGO,
    )


def _figure_row(change: Change, now: datetime, *, written: bool) -> dict[str, object]:
    return {
        "location_id": change.location_id,
        "variant_id": change.variant_id,
        "sku": change.sku,
        "sellable": change.sellable,
        "pending": change.pending,
        "safety_stock": change.safety_stock,
        "wanted": change.wanted,
        "available": change.wanted if written else change.available,
        "written_at": stamp(now) if written else None,
    }
