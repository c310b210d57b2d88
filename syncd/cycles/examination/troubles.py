"""What a read that failed says about the way to a remote: credentials, permissions, limits, or the network between."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

from syncd.clients.transport import TokenRefused
from syncd.core.findings import Finding, warning, wrong
from syncd.core.texts import Text, text
from syncd.errors import AuthError, RateLimited, Rejected, SyncdError, Transient

T = TypeVar("T")

PASSING_KINDS = frozenset({"name_unknown", "tls_failed", "unreachable", "no_answer", "odd_answer", "rate_limited"})
"""What the cycles meet as well, and tell: it says nothing of the shops."""


@dataclass(frozen=True, slots=True)
class Way:
    """How a remote is reached: what people call it, which config key has its address, and what its credentials are."""

    name: str
    address_key: str
    credentials: Text


class Read(Generic[T]):
    """One read that may fail: what it gave, or what its failure means."""

    def __init__(self, way: Way, check: str, read: Callable[[], T], scope: str = "") -> None:
        """Read at once; `scope` is the permission that it needs."""
        self.value: T | None = None
        self.error: SyncdError | None = None
        self._way, self._check, self._scope = way, check, scope
        try:
            self.value = read()
        except SyncdError as error:
            self.error = error

    @property
    def stops_all(self) -> bool:
        """Whether no other read of this side can go better: the way is closed, or the credentials are refused."""
        refused = isinstance(self.error, AuthError) and not self._lacks_permission()
        return refused or isinstance(self.error, Transient)

    def trouble(self) -> Iterator[Finding]:
        """The finding of a failure, if it failed."""
        if self.error is not None:
            yield self._told(self.error)

    def _lacks_permission(self) -> bool:
        return bool(self._scope) and not isinstance(self.error, TokenRefused)

    def _told(self, error: SyncdError) -> Finding:
        name = self._way.name
        if isinstance(error, AuthError) and self._lacks_permission():
            cause = text("check_scope_missing", scope=self._scope)
            remedy = text("check_scope_missing_remedy", scope=self._scope)
            return wrong("scope_missing", self._check, cause, remedy, self._scope)
        if isinstance(error, AuthError):
            cause = text("check_refused", name=name, why=error.message)
            return wrong("credentials_refused", self._check, cause, self._way.credentials)
        if isinstance(error, RateLimited):
            cause, remedy = text("check_rate_limited", why=error.message), text("check_rate_limited_remedy", name=name)
            return warning("rate_limited", self._check, cause, remedy)
        if isinstance(error, Transient):
            return self._network(error)
        remedy = text("check_not_read_remedy", name=name)
        kind = "rejected" if isinstance(error, Rejected) else "not_read"
        return wrong(kind, self._check, text("check_not_read", why=error.message), remedy)

    def _network(self, error: Transient) -> Finding:
        name, key = self._way.name, self._way.address_key
        cause = _first_cause(error)
        if isinstance(cause, socket.gaierror):
            said, remedy = text("check_dns", name=name), text("check_dns_remedy", setting=key)
            return wrong("name_unknown", self._check, said, remedy)
        if isinstance(cause, ssl.SSLError):
            said = text("check_tls", name=name, why=cause.reason or str(cause))
            return wrong("tls_failed", self._check, said, text("check_tls_remedy", setting=key))
        if isinstance(cause, TimeoutError):
            return wrong("no_answer", self._check, text("check_no_answer", name=name), text("check_no_answer_remedy"))
        if isinstance(cause, OSError):
            said = text("check_unreachable", name=name, why=cause.strerror or type(cause).__name__)
            return wrong("unreachable", self._check, said, text("check_unreachable_remedy", setting=key))
        remedy = text("check_odd_answer_remedy", name=name, setting=key)
        return wrong("odd_answer", self._check, text("check_odd_answer", name=name, why=error.message), remedy)


def _first_cause(error: BaseException) -> BaseException | None:
    """What the machine itself said; None where an answer came, but none that is of use."""
    found: BaseException | None = error
    while found is not None and not isinstance(found, OSError):
        found = found.__cause__ or found.__context__
    return found
