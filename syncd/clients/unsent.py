"""Why a request could not be sent, in words that tell an admin where to look. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import httpx

from syncd.core.texts import Text, text

# What Python, OpenSSL and the C library say differs between versions in all but these words.
_UNKNOWN_NAME: Final = (
    "name or service not known",
    "name resolution",
    "getaddrinfo",
    "nodename nor servname",
    "no address",
)
_REFUSED: Final = ("refused",)
_CERTIFICATE: Final = ("certificate",)
_SILENT: Final = ("timed out", "no route", "unreachable")


def why_not_sent(call: str, url: str, error: Exception) -> Text:
    """The cause and what to try, for a request of `call` to `url` that httpx could not send."""
    host, said = _host(url), str(error).lower()
    if _any(_UNKNOWN_NAME, said):
        return text("not_sent_dns", call=call, host=host)
    if _any(_CERTIFICATE, said):
        return text("not_sent_certificate", call=call, host=host)
    if _any(_REFUSED, said):
        return text("not_sent_refused", call=call, host=host)
    if isinstance(error, httpx.ConnectTimeout) or _any(_SILENT, said):
        return text("not_sent_silent", call=call, host=host)
    return text("not_sent", call=call, error=type(error).__name__, host=host)


def _any(words: Sequence[str], said: str) -> bool:
    return any(word in said for word in words)


def _host(url: str) -> str:
    """Host and port of an address, never its path or query."""
    try:
        return httpx.URL(url).netloc.decode("ascii") or "?"
    except (httpx.InvalidURL, UnicodeError):
        return "?"
