"""What a person must know: one concern each, with its cause and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from syncd.core.texts import Text


class Level(StrEnum):
    """How bad it is: an error stops work until somebody acts, a warning may do harm later."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Concern:
    """One thing that a person must know, the same on the terminal, the page, in the log and in an alert.

    `key` is the same as long as it is the same trouble (`held:1001`), `kind` is public (`credentials_refused`). `cause`
    and `remedy` are one or two sentences each. `order` is an order number, `sku` a product's code, if it is about one.
    """

    key: str
    kind: str
    level: Level
    cause: Text
    remedy: Text
    since: datetime
    order: str = ""
    sku: str = ""
