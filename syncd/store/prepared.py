"""Questions and changes whose SQL peewee builds once in the life of a process; afterwards only values are put in.

To build the text of what a cycle asks takes peewee several times as long as SQLite takes to answer it (measured,
November 2026: half of an idle cycle). A statement is built from tables that are bound to no database, so that it runs
on any store.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any, TypeVar

from peewee import OP, BooleanField, Expression, SqliteDatabase, Value

from syncd.store.opening import Connection
from syncd.store.tables import Table

AT_ONCE = 512
"""Ids that one statement names at most."""

_DIALECT = SqliteDatabase(None)
_T = TypeVar("_T", bound=Table)


@dataclass(frozen=True, slots=True)
class _Place:
    name: str


def given(name: str) -> Any:
    """Where the value of this name goes: text, a whole number, a boolean or None, as SQLite takes it."""
    return Value(_Place(name), converter=False)


def yes(flag: Any) -> Any:
    """That a flag is set, in words for which SQLite uses its index: a flag alone reads every row."""
    return Expression(flag, OP.EQ, True)


class Statement:
    """One query, whose text is built when it is first run."""

    def __init__(self, build: Callable[[], Any]) -> None:
        """Run what `build` gives: a query of peewee's with places for values."""
        self._build = build

    def run(self, connection: Connection, **values: object) -> Any:
        """The cursor, after the statement was run with these values, in the caller's transaction if there is one."""
        sql, places = self._built
        bound = tuple(values[place.name] if isinstance(place, _Place) else place for place in places)
        return connection.database.execute_sql(sql, bound)  # type: ignore[no-untyped-call]

    def run_each(self, connection: Connection, rows: Iterable[Mapping[str, object]]) -> None:
        """Run it once with the values of each of these; they are asked for one after the other."""
        for values in rows:
            self.run(connection, **values)

    def rows(self, connection: Connection, **values: object) -> list[tuple[Any, ...]]:
        """All rows."""
        found: list[tuple[Any, ...]] = self.run(connection, **values).fetchall()
        return found

    def row(self, connection: Connection, **values: object) -> tuple[Any, ...] | None:
        """The first row, None when there is none."""
        return next(iter(self.rows(connection, **values)), None)

    @cached_property
    def _built(self) -> tuple[str, Sequence[object]]:
        sql, places = _DIALECT.get_sql_context().sql(self._build()).query()  # type: ignore[no-untyped-call]
        return sql, tuple(places)


class Among:
    """One query about some of many ids, run for some of them at a time.

    The ids of a portion are filled up with its last one to the next power of two, so that there are few texts.
    """

    def __init__(self, build: Callable[[list[Any]], Any]) -> None:
        """Run what `build` gives for the places of a portion's ids."""
        self._build = build
        self._sized: dict[int, Statement] = {}

    def run(self, connection: Connection, ids: Iterable[object], **values: object) -> None:
        """Change something about each of these."""
        for statement, named in self._portions(list(ids)):
            statement.run(connection, **named, **values)

    def rows(self, connection: Connection, ids: Iterable[object], **values: object) -> list[tuple[Any, ...]]:
        """The rows of all portions; within each in the query's order."""
        portions = self._portions(list(ids))
        return [row for statement, named in portions for row in statement.rows(connection, **named, **values)]

    def _portions(self, ids: list[object]) -> Iterator[tuple[Statement, Mapping[str, object]]]:
        for start in range(0, len(ids), AT_ONCE):
            portion = ids[start : start + AT_ONCE]
            size = 1 << (len(portion) - 1).bit_length()
            portion += portion[-1:] * (size - len(portion))
            yield self._of(size), {f"id{number}": value for number, value in enumerate(portion)}

    def _of(self, size: int) -> Statement:
        known = self._sized.get(size)
        if known is None:
            known = self._sized[size] = Statement(lambda: self._build([given(f"id{place}") for place in range(size)]))
        return known


def whole(table: type[_T], columns: Sequence[Any]) -> _T:
    """A row of a table that is bound to no database, from all of its columns in their order."""
    names, flags = _columns(table)
    row = table(__no_default__=True)
    row.__data__ = dict(zip(names, columns, strict=True))
    for name in flags:
        row.__data__[name] = bool(row.__data__[name])
    return row


def columns_of(row: Table) -> dict[str, object]:
    """All columns of a row by name."""
    names, _ = _columns(type(row))
    return {name: row.__data__.get(name) for name in names}


def all_given(table: type[Table], *, key: bool = True) -> dict[str, Any]:
    """A place for each column of a table, with its primary key or without."""
    names, _ = _columns(table)
    return {name: given(name) for name in names if key or not table._meta.fields[name].primary_key}


@cache
def _columns(table: type[Table]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    fields = table._meta.sorted_fields
    flags = (field.name for field in fields if isinstance(field, BooleanField))
    return tuple(field.name for field in fields), tuple(flags)
