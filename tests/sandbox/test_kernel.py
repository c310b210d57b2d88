"""The journal of calls and the faults planted between a client and a simulated remote."""

from __future__ import annotations

from collections.abc import Callable

import httpx
import pytest

from syncd.clock import ManualClock
from syncd.sandbox.faults import AFTER_EFFECT, KINDS, WITHOUT_EFFECT
from syncd.sandbox.http import Request, Response
from syncd.sandbox.inprocess import InProcessTransport
from syncd.sandbox.kernel import Fault, Faults, Gate, Journal
from tests.sandbox.haravan_kit import START


class Box:
    """A remote that counts what was put into it, behind a gate."""

    def __init__(self, remote: str = "haravan", latency_seconds: float = 0.0) -> None:
        self.clock = ManualClock(START)
        self.journal, self.faults = Journal(), Faults()
        self.puts: list[object] = []
        self.gate = Gate(
            self,
            remote,
            clock=self.clock,
            journal=self.journal,
            faults=self.faults,
            latency_seconds=latency_seconds,
        )
        self.http = httpx.Client(transport=InProcessTransport(self.gate), base_url="http://box.test", trust_env=False)

    def handle(self, request: Request) -> Response:
        if request.method == "POST":
            self.puts.append(request.json())
        if request.path == "/list":
            return Response.of_json({"total": 9, "data": [1, 2]})
        return Response.of_json({"order": {"id": len(self.puts)}})

    def put(self, path: str = "/orders") -> httpx.Response:
        return self.http.post(path, json={"n": 1})


def test_every_call_is_in_the_journal_with_what_was_sent_and_answered() -> None:
    box = Box()
    box.http.get("/orders?page=2&status=any")
    box.put()
    read, write = box.journal.calls()
    assert (read.method, read.path, read.query, read.write, read.effect) == (
        "GET",
        "/orders",
        "page=2&status=any",
        False,
        False,
    )
    assert (write.body, write.status, write.write, write.effect, write.fault) == ({"n": 1}, 200, True, True, None)
    assert write.at == START
    assert box.journal.writes() == box.journal.calls("haravan", write=True) == [write]
    assert box.journal.calls("kiotviet") == []
    box.journal.clear()
    assert box.journal.calls() == []


def test_fetching_a_token_is_no_write() -> None:
    box = Box("kiotviet")
    box.http.post("/connect/token", json={})
    assert [call.write for call in box.journal.calls()] == [False]


@pytest.mark.parametrize("kind", sorted(WITHOUT_EFFECT))
def test_faults_that_stop_a_request_leave_the_remote_untouched(kind: str) -> None:
    box = Box()
    box.faults.add(Fault(kind, seconds=60))
    with _tolerating_silence():
        box.put()
    assert box.puts == []


@pytest.mark.parametrize("kind", sorted(AFTER_EFFECT))
def test_faults_that_spoil_an_answer_come_after_the_effect(kind: str) -> None:
    box = Box()
    box.faults.add(Fault(kind))
    with _tolerating_silence():
        box.put()
    assert len(box.puts) == (2 if kind == "duplicate" else 1)
    (call,) = box.journal.calls()
    assert (call.fault, call.effect) == (kind, True)


@pytest.mark.parametrize(
    ("kind", "error"),
    [
        ("lose_request", httpx.RemoteProtocolError),
        ("lose_answer", httpx.RemoteProtocolError),
        ("refuse", httpx.ConnectError),
        ("timeout_request", httpx.ReadTimeout),
        ("timeout_answer", httpx.ReadTimeout),
        ("late", httpx.ReadTimeout),
    ],
)
def test_silent_faults_look_to_the_client_like_the_failing_network(kind: str, error: type[Exception]) -> None:
    box = Box()
    box.faults.add(Fault(kind, seconds=60))
    with pytest.raises(error):
        box.put()
    assert box.journal.calls()[0].status is None


@pytest.mark.parametrize(
    ("fault", "status", "body"),
    [
        (Fault("status", status=503), 503, {"errors": "Planted fault"}),
        (Fault("status_after", status=502), 502, {"errors": "Planted fault"}),
        (Fault("unauthorized"), 401, {"errors": "Unauthorized"}),
        (Fault("forbidden"), 403, {"errors": "Forbidden: missing permission"}),
        (Fault("rate_limited"), 429, {"errors": "Exceeded the call limit"}),
        (Fault("garbage_json"), 200, ["garbage"]),
        (Fault("missing_keys"), 200, {}),
    ],
)
def test_spoken_faults_answer_what_they_say(fault: Fault, status: int, body: object) -> None:
    box = Box()
    box.faults.add(fault)
    answer = box.put()
    assert (answer.status_code, answer.json()) == (status, body)


def test_a_rate_limit_says_how_long_to_wait() -> None:
    box = Box()
    box.faults.add(Fault("rate_limited"))
    box.faults.add(Fault("rate_limited", retry_after=7.5))
    box.faults.add(Fault("status", status=503, retry_after=3))
    assert [box.put().headers["retry-after"] for _ in range(3)] == ["2.0", "7.5", "3"]


