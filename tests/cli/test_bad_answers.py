"""Whatever either remote answers, the admin reads a sentence, and nothing is lost once the weather clears."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from syncd.sandbox.kernel import Fault
from tests.cli_kit import Desk, Outcome, open_desk

RUNS = 5
READS = (
    Fault("unauthorized", times=0),
    Fault("forbidden", times=0),
    Fault("rate_limited", times=0, retry_after=0.05),
    Fault("status", status=500, times=0),
    Fault("status", status=503, times=0),
    Fault("html", times=0),
    Fault("truncate", times=0),
    Fault("garbage_json", times=0),
    Fault("missing_keys", times=0),
    Fault("lose_request", times=0),
    Fault("lose_answer", times=0),
)


def _name(fault: Fault) -> str:
    return f"{fault.kind} {fault.status}" if fault.kind == "status" else fault.kind


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with open_desk(tmp_path) as opened:
        yield opened


def _said_well(outcome: Outcome) -> None:
    assert "Traceback" not in outcome.err + outcome.out
    assert "0901234567" not in outcome.err + outcome.out
    assert "sandbox-secret" not in outcome.err + outcome.out
    assert "haravan-sandbox-token" not in outcome.err + outcome.out


def _all_is_well(desk: Desk, order: int) -> None:
    for _ in range(RUNS):
        last = desk("once")
        _said_well(last)
    assert last.code == 0, last.err
    assert desk("explain", str(order), "--json").json["state"] == "ordered"
    assert len(desk.sandbox.kiotviet.orders()) == 1
    assert len(desk.sandbox.kiotviet.customers()) == 1


@pytest.mark.parametrize("remote", ["haravan", "kiotviet"])
@pytest.mark.parametrize("fault", READS, ids=_name)
def test_a_side_that_answers_badly_fails_the_run_and_loses_nothing(desk: Desk, remote: str, fault: Fault) -> None:
    order = desk.place()
    desk.sandbox.faults.add(replace(fault, remote=remote))
    outcome = desk("once")
    _said_well(outcome)
    assert outcome.code == 1
    assert outcome.err.strip()
    assert desk.sandbox.kiotviet.orders() == [] or fault.kind in (
        "lose_answer",
        "truncate",
        "missing_keys",
        "garbage_json",
    )
    desk.sandbox.faults.clear()
    _all_is_well(desk, order)


@pytest.mark.parametrize("fault", [f for f in READS if f.kind != "rate_limited"], ids=_name)
def test_a_bad_answer_to_the_order_itself_makes_one_order_in_the_end(desk: Desk, fault: Fault) -> None:
    order = desk.place()
    desk.sandbox.faults.add(replace(fault, remote="kiotviet", method="POST", path="^/orders$", times=1))
    _said_well(desk("once"))
    _all_is_well(desk, order)


def test_a_refusal_by_kiotviet_holds_the_order_with_its_own_sentence(desk: Desk) -> None:
    order = desk.place()
    other = desk.place(("NON-01", 1))
    desk.sandbox.kiotviet.deactivate(desk.sandbox.products["AO-01"])
    outcome = desk("once")
    _said_well(outcome)
    assert outcome.code == 0, "a held order does not fail the run"
    held = desk("status", "--json").json["held"]
    assert [(row["haravan_id"], row["code"]) for row in held] == [(order, "rejected")]
    assert "ngừng kinh doanh" in held[0]["reason"]
    assert desk("explain", str(other), "--json").json["state"] == "ordered"
    desk.sandbox.kiotviet.activate(desk.sandbox.products["AO-01"])
    assert desk("retry", str(order)).code == 0
    assert desk("once").code == 0
    assert desk("explain", str(order), "--json").json["state"] == "ordered"


def test_one_unreadable_order_is_held_and_the_others_go_on(desk: Desk) -> None:
    bad = desk.place()
    good = desk.place(("NON-01", 1))
    desk.sandbox.haravan.corrupt(bad, {"line_items": "?"})
    outcome = desk("once")
    _said_well(outcome)
    held = desk("status", "--json").json["held"]
    assert [(row["haravan_id"], row["code"]) for row in held] == [(bad, "bad_payload")]
    assert desk("explain", str(good), "--json").json["state"] == "ordered"


def test_wrong_credentials_are_named_and_nothing_is_written(desk: Desk) -> None:
    desk.place()
    desk.sandbox.kiotviet.revoke_credentials()
    outcome = desk("check")
    _said_well(outcome)
    assert outcome.code == 2
    assert "client_secret_file" in outcome.out
    outcome = desk("once")
    assert outcome.code == 1
    assert desk.sandbox.journal.writes() == []
