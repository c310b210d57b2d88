"""The sandbox's own pages under `/_sandbox/`: journal, faults, switches, clock, and what people do in either shop."""

from __future__ import annotations

import dataclasses
import inspect
from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from syncd.clock import ManualClock
from syncd.sandbox.http import App, Request, Response
from syncd.sandbox.kernel import Call, Fault
from syncd.sandbox.kiotviet.refusals import Refused
from syncd.sandbox.switches import ALL_SWITCHES
from syncd.sandbox.world import Sandbox

PREFIX = "/_sandbox/"

# What a shop has besides things that happen in it.
_NOT_ACTIONS = frozenset({"handle"})


class Front:
    """One remote with the control pages beside it; the pages are the same on both servers."""

    def __init__(self, sandbox: Sandbox, remote: str) -> None:
        """Serve `remote` of a sandbox."""
        self._remote = remote
        self._app: App = sandbox.gate(remote)
        self._control = Control(sandbox, remote)

    def handle(self, request: Request) -> Response:
        """Answer a control request, else pass it to the remote."""
        if request.path.startswith(PREFIX):
            return self._control.handle(request)
        return self._app.handle(request)


class Control:
    """The control pages; `remote` is the shop that `act` and `state` mean when they do not say."""

    def __init__(self, sandbox: Sandbox, remote: str) -> None:
        """Steer a sandbox."""
        self._sandbox = sandbox
        self._remote = remote
        self._pages: dict[tuple[str, str], Callable[[Request], object]] = {
            ("GET", "journal"): self._journal,
            ("DELETE", "journal"): self._clear_journal,
            ("GET", "faults"): self._list_faults,
            ("POST", "faults"): self._plant,
            ("DELETE", "faults"): self._clear_faults,
            ("GET", "switches"): self._list_switches,
            ("POST", "switches"): self._turn,
            ("POST", "act"): self._act,
            ("GET", "state"): self._state,
            ("GET", "clock"): self._time,
            ("POST", "clock"): self._advance,
        }

    def handle(self, request: Request) -> Response:
        """Answer one control request; what cannot be done is answered 422 with the reason."""
        page = self._pages.get((request.method, request.path.removeprefix(PREFIX).strip("/")))
        if page is None:
            return Response.of_json({"error": f"there is no {request.method} {request.path}"}, 404)
        try:
            return Response.of_json(_plain(page(request)))
        except (Refused, ValueError, TypeError, LookupError) as error:
            return Response.of_json({"error": str(error)}, 422)

    def _journal(self, request: Request) -> object:
        write = {"true": True, "false": False}.get((request.param("write") or "").lower())
        calls = self._sandbox.journal.calls(request.param("remote"), write)
        return {"calls": [_call(call) for call in calls]}

    def _clear_journal(self, request: Request) -> object:
        self._sandbox.journal.clear()
        return {}

    def _list_faults(self, request: Request) -> object:
        return {"faults": [dataclasses.asdict(fault) for fault in self._sandbox.faults.planted()]}

    def _plant(self, request: Request) -> object:
        fault = Fault(**_mapping(request))
        self._sandbox.faults.add(fault)
        return dataclasses.asdict(fault)

    def _clear_faults(self, request: Request) -> object:
        self._sandbox.faults.clear()
        return {}

    def _list_switches(self, request: Request) -> object:
        now = self._sandbox.positions()
        return {
            "switches": [
                {
                    "switch": known.key,
                    "item": known.item,
                    "position": now[known.key],
                    "positions": known.positions,
                    "about": known.about,
                }
                for known in ALL_SWITCHES
            ]
        }

    def _turn(self, request: Request) -> object:
        self._sandbox.turn(**{key: str(value) for key, value in _mapping(request).items()})
        return self._list_switches(request)

    def _act(self, request: Request) -> object:
        body = _mapping(request)
        remote = str(body.get("remote") or self._remote)
        act = _action(self._sandbox.shop(remote), str(body.get("action") or ""))
        return {"result": act(**_arguments(body.get("args") or {}))}

    def _state(self, request: Request) -> object:
        return self._sandbox.shop(request.param("remote") or self._remote).state()

    def _time(self, request: Request) -> object:
        return {"now": self._sandbox.clock.now()}

    def _advance(self, request: Request) -> object:
        clock = self._sandbox.clock
        if not isinstance(clock, ManualClock):
            raise ValueError("this sandbox runs on the machine's clock")
        clock.advance(float(_mapping(request)["advance"]))
        self._sandbox.settle()
        return self._time(request)


def _mapping(request: Request) -> dict[str, Any]:
    body = request.json()
    if not isinstance(body, dict):
        raise ValueError("an object is expected")
    return body


def _action(shop: object, name: str) -> Callable[..., object]:
    method = None if name.startswith("_") or name in _NOT_ACTIONS else getattr(shop, name, None)
    if method is None or not inspect.ismethod(method):
        raise ValueError(f"there is no action {name!r}")
    return method


def _arguments(args: Mapping[str, Any]) -> dict[str, Any]:
    """JSON made fit for the actions: ids as mapping keys become numbers, `..._at` becomes an instant."""
    made = {name: _keys_as_ids(value) for name, value in args.items()}
    for name, value in args.items():
        if name.endswith("_at") and isinstance(value, str):
            made[name] = datetime.fromisoformat(value)
    return made


def _keys_as_ids(value: Any) -> Any:
    if isinstance(value, dict):
        return {int(key) if key.isdigit() else key: _keys_as_ids(inner) for key, inner in value.items()}
    return [_keys_as_ids(inner) for inner in value] if isinstance(value, list) else value


def _call(call: Call) -> dict[str, object]:
    return {spec.name: getattr(call, spec.name) for spec in dataclasses.fields(call)}


def _plain(value: Any) -> Any:
    """Any result as JSON values; keys become text, sets and tuples lists."""
    if isinstance(value, Mapping):
        return {str(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(inner) for inner in value]
    if value is None or isinstance(value, str | int | float | bool | Decimal):
        return value
    return value.isoformat() if isinstance(value, datetime) else str(value)
