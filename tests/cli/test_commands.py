"""What others script against: names, JSON keys and exit codes of every command."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from syncd.cli import run
from syncd.sandbox.kernel import Fault
from syncd.store import DaemonLock, Store
from syncd.store.drifts import Drift
from tests.cli_kit import Desk, open_desk


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with open_desk(tmp_path) as opened:
        yield opened


def test_once_prints_its_contract_and_a_second_run_writes_nothing(desk: Desk) -> None:
    desk.place()
    first = desk("once", "--json").json
    assert first["orders"] == {"seen": 1, "changed": 1, "held": 0}
    assert set(first["stock"]) == {"checked", "written", "refused"}
    assert first["calls"]["haravan"] > 0
    assert first["calls"]["kiotviet"] > 0
    desk.sandbox.journal.clear()
    second = desk("once", "--json")
    assert second.code == 0
    assert second.json["orders"]["changed"] == 0
    assert desk.sandbox.journal.writes() == []


def test_plan_shows_each_write_of_once_and_sends_none(desk: Desk) -> None:
    order = desk.place()
    desk.sandbox.kiotviet.counter_sale(desk.sandbox.branches[0], [(desk.sandbox.products["DEP-01"], 2)])
    outcome = desk("plan", "--json")
    number = desk.sandbox.haravan.order(order)["order_number"]
    writes = [(w["target"], w["operation"], w["order_number"]) for w in outcome.json["writes"]]
    assert writes == [
        ("kiotviet", "create_customer", None),
        ("kiotviet", "create_surcharge", None),
        ("kiotviet", "create_order", number),
        ("haravan", "adjust_stock", None),
    ]
    assert desk.sandbox.journal.writes() == []
    assert not (desk.config.parent / "syncd.db").exists()
    assert desk("plan").code == 0


def test_plan_walks_an_order_that_is_delivered_and_paid_through_every_step(desk: Desk) -> None:
    order = desk.place()
    shipment = desk.sandbox.haravan.ship(order)
    for status in ("delivering", "delivered"):
        desk.sandbox.haravan.carrier(order, shipment, status)
    desk.sandbox.haravan.cod(order, shipment, "codreceipt")
    operations = [w["operation"] for w in desk("plan", "--json").json["writes"]]
    assert operations == ["create_customer", "create_surcharge", "create_order", "create_invoice", "complete_invoice"]
    assert desk.sandbox.journal.writes() == []
    assert desk("once").code == 0
    assert desk("explain", str(order), "--json").json["state"] == "completed"


def test_status_prints_its_contract(desk: Desk) -> None:
    desk.place()
    desk("once")
    status = desk("status", "--json")
    assert status.code == 0
    assert status.json["shop"] == "sandbox"
    assert status.json["orders"]["ordered"] == 1
    assert (status.json["held"], status.json["tasks"]) == ([], [])
    assert {"linked", "unlinked", "drift", "last_full_sweep"} <= set(status.json["stock"])
    assert status.json["stock"]["linked"] == 12
    assert set(status.json["cycles"]) == {"orders", "stock"}
    assert {"last_ok", "last_error"} <= set(status.json["cycles"]["orders"])
    assert desk("status").code == 0


def test_status_counts_what_full_comparisons_found_per_day_of_the_shop(desk: Desk) -> None:
    desk("once")
    today = datetime.now(UTC)
    found = Drift(today, "stock", "AO-01", "20", "15", "changed_in_haravan", "", repaired=True)
    document = replace(found, at=today - timedelta(days=2), kind="document")
    with closing(Store(desk.config.parent / "syncd.db")) as store:
        store.drifts.keep([found, found, document], today)
    days = desk("status", "--json").json["stock"]["drift_per_day"]
    assert len(days) == 14
    assert [(day["stock"], day["documents"]) for day in days[-3:]] == [(0, 1), (0, 0), (2, 0)]
    assert days[-1]["day"] == today.astimezone(ZoneInfo("Asia/Ho_Chi_Minh")).date().isoformat()
    assert (
        f"{days[-1]['day'][5:]}: 2 tồn kho, 0 chứng từ, {days[-3]['day'][5:]}: 0 tồn kho, 1 chứng từ"
        in desk("status").out
    )


def test_status_is_stale_when_no_cycle_ever_ended_well(desk: Desk) -> None:
    Store(desk.config.parent / "syncd.db").close()
    assert desk("status").code == 1


def test_explain_takes_a_number_with_and_without_its_sign_and_an_id(desk: Desk) -> None:
    order = desk.place()
    desk("once")
    number = desk.sandbox.haravan.order(order)["order_number"]
    for name in (number, number.lstrip("#"), str(order)):
        told = desk("explain", name, "--json").json
        assert told["haravan_id"] == order
        assert told["order_number"] == number
    assert {"haravan_id", "order_number", "state", "hold", "kiotviet_order", "invoices", "events"} <= set(told)
    assert told["kiotviet_order"]["code"].startswith("DH")
    assert {"at", "event", "detail"} <= set(told["events"][0])
    assert number in desk("explain", number).out


def test_an_unknown_order_is_named(desk: Desk) -> None:
    desk("once")
    outcome = desk("explain", "#999")
    assert outcome.code == 2
    assert "#999" in outcome.err


def test_an_ignored_order_is_left_alone_for_good_and_retry_takes_it_back(desk: Desk) -> None:
    order = desk.place()
    Store(desk.config.parent / "syncd.db").close()
    desk.sandbox.kiotviet.deactivate(desk.sandbox.products["AO-01"])
    desk("once")
    assert desk("ignore", str(order)).code == 0
    desk.sandbox.kiotviet.activate(desk.sandbox.products["AO-01"])
    desk("once")
    assert desk("explain", str(order), "--json").json["state"] == "ignored"
    assert desk.sandbox.kiotviet.orders() == []
    assert desk("retry", str(order)).code == 0
    desk("once")
    assert desk("explain", str(order), "--json").json["state"] == "ordered"


def test_a_second_syncd_on_the_same_database_is_refused_by_pid(desk: Desk) -> None:
    with DaemonLock(desk.config.parent / "syncd.db"):
        outcome = desk.process("once")
    assert outcome.code == 2
    assert "pid" in outcome.err
    assert "Traceback" not in outcome.err


def test_commands_that_only_look_work_while_the_daemon_holds_the_database(desk: Desk) -> None:
    order = desk.place()
    desk("once")
    with DaemonLock(desk.config.parent / "syncd.db"):
        for command, *arguments in (
            ["status"],
            ["explain", str(order)],
            ["plan"],
            ["products"],
            ["check"],
            ["retry", str(order)],
        ):
            assert desk(command, *arguments).code == 0, command
        assert desk("backup", str(desk.config.parent / "copy.db")).code == 0


def test_a_bad_config_names_every_problem_and_touches_nothing(desk: Desk) -> None:
    desk.edit("language: vi", "language: fr\nlangage: vi")
    outcome = desk("once")
    assert outcome.code == 2
    assert "language" in outcome.err
    assert "langage" in outcome.err
    assert desk.sandbox.journal.calls() == []


def test_check_names_a_branch_and_a_location_that_do_not_exist(desk: Desk) -> None:
    branch, location = desk.sandbox.branches[0], desk.sandbox.locations[0]
    desk.edit(f"branch_id: {branch}", "branch_id: 777")
    desk.edit(f"location_id: {location}", "location_id: 888")
    outcome = desk("check")
    assert outcome.code == 2
    assert "777" in outcome.out
    assert "888" in outcome.out
    assert f"{branch} (" in outcome.out
    levels = {finding["level"] for finding in desk("check", "--json").json["findings"]}
    assert "error" in levels


def test_check_names_the_permission_that_is_missing(desk: Desk) -> None:
    desk.sandbox.haravan.deny("com.write_inventories")
    desk.sandbox.haravan.deny("com.read_inventories")
    outcome = desk("check")
    assert outcome.code == 2
    assert "inventor" in outcome.out


def test_a_mass_change_is_refused_until_forced_once(desk: Desk) -> None:
    desk("once")
    for product in desk.sandbox.products.values():
        desk.sandbox.kiotviet.set_stock(product, desk.sandbox.branches[0], 1)
    desk.sandbox.journal.clear()
    refused = desk("once", "--json")
    assert refused.code == 1
    assert refused.json["stock"]["refused"] == 12
    assert "--force-stock" in refused.err
    assert desk.sandbox.journal.writes() == []
    planned = desk("plan", "--json")
    assert planned.json["writes"] == []
    assert {(row["available"], row["wanted"], row["sellable"]) for row in planned.json["refused"]} == {(20, 1, 1)}
    assert len(planned.json["refused"]) == 12
    assert "20 → 1" in desk("plan").out
    forced = desk("once", "--force-stock", "--json")
    assert forced.code == 0
    assert forced.json["stock"]["written"] == 12


def test_products_lists_orphans_with_what_to_do(desk: Desk) -> None:
    desk.sandbox.kiotviet.add_product("LE-01", "Hàng lẻ", 10_000, stock={desk.sandbox.branches[0]: 1})
    listed = desk("products", "--json").json
    assert len(listed["links"]) == 12
    assert [p["kiotviet_code"] for p in listed["problems"]] == ["LE-01"]
    assert "LE-01" in desk("products").out


def test_reconcile_repairs_drift_and_says_how_much(desk: Desk) -> None:
    desk("once")
    desk.sandbox.haravan.staff_adjust(desk.sandbox.locations[0], [(desk.sandbox.variants["AO-01"], -3)])
    outcome = desk("reconcile", "--json").json
    assert outcome["stock_repaired"] == 1
    (found,) = outcome["stock"]["differences"]
    assert (found["sku"], found["code"], found["found"], found["expected"]) == (
        "AO-01",
        "changed_in_haravan",
        "17",
        "20",
    )
    assert found["repaired"]
    assert desk("status", "--json").json["stock"]["drift_per_day"][-1]["stock"] == 1


def test_reconcile_tells_which_documents_differed_and_why(desk: Desk) -> None:
    order = desk.place()
    desk("once")
    (document,) = desk.sandbox.kiotviet.orders()
    desk.sandbox.kiotviet.staff_cancel_order(document["id"])
    outcome = desk("reconcile", "--json")
    assert outcome.code == 0
    (found,) = outcome.json["documents"]["differences"]
    assert (found["haravan_id"], found["code"], found["repaired"]) == (order, "status_differs", False)
    assert outcome.json["documents"]["complete"]
    assert outcome.json["documents"]["compared"] == 1
    assert {"orders_changed", "stock_checked", "stock_repaired", "errors", "stock"} <= set(outcome.json)


def test_reconcile_prints_what_differed(desk: Desk) -> None:
    desk.place()
    desk("once")
    (document,) = desk.sandbox.kiotviet.orders()
    desk.sandbox.kiotviet.staff_cancel_order(document["id"])
    outcome = desk("reconcile")
    assert outcome.code == 0
    shown = outcome.out
    assert f"{document['code']} trong KiotViet hiện là" in " ".join(shown.split())
    assert "1 mục bị lệch" in shown


def test_reconcile_fails_when_documents_could_not_be_compared(desk: Desk) -> None:
    desk.place()
    desk("once")
    desk.sandbox.faults.add(Fault("status", "kiotviet", path="^/invoices$", times=0))
    outcome = desk("reconcile", "--json")
    assert outcome.code == 1
    assert not outcome.json["documents"]["complete"]
    assert len(outcome.json["errors"]) >= 1


def test_a_command_without_a_config_is_told_so(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["once"]) == 2
    assert "-c FILE" in capsys.readouterr().err


def test_help_and_version_need_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--help"]) == 0
    assert run(["--version"]) == 0
    assert "syncd" in capsys.readouterr().out


def test_sandbox_lists_its_switches(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["sandbox", "--list-switches"]) == 0
    assert "haravan.filter_clock" in capsys.readouterr().out


def test_a_product_that_the_shop_adds_releases_its_order_in_the_very_next_run(desk: Desk) -> None:
    (variant,) = desk.sandbox.haravan.add_product("Hộp quà", [{"sku": "HOP-1", "price": 100_000}])
    order = desk.sandbox.haravan.place_order([(variant, 1)])
    desk("once")
    assert [row["code"] for row in desk("status", "--json").json["held"]] == ["unknown_sku"]
    branch = desk.sandbox.branches[0]
    desk.sandbox.kiotviet.add_product("HOP-1", "Hộp quà", 100_000, stock={branch: 5})
    assert "create_order" in [write["operation"] for write in desk("plan", "--json").json["writes"]]
    assert desk("once").code == 0
    assert desk("explain", str(order), "--json").json["state"] == "ordered"


def test_status_names_a_write_whose_answer_was_lost(desk: Desk) -> None:
    desk.edit("lookup_wait_seconds: 0", "lookup_wait_seconds: 600")
    order = desk.place()
    desk.sandbox.faults.add(Fault("lose_request", remote="kiotviet", method="POST", path="^/orders$"))
    assert desk("once").code == 1
    (doubt,) = desk("status", "--json").json["in_doubt"]
    assert (doubt["haravan_id"], doubt["operation"], doubt["marker"]) == (order, "create_order", f"HRV#{order}")
    assert f"HRV#{order}" in desk("status").out


def test_status_names_orders_outside_the_filter_that_were_shipped(desk: Desk) -> None:
    order = desk.place(cod=False, gateway="Chuyển khoản")
    desk("once")
    assert desk("status", "--json").json["shipped_outside"] == []
    shipment = desk.sandbox.haravan.ship(order)
    desk.sandbox.haravan.carrier(order, shipment, "delivering")
    desk("once")
    assert [row["haravan_id"] for row in desk("status", "--json").json["shipped_outside"]] == [order]
    assert desk.sandbox.haravan.order(order)["order_number"] in desk("status").out
