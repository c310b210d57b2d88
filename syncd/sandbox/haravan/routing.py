"""How a request finds its desk: a table of method, path, scope and what answers."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from syncd.sandbox.haravan.floor import Refusal
from syncd.sandbox.http import Request, Response

S = TypeVar("S")

Handler = Callable[[S, Request, tuple[int, ...]], Response]
"""Given the shop, the request and the ids in the path."""


@dataclass(frozen=True, slots=True)
class Route(Generic[S]):
    """One endpoint; `listing` where it answers a list that may hiccup."""

    method: str
    pattern: re.Pattern[str]
    scope: str
    handler: Handler[S]
    listing: bool = False


class Routes(Generic[S]):
    """A table of endpoints, filled by decorators."""

    def __init__(self) -> None:
        """Start with none."""
        self._routes: list[Route[S]] = []

    def on(self, method: str, path: str, scope: str, *, listing: bool = False) -> Callable[[Handler[S]], Handler[S]]:
        """Answer `method` at `path`, in which `{}` stands for an id."""
        pattern = re.compile(re.escape(path).replace(r"\{\}", r"(\d+)") + r"\.json", re.IGNORECASE)

        def keep(handler: Handler[S]) -> Handler[S]:
            self._routes.append(Route(method, pattern, scope, handler, listing))
            return handler

        return keep

    def extend(self, other: Routes[S]) -> None:
        """Take in another table."""
        self._routes.extend(other._routes)

    def find(self, request: Request) -> tuple[Route[S], tuple[int, ...]]:
        """The endpoint for a request and the ids in its path; `Refusal` 404 when there is none."""
        path = re.sub(r"^/(com|admin|com/admin)(?=/)", "", request.path)
        if path == request.path:
            raise Refusal(404, "Not Found")
        for route in self._routes:
            match = route.pattern.fullmatch(path)
            if match is not None and route.method == request.method:
                return route, tuple(int(part) for part in match.groups())
        raise Refusal(404, "Not Found")


def sent(request: Request, envelope: str) -> dict[str, Any]:
    """The object under `envelope` in a request's body; `Refusal` 400 for anything else."""
    value = body_of(request).get(envelope)
    if not isinstance(value, dict):
        raise Refusal(400, f"{envelope}: Required parameter missing or invalid")
    return value


def body_of(request: Request) -> dict[str, Any]:
    """A request's body as an object, empty when there is none; `Refusal` 400 for anything else."""
    try:
        value = request.json() if request.body.strip() else {}
    except ValueError as error:
        raise Refusal(400, "Bad Request: invalid JSON") from error
    if not isinstance(value, dict):
        raise Refusal(400, "Bad Request: an object is expected")
    return value
