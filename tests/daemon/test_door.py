"""The daemon's open port: there only when asked for, exchanged with the config, and closed at the end."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from syncd import daemon as engine
from syncd.config import Secret, Settings, WebhookSettings
from syncd.daemon.flags import Flags
from syncd.daemon.supervisor import Supervisor
from syncd.errors import Unusable
from syncd.store import DaemonLock
from syncd.wiring import Outside, Shop, open_shop
from tests.daemon.conftest import Said
from tests.daemon.kit import Tower, tower, until
from tests.rig import Rig
from tests.stock.kit import available, count
from tests.web.senders import HARAVAN_SECRET, KIOTVIET_SECRET, Sender, stock_update

WEBHOOKS = WebhookSettings("127.0.0.1", 0, kiotviet_secret=Secret(KIOTVIET_SECRET))


@contextmanager
def listening(folder: Path, settings: WebhookSettings | None = WEBHOOKS) -> Iterator[Tower]:
    """A daemon with a port, after the first run of both jobs."""
    made = Tower(folder)
    made.settings = replace(made.settings, webhooks=settings)
    made.supervisor.open()
    made.supervisor._timetable.start()
    try:
        made.until(lambda: made.orders.runs and made.stock.runs and made.idle())
        yield made
    finally:
        made.supervisor._shut_down()


def url(daemon: Tower) -> str:
    return daemon.supervisor._station.door.url


@contextmanager
def sender(daemon: Tower) -> Iterator[Sender]:
    with closing(Sender(url(daemon))) as made:
        yield made


def reload(daemon: Tower, settings: WebhookSettings | None) -> None:
    daemon.settings = replace(daemon.settings, webhooks=settings)
    daemon.flags.ask_reload()


def is_closed(address: str) -> bool:
    with pytest.raises(httpx.ConnectError):
        httpx.get(address, trust_env=False)
    return True


def taken_port() -> socket.socket:
    return socket.create_server(("127.0.0.1", 0))


def test_without_the_section_nothing_listens_and_no_thread_waits(tmp_path: Path) -> None:
    with tower(tmp_path) as daemon:
        daemon.until(lambda: daemon.orders.runs and daemon.idle())
        assert url(daemon) == ""
        assert "web" not in {thread.name for thread in threading.enumerate()}


def test_a_webhook_makes_the_stock_cycle_run_now_with_its_products(tmp_path: Path) -> None:
    with listening(tmp_path) as daemon, sender(daemon) as send:
        daemon.clock.advance(6)
        assert send.kiotviet(stock_update(7)).status_code == 200
        daemon.until(lambda: daemon.stock.runs == 2 and daemon.idle())
        assert daemon.shops[-1].hints.take_products() == {7: "webhook stock.update"}
        assert daemon.orders.runs == 1


def test_a_webhook_with_a_wrong_signature_makes_nothing_run(tmp_path: Path, said: Said) -> None:
    with listening(tmp_path) as daemon, sender(daemon) as send:
        daemon.clock.advance(6)
        assert send.kiotviet(stock_update(7), secret="guess").status_code == 200
        daemon.settle()
        assert (daemon.orders.runs, daemon.stock.runs) == (1, 1)
        assert said("webhook_refused")


def test_a_reload_keeps_the_port_and_takes_the_new_secret(tmp_path: Path) -> None:
    with listening(tmp_path) as daemon, sender(daemon) as send:
        before = url(daemon)
        reload(daemon, replace(WEBHOOKS, kiotviet_secret=Secret("of-today")))
        daemon.until(lambda: len(daemon.shops) == 2 and daemon.stock.runs == 2 and daemon.idle())
        assert url(daemon) == before
        send.kiotviet(stock_update(7))
        assert not daemon.shops[1].hints.has_products()
        send.kiotviet(stock_update(8), secret="of-today")
        assert daemon.shops[1].hints.take_products() == {8: "webhook stock.update"}
        assert not daemon.shops[0].hints.has_products()


def test_a_reload_with_another_address_moves_the_listener(tmp_path: Path) -> None:
    with listening(tmp_path) as daemon:
        old = url(daemon)
        with taken_port() as free:
            port = free.getsockname()[1]
        reload(daemon, replace(WEBHOOKS, port=port))
        daemon.until(lambda: len(daemon.shops) == 2)
        assert url(daemon).endswith(f":{port}")
        assert is_closed(old)
        with sender(daemon) as send:
            send.kiotviet(stock_update(7))
        assert daemon.shops[1].hints.has_products()


def test_a_reload_switches_the_listener_off_and_on_again(tmp_path: Path) -> None:
    with listening(tmp_path) as daemon:
        old = url(daemon)
        reload(daemon, None)
        daemon.until(lambda: len(daemon.shops) == 2)
        assert is_closed(old)
        reload(daemon, WEBHOOKS)
        daemon.until(lambda: len(daemon.shops) == 3)
        with sender(daemon) as send:
            assert send.kiotviet(stock_update(7)).status_code == 200


def test_a_port_that_is_taken_refuses_a_reload_and_everything_stays(tmp_path: Path, said: Said) -> None:
    with listening(tmp_path) as daemon, taken_port() as other, sender(daemon) as send:
        reload(daemon, replace(WEBHOOKS, port=other.getsockname()[1]))
        daemon.until(lambda: said("config_refused"))
        assert "another program listens there" in said("config_refused")[0]["problem"]
        daemon.until(lambda: daemon.stock.runs == 2 and daemon.idle())
        assert len(daemon.shops) == 1
        daemon.clock.advance(6)
        send.kiotviet(stock_update(7))
        daemon.until(lambda: daemon.stock.runs == 3 and daemon.idle())


@pytest.mark.parametrize("moves", [False, True])
def test_a_shop_that_cannot_be_opened_gives_a_new_port_back(tmp_path: Path, said: Said, moves: bool) -> None:
    with listening(tmp_path) as daemon, sender(daemon) as send:
        with taken_port() as free:
            port = free.getsockname()[1]
        daemon.unusable = Unusable("syncd.db: is damaged")
        if moves:
            daemon.settings = replace(daemon.settings, database=tmp_path / "other.db")
        reload(daemon, replace(WEBHOOKS, port=port))
        daemon.until(lambda: said("config_refused"))
        assert is_closed(f"http://127.0.0.1:{port}")
        assert send.kiotviet(stock_update(7)).status_code == 200
        assert daemon.shops[0].hints.has_products()


def test_a_failed_reload_leaves_a_kept_port_open(tmp_path: Path, said: Said) -> None:
    with listening(tmp_path) as daemon, sender(daemon) as send:
        daemon.unusable = Unusable("syncd.db: is damaged")
        reload(daemon, replace(WEBHOOKS, kiotviet_secret=Secret("of-today")))
        daemon.until(lambda: said("config_refused"))
        send.kiotviet(stock_update(7))
        assert daemon.shops[0].hints.has_products()


def test_the_end_closes_the_port_and_leaves_no_thread_behind(tmp_path: Path, said: Said) -> None:
    before = set(threading.enumerate())
    with listening(tmp_path) as daemon:
        address = url(daemon)
    assert is_closed(address)
    assert set(threading.enumerate()) <= before
    assert [line["event"] for line in said("")][-2:] == ["listener_closed", "daemon_stopped"]


def test_a_port_that_is_taken_at_the_start_is_a_sentence_and_exit_2(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = Tower(tmp_path)
    with taken_port() as other:
        port = other.getsockname()[1]
        made.settings = replace(made.settings, webhooks=replace(WEBHOOKS, port=port))
        code = engine.run(tmp_path / "config.yaml", made.load, open_shop=made.open_shop, clock=made.clock, environ={})
    assert code == 2
    told = capsys.readouterr().err.strip()
    assert told == (
        f"syncd: webhooks.listen: cannot listen at 127.0.0.1:{port}: "
        "another program listens there: choose another port, or stop it"
    )
    assert made.shops == []
    DaemonLock(made.settings.database).close()


# --- the whole shop behind it ----------------------------------------------------------------------------------------


@contextmanager
def told_shop(rig: Rig, said: Said) -> Iterator[tuple[Supervisor, Sender]]:
    """The real shop in the daemon, six seconds after its first cycles, and who tells it of news."""
    settings = replace(rig.settings, webhooks=replace(WEBHOOKS, haravan_secret=Secret(HARAVAN_SECRET)))
    travel = rig.outside()

    def open_real(settings: Settings, outside: Outside) -> Shop:
        return open_shop(settings, replace(travel, stop=outside.stop))

    supervisor = Supervisor(lambda: settings, open_real, rig.clock, {}, Flags())
    supervisor.open()
    supervisor._timetable.start()
    try:
        # orders, stock and the examination
        until(lambda: len(said("cycle_finished")) == 3, each=supervisor.tick)
        rig.clock.advance(6)
        with closing(Sender(supervisor._station.door.url)) as send:
            yield supervisor, send
    finally:
        supervisor._shut_down()


def test_an_order_that_haravan_tells_of_is_in_kiotviet_before_the_next_poll(rig: Rig, said: Said) -> None:
    with told_shop(rig, said) as (supervisor, send):
        rig.place()
        send.haravan("orders/create")
        until(lambda: list(rig.kiotviet.orders()), each=supervisor.tick)
        assert rig.clock.monotonic() < rig.settings.poll.orders_seconds


def test_a_count_that_kiotviet_tells_of_is_in_haravan_before_the_next_poll(rig: Rig, said: Said) -> None:
    with told_shop(rig, said) as (supervisor, send):
        count(rig, "AO-01", 3)
        send.kiotviet(stock_update(rig.sandbox.products["AO-01"]))
        until(lambda: available(rig, "AO-01") == 3, each=supervisor.tick)
        assert rig.clock.monotonic() < rig.settings.poll.stock_seconds
