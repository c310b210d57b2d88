"""End to end: trouble in the sandbox, the real daemon, and real mail, Telegram and webhook servers on loopback."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from syncd.clients.hook import SIGNATURE, signature
from syncd.config import AlertSettings, HookSettings, MailSettings, Secret, Settings, TelegramSettings
from syncd.daemon.flags import Flags
from syncd.daemon.supervisor import Supervisor
from syncd.wiring import Outside, Shop, open_shop
from tests.clients.http_servers import Answering, http_server
from tests.clients.mail_servers import Postbox, mail_server
from tests.daemon.kit import until
from tests.rig import Rig

# an unconfigured log draws each failure with all its variables, which takes half a second
pytestmark = pytest.mark.usefixtures("said")

BOT, SECRET = "123456:AAE-bot", "chu-ky-cua-shop"
STEP = 30


class Town:
    """The real supervisor and shop on the rig's clock, and three servers that take messages."""

    def __init__(self, rig: Rig, box: Postbox, api: Answering, hook: Answering, mail_port: int) -> None:
        self.rig, self.box, self.api, self.hook = rig, box, api, hook
        alerts = AlertSettings(
            page_url="https://syncd.shop.vn",
            email=MailSettings("127.0.0.1", mail_port, "none", "", None, "syncd@shop.vn", ("owner@shop.vn",)),
            telegram=TelegramSettings(Secret(BOT), "-1001", api.url),
            webhook=HookSettings(f"{hook.url}/in", Secret(SECRET)),
        )
        poll = replace(rig.settings.poll, orders_seconds=STEP, stock_seconds=2 * STEP)
        rig.settings = replace(rig.settings, language="vi", alerts=alerts, poll=poll)
        self.supervisor = Supervisor(lambda: rig.settings, self._open, rig.clock, {}, Flags())

    def _open(self, settings: Settings, outside: Outside) -> Shop:
        return open_shop(settings, replace(self.rig.outside(), stop=outside.stop))

    def run_for(self, seconds: int) -> None:
        """Let time pass in small steps, each job in its time."""
        for _ in range(0, seconds, STEP):
            until(self._rests, each=self.supervisor.tick)
            self.rig.clock.advance(STEP)
        until(self._rests, each=self.supervisor.tick)

    def _rests(self) -> bool:
        now = self.rig.clock.monotonic()
        return all((job.due_at() or 0.0) > now for job in self.supervisor._station.jobs)

    @property
    def told(self) -> tuple[int, int, int]:
        return len(self.box.mails), len(self.api.posted), len(self.hook.posted)


@contextmanager
def town(folder: Path) -> Iterator[Town]:
    box, rig = Postbox(), Rig(folder)
    with mail_server(box) as port, http_server() as api, http_server() as hook:
        made = Town(rig, box, api, hook, port)
        made.supervisor.open()
        made.supervisor._timetable.start()
        try:
            yield made
        finally:
            made.supervisor._shut_down()


def subjects(town: Town) -> list[Any]:
    return [mail["Subject"] for mail in town.box.mails]


def test_trouble_reaches_people_once_by_every_channel_and_so_does_its_end(tmp_path: Path) -> None:
    with town(tmp_path) as here:
        haravan, kiotviet = here.rig.haravan, here.rig.kiotviet
        sandbox = here.rig.sandbox
        (sandbox.variants["MOI-01"],) = haravan.add_product("Hàng mới", [{"sku": "MOI-01", "price": 99_000}])
        ids = [here.rig.place(("MOI-01", 1)) for _ in range(3)]
        numbers = [haravan.order(order)["order_number"] for order in ids]
        here.run_for(120)
        assert here.told == (1, 1, 1), "three held orders are one message"
        said = here.box.mails[0].get_content()
        assert f"3 đơn hàng bị giữ (unknown_sku): {', '.join(numbers)}" in said
        assert "Trang trạng thái: https://syncd.shop.vn" in said
        assert here.api.posted[0].json["text"].startswith(subjects(here)[0])
        assert "3 đơn hàng bị giữ" in here.api.posted[0].json["text"]
        (posted,) = here.hook.posted
        assert posted.headers[SIGNATURE.lower()] == signature(posted.body, SECRET)
        assert [row["order"] for row in posted.json["concerns"]] == numbers
        everything = said + here.api.posted[0].body.decode() + posted.body.decode()
        for order in ids:
            customer = haravan.order(order)["shipping_address"]
            assert not any(customer[key] and customer[key] in everything for key in ("phone", "name", "address1"))
        here.run_for(120)
        assert here.told == (1, 1, 1)

        kiotviet.add_product("MOI-01", "Hàng mới", 99_000, stock={here.rig.branch: 10})
        here.run_for(300)
        assert here.told == (2, 2, 2)
        assert subjects(here)[1] == "[shopmau] đã xử lý xong: 3"
        assert here.hook.posted[1].json["event"] == "resolved"
        assert all(numbers[0] in text for text in (here.box.mails[1].get_content(), here.api.posted[1].json["text"]))


def test_refused_credentials_reach_people_although_one_channel_is_down(tmp_path: Path) -> None:
    with town(tmp_path) as here:
        here.run_for(30)
        here.api.answer(502, b"<html>Bad Gateway</html>")
        here.rig.haravan.revoke_token()
        here.run_for(150)
        assert here.told[0] == here.told[2] == 1
        assert subjects(here) == ["[shopmau] thông tin kết nối bị từ chối"]
        assert "haravan.token_file" in here.box.mails[0].get_content()
        here.api.answer(200, {"ok": True})
        seen = len(here.api.posted)
        here.run_for(600)
        assert len(here.api.posted) == seen + 1, "it got there later, once"
        assert here.told[0] == here.told[2] == 1
