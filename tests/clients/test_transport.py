"""What each failure becomes: one table, two remotes, reads and writes."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from email.utils import format_datetime
from types import SimpleNamespace
from typing import Any

import httpx
import pytest

from syncd.clients import transport
from syncd.clients.complaints import complaint, excerpt, retry_after
from syncd.clients.decoding import decode
from syncd.clients.transport import Call, Remote, encode, passing, repeat_read, send
from syncd.clock import ManualClock
from syncd.core.model import AdjustLine
from syncd.errors import (
    AuthError,
    NotFound,
    OutcomeUnknown,
    RateLimited,
    Rejected,
    SyncdError,
    Transient,
)
from tests.clients.answers import SECRET, START, TOKEN, Script, Step, answer, haravan, html, kiotviet, ok, sample


class Drip(httpx.SyncByteStream):
    """A body that breaks off."""

    def __iter__(self) -> Any:
        yield b'{"orders": ['
        raise httpx.ReadError("connection reset")


def haravan_read(script: Script) -> object:
    return haravan(script).orders_newest_first(1)


def haravan_write(script: Script) -> object:
    return haravan(script).adjust(910001, [AdjustLine(1, 2, 3)], "note")


def kiotviet_read(script: Script) -> object:
    return kiotviet(script).order(4100001)


def kiotviet_write(script: Script) -> object:
    return kiotviet(script).create_order({"branchId": 1001})


READS = (haravan_read, kiotviet_read)
WRITES = (haravan_write, kiotviet_write)
BOTH = READS + WRITES


@pytest.mark.parametrize("act", BOTH)
@pytest.mark.parametrize("error", [httpx.ConnectError("refused"), httpx.ConnectTimeout("slow"), httpx.PoolTimeout("")])
def test_what_never_left_changed_nothing(act: Callable[[Script], object], error: Exception) -> None:
    with pytest.raises(Transient) as raised:
        act(Script(error))
    assert not isinstance(raised.value, RateLimited)


LOST: list[Step] = [
    httpx.ReadTimeout("late"),
    httpx.WriteTimeout("late"),
    httpx.ReadError("reset"),
    httpx.WriteError("reset"),
    httpx.RemoteProtocolError("disconnected"),
    httpx.DecodingError("gzip"),
    answer(500, {"message": "boom"}),
    answer(502, {}),
    html(503),
    answer(504, None),
    answer(408, {}),
    answer(302, {}, location="https://elsewhere.test/"),
    html(200),
    httpx.Response(200, text='{"orders": [{"id": 1'),
    httpx.Response(200, text=""),
    httpx.Response(200, content=b"\xff\xfe\x00"),
    httpx.Response(200, text="[" * 100_000),
    lambda _: httpx.Response(200, stream=Drip()),
    ok([]),
    ok("fine"),
    ok({}),
    ok({"orders": 5, "id": "x"}),
]


@pytest.mark.parametrize("act", READS)
@pytest.mark.parametrize("step", LOST)
def test_a_read_without_a_usable_answer_is_for_the_next_cycle(act: Callable[[Script], object], step: Step) -> None:
    script = Script(step)
    with pytest.raises(SyncdError) as raised:
        act(script)
    assert isinstance(raised.value, Transient)
    assert "0900111222" not in str(raised.value)


@pytest.mark.parametrize("act", WRITES)
@pytest.mark.parametrize("step", LOST)
def test_a_write_without_a_usable_answer_may_have_happened_and_is_sent_once(
    act: Callable[[Script], object], step: Step
) -> None:
    script = Script(step)
    with pytest.raises(OutcomeUnknown):
        act(script)
    assert len(script.requests) == 1


@pytest.mark.parametrize("act", READS)
def test_a_read_is_tried_three_times(act: Callable[[Script], object]) -> None:
    script = Script(answer(500, {}))
    with pytest.raises(Transient):
        act(script)
    assert len(script.requests) == 3


def test_a_read_that_recovers_is_as_good_as_any() -> None:
    script = Script(html(502), httpx.ReadTimeout("late"), ok(sample("haravan/orders_list.json")))
    assert haravan(script).orders_newest_first(1).rows == 3


@pytest.mark.parametrize("act", BOTH)
@pytest.mark.parametrize(
    "step",
    [
        answer(429, {}, retry_after="2.0"),
        answer(429, None),
        answer(200, sample("kiotviet/rate_limited.json")),
        answer(420, sample("kiotviet/rate_limited.json")),
        answer(403, sample("kiotviet/rate_limited.json")),
        answer(503, {"ResponseStatus": {"ErrorCode": "RateLimited"}}),
    ],
)
def test_a_refusal_by_rate_is_known_in_any_status(act: Callable[[Script], object], step: Step) -> None:
    with pytest.raises(RateLimited):
        act(Script(step))


@pytest.mark.parametrize(("act", "expected"), [(haravan_write, 2.0), (kiotviet_write, 300.0), (kiotviet_read, 300.0)])
def test_without_retry_after_each_remote_has_its_own_wait(act: Callable[[Script], object], expected: float) -> None:
    with pytest.raises(RateLimited) as raised:
        act(Script(answer(429, {})))
    assert raised.value.retry_after_seconds == expected


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("2.0", 2.0),
        ("0", 0.0),
        (" 17 ", 17.0),
        (format_datetime(START + timedelta(seconds=90), usegmt=True), 90.0),
        (format_datetime(START - timedelta(seconds=90), usegmt=True), 0.0),
        ("1e9", 86400.0),
        ("-5", None),
        ("nan", None),
        ("soon", None),
        ("Thu, 01 Jan 1970 00:00:00 +99999999999999", None),
        ("", None),
        (None, None),
    ],
)
def test_retry_after_is_seconds_or_a_date(value: str | None, seconds: float | None) -> None:
    assert retry_after(value, START) == seconds


@pytest.mark.parametrize(
    ("act", "remote", "own"),
    [
        (haravan_read, "haravan", TOKEN),
        (haravan_write, "haravan", TOKEN),
        (kiotviet_read, "kiotviet", SECRET),
        (kiotviet_write, "kiotviet", SECRET),
        (kiotviet_write, "kiotviet", "token-1"),
    ],
)
@pytest.mark.parametrize("status", [401, 403])
def test_refused_credentials_say_whose_they_are_and_stay_secret(
    act: Callable[[Script], object], remote: str, own: str, status: int
) -> None:
    if own == "token-1" and status == 401:
        own = "token-2"  # renewed in between
    with pytest.raises(AuthError) as raised:
        act(Script(answer(status, {"message": f"{own} is bad"})))
    assert raised.value.remote == remote
    assert own not in str(raised.value)
    assert "… is bad" in str(raised.value)


@pytest.mark.parametrize("act", READS)
def test_a_token_that_is_refused_under_a_good_status_is_refused(act: Callable[[Script], object]) -> None:
    refused = answer(200, {"responseStatus": {"errorCode": "TokenException", "message": "hết hạn"}})
    with pytest.raises(AuthError):
        act(Script(refused))


def test_a_missing_permission_is_named() -> None:
    with pytest.raises(AuthError, match=r"permission missing: com\.read_orders"):
        haravan_read(Script(answer(403, {})))
    with pytest.raises(AuthError, match=r"permission missing: com\.write_inventories"):
        haravan_write(Script(answer(403, {})))
    with pytest.raises(AuthError, match=r"permission missing: POST /orders.*Không có quyền"):
        kiotviet_write(Script(answer(403, {"responseStatus": {"message": "Không có quyền"}})))


@pytest.mark.parametrize("act", WRITES)
@pytest.mark.parametrize("status", [400, 409, 420, 422])
def test_a_refused_write_carries_the_remotes_own_sentence(act: Callable[[Script], object], status: int) -> None:
    with pytest.raises(Rejected, match="Hàng hóa được chọn không tồn tại") as raised:
        act(Script(answer(status, sample("kiotviet/refused_420.json"))))
    assert (raised.value.status, raised.value.error_code) == (status, "KvValidateProductException")
    assert not isinstance(raised.value, NotFound)


def test_an_unknown_record_is_420_or_404_by_id_and_a_refusal_in_a_list() -> None:
    for status in (404, 420):
        with pytest.raises(NotFound):
            kiotviet_read(Script(answer(status, sample("kiotviet/refused_420.json"))))
    with pytest.raises(NotFound):
        haravan(Script(answer(404, {"errors": "Not Found"}))).order(5)
    with pytest.raises(Rejected) as raised:
        kiotviet(Script(answer(420, sample("kiotviet/refused_420_flat.json")))).customers_by_phone("0900111222")
    assert not isinstance(raised.value, NotFound)
    assert str(raised.value) == "KiotViet GET /customers: Thông tin hóa đơn không hợp lệ"


def _nested(levels: int) -> object:
    return decode(b"[" * levels + b"]" * levels)


@pytest.mark.parametrize(
    ("payload", "sentence"),
    [
        ({"errors": "một lỗi"}, "một lỗi"),
        ({"errors": ["một", "hai"]}, "một; hai"),
        ({"errors": {"sku": ["trùng", "dài"]}}, "sku: trùng; dài"),
        ({"message": "lời\nnhắn"}, "lời nhắn"),
        ({"error": "invalid"}, "invalid"),
        ({"responseStatus": {"message": "câu"}, "message": "khác"}, "câu"),
        ({"responseStatus": None, "errors": None}, ""),
        ({"errors": {"base": [{"sku": ["sâu"]}]}}, "base: sku: sâu"),
        ({"errors": _nested(900)}, ""),
        ([], ""),
    ],
)
def test_a_sentence_is_found_wherever_it_hides(payload: object, sentence: str) -> None:
    assert complaint(payload)[1] == sentence


@pytest.mark.parametrize(
    ("sentence", "body", "shown"),
    [
        ("Số 0900111222 đã tồn tại", b"", "Số … đã tồn tại"),
        ("Số +84 900 111 222 đã tồn tại", b"", "Số … đã tồn tại"),
        ("Mã 8930000000116 ngừng kinh doanh", b"", "Mã 8930000000116 ngừng kinh doanh"),
        ("khóa s3cr3t sai", b"", "khóa … sai"),
        ("", b"id 123456789 and key AbCdEfGhIjKlMnOpQrStUv", "id … and key …"),
        ("", b"<html><body>x", "(HTML)"),
        ("", b"", ""),
        ("x" * 500, b"", "x" * 200),
    ],
)
def test_what_is_shown_holds_no_secret_and_no_phone(sentence: str, body: bytes, shown: str) -> None:
    assert excerpt(sentence, body, ["s3cr3t", ""]) == shown


def test_a_server_that_drips_meets_our_own_deadline() -> None:
    now = iter(range(0, 10_000, 25))

    def drip(_: httpx.Request) -> httpx.Response:
        return httpx.Response(200, stream=Endless())

    remote = Remote("haravan", "Haravan", 2.0, "haravan_refuses_token", "haravan_permission_missing")
    call = Call(remote, "GET", "https://haravan.test/x", "/x")
    with pytest.raises(Transient, match="within 60 s"):
        send(httpx.MockTransport(drip), call, {}, ManualClock(START), timer=lambda: float(next(now)))


class Endless(httpx.SyncByteStream):
    """A body that never ends."""

    def __iter__(self) -> Any:
        while True:
            yield b" "


def test_bodies_carry_plain_numbers() -> None:
    body = {"a": Decimal("450000.0"), "b": Decimal("2.0833333"), "c": "Đường", "d": [Decimal("-1E+3")]}
    assert encode(body) == '{"a": 450000, "b": 2.0833333, "c": "Đường", "d": [-1000]}'.encode()


def test_every_request_names_us_and_follows_nobody() -> None:
    script = Script(ok({"count": 3}))
    assert haravan(script).orders_count() == 3
    (request,) = script.requests
    assert request.headers["user-agent"].startswith("syncd/")
    assert request.headers["authorization"] == f"Bearer {TOKEN}"
    assert request.extensions["timeout"] == {"connect": 5, "read": 20, "write": 20, "pool": 20}


def test_no_redirect_is_followed_and_no_cookie_is_kept() -> None:
    elsewhere = httpx.Response(302, headers={"location": "https://elsewhere.test/", "set-cookie": "seat=7; Path=/"})
    script = Script(elsewhere, elsewhere, elsewhere, ok({"count": 3}))
    client = haravan(script)
    with pytest.raises(Transient, match="302"):
        client.orders_count()
    assert client.orders_count() == 3
    assert {request.url.host for request in script.requests} == {"haravan.test"}
    assert not any("cookie" in request.headers for request in script.requests)


def test_a_compressed_answer_is_asked_for_and_read() -> None:
    packed = gzip.compress(b'{"count": 3}')
    script = Script(lambda _: httpx.Response(200, headers={"content-encoding": "gzip"}, content=packed))
    assert haravan(script).orders_count() == 3
    assert script.requests[0].headers["accept-encoding"] == "gzip, deflate"


def test_a_credential_with_a_stray_character_is_no_crash() -> None:
    script = Script(answer(401, {}))
    client = haravan(script)
    client._headers = {"authorization": "Bearer tệp\n"}
    with pytest.raises(AuthError):
        client.shop()


@pytest.mark.parametrize(("seconds", "tries"), [(1.0, 3), (20.0, 1)])
def test_a_read_is_repeated_only_within_twenty_seconds_of_its_first_try(
    monkeypatch: pytest.MonkeyPatch, seconds: float, tries: int
) -> None:
    moments = iter((0.0, seconds))
    monkeypatch.setattr(transport, "time", SimpleNamespace(monotonic=lambda: next(moments)))
    made = []

    def read() -> object:
        made.append(1)
        raise Transient("no answer")

    with pytest.raises(Transient):
        repeat_read(read, passing)
    assert len(made) == tries
