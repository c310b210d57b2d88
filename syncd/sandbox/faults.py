"""Faults that can be planted between a client and a simulated remote, and what each makes of the real answer."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

from syncd.sandbox.http import Request, Response

WITHOUT_EFFECT = frozenset(
    {
        "lose_request",
        "refuse",
        "timeout_request",
        "late",
        "status",
        "html",
        "unauthorized",
        "forbidden",
        "rate_limited",
    }
)
"""The remote does nothing (`late`: nothing yet)."""

AFTER_EFFECT = frozenset(
    {
        "lose_answer",
        "timeout_answer",
        "duplicate",
        "status_after",
        "html_after",
        "truncate",
        "garbage_json",
        "missing_keys",
        "empty_page",
        "short_page",
        "moved_rows",
        "stale",
    }
)
"""The remote does its work, the client is told something else."""

KINDS = WITHOUT_EFFECT | AFTER_EFFECT

_SILENT = frozenset({"lose_request", "lose_answer", "refuse", "timeout_request", "timeout_answer", "late"})
_HTML = b"<!DOCTYPE html><html><head><title>502 Bad Gateway</title></head><body>We will be right back.</body></html>"
_STATUS_OF = {"unauthorized": 401, "forbidden": 403}
_TEXT_OF = {
    401: ("TokenException", "Unauthorized"),
    403: ("PermissionException", "Forbidden: missing permission"),
    429: ("RateLimited", "Exceeded the call limit"),
}


@dataclass
class Fault:
    """One planted fault: hits the `nth` matching call and the `times - 1` after it (`times` 0: for ever).

    `path` is a regular expression searched in the path. `seconds` is the delay of `late`, the silence of the time-outs
    on a socket and how old the answer of `stale` may be; `status` is the answer of `status` and `status_after`, and of
    `rate_limited` at KiotViet.

    Raises:
        ValueError: There is no such kind.
    """

    kind: str
    remote: str | None = None
    method: str | None = None
    path: str | None = None
    nth: int = 1
    times: int = 1
    seconds: float = 0.0
    status: int = 500
    retry_after: float | None = None
    seen: int = field(default=0, init=False, compare=False)

    def __post_init__(self) -> None:
        """Refuse a misspelt kind at once: a fault that never fires proves nothing."""
        if self.kind not in KINDS:
            raise ValueError(f"there is no fault {self.kind!r}; known: {', '.join(sorted(KINDS))}")

    def matches(self, remote: str, request: Request) -> bool:
        """Whether this fault is about such a call at all."""
        return (
            self.remote in (None, remote)
            and (self.method is None or self.method.upper() == request.method)
            and (self.path is None or re.search(self.path, request.path, re.IGNORECASE) is not None)
        )

    @property
    def fires(self) -> bool:
        """Whether the call just counted is one of those to hit."""
        return self.seen >= self.nth and (self.times == 0 or self.seen < self.nth + self.times)


class Faults:
    """The planted faults, in the order they were planted; of several that could fire, the first does."""

    def __init__(self) -> None:
        """Start with fair weather."""
        self._faults: list[Fault] = []
        self._lock = threading.Lock()

    def add(self, fault: Fault) -> None:
        """Plant one more."""
        with self._lock:
            self._faults.append(fault)

    def planted(self) -> list[Fault]:
        """All faults, also those that have fired for the last time."""
        with self._lock:
            return list(self._faults)

    def clear(self) -> None:
        """Take all faults back."""
        with self._lock:
            self._faults.clear()

    def hit(self, remote: str, request: Request) -> Fault | None:
        """The fault that hits this call, which is counted as seen; a call that was hit is not seen by later faults."""
        with self._lock:
            for fault in self._faults:
                if not fault.matches(remote, request):
                    continue
                fault.seen += 1
                if fault.fires:
                    return fault
        return None


def distort(remote: str, fault: Fault, real: Response | None) -> Response | None:
    """What the client receives instead of `real` (None: the remote was not asked); None for no answer at all."""
    if fault.kind in _SILENT:
        return None
    if real is None or fault.kind in {"status_after", "html_after"}:
        return _invented(remote, fault)
    if fault.kind == "truncate":
        return Response(real.status, real.body[: len(real.body) // 2], real.headers)
    if fault.kind in {"duplicate", "stale"}:
        return real
    return _reshaped(fault.kind, real)


def _invented(remote: str, fault: Fault) -> Response:
    if fault.kind in {"html", "html_after"}:
        return Response(200, _HTML, {"content-type": "text/html; charset=utf-8"})
    status = _STATUS_OF.get(fault.kind, fault.status)
    retry_after = fault.retry_after
    code = "RateLimited" if fault.kind == "rate_limited" else None
    if fault.kind == "rate_limited" and remote == "haravan":
        status, retry_after = 429, 2.0 if retry_after is None else retry_after
    headers = {} if retry_after is None else {"retry-after": str(retry_after)}
    return Response.of_json(_error_body(remote, status, code), status, headers)


def _error_body(remote: str, status: int, code: str | None) -> dict[str, object]:
    default_code, text = _TEXT_OF.get(status, ("InternalError", "Planted fault"))
    if remote == "haravan":
        return {"errors": text}
    return {"responseStatus": {"errorCode": code or default_code, "message": text, "errors": []}}


def _reshaped(kind: str, real: Response) -> Response:
    try:
        payload = json.loads(real.body)
    except ValueError:
        return real
    changed = _SHAPES[kind](payload)
    return Response(real.status, json.dumps(changed, ensure_ascii=False).encode("utf-8"), real.headers)


def _garbage(payload: Any) -> object:
    return ["garbage"] if isinstance(payload, dict) else "garbage"


def _headless(payload: Any) -> object:
    """Haravan's single envelope key, KiotViet's `data`, or the `id` of a flat record."""
    if not isinstance(payload, dict) or len(payload) == 1:
        return {}
    lost = {"data", "id"} & set(payload)
    return {key: value for key, value in payload.items() if key not in lost}


def _rowless(payload: Any) -> object:
    """The page as it would be with no rows: KiotViet leaves `data` out, Haravan sends an empty list."""
    if not isinstance(payload, dict):
        return payload
    return {key: [] if isinstance(value, list) else value for key, value in payload.items() if key != "data"}


def _cut(payload: Any) -> object:
    """The page without its second half, its counts as they were."""
    return _with_rows(payload, lambda rows: rows[: len(rows) // 2])


def _shifted(payload: Any) -> object:
    """The page as it is when a row came in above it since the page before: one shown twice, the last one not at all."""
    return _with_rows(payload, lambda rows: rows[:1] + rows[:-1])


def _with_rows(payload: Any, change: Callable[[list[Any]], list[Any]]) -> object:
    if not isinstance(payload, dict):
        return payload
    return {
        key: change(value) if isinstance(value, list) and key not in _NOT_ROWS else value
        for key, value in payload.items()
    }


_NOT_ROWS = frozenset({"removeIds", "removedIds"})
_SHAPES: Final[dict[str, Callable[[Any], object]]] = {
    "garbage_json": _garbage,
    "missing_keys": _headless,
    "empty_page": _rowless,
    "short_page": _cut,
    "moved_rows": _shifted,
}
