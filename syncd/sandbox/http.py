"""An HTTP exchange as plain values, so that a simulated remote needs neither a socket nor a framework."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class Request:
    """What a client sent: `path` is decoded and has no query; header names are lower-case."""

    method: str
    path: str
    query: tuple[tuple[str, str], ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    def param(self, name: str) -> str | None:
        """The last value of a query parameter, its name compared without case; None when it was not sent."""
        return _last_values(self.query).get(name.lower())

    def params(self, name: str) -> list[str]:
        """All values of a repeatable or comma-separated query parameter."""
        wanted = name.lower()
        values = [value for key, value in self.query if key.lower() == wanted]
        return [part.strip() for value in values for part in value.split(",") if part.strip()]

    def json(self) -> Any:
        """The body as JSON with numbers as `Decimal`.

        Raises:
            ValueError: The body is not JSON.
        """
        return json.loads(self.body.decode("utf-8"), parse_float=Decimal)


@lru_cache(maxsize=256)
def _last_values(query: tuple[tuple[str, str], ...]) -> dict[str, str]:
    """A list asks for the same parameters again for each of its rows."""
    return {key.lower(): value for key, value in query}


@dataclass(frozen=True, slots=True)
class Response:
    """What the simulated remote answers."""

    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of_json(cls, payload: object, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
        """A JSON answer; `Decimal` becomes a JSON number."""
        return cls.of_text(json_text(payload), status, headers)

    @classmethod
    def of_text(cls, text: str, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
        """A JSON answer that is written already."""
        return cls(status, text.encode("utf-8"), {"content-type": "application/json; charset=utf-8", **(headers or {})})


def json_text(payload: object) -> str:
    """A value as JSON; `Decimal` becomes a JSON number."""
    return json.dumps(payload, ensure_ascii=False, default=_number)


def _number(value: object) -> int | float:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    raise TypeError(f"{type(value).__name__} is not JSON")


class App(Protocol):
    """A simulated remote."""

    def handle(self, request: Request) -> Response:
        """Answer one request, changing the simulated shop where the request says so."""
        ...
