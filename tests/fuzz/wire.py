"""Between a client and a simulated remote: every real answer passes here, and some are changed on the way."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

import httpx

from syncd.sandbox.http import App, Request, Response
from syncd.sandbox.inprocess import InProcessTransport
from tests.fuzz.damage import Damage, Spot, damaged, records, spot_in, with_spot
from tests.fuzz.damage import read as read_document

_NUMBERS = re.compile(r"(?<=/)(HRV)?\d+(-\d+)?")


def endpoint(method: str, path: str) -> str:
    """An endpoint without the ids in its path."""
    return f"{method} {_NUMBERS.sub('*', path)}"


@dataclass
class Weather:
    """Which answers are changed, and how; all chance is in `rng`, so that a seed says everything.

    Args:
        rng: The only source of chance.
        share: How many of all answers are changed.
        only: The endpoint whose answers may be changed; all where empty.
        lies: Whether a change may be one that no reader can tell from the truth.
        spot: What is wrong with one record for as long as this lasts.
        spot_at: The endpoint in whose next answer a spot is chosen.
        refusals: Status and body of what one endpoint answers instead of doing anything, by endpoint.
    """

    rng: random.Random
    share: float = 0.0
    only: str = ""
    lies: bool = True
    spot: Spot | None = None
    spot_at: str = ""
    refusals: dict[str, Response] = field(default_factory=dict)
    done: list[str] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    seen: Counter[str] = field(default_factory=Counter)

    def clear(self) -> None:
        """No more damage."""
        self.share, self.spot, self.spot_at = 0.0, None, ""
        self.refusals.clear()

    def refuse(self, name: str, status: int, body: str) -> None:
        """Let an endpoint do nothing and answer this."""
        self.refusals[name] = Response(status, body.encode("utf-8", "surrogatepass"))

    def pass_through(self, name: str, response: Response) -> Response:
        """What the client gets of a real answer."""
        self.seen[name] += 1
        if self.spot_at == name and response.status == 200 and (rows := records(read_document(response.body))):
            self.spot, self.spot_at = self._spot(rows[self.rng.randrange(len(rows))][1]), ""
        if self.spot is not None:
            spotted = with_spot(response, self.spot)
            return response if spotted is None else self._note(name, Damage(f"spot {self.spot}", spotted))
        if self.only not in ("", name) or self.rng.random() >= self.share:
            return response
        return self._note(name, self._damage(response))

    def _spot(self, record: dict[str, object]) -> Spot:
        while (found := spot_in(self.rng, record)).plausible and not self.lies:
            pass
        return found

    def _damage(self, response: Response) -> Damage:
        while (found := damaged(self.rng, response)).plausible and not self.lies:
            pass
        return found

    def _note(self, name: str, damage: Damage) -> Response:
        self.counts[name] += 1
        self.done.append(f"{name}: {damage.kind}")
        return damage.response


class _Bytes(httpx.SyncByteStream):
    def __init__(self, body: bytes) -> None:
        self._body = body

    def __iter__(self) -> Iterator[bytes]:
        for start in range(0, len(self._body), 65_536):
            yield self._body[start : start + 65_536]


def as_httpx(response: Response, request: httpx.Request) -> httpx.Response:
    """An answer as it comes from a socket: nothing of it has been decoded yet."""
    pairs = [(name.encode("ascii"), value.encode("utf-8")) for name, value in response.headers.items()]
    return httpx.Response(response.status, headers=pairs, stream=_Bytes(response.body), request=request)


class Wire(httpx.BaseTransport):
    """A remote in bad weather."""

    def __init__(self, app: App, weather: Weather) -> None:
        self._inner, self._weather = InProcessTransport(app), weather

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        name = endpoint(request.method, request.url.path)
        if name in self._weather.refusals:
            return as_httpx(self._weather.refusals[name], request)
        answer = self._inner.handle_request(request)
        real = Response(answer.status_code, answer.read(), dict(answer.headers))
        return as_httpx(self._weather.pass_through(name, real), request)


class Recorder(httpx.BaseTransport):
    """A remote in fair weather; of every endpoint the fullest answers are kept."""

    def __init__(self, app: App, kept: dict[str, list[Response]]) -> None:
        self._inner, self._kept = InProcessTransport(app), kept

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        answer = self._inner.handle_request(request)
        known = self._kept.setdefault(endpoint(request.method, request.url.path), [])
        known.append(Response(answer.status_code, answer.content, dict(answer.headers)))
        known.sort(key=lambda kept: -len(kept.body))
        del known[3:]
        return answer


__all__ = ["Recorder", "Request", "Weather", "Wire", "as_httpx", "endpoint"]
