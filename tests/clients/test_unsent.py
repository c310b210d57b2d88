"""What could not be sent is told with its cause and what to try, and with no more of an address than its host."""

from __future__ import annotations

import socket
from collections.abc import Callable

import httpx
import pytest

from syncd.clients.transport import Call, Remote, open_connections, send
from syncd.clients.unsent import why_not_sent
from syncd.clock import ManualClock
from syncd.errors import SyncdError, Transient
from tests.clients.answers import START, Script, answer, haravan, kiotviet

REMOTE = Remote("haravan", "Haravan", 2.0, "haravan_refuses_token", "haravan_permission_missing")
URL = "https://apis.haravan.com/com/orders.json?phone=0900111222"

CAUSES = [
    (httpx.ConnectError("[Errno -2] Name or service not known"), "DNS", "DNS"),
    (httpx.ConnectError("[Errno -3] Temporary failure in name resolution"), "looked up", "không tra được"),
    (httpx.ConnectError("[Errno 111] Connection refused"), "refuses the connection", "từ chối kết nối"),
    (httpx.ConnectError("[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed"), "clock", "giờ của máy"),
    (httpx.ConnectTimeout("timed out"), "firewall", "tường lửa"),
    (httpx.ConnectError("[Errno 101] Network is unreachable"), "does not answer", "không trả lời"),
    (httpx.PoolTimeout(""), "(PoolTimeout)", "(PoolTimeout)"),
]


@pytest.mark.parametrize(("error", "english", "vietnamese"), CAUSES)
def test_the_cause_and_what_to_try_are_told_in_both_languages(error: Exception, english: str, vietnamese: str) -> None:
    told = why_not_sent("Haravan GET /orders.json", URL, error)
    assert english in told.said("en")
    assert vietnamese in told.said("vi")
    for said in (told.said("en"), told.said("vi")):
        assert "apis.haravan.com" in said
        assert "0900111222" not in said


def test_a_port_that_nobody_listens_at_is_told_as_a_refused_connection() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    call = Call(REMOTE, "GET", f"http://127.0.0.1:{port}/com/orders.json", "/orders.json")
    with open_connections() as http, pytest.raises(Transient) as raised:
        send(http, call, {}, ManualClock(START))
    assert f"127.0.0.1:{port} refuses the connection" in str(raised.value)


REFUSALS = [
    (haravan, answer(401, {}), "haravan.token_file", "Ứng dụng riêng"),
    (haravan, answer(403, {}), "com.read_orders", "đánh dấu quyền"),
    (kiotviet, answer(401, {}), "client_secret_file", "Thiết lập kết nối API"),
    (kiotviet, answer(403, {}), "GET /orders/1", "cấp quyền"),
]


@pytest.mark.parametrize(("client", "refusal", "named", "vietnamese"), REFUSALS)
def test_a_refusal_names_what_to_renew_or_to_tick_and_where(
    client: Callable[[Script], object], refusal: httpx.Response, named: str, vietnamese: str
) -> None:
    with pytest.raises(SyncdError) as raised:
        client(Script(refusal)).order(1)  # type: ignore[attr-defined]
    assert named in raised.value.said("en")
    assert named in raised.value.said("vi")
    assert vietnamese in raised.value.said("vi")


def test_what_a_remote_says_itself_stays_as_it_is_in_every_language() -> None:
    with pytest.raises(SyncdError) as raised:
        kiotviet(Script(answer(403, {"responseStatus": {"message": "Không có quyền {0}"}}))).order(1)
    for language in ("en", "vi"):
        assert raised.value.said(language).endswith("Không có quyền {0}")


def test_a_record_that_cannot_be_read_is_named_in_vietnamese_with_the_key_as_it_is() -> None:
    page = haravan(Script(answer(200, {"orders": [{"id": 7, "order_number": "#100007"}]}))).orders_newest_first(1)
    (bad,) = page.bad
    assert not isinstance(bad.reason, str)
    assert bad.reason.said("vi") == "đơn hàng Haravan #100007: updated_at: cần thời gian, nhưng nhận được giá trị trống"
