"""What a person must know, said from plain facts: one row per rule, each with its remedy in both languages."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from syncd.core.concerns import KINDS, LITTLE_SPACE, NO_SPACE, Concern, Level, concerns
from syncd.core.facts import (
    ChannelFault,
    ConfigRefusal,
    CycleFacts,
    Facts,
    Knock,
    LostWrite,
    Refusal,
    Silence,
    Trouble,
    Waiting,
)
from syncd.core.messages import _SUBJECTS
from syncd.core.texts import LANGUAGES, text

NOW = datetime(2026, 11, 26, 3, 0, tzinfo=UTC)
CALM = Facts(NOW, database="/var/lib/syncd/syncd.db", started_at=NOW - timedelta(days=1))
PAUSE = timedelta(seconds=15)


def ago(**time: float) -> datetime:
    return NOW - timedelta(**time)


def orders(**fields: Any) -> CycleFacts:
    return CycleFacts("orders", PAUSE, **fields)


def kinds(facts: Facts) -> list[str]:
    return [concern.kind for concern in concerns(facts)]


HELD = Waiting(1001, "#100020", "unknown_sku", "Đơn #100020: mã SKU 'X' không có trong KiotViet", ago(hours=2))
TROUBLES: list[tuple[str, str, Level, dict[str, Any], str]] = [
    ("held", "held:1001", Level.WARNING, {"held": (HELD,)}, "'syncd explain #100020'"),
    ("task", "task:7", Level.WARNING, {"tasks": (Waiting(7, "#1", "refunded", "x", NOW),)}, "'syncd done 7'"),
    (
        "drift_returns",
        "task:8",
        Level.WARNING,
        {"tasks": (Waiting(8, "", "stock_rewritten", "x", NOW),)},
        "another connector",
    ),
    (
        "credentials_refused",
        "credentials_refused:haravan",
        Level.ERROR,
        {"refusals": (Refusal("haravan", "401", NOW),)},
        "haravan.token_file",
    ),
    (
        "credentials_refused",
        "credentials_refused:kiotviet",
        Level.ERROR,
        {"refusals": (Refusal("kiotviet", "401", NOW),)},
        "kiotviet.client_secret_file",
    ),
    (
        "no_good_cycle",
        "no_good_cycle:orders",
        Level.ERROR,
        {"cycles": (orders(last_ok=ago(minutes=15), error="x", trouble=Trouble.NETWORK),)},
        "firewall",
    ),
    (
        "cycle_stuck",
        "cycle_stuck:orders",
        Level.ERROR,
        {"cycles": (orders(last_ok=NOW, stuck_since=ago(minutes=10)),)},
        "systemctl restart syncd",
    ),
    ("plan_refused", "plan_refused", Level.ERROR, {"plan_refused": "11 of 12"}, "'syncd once --force-stock'"),
    (
        "budget_spent",
        "budget_spent",
        Level.WARNING,
        {"gets_left": 39, "gets_per_hour": 4000},
        "kiotviet.gets_per_hour",
    ),
    (
        "write_in_doubt",
        "write_in_doubt:create_order:HRV#1",
        Level.WARNING,
        {"lost_writes": (LostWrite("create_order", "HRV#1", ago(hours=1)),)},
        "Look for HRV#1",
    ),
    ("config_refused", "config_refused", Level.WARNING, {"config": ConfigRefusal(("a:1: b",), NOW)}, "'syncd check'"),
    ("store_unwritable", "store_unwritable", Level.ERROR, {"unwritable": "disk full"}, "Free space"),
    ("store_unreadable", "store_unreadable", Level.ERROR, {"unreadable": "malformed"}, "backup"),
    ("disk_low", "disk_low", Level.WARNING, {"free_bytes": LITTLE_SPACE - 1}, "Free space"),
    ("disk_low", "disk_low", Level.ERROR, {"free_bytes": NO_SPACE - 1}, "Free space"),
    ("second_daemon", "second_daemon", Level.WARNING, {"knock": Knock(42, ago(minutes=59))}, "switch it off"),
    (
        "webhooks_silent",
        "webhooks_silent:kiotviet",
        Level.WARNING,
        {"silences": (Silence("kiotviet", ago(hours=24)),), "order_moved_at": ago(hours=1)},
        "/webhooks/kiotviet",
    ),
    ("tags_not_written", "tags_not_written", Level.WARNING, {"tags_error": "not allowed"}, "com.write_orders"),
    (
        "alerts_not_sent",
        "alerts_not_sent:email",
        Level.WARNING,
        {"channels": (ChannelFault("email", "refused", ago(minutes=15)),)},
        "'syncd alert-test'",
    ),
]


@pytest.mark.parametrize(("kind", "key", "level", "fields", "remedy"), TROUBLES, ids=[row[1] for row in TROUBLES])
def test_each_trouble_is_one_concern_with_its_remedy(
    kind: str, key: str, level: Level, fields: dict[str, Any], remedy: str
) -> None:
    (concern,) = concerns(replace(CALM, **fields))
    assert (concern.kind, concern.key, concern.level) == (kind, key, level)
    assert kind in KINDS
    assert remedy in str(concern.remedy)
    for said in (concern.cause, concern.remedy):
        assert len({said.said(language) for language in LANGUAGES}) == 2, "each language has its own words"


def test_every_kind_is_raised_by_something_and_has_a_subject() -> None:
    assert {row[0] for row in TROUBLES} | {"findings"} == set(KINDS) == set(_SUBJECTS)


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"cycles": (orders(last_ok=ago(minutes=14, seconds=59), error="x"),)},
        {"cycles": (orders(last_ok=NOW, stuck_since=ago(minutes=9)),)},
        {"lost_writes": (LostWrite("create_order", "HRV#1", ago(minutes=59)),)},
        {"gets_left": 40, "gets_per_hour": 4000},
        {"free_bytes": LITTLE_SPACE},
        {"knock": Knock(42, ago(hours=1))},
        {"knock": Knock(42, ago(hours=-5))},
        {"silences": (Silence("kiotviet", ago(hours=23)),), "order_moved_at": ago(hours=1)},
        {"silences": (Silence("kiotviet", ago(hours=48)),), "order_moved_at": ago(hours=47, minutes=30)},
        {"silences": (Silence("kiotviet", ago(hours=48)),)},
        {"channels": (ChannelFault("email", "refused", ago(minutes=14)),)},
    ],
)
def test_what_passes_by_itself_concerns_nobody(fields: dict[str, Any]) -> None:
    assert concerns(replace(CALM, **fields)) == ()


def test_errors_come_first_then_the_oldest() -> None:
    older, newer = replace(HELD, id=1, since=ago(hours=3)), replace(HELD, id=2, since=ago(hours=1))
    facts = replace(CALM, held=(newer, older), unwritable="disk full")
    assert [concern.key for concern in concerns(facts)] == ["store_unwritable", "held:1", "held:2"]


# --- cycles ----------------------------------------------------------------------------------------------------------


def test_a_daemon_that_has_just_begun_gets_its_time() -> None:
    yesterday = orders(last_ok=ago(days=1))
    started = replace(CALM, started_at=ago(minutes=14), cycles=(yesterday,))
    assert kinds(started) == []
    assert kinds(replace(started, started_at=ago(minutes=15))) == ["no_good_cycle"]


def test_a_restart_does_not_make_an_old_trouble_look_mended() -> None:
    facts = replace(CALM, started_at=NOW, cycles=(orders(last_ok=ago(hours=1)),))
    known = replace(facts, seen={"no_good_cycle:orders": ago(hours=1)})
    assert kinds(known) == ["no_good_cycle"]
    assert kinds(replace(known, cycles=(orders(last_ok=NOW),))) == []


def test_a_cycle_that_never_went_well_is_told_from_the_start_on() -> None:
    never = replace(CALM, started_at=ago(minutes=20), cycles=(orders(error="no network"),))
    (concern,) = concerns(never)
    assert concern.since == ago(minutes=20)
    assert "never" in str(concern.cause)
    assert "no network" in str(concern.cause)
    assert kinds(replace(never, started_at=None)) == []


def test_a_shop_that_polls_rarely_is_given_three_pauses() -> None:
    rare = CycleFacts("stock", timedelta(minutes=30), last_ok=ago(minutes=89))
    assert kinds(replace(CALM, cycles=(rare,))) == []
    assert kinds(replace(CALM, cycles=(replace(rare, last_ok=ago(minutes=90)),))) == ["no_good_cycle"]


def test_where_no_daemon_runs_the_hint_is_to_start_it() -> None:
    (concern,) = concerns(replace(CALM, started_at=None, cycles=(orders(last_ok=ago(hours=1)),)))
    assert "systemctl start syncd" in str(concern.remedy)


@pytest.mark.parametrize("trouble", list(Trouble))
def test_each_trouble_has_a_hint_of_its_own(trouble: Trouble) -> None:
    cycle = orders(last_ok=ago(hours=1), error="x", trouble=trouble)
    (concern,) = concerns(replace(CALM, cycles=(cycle,)))
    others = {str(concerns(replace(CALM, cycles=(replace(cycle, trouble=t),)))[0].remedy) for t in Trouble}
    assert len(others) == len(Trouble)
    assert str(concern.remedy) in others


def test_a_concern_without_an_age_is_as_old_as_it_is_known() -> None:
    facts = replace(CALM, plan_refused="x")
    assert concerns(facts)[0].since == NOW
    assert concerns(replace(facts, seen={"plan_refused": ago(days=2)}))[0].since == ago(days=2)


def test_many_problems_of_a_config_are_counted() -> None:
    (concern,) = concerns(replace(CALM, config=ConfigRefusal(tuple("abcde"), NOW)))
    assert "a; b; c; +2" in str(concern.cause)


def test_times_are_said_as_the_shop_reads_them() -> None:
    (concern,) = concerns(replace(CALM, knock=Knock(42, ago(minutes=1))))
    assert "2026-11-26 09:59 (+07)" in str(concern.cause)


def finding(kind: str, key: str) -> Concern:
    return Concern(key, kind, Level.ERROR, text("never"), text("never"), NOW)


def test_what_the_facts_tell_is_not_told_by_the_examination_under_another_key() -> None:
    low = replace(CALM, free_bytes=NO_SPACE - 1)
    both = (finding("clock_off", "clock_off:clock"), finding("disk_low", "disk_low:disk"))
    assert [one.key for one in concerns(low, both)] == ["clock_off:clock", "disk_low"]
    assert concerns(CALM, (finding("disk_low", "disk_low:disk"),)) == (), "it was a minute ago, and is over"
    lacking = replace(CALM, refusals=(Refusal("haravan", "403", NOW, "com.read_orders"),))
    found = tuple(finding("scope_missing", f"scope_missing:x:com.read_{what}") for what in ("orders", "products"))
    keys = [one.key for one in concerns(lacking, found)]
    assert keys == ["credentials_refused:haravan", "scope_missing:x:com.read_products"]
    asked = replace(CALM, tasks=(Waiting(9, "", "branch_renamed", "x", NOW),))
    assert [one.key for one in concerns(asked, (finding("branch_renamed", "branch_renamed:1001"),))] == ["task:9"]


def test_kiotviet_has_no_permissions_to_tick() -> None:
    refusal = Refusal("kiotviet", "403", NOW, "GET /orders")
    (concern,) = concerns(replace(CALM, refusals=(refusal,)))
    assert "Mã bảo mật" in str(concern.remedy)


def test_a_line_that_is_down_names_the_servers_to_reach() -> None:
    down = orders(last_ok=ago(minutes=15), error="x", trouble=Trouble.NETWORK)
    (concern,) = concerns(replace(CALM, cycles=(down,), hosts=("apis.haravan.com", "id.kiotviet.vn")))
    assert "apis.haravan.com, id.kiotviet.vn" in str(concern.remedy)


def test_an_order_that_kiotviet_refuses_points_to_its_settings() -> None:
    refused = replace(HELD, code="rejected")
    (concern,) = concerns(replace(CALM, held=(refused,)))
    assert "Thiết lập cửa hàng > Giao dịch" in str(concern.remedy)


def test_a_full_disk_is_no_damaged_database() -> None:
    full = replace(CALM, unreadable="OperationalError: disk I/O error", free_bytes=4096)
    assert kinds(full) == ["disk_low"]
    assert kinds(replace(full, free_bytes=LITTLE_SPACE)) == ["store_unreadable"]
