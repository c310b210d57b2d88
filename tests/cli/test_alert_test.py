"""`syncd alert-test`, and the concerns that `syncd status` shows."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from syncd.clock import SystemClock
from syncd.store import Store
from tests.cli_kit import Desk, open_desk
from tests.clients.http_servers import Answering, http_server
from tests.clients.mail_servers import Postbox, mail_server

BOT = "123456:AAE-bot"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with open_desk(tmp_path) as opened:
        yield opened


@pytest.fixture
def server() -> Iterator[Answering]:
    with http_server() as made:
        yield made


def add(desk: Desk, text: str) -> None:
    for name, value in (("telegram-token", BOT), ("hook-secret", "chu-ky")):
        desk.config.with_name(name).write_text(value)
        desk.config.with_name(name).chmod(0o600)
    desk.config.write_text(f"{desk.config.read_text()}\n{text}")


def by_http(server: Answering) -> str:
    telegram = f"  telegram: {{token_file: telegram-token, chat_id: 42, base_url: '{server.url}'}}\n"
    return telegram + f"  webhook: {{url: '{server.url}/in', secret_file: hook-secret}}\n"


def test_one_message_goes_out_by_each_channel(desk: Desk, server: Answering) -> None:
    box = Postbox()
    with mail_server(box) as port:
        mail = f"  email: {{host: 127.0.0.1, port: {port}, tls: none, from: a@shop.vn, to: [b@shop.vn]}}\n"
        add(desk, "alerts:\n" + mail + by_http(server))
        outcome = desk("alert-test")
    assert outcome.code == 0
    assert outcome.out.splitlines() == ["email: đã gửi", "telegram: đã gửi", "webhook: đã gửi"]
    assert "Đây là tin thử" in box.mails[0].get_content()
    assert {posted.path for posted in server.posted} == {f"/bot{BOT}/sendMessage", "/in"}


def test_each_channel_says_what_went_wrong_with_it(desk: Desk, server: Answering) -> None:
    add(desk, "alerts:\n" + by_http(server))
    server.decide = lambda posted: (400, b'{"ok":false,"description":"Bad Request: chat not found"}')
    outcome = desk("alert-test")
    assert outcome.code == 1
    assert "telegram: KHÔNG gửi được: Telegram không gửi được vào cuộc trò chuyện này (Bad Request" in outcome.out
    assert "webhook: KHÔNG gửi được" in outcome.out
    assert BOT not in outcome.out + outcome.err
    rows = desk("alert-test", "--json").json["channels"]
    assert [(row["channel"], row["sent"]) for row in rows] == [("telegram", False), ("webhook", False)]
    assert "chat not found" in rows[0]["error"]


def test_without_alerts_there_is_something_to_edit(desk: Desk) -> None:
    outcome = desk("alert-test")
    assert outcome.code == 2
    assert "config.example.yaml" in outcome.err


def test_status_shows_what_needs_a_person_with_what_to_do(desk: Desk) -> None:
    assert desk("once").code == 0
    status = desk("status", "--json")
    assert status.json["concerns"] == []
    desk.place(("AO-01", 1))
    (desk.sandbox.variants["MOI-01"],) = desk.sandbox.haravan.add_product("Mới", [{"sku": "MOI-01", "price": 99_000}])
    desk.place(("MOI-01", 1))
    assert desk("once").code == 0
    store = Store(desk.config.with_name("syncd.db"))
    store.remember("stock_refused", "11 trong 12 số sẽ đổi")
    store.count_calls("kiotviet_get", 5000, SystemClock().now())
    store.close()
    status = desk("status", "--json")
    rows = {row["kind"]: row for row in status.json["concerns"]}
    assert list(rows) == ["plan_refused", "held", "budget_spent"]
    assert set(rows["held"]) == {"key", "kind", "level", "cause", "remedy", "since", "order_number", "sku"}
    assert rows["held"]["order_number"] == status.json["held"][0]["order_number"]
    shown = desk("status").out
    assert "cần người xử lý: 2" in shown, "held orders have a table of their own"
    assert "LỖI tồn kho chưa được cập nhật: 11 trong 12 số sẽ đổi" in shown
    assert "→ Xem các số bằng 'syncd plan'" in shown
