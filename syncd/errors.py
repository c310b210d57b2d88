"""The whole family of errors on one page: what each means and the only reaction to it.

On a write, a refused connection and 429 are `Transient` (nothing happened there); a read time-out, a dropped
connection, a 5xx and an unreadable 2xx are `OutcomeUnknown` (it may have happened).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, TypeAlias


class Saying(Protocol):
    """A sentence that is not in any language yet; `str` gives English."""

    def said(self, language: str) -> str:
        """The sentence in `vi` or `en`."""
        ...


Message: TypeAlias = "str | Saying"
"""A sentence, or words that are the same in every language (a remote's own answer)."""


@dataclass(frozen=True, slots=True)
class Lines:
    """Several sentences, one a line."""

    sentences: tuple[Saying, ...]

    def said(self, language: str) -> str:
        """All of them in `vi` or `en`."""
        return "\n".join(sentence.said(language) for sentence in self.sentences)

    def __str__(self) -> str:
        return self.said("en")


class SyncdError(Exception):
    """Anything that syncd expects to go wrong; the text is for a shop's admin. `str` gives English."""

    def __init__(self, message: Message = "") -> None:
        self.message = message
        super().__init__(message)

    def said(self, language: str) -> str:
        """What went wrong, and what to do, in `vi` or `en`."""
        return self.message if isinstance(self.message, str) else self.message.said(language)


class ConfigError(SyncdError):
    """The operator must edit something: say all problems, exit 2."""

    def __init__(self, problems: Sequence[Saying]) -> None:
        self.problems = tuple(problems)
        super().__init__(Lines(self.problems))


class Unusable(SyncdError):
    """The store (locked by another daemon, corrupt, from a newer version) or a port cannot be used as it is: exit 2."""


class InUse(Unusable):
    """Another process has the database: a daemon leaves it a note, then exit 2."""


class StoreUnwritable(SyncdError):
    """The store refused a write (disk full, read-only, locked): end the cycle before any remote write."""


class Transient(SyncdError):
    """Nothing was changed there: take back the intent; the next cycle tries again."""


class RateLimited(Transient):
    """One of the two budgets is spent; `retry_after_seconds` is what we were told or computed."""

    def __init__(self, message: Message, retry_after_seconds: float) -> None:
        self.retry_after_seconds = retry_after_seconds
        super().__init__(message)


class IncompleteScan(Transient):
    """A list could not be read to its end, or contradicted itself: it proves presence, never absence."""


class OutcomeUnknown(SyncdError):
    """A write may have happened: the intent stays; look up (orders) or read and plan afresh (stock)."""


class Rejected(SyncdError):
    """The remote refused this one record for good (4xx, 420): hold it with the remote's own sentence."""

    def __init__(self, message: Message, *, status: int = 0, error_code: str = "") -> None:
        self.status = status
        self.error_code = error_code
        super().__init__(message)


class NotFound(Rejected):
    """The remote does not have this record, or not yet."""


class BadPayload(SyncdError):
    """One record cannot be understood: hold it, the rest goes on. `record_id` where it could be read."""

    def __init__(self, message: Message, record_id: int | None = None) -> None:
        self.record_id = record_id
        super().__init__(message)


class AuthError(SyncdError):
    """Credentials refused or a permission missing: end this cycle, stop that side's writes, say so once.

    `permission` is what is missing; empty where the credentials as a whole are refused.
    """

    def __init__(self, message: Message, *, remote: str, permission: str = "") -> None:
        self.remote, self.permission = remote, permission
        super().__init__(message)