def test_kiotviet_says_rate_limited_in_the_body_with_any_status() -> None:
    box = Box("kiotviet")
    box.faults.add(Fault("rate_limited", status=200))
    answer = box.put()
    assert answer.status_code == 200
    assert answer.json()["responseStatus"]["errorCode"] == "RateLimited"
    assert "retry-after" not in answer.headers


def test_html_comes_with_a_200() -> None:
    box = Box()
    box.faults.add(Fault("html"))
    answer = box.put()
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert answer.text.startswith("<!DOCTYPE html>")


def test_a_truncated_answer_is_the_real_one_cut_in_the_middle() -> None:
    box = Box()
    whole = box.put().content
    box.faults.add(Fault("truncate"))
    cut = box.put().content
    assert whole[: len(cut)] == cut
    assert 0 < len(cut) < len(whole)


def test_an_empty_page_keeps_the_rest_of_the_list() -> None:
    box = Box("kiotviet")
    box.faults.add(Fault("empty_page"))
    assert box.http.get("/list").json() == {"total": 9}
    assert box.http.get("/list").json() == {"total": 9, "data": [1, 2]}


@pytest.mark.parametrize(("kind", "rows"), [("short_page", [1]), ("moved_rows", [1, 1])])
def test_a_page_may_show_too_few_or_other_rows_while_its_counts_stay(kind: str, rows: list[int]) -> None:
    box = Box("kiotviet")
    box.faults.add(Fault(kind))
    assert box.http.get("/list").json() == {"total": 9, "data": rows}
    assert box.http.get("/list").json() == {"total": 9, "data": [1, 2]}


def test_a_stale_answer_shows_what_was_before_the_write_for_some_seconds() -> None:
    box = Box()
    before = box.http.get("/orders?since=2026-11-23T09:00:00").json()
    box.put()
    box.faults.add(Fault("stale", times=0, seconds=40))
    assert box.http.get("/orders?since=2026-11-23T09:00:30").json() == before
    assert box.http.get("/other").json() == {"order": {"id": 1}}, "what was never asked cannot be stale"
    box.clock.advance(41)
    assert box.http.get("/orders?since=2026-11-23T09:00:30").json() == {"order": {"id": 1}}


def test_a_late_request_takes_effect_when_its_time_has_come() -> None:
    box = Box()
    box.faults.add(Fault("late", seconds=60))
    with pytest.raises(httpx.ReadTimeout):
        box.put()
    box.clock.advance(59)
    box.http.get("/orders")
    assert box.puts == []
    box.clock.advance(1)
    box.http.get("/orders")
    assert box.puts == [{"n": 1}]
    box.gate.settle()
    assert len(box.puts) == 1


def test_a_fault_hits_the_nth_matching_call_and_only_so_often() -> None:
    box = Box()
    box.faults.add(Fault("status", method="post", path=r"^/orders$", nth=2, times=2))
    box.put("/customers")
    box.http.get("/orders")
    assert [box.put().status_code for _ in range(4)] == [200, 500, 500, 200]


def test_a_fault_may_last_for_ever_until_the_weather_clears() -> None:
    box = Box()
    box.faults.add(Fault("status", times=0))
    assert {box.put().status_code for _ in range(5)} == {500}
    box.faults.clear()
    assert box.put().status_code == 200


def test_two_planted_faults_hit_one_call_each() -> None:
    box = Box()
    box.faults.add(Fault("status", status=500))
    box.faults.add(Fault("status", status=503))
    assert [box.put().status_code for _ in range(3)] == [500, 503, 200]


def test_a_fault_for_the_other_remote_does_not_hit() -> None:
    box = Box()
    box.faults.add(Fault("status", remote="kiotviet"))
    assert box.put().status_code == 200


def test_a_misspelt_fault_is_refused_at_once() -> None:
    with pytest.raises(ValueError, match="there is no fault 'loose_answer'"):
        Fault("loose_answer")


def test_every_kind_is_either_before_or_after_the_effect() -> None:
    assert not WITHOUT_EFFECT & AFTER_EFFECT
    assert KINDS == WITHOUT_EFFECT | AFTER_EFFECT


def test_hooks_stand_at_the_two_instants_where_a_process_may_die() -> None:
    box = Box()
    seen: list[tuple[str, int]] = []
    box.gate.before_effect.append(lambda remote, request: seen.append((f"before {request.path}", len(box.puts))))
    box.gate.after_effect.append(lambda remote, request: seen.append((f"after {remote}", len(box.puts))))
    box.put()
    assert seen == [("before /orders", 0), ("after haravan", 1)]


def test_a_call_that_never_arrives_reaches_no_hook() -> None:
    box = Box()
    hook: Callable[..., None] = lambda *_: pytest.fail("must not be called")  # noqa: E731
    box.gate.before_effect.append(hook)
    box.faults.add(Fault("lose_request"))
    with pytest.raises(httpx.RemoteProtocolError):
        box.put()


def test_each_call_takes_its_time_on_the_clock() -> None:
    box = Box(latency_seconds=0.15)
    box.put()
    box.put()
    assert box.clock.monotonic() == pytest.approx(0.3)


class _tolerating_silence:
    def __enter__(self) -> None: ...

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> bool:
        return kind is not None and issubclass(kind, httpx.TransportError)
