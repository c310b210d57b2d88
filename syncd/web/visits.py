"""One request for a page: who asks, in which language, with which form; and the way from it to an answer."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import parse_qsl, quote, urlencode

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from syncd.core.texts import LANGUAGES, Text
from syncd.web.sessions import Session

LARGEST_FORM = 16 * 1024
LANGUAGE_COOKIE = "syncd_lang"
_LANGUAGE_SECONDS = 365 * 24 * 3600
_MOST_NOTES = 200


@dataclass(frozen=True, slots=True)
class Visit:
    """What a page is made for; `form_token` goes into each of its forms."""

    request: Request
    session: Session
    form_token: str
    language: str
    now: datetime
    form: Mapping[str, str]

    @property
    def path(self) -> str:
        """Where the visitor is."""
        return self.request.url.path

    def asked(self, name: str) -> str:
        """A parameter of the address, empty where it is not there."""
        return self.request.query_params.get(name, "").strip()[:100]

    def number(self, name: str) -> int | None:
        """A parameter of the address that is a whole number from 0 on, else None."""
        return whole(self.asked(name))

    def part(self, name: str) -> str:
        """A part of the path."""
        return str(self.request.path_params.get(name, ""))

    def say(self, sentence: Text) -> str:
        """A sentence in this visitor's language."""
        return sentence.said(self.language)

    def here(self, **changed: str) -> str:
        """The address of this page with other parameters."""
        query = {key: value for key, value in self.request.query_params.items() if key != "lang"} | changed
        return quote(self.path) + (f"?{urlencode(query)}" if query else "")


def whole(value: str) -> int | None:
    """A whole number that SQLite can hold, None for anything else."""
    return int(value) if value.isascii() and value.isdigit() and len(value) <= 18 else None


class Notes:
    """What a button did, told once on the next page of the same browser."""

    def __init__(self) -> None:
        """Nothing to tell."""
        self._lock = threading.Lock()
        self._notes: OrderedDict[str, Text] = OrderedDict()

    def leave(self, session: Session, note: Text) -> None:
        """Tell this on the next page."""
        with self._lock:
            self._notes[session.id] = note
            while len(self._notes) > _MOST_NOTES:
                self._notes.popitem(last=False)

    def take(self, session: Session) -> Text | None:
        """What there is to tell, once."""
        with self._lock:
            return self._notes.pop(session.id, None)


def language_of(request: Request, default: str) -> str:
    """The language that the address asks for, else that of the cookie, else the shop's."""
    wishes = (request.query_params.get("lang", ""), request.cookies.get(LANGUAGE_COOKIE, ""))
    return next((wish for wish in wishes if wish in LANGUAGES), default)


def keep_language(request: Request, response: Response) -> None:
    """Remember the language that the address asks for."""
    wish = request.query_params.get("lang", "")
    if wish in LANGUAGES:
        response.set_cookie(LANGUAGE_COOKIE, wish, max_age=_LANGUAGE_SECONDS, httponly=True, samesite="strict")


async def read_form(request: Request) -> dict[str, str] | None:
    """The fields of a form; None where it is too long or no form."""
    read = bytearray()
    try:
        async for chunk in request.stream():
            read += chunk
            if len(read) > LARGEST_FORM:
                return None
        return dict(parse_qsl(read.decode(), max_num_fields=50))
    except (ClientDisconnect, ValueError):
        return None
