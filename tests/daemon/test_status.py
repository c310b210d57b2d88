"""The status page inside the daemon: off unless asked for, beside webhooks or alone, and awake at once."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import httpx
import pytest

from syncd import daemon as engine
from syncd.config import Secret, Settings, StatusSettings
from syncd.daemon.flags import Flags
from syncd.daemon.supervisor import Supervisor
from syncd.store.samples import Sample
from syncd.wiring import Outside, Shop, open_shop
from tests.daemon.conftest import Said
from tests.daemon.kit import Tower, until
from tests.daemon.test_door import WEBHOOKS, is_closed, taken_port
from tests.orders.test_holds import new_goods
from tests.rig import Rig
from tests.web.page_kit import FORM, TOKEN
from tests.web.senders import Sender, stock_update

STATUS = StatusSettings("127.0.0.1", 0)


@contextmanager
def daemon_with(folder: Path, **sections: object) -> Iterator[Tower]:
    """A daemon after the first run of both jobs."""
    made = Tower(folder)
    made.settings = replace(made.settings, **sections)  # type: ignore[arg-type]
    made.supervisor.open()
    made.supervisor._timetable.start()
    try:
        made.until(lambda: made.orders.runs and made.stock.runs and made.idle())
        yield made
    finally:
        made.supervisor._shut_down()


def reload(daemon: Tower, **sections: object) -> None:
    shops = len(daemon.shops)
    daemon.settings = replace(daemon.settings, **sections)  # type: ignore[arg-type]
    daemon.flags.ask_reload()
    daemon.until(lambda: len(daemon.shops) == shops + 1)


def status_url(daemon: Tower) -> str:
    return daemon.supervisor._station.door.status_url


def code(url: str, path: str = "/events") -> int:
    return httpx.get(url + path, trust_env=False).status_code


def web_threads() -> int:
    return sum(thread.name == "web" for thread in threading.enumerate())


def free_port() -> int:
    with taken_port() as free:
        return int(free.getsockname()[1])


def test_the_page_and_what_monitoring_asks_are_on_one_listener(tmp_path: Path) -> None:
    with daemon_with(tmp_path, status=STATUS) as daemon:
        url = status_url(daemon)
        assert [code(url, path) for path in ("/", "/healthz", "/readyz", "/metrics")] == [200] * 4
        assert 'syncd_cycles_total{cycle="orders"} 1.0' in httpx.get(f"{url}/metrics", trust_env=False).text


def test_without_the_section_there_is_no_page(tmp_path: Path) -> None:
    with daemon_with(tmp_path) as daemon:
        assert status_url(daemon) == ""
        assert web_threads() == 0


def test_webhooks_alone_show_no_page(tmp_path: Path) -> None:
    with daemon_with(tmp_path, webhooks=WEBHOOKS) as daemon:
        assert code(daemon.supervisor._station.door.url) == 404


def test_two_sections_of_one_address_share_a_listener(tmp_path: Path) -> None:
    with daemon_with(tmp_path, webhooks=WEBHOOKS, status=STATUS) as daemon:
        door = daemon.supervisor._station.door
        assert door.url == door.status_url
        assert web_threads() == 1
        assert code(door.status_url) == 200
        daemon.clock.advance(6)
        with closing(Sender(door.url)) as send:
            assert send.kiotviet(stock_update(7)).status_code == 200
        daemon.until(lambda: daemon.stock.runs == 2 and daemon.idle())


def test_two_addresses_are_two_listeners_that_answer_nothing_of_each_other(tmp_path: Path) -> None:
    with daemon_with(tmp_path, webhooks=WEBHOOKS, status=replace(STATUS, port=free_port())) as daemon:
        door = daemon.supervisor._station.door
        assert web_threads() == 2
        assert (code(door.status_url), code(door.url)) == (200, 404)
        assert httpx.post(f"{door.status_url}/webhooks/kiotviet", trust_env=False).status_code != 200


def test_a_reload_shows_the_new_shop_on_the_kept_port_and_keeps_who_signed_in(tmp_path: Path) -> None:
    with daemon_with(tmp_path, status=replace(STATUS, token=Secret(TOKEN))) as daemon:
        url = status_url(daemon)
        with httpx.Client(base_url=url, trust_env=False) as http:
            form = FORM.search(http.get("/sign-in").text)
            assert form
            http.post("/sign-in", data={"form": form[1], "token": TOKEN})
            assert http.get("/events").status_code == 200
            reload(daemon, shop="tiem-moi")
            assert status_url(daemon) == url
            assert "tiem-moi" in http.get("/events").text


def test_a_reload_switches_the_page_off_and_leaves_webhooks_alone(tmp_path: Path) -> None:
    with daemon_with(tmp_path, webhooks=WEBHOOKS, status=replace(STATUS, port=free_port())) as daemon:
        url = status_url(daemon)
        reload(daemon, status=None)
        assert is_closed(url)
        with closing(Sender(daemon.supervisor._station.door.url)) as send:
            assert send.kiotviet(stock_update(7)).status_code == 200


def test_a_second_port_that_is_taken_gives_the_first_one_back(tmp_path: Path, said: Said) -> None:
    with daemon_with(tmp_path) as daemon, taken_port() as other:
        first = free_port()
        sections = {
            "webhooks": replace(WEBHOOKS, port=first),
            "status": replace(STATUS, port=other.getsockname()[1]),
        }
        daemon.settings = replace(daemon.settings, **sections)  # type: ignore[arg-type]
        daemon.flags.ask_reload()
        daemon.until(lambda: said("config_refused"))
        assert "status.listen: cannot listen at" in said("config_refused")[0]["problem"]
        assert is_closed(f"http://127.0.0.1:{first}")


def test_a_port_that_is_taken_names_its_own_key(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made = Tower(tmp_path)
    with taken_port() as other:
        made.settings = replace(made.settings, status=replace(STATUS, port=other.getsockname()[1]))
        assert engine.run(tmp_path / "c", made.load, open_shop=made.open_shop, clock=made.clock, environ={}) == 2
    assert capsys.readouterr().err.startswith("syncd: status.listen: cannot listen at")


def test_every_five_minutes_are_sampled_even_while_cycles_fail(tmp_path: Path) -> None:
    with daemon_with(tmp_path) as daemon:
        begin = daemon.clock.now()
        daemon.orders.fail(RuntimeError("down"))
        for minutes in range(1, 4):
            daemon.after(300, runs=1 + minutes)
            assert len(_samples(daemon, begin)) == 1 + minutes
        last = _samples(daemon, begin)[-1]
        assert last.orders_seconds is not None
        assert last.orders_seconds >= 890, "fifteen minutes without a good cycle"


def _samples(daemon: Tower, begin: datetime) -> list[Sample]:
    return daemon.store.samples.since(begin, width=timedelta(minutes=5))


# --- the whole shop behind it ----------------------------------------------------------------------------------------


def test_a_pressed_button_is_acted_on_before_the_next_poll(rig: Rig, said: Said) -> None:
    new_goods(rig, "MOI-01")
    order_id = rig.place(("MOI-01", 1))
    settings, travel = replace(rig.settings, status=STATUS), rig.outside()

    def open_real(settings: Settings, outside: Outside) -> Shop:
        return open_shop(settings, replace(travel, stop=outside.stop))

    supervisor = Supervisor(lambda: settings, open_real, rig.clock, {}, Flags())
    supervisor.open()
    supervisor._timetable.start()
    try:
        until(lambda: {"orders", "stock"} <= {line["cycle"] for line in said("cycle_finished")}, each=supervisor.tick)
        rig.clock.advance(6)
        with httpx.Client(base_url=supervisor._station.door.status_url, trust_env=False) as http:
            form = FORM.search(http.get("/held").text)
            assert form
            assert http.post(f"/orders/{order_id}/retry", data={"form": form[1]}).status_code == 303
        store = rig.shop.store
        until(lambda: [e for e in store.events_of(order_id) if e.event == "retry_asked"], each=supervisor.tick)
        until(lambda: (record := store.orders.record(order_id)) and not record.retry_asked, each=supervisor.tick)
        assert rig.clock.monotonic() < rig.settings.poll.orders_seconds
        rig.clock.advance(31)
        url = supervisor._station.door.status_url
        until(lambda: 'class="concern' in httpx.get(url, trust_env=False).text, each=supervisor.tick)
    finally:
        supervisor._shut_down()
