"""What a person must know, gathered from a real shop against the sandbox, the disk and a daemon's own knowledge."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from syncd import switchboard
from syncd.config import Secret, WebhookSettings
from syncd.core.concerns import Concern, Level
from syncd.core.facts import ConfigRefusal, Refusal, Trouble
from syncd.core.texts import text
from syncd.cycles import attention
from syncd.cycles.attention import SETTLED_AFTER_SECONDS, Attention, Inside
from syncd.errors import StoreUnwritable
from syncd.store.knocks import knock
from tests.daemon.conftest import Said
from tests.daemon.conftest import said as said
from tests.rig import Rig


class Watch:
    """The attention of a shop, and what its daemon would say of itself."""

    def __init__(self, rig: Rig) -> None:
        self.rig, self.inside = rig, Inside()
        self.restart()

    def restart(self) -> None:
        rig = self.rig
        self.attention: Attention = switchboard.attention(rig.settings, rig.shop.store, rig.clock, lambda: self.inside)

    def kinds(self) -> list[str]:
        return [concern.kind for concern in self.attention.look()]


@pytest.fixture
def watch(rig: Rig) -> Watch:
    rig.once()
    good(rig)
    return Watch(rig)


def good(rig: Rig) -> None:
    for name in ("orders", "stock"):
        rig.shop.store.cycle_ok(name, {}, rig.clock.now())


def test_a_shop_that_works_concerns_nobody(watch: Watch) -> None:
    assert watch.attention.concerns() == ()
    assert watch.kinds() == []


def test_orders_that_are_held_and_open_tasks_are_told_with_their_reasons(watch: Watch) -> None:
    rig = watch.rig
    (rig.sandbox.variants["MOI-01"],) = rig.haravan.add_product("Hàng mới", [{"sku": "MOI-01", "price": 99_000}])
    order_id = rig.place(("MOI-01", 1))
    rig.orders()
    rig.shop.store.add_task("x", None, "", "stock_rewritten", "another program", rig.clock.now())
    held, task = sorted(watch.attention.look(), key=lambda one: one.kind, reverse=True)
    assert (held.kind, held.code, held.key) == ("held", "unknown_sku", f"held:{order_id}")
    assert "SKU 'MOI-01' is not in KiotViet" in str(held.cause)
    assert held.order.startswith("#")
    assert task.kind == "drift_returns"
    assert set(watch.attention.concerns()) == {held, task}
    rig.shop.store.orders.leave_to_people(order_id, rig.clock.now())
    assert watch.kinds() == ["drift_returns"]


def test_cycles_that_do_not_go_well_are_told_with_what_the_daemon_knows(watch: Watch) -> None:
    rig = watch.rig
    rig.clock.advance(15 * 60)
    rig.shop.store.cycle_ok("stock", {}, rig.clock.now())
    rig.shop.store.cycle_failed("orders", "no answer in time", rig.clock.now())
    watch.inside = Inside(troubles={"orders": Trouble.NETWORK}, stuck={"stock": rig.clock.now()})
    (concern,) = watch.attention.look()
    assert concern.key == "no_good_cycle:orders"
    assert "no answer in time" in str(concern.cause)
    assert "firewall" in str(concern.remedy)


def test_what_the_daemon_alone_knows_is_passed_on(watch: Watch) -> None:
    now = watch.rig.clock.now()
    finding = Concern("clock_off", "clock_off", Level.WARNING, text("never"), text("never"), now)
    watch.inside = Inside(
        refusals=(Refusal("haravan", "401", now),), config=ConfigRefusal(("x",), now), findings=(finding,)
    )
    assert watch.kinds() == ["credentials_refused", "clock_off", "config_refused"]


def test_the_budget_and_a_refused_plan_are_told(watch: Watch) -> None:
    store, now = watch.rig.shop.store, watch.rig.clock.now()
    store.count_calls("kiotviet_get", 4000, now)
    store.remember("stock_refused", "11 of 12 figures would change")
    refused, spent = watch.attention.look()
    assert (refused.kind, spent.kind) == ("plan_refused", "budget_spent")
    assert "11 of 12" in str(refused.cause)


def test_a_second_daemon_is_told_for_an_hour(watch: Watch) -> None:
    knock(watch.rig.settings.database, 4242, watch.rig.clock.now())
    (concern,) = watch.attention.look()
    assert "pid 4242" in str(concern.cause)
    watch.rig.clock.advance(3600)
    good(watch.rig)
    assert watch.kinds() == []


def test_webhooks_that_stop_are_noticed_also_over_a_restart(watch: Watch) -> None:
    rig = watch.rig
    rig.settings = replace(rig.settings, webhooks=WebhookSettings("127.0.0.1", 0, kiotviet_secret=Secret("x")))
    watch.restart()
    assert watch.kinds() == []
    watch.inside = Inside(heard={"kiotviet": rig.clock.now()})
    rig.clock.advance(20 * 3600)
    watch.inside = Inside()
    watch.restart()
    good(rig)
    assert watch.kinds() == []
    rig.clock.advance(5 * 3600)
    good(rig)
    assert watch.kinds() == [], "no order changed, so there was nothing to send"
    rig.shop.store.add_event("order_seen", "", rig.clock.now(), 1001)
    (concern,) = watch.attention.look()
    assert concern.key == "webhooks_silent:kiotviet"
    watch.inside = Inside(heard={"kiotviet": rig.clock.now()})
    assert watch.kinds() == []


# --- a machine that fails ---------------------------------------------------------------------------------------------


def disk(free: int) -> Any:
    return lambda path: shutil._ntuple_diskusage(10**12, 10**12 - free, free)  # type: ignore[attr-defined]


@pytest.mark.parametrize(("free", "level"), [(199, Level.WARNING), (19, Level.ERROR)])
def test_a_disk_that_fills_up_is_told(watch: Watch, monkeypatch: pytest.MonkeyPatch, free: int, level: Level) -> None:
    monkeypatch.setattr(shutil, "disk_usage", disk(free * 1024**2))
    (concern,) = watch.attention.look()
    assert (concern.kind, concern.level) == ("disk_low", level)


def test_a_full_disk_is_told_and_what_else_is_so_stays_told(watch: Watch, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise StoreUnwritable("syncd.db: cannot be written (disk full)")

    store = watch.rig.shop.store
    store.remember("stock_refused", "11 of 12")
    for verb in ("remember", "check_writable"):
        monkeypatch.setattr(store, verb, refuse)
    monkeypatch.setattr(store.alerts, "keep_known", refuse)
    assert sorted(watch.kinds()) == ["plan_refused", "store_unwritable"]


def test_a_store_that_cannot_be_read_is_the_concern_and_nothing_else_seems_mended(
    watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = watch.rig.shop.store
    store.remember("stock_refused", "11 of 12")
    assert watch.kinds() == ["plan_refused"]

    def broken(*_: object) -> None:
        raise RuntimeError("database disk image is malformed")

    monkeypatch.setattr(store.reports, "held", broken)
    monkeypatch.setattr(store, "check_writable", broken)
    assert sorted(watch.kinds()) == ["plan_refused", "store_unreadable"]
    assert "malformed" in str(watch.attention.look()[0].cause) + str(watch.attention.look()[1].cause)


# --- the log, and what is left for commands ---------------------------------------------------------------------------


def test_each_concern_is_logged_when_it_comes_and_when_it_goes_once(watch: Watch, said: Said) -> None:
    rig = watch.rig
    rig.shop.store.remember("stock_refused", "11 of 12")
    for _ in range(3):
        watch.attention.look()
    watch.restart()
    watch.attention.look()
    (line,) = said("concern_raised")
    assert (line["kind"], line["level"]) == ("plan_refused", "warning")
    assert line["key"] == "plan_refused"
    assert "--force-stock" in line["remedy"]
    rig.shop.store.remember("stock_refused", "")
    watch.attention.look()
    assert said("concern_resolved") == [], "just after a start nothing counts as over"
    rig.clock.advance(SETTLED_AFTER_SECONDS)
    for _ in range(3):
        watch.attention.look()
    (line,) = said("concern_resolved")
    assert line["key"] == "plan_refused"


def test_a_command_sees_what_the_daemon_left_as_long_as_it_runs(watch: Watch) -> None:
    rig, store = watch.rig, watch.rig.shop.store
    store.remember("stock_refused", "11 of 12")
    watch.inside = Inside(refusals=(Refusal("haravan", "401 from Haravan", rig.clock.now()),))
    attention.began(store, rig.clock.now())
    watch.attention.look()
    told = switchboard.concerns_of(rig.settings, store, rig.clock)
    assert [one.kind for one in told] == ["credentials_refused", "plan_refused"]
    assert "401 from Haravan" in str(told[0].cause)
    assert "haravan.token_file" in str(told[0].remedy)
    attention.ended(store, rig.clock.now())
    assert [one.kind for one in switchboard.concerns_of(rig.settings, store, rig.clock)] == ["plan_refused"]


def test_a_daemon_that_was_killed_is_mentioned_by_the_next(watch: Watch, said: Said) -> None:
    store, now = watch.rig.shop.store, watch.rig.clock.now()
    attention.began(store, now)
    attention.ended(store, now)
    attention.began(store, now)
    assert said("daemon_ended_uncleanly") == []
    store.remember("daemon", {"pid": 1, "since": now.isoformat(), "ended": False})
    attention.began(store, now)
    (line,) = said("daemon_ended_uncleanly")
    assert (line["pid"], line["level"]) == (1, "info")


def test_the_disk_of_a_folder_that_is_gone_is_not_known(tmp_path: Path) -> None:
    assert attention.free_bytes(tmp_path / "missing" / "syncd.db") is None
    assert (attention.free_bytes(tmp_path / "syncd.db") or 0) > 0
