"""The machine that syncd runs on: its clock, its disk, and whether it may write where it must."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from syncd.core.concerns import LITTLE_SPACE, NO_SPACE
from syncd.core.findings import Finding, fine, warning, wrong
from syncd.core.texts import text

CLOCK_WARNING_SECONDS: Final = 120.0
CLOCK_ERROR_SECONDS: Final = 600.0

_NAMES = {"haravan": "Haravan", "kiotviet": "KiotViet"}


def of_clock(offsets: Mapping[str, float]) -> Iterator[Finding]:
    """The clock by what each remote told last, in seconds ours is ahead; where they disagree, the kinder one counts.

    Two remotes agree on a clock that is off; one alone may be wrong itself, or a proxy's.
    """
    if not offsets:
        return
    remote, seconds = min(offsets.items(), key=lambda told: abs(told[1]))
    if abs(seconds) <= CLOCK_WARNING_SECONDS:
        yield fine("clock", text("check_clock_right", seconds=round(abs(seconds)), remote=_NAMES[remote]))
        return
    sentence = "check_clock_ahead" if seconds > 0 else "check_clock_behind"
    cause = text(sentence, minutes=max(1, round(abs(seconds) / 60)), remote=_NAMES[remote])
    grade = wrong if abs(seconds) > CLOCK_ERROR_SECONDS else warning
    yield grade("clock_off", "clock", cause, text("check_clock_remedy"))


def of_disk(free_bytes: int, folder: str) -> Finding:
    """The room that is left where the database is."""
    megabytes = free_bytes // (1024 * 1024)
    if free_bytes >= LITTLE_SPACE:
        return fine("disk", text("check_disk_free", megabytes=megabytes, folder=folder))
    cause = text("check_disk_low", megabytes=megabytes, folder=folder)
    grade = wrong if free_bytes < NO_SPACE else warning
    return grade("disk_low", "disk", cause, text("check_disk_remedy", folder=folder))
