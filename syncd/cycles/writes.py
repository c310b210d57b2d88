"""Every write to KiotViet goes through here: intent first, then the call, then whatever the answer allows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import TypeVar

from syncd.clock import Clock
from syncd.core.concerns import shop_time
from syncd.core.documents import digest
from syncd.core.intents import Verdict, weigh
from syncd.core.records import Intent
from syncd.core.texts import text
from syncd.errors import AuthError, Rejected, SyncdError, Transient
from syncd.store import Store

_T = TypeVar("_T")


class Waiting(SyncdError):
    """A write whose answer was lost is not yet known to be absent: look again in a later cycle."""


class LookAgain(SyncdError):
    """The second of two looks may be made at once."""


class Suppressed(SyncdError):
    """`orders.apply` is off: what would be written was shown, nothing was sent."""


class Writes:
    """The rule of two looks and the intent around each write."""

    def __init__(self, store: Store, clock: Clock, wait: timedelta, *, apply: bool) -> None:
        """Writes wait `wait` before they believe in absence; with `apply` false nothing is ever sent."""
        self._store, self._clock, self._wait, self._apply = store, clock, wait, apply

    def clear_to_send(self, operation: str, subject: object, *, found: bool = False, complete: bool = True) -> None:
        """Return when this write may be sent: never tried, or proved absent by two clean looks.

        Raises:
            Waiting: Not yet. LookAgain: The second look may follow at once.
        """
        intent = self._store.intents.find(operation, subject)
        if intent is None:
            return
        verdict, looked = weigh(intent, found=found, complete=complete, now=self._clock.now(), wait=self._wait)
        if looked != intent:
            self._store.intents.looked(looked)
        if verdict is Verdict.SEND_AGAIN:
            return
        if looked.clean_scans == 1 and looked != intent and self._wait <= timedelta():
            raise LookAgain(operation)
        at = shop_time(intent.at)
        raise Waiting(text("waiting_for_outcome", operation=operation, marker=intent.marker, at=at))

    def send(
        self,
        operation: str,
        subject: object,
        marker: str,
        body: Mapping[str, object],
        call: Callable[[], _T],
        *,
        haravan_id: int | None,
        result_id: Callable[[_T], int | None] = lambda _: None,
    ) -> _T:
        """Commit the intent, send, and take the intent back only when it is certain that nothing happened.

        The intent of a write that went well stays until a read has shown its effect.

        Raises:
            Suppressed: `orders.apply` is off. StoreUnwritable: The intent could not be recorded; nothing was sent.
            OutcomeUnknown: It may have happened; the intent stays. Rejected, Transient, AuthError: It did not.
        """
        if not self._apply:
            raise Suppressed(text("write_shown_only", operation=operation.replace("_", " "), marker=marker))
        intent = Intent(operation, str(subject), marker, digest(dict(body)), self._clock.now())
        self._store.intents.record(intent, haravan_id)
        try:
            result = call()
        except (Rejected, Transient, AuthError) as error:
            self._store.intents.withdraw(operation, subject, error.message, haravan_id, self._clock.now())
            raise
        known_id = result_id(result)
        if known_id is not None:
            self._store.intents.answered(operation, subject, known_id)
        return result

    def confirmed(self, operation: str, subject: object, haravan_id: int | None = None) -> None:
        """A read has shown the effect, or it was found to be there."""
        self._store.intents.withdraw(operation, subject, "", haravan_id, self._clock.now())
