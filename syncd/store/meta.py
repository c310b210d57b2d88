"""Single values by key: cursors, calibrations, the shop's identity."""

from __future__ import annotations

from syncd.store.opening import Connection
from syncd.store.prepared import Statement, given
from syncd.store.tables import MetaRow

_READ = Statement(lambda: MetaRow.select(MetaRow.value).where(MetaRow.key == given("key")))
_WRITE = Statement(lambda: MetaRow.replace(key=given("key"), value=given("value")))  # type: ignore[no-untyped-call]


def stored(connection: Connection, key: str) -> str | None:
    """The text under a key, None when there is none."""
    row = _READ.row(connection, key=key)
    return None if row is None else str(row[0])


def store(connection: Connection, key: str, value: str) -> None:
    """Put a text under a key, in the caller's transaction."""
    _WRITE.run(connection, key=key, value=value)
