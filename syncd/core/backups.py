"""How backups in a directory are named, and which of them are old enough to go."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime

_UNSAFE = re.compile(r"[^\w.-]+")
_LONGEST_NAME = 60


def name_of(shop: str, at: datetime) -> str:
    """The file name of a shop's backup of an instant, which it holds in UTC."""
    return f"{_stem(shop)}-{at.astimezone(UTC):%Y%m%d-%H%M%S}.db"


def surplus(names: Iterable[str], shop: str, keep: int) -> list[str]:
    """Which of the names in a directory are backups of this shop beyond the newest `keep`, oldest first.

    Whatever does not have the whole form of such a name is somebody else's and never among them.
    """
    ours = re.compile(re.escape(_stem(shop)) + r"-\d{8}-\d{6}\.db", re.ASCII)
    found = sorted(name for name in names if ours.fullmatch(name))
    return found[: max(0, len(found) - keep)]


def _stem(shop: str) -> str:
    """The beginning of the names, of what a file name may hold."""
    return f"syncd-{_UNSAFE.sub('-', shop)[:_LONGEST_NAME]}"
