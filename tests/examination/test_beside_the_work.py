"""The daemon examines as well: rarely, cheaply, and it says each thing once."""

from __future__ import annotations

import pytest

from syncd.clock import ManualClock
from syncd.core.concerns import Level
from syncd.sandbox.faults import Fault
from tests.rig import Rig


@pytest.fixture
def watched(rig: Rig) -> Rig:
    """A rig that was examined once and has nothing wrong with it."""
    rig.once()
    rig.shop.examination.look()
    assert rig.shop.examination.concerns() == ()
    rig.journal.clear()
    return rig


def kinds(rig: Rig, seconds: float = 0) -> list[str]:
    rig.later(seconds)
    rig.shop.examination.look()
    return [concern.kind for concern in rig.shop.examination.concerns()]


def test_both_shops_are_read_hourly_and_for_little(watched: Rig) -> None:
    for _ in range(59):
        kinds(watched, 60)
    assert watched.journal.calls() == []
    kinds(watched, 60)
    assert 0 < len(watched.journal.calls("haravan")) <= 8
    assert 0 < len(watched.journal.calls("kiotviet")) <= 6
    assert watched.journal.writes() == []


def test_a_trouble_keeps_its_time_over_a_restart_and_goes(watched: Rig) -> None:
    watched.kiotviet.setting("SellAllowOrder", False)
    assert kinds(watched, 3600) == ["order_feature_off"]
    began = watched.clock.now()
    assert kinds(watched, 300) == ["order_feature_off"]
    watched.reopen()
    assert kinds(watched, 300) == ["order_feature_off"]
    (concern,) = watched.shop.examination.concerns()
    assert (concern.key, concern.since, concern.level) == ("order_feature_off:KiotViet settings", began, Level.ERROR)
    watched.kiotviet.setting("SellAllowOrder", True)
    assert kinds(watched, 300) == []


def test_an_order_that_kiotviet_refuses_has_the_settings_examined_at_once(watched: Rig) -> None:
    watched.kiotviet.setting("SellAllowOrder", False)
    assert kinds(watched, 600) == []
    watched.place()
    watched.orders()
    assert kinds(watched, 60) == ["order_feature_off"]
    watched.journal.clear()
    assert kinds(watched, 60) == ["order_feature_off"]
    assert watched.journal.calls() == [], "once for each refusal"


def test_refusals_have_the_settings_examined_every_five_minutes_at_most(watched: Rig) -> None:
    watched.kiotviet.setting("AllowOrderWhenOutStock", False)
    for minutes, expected in ((10, True), (1, False), (4, True)):
        watched.later(minutes * 60 - 60)
        watched.place(("AO-01", 500))
        watched.orders()
        watched.journal.clear()
        kinds(watched, 60)
        assert any(call.path.endswith("/settings") for call in watched.journal.calls()) is expected


def test_a_side_that_cannot_be_examined_keeps_what_was_found_before(watched: Rig) -> None:
    watched.kiotviet.setting("SellAllowOrder", False)
    kinds(watched, 3600)
    watched.faults.add(Fault("refuse", remote="kiotviet", times=0))
    assert kinds(watched, 300) == ["order_feature_off"]
    (before,) = watched.shop.examination.concerns()
    watched.reopen()
    assert kinds(watched, 300) == [], "nobody could look"
    watched.faults.clear()
    assert kinds(watched, 300) == ["order_feature_off"]
    assert watched.shop.examination.concerns()[0].since == before.since


def test_a_line_that_is_down_is_the_cycles_own_news(watched: Rig) -> None:
    watched.faults.add(Fault("refuse", times=0))
    assert kinds(watched, 3600) == []
    watched.faults.clear()
    watched.haravan.revoke_token()
    assert kinds(watched, 300) == []


def test_the_clock_is_looked_at_each_minute(watched: Rig) -> None:
    theirs = ManualClock(watched.clock.now())
    watched.sandbox.haravan_gate._clock = watched.sandbox.kiotviet_gate._clock = theirs
    assert kinds(watched, 60) == []
    watched.clock.step(3600)
    assert kinds(watched, 60) == [], "no answer has told the time yet"
    watched.orders()
    watched.shop.remotes.kiotviet.branches()
    assert kinds(watched, 60) == ["clock_off"]


def test_shared_codes_are_known_from_the_links_alone(watched: Rig) -> None:
    watched.haravan.add_product("Áo khác", [{"sku": "AO-MOI", "barcode": "AO-01", "price": 1}])
    watched.shop.catalogue.refresh()
    watched.journal.clear()
    assert kinds(watched, 3600) == ["duplicate_codes"]
    assert [call.path for call in watched.journal.calls("kiotviet") if "/products" in call.path] == []


def test_a_first_look_reads_no_catalogue(rig: Rig) -> None:
    rig.shop.examination.look()
    assert [call.path for call in rig.journal.calls() if call.path.endswith(("/products", "/products.json"))] == []
