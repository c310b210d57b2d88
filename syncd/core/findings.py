"""What an examination finds: how bad it is, what it is about, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from syncd.core.concerns import Concern, Level
from syncd.core.texts import Text


class Grade(StrEnum):
    """`OK` is only said, `WARNING` may do harm later, `ERROR` makes something fail until somebody acts."""

    OK = "ok"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at. `check` says which (a config key, or a part of a shop); `kind` is public.

    Whatever is not `OK` has a remedy. `subject` tells two findings of one kind and check apart.
    """

    level: Grade
    check: str
    kind: str
    cause: Text
    remedy: Text | None = None
    subject: str = ""

    @property
    def key(self) -> str:
        """The same as long as it is the same trouble."""
        return ":".join(part for part in (self.kind, self.check, self.subject) if part)


def fine(check: str, cause: Text) -> Finding:
    """What is as it should be, or what a person may like to know."""
    return Finding(Grade.OK, check, "ok", cause)


def warning(kind: str, check: str, cause: Text, remedy: Text, subject: str = "") -> Finding:
    """What may do harm later."""
    return Finding(Grade.WARNING, check, kind, cause, remedy, subject)


def wrong(kind: str, check: str, cause: Text, remedy: Text, subject: str = "") -> Finding:
    """What fails, or will."""
    return Finding(Grade.ERROR, check, kind, cause, remedy, subject)


def concern_of(finding: Finding, since: datetime) -> Concern | None:
    """What a person must know of it; None for what is well."""
    if finding.remedy is None:
        return None
    level = Level.ERROR if finding.level == Grade.ERROR else Level.WARNING
    return Concern(finding.key, finding.kind, level, finding.cause, finding.remedy, since)
