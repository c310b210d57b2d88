"""A part of a shop that cannot be read is told for what it is, and every other part is examined all the same."""

from __future__ import annotations

from pathlib import Path

import pytest

from syncd.core.findings import Finding, Grade
from syncd.cycles.drift_watch import TASK
from syncd.cycles.examination.haravan import WAY
from syncd.cycles.examination.troubles import Read
from syncd.errors import Transient
from syncd.sandbox.faults import Fault
from tests.examination.kit import examined, settings, troubles
from tests.rig import Rig


def refuse(rig: Rig, remote: str, path: str, nth: int = 1) -> None:
    rig.faults.add(Fault("status", remote=remote, path=path, status=422, nth=nth, times=0))


def told(rig: Rig) -> dict[str, list[Finding]]:
    """What is found, by what was looked at."""
    found: dict[str, list[Finding]] = {}
    for finding in examined(rig):
        found.setdefault(finding.check, []).append(finding)
    return found


@pytest.mark.parametrize(
    ("path", "nth", "check"),
    [
        ("orders/count", 2, "orders.since"),
        ("/locations", 1, "Haravan locations"),
        ("/products/count", 1, "Haravan products"),
    ],
)
def test_a_list_that_haravan_refuses_is_told_and_the_others_are_read(rig: Rig, path: str, nth: int, check: str) -> None:
    refuse(rig, "haravan", path, nth)
    found = told(rig)
    assert [(one.kind, one.level) for one in found[check]] == [("rejected", Grade.ERROR)]
    assert found["Haravan orders"][0].level == found["Haravan stock"][0].level == Grade.OK
    assert found["KiotViet"][0].level == Grade.OK


def test_bank_accounts_that_kiotviet_does_not_show_leave_the_account_in_doubt(rig: Rig) -> None:
    settings(rig, "orders", cod_method="Transfer", cod_account_id=5)
    refuse(rig, "kiotviet", "/bankaccounts")
    assert [one.kind for one in told(rig)["orders.cod_account_id"]] == ["rejected"]


def test_a_remote_that_does_not_answer_in_time_is_told_from_one_that_cannot_be_reached() -> None:
    def silent() -> None:
        raise Transient("Haravan: no answer") from TimeoutError("timed out")

    read = Read(WAY, "Haravan", silent)
    assert [finding.kind for finding in read.trouble()] == ["no_answer"]
    assert read.stops_all


def test_another_program_that_undoes_our_figures_is_told_with_the_number_of_its_task(rig: Rig) -> None:
    store = rig.shop.store
    store.add_task(f"{TASK}:1", None, "", TASK, "…", rig.clock.now())
    (task,) = store.tasks()
    found = troubles(rig)["other_stock_writer"]
    assert str(task.id) in str(found.cause)


def test_tags_are_fine_until_haravan_refuses_them_and_then_say_which_permission_is_missing(tmp_path: Path) -> None:
    rig = Rig(tmp_path, tags=True)
    assert [one.level for one in told(rig)["orders.tags"]] == [Grade.OK]
    rig.haravan.deny("com.write_orders")
    rig.place()
    rig.orders()
    (found,) = told(rig)["orders.tags"]
    assert (found.kind, "com.write_orders" in str(found.remedy)) == ("tags_not_written", True)
    rig.close()
