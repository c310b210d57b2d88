"""A look at a shop's files that costs next to nothing, for the shell's completion and before the config is read.

Nothing here is relied on: what cannot be read is left out, silently. The config is checked elsewhere.
"""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_LANGUAGE = re.compile(r"""(?m)^language:[ \t]*["']?(vi|en)["']?[ \t]*(?:#.*)?$""")
_DATABASE = re.compile(r"""(?m)^database:[ \t]*(?:"([^"\n]+)"|'([^'\n]+)'|([^\s"'#][^#\n]*?))[ \t]*(?:#.*)?$""")
_LARGEST: Final = 1024 * 1024
_PATIENCE_SECONDS: Final = 0.2
_MOST: Final = 200

_HELD = "SELECT number FROM orders WHERE hold_code IS NOT NULL ORDER BY hold_since DESC LIMIT ?"
_KNOWN = "SELECT number FROM orders WHERE number_key LIKE ? || '%' ORDER BY haravan_id DESC LIMIT ?"
_TASKS = "SELECT id, number, code FROM tasks WHERE closed_at IS NULL ORDER BY id DESC LIMIT ?"


@dataclass(frozen=True, slots=True)
class Glance:
    """What a config file seems to say; empty where it does not."""

    language: str = ""
    database: Path | None = None


def glance(config: Path) -> Glance:
    """The language and the database that a config file names, also where the rest of it cannot be read."""
    try:
        with config.open(encoding="utf-8-sig", errors="replace") as file:
            content = file.read(_LARGEST)
    except (OSError, ValueError):
        return Glance()
    language, database = _LANGUAGE.search(content), _DATABASE.search(content)
    name = next(filter(None, database.groups()), "") if database else ""
    return Glance(language[1] if language else "", config.parent / name if name else None)


def held_numbers(database: Path) -> list[str]:
    """The numbers of held orders, the latest hold first."""
    return [str(number) for (number,) in _rows(database, _HELD, _MOST)]


def known_numbers(database: Path, beginning: str) -> list[str]:
    """The numbers of the newest orders that begin so, with or without `#`."""
    return [str(number) for (number,) in _rows(database, _KNOWN, beginning.lstrip("#"), _MOST)]


def open_tasks(database: Path) -> list[tuple[str, str]]:
    """The numbers of open tasks, newest first, each with its order and what it is about."""
    return [(str(task), f"{number} {code}".strip()) for task, number, code in _rows(database, _TASKS, _MOST)]


def _rows(database: Path, query: str, *values: object) -> list[tuple[object, ...]]:
    try:
        # mode=ro neither makes the file nor waits for a daemon that writes: readers never block in WAL mode
        where = f"{database.absolute().as_uri()}?mode=ro"
        with closing(sqlite3.connect(where, uri=True, timeout=_PATIENCE_SECONDS)) as connection:
            return connection.execute(query, values).fetchall()
    except (sqlite3.Error, OSError, ValueError):
        return []
