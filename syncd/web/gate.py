"""Whether a request may see the page or press its buttons, and what every answer tells the browser to forbid."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from urllib.parse import urlsplit

from starlette.requests import Request

from syncd.core.texts import Text, text
from syncd.web.sessions import Session, Sessions, Tries

HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
        "frame-ancestors 'none'; base-uri 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    # not no-referrer: under that a browser sends `Origin: null` with our own forms
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
_PROXY_HEADERS = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip", "via")
_BEARER = "bearer "


class Gate:
    """The rules of access; with `guarded`, nothing but the sign-in form is shown to who has not the token."""

    def __init__(self, sessions: Sessions, tries: Tries, *, guarded: bool) -> None:
        """Judge by these sessions."""
        self._sessions, self._tries = sessions, tries
        self.guarded = guarded

    def misplaced(self, request: Request) -> Text | None:
        """Why nothing at all is shown: without a token only this machine may look, and only by its own names.

        A foreign name means that another site's name was pointed at this machine to read the page through a browser.
        """
        if self.guarded:
            return None
        if any(header in request.headers for header in _PROXY_HEADERS):
            return text("page_proxy_needs_token")
        return None if _is_local(request.headers.get("host", "")) else text("page_wrong_host")

    def admits(self, request: Request, session: Session | None) -> bool:
        """Whether this one may look."""
        is_inside = session is not None and session.inside
        return not self.guarded or is_inside or self.has_bearer(request)

    def has_bearer(self, request: Request) -> bool:
        """Whether the request itself carries the token."""
        sent = request.headers.get("authorization", "")
        return sent.lower().startswith(_BEARER) and self.offer(request, sent[len(_BEARER) :].strip()) is None

    def offer(self, request: Request, token: str) -> Text | None:
        """Why a token opens nothing; None where it is the right one."""
        caller = request.client.host if request.client else ""
        if not self._tries.are_left(caller):
            return text("page_too_many_tries")
        if self._sessions.is_token(token):
            return None
        self._tries.count(caller)
        return text("page_wrong_token")

    def is_own_form(self, request: Request, session: Session, form: Mapping[str, str]) -> bool:
        """Whether a POST comes from a form of ours; one that carries the token itself comes from no browser."""
        if self.guarded and self.has_bearer(request):
            return True
        return _is_same_origin(request) and self._sessions.is_form_token(session, form.get("form", ""))


def _is_local(host: str) -> bool:
    name = _hostname(f"//{host}")
    if name == "localhost":
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


def _hostname(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def _is_same_origin(request: Request) -> bool:
    """As the browser says; over plain HTTP, where it does not, its Origin must be the host that it asks.

    A proxy may change the host, but behind one with a certificate the browser says it.
    """
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site == "same-origin"
    origin = request.headers.get("origin")
    return origin is None or urlsplit(origin).netloc == request.headers.get("host", "")
