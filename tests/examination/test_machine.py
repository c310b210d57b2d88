"""Clock, disk, rights and what else this machine must give."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from syncd.clock import ManualClock
from syncd.core.findings import Finding, Grade
from syncd.cycles.examination.machine import MachineCheck
from syncd.sandbox.inprocess import InProcessTransport
from syncd.sandbox.world import Sandbox
from syncd.store import DaemonLock
from tests.examination.kit import troubles
from tests.rig import START, Rig

MEGABYTE = 1024 * 1024


def machine(folder: Path, **given: object) -> MachineCheck:
    config = folder / "config.yaml"
    config.touch(mode=0o644)
    return MachineCheck(config, folder / "syncd.db", dict, {}, **given)  # type: ignore[arg-type]


def kinds(findings: Iterator[Finding]) -> dict[str, Grade]:
    return {finding.kind: finding.level for finding in findings if finding.level != Grade.OK}


@pytest.fixture
def skewed(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Rig]:
    """A rig whose own clock is so many seconds ahead of that of both shops."""
    rig = Rig(tmp_path)
    rig.clock = ManualClock(START)
    rig.clock.step(request.param)
    yield rig
    rig.close()


@pytest.mark.parametrize(
    ("skewed", "level", "words"),
    [
        (3600.0, Grade.ERROR, "60 min ahead"),
        (-3600.0, Grade.ERROR, "60 min behind"),
        (300.0, Grade.WARNING, "5 min ahead"),
        (-130.0, Grade.WARNING, "2 min behind"),
    ],
    indirect=["skewed"],
)
def test_a_clock_that_is_off_is_told_with_direction_and_remedy(skewed: Rig, level: Grade, words: str) -> None:
    found = troubles(skewed)["clock_off"]
    assert (found.level, words in str(found.cause)) == (level, True)
    assert "timedatectl set-ntp true" in str(found.remedy)
    offsets = skewed.shop.remotes.clock_offsets()
    assert offsets.keys() == {"haravan", "kiotviet"}


@pytest.mark.parametrize("skewed", [100.0, -100.0, 0.0], indirect=True)
def test_a_clock_that_is_nearly_right_is_fine(skewed: Rig) -> None:
    assert "clock_off" not in troubles(skewed)


def test_a_clock_that_one_remote_confirms_is_not_doubted(rig: Rig) -> None:
    wrong = Sandbox.small_shop(ManualClock(START))
    wrong.clock.step(-7200)  # type: ignore[attr-defined]
    gate = InProcessTransport(wrong.haravan_gate)
    outside = rig.outside()
    rig.outside = lambda: type(outside)(  # type: ignore[method-assign]
        clock=rig.clock, haravan_transport=gate, kiotviet_transport=outside.kiotviet_transport, inline=True
    )
    assert "clock_off" not in troubles(rig)


@pytest.mark.parametrize(("megabytes", "level"), [(199, Grade.WARNING), (20, Grade.WARNING), (19, Grade.ERROR)])
def test_little_room_on_the_disk_is_told(tmp_path: Path, megabytes: int, level: Grade) -> None:
    assert kinds(machine(tmp_path, free_bytes=lambda _: megabytes * MEGABYTE).trouble()) == {"disk_low": level}
    assert kinds(machine(tmp_path, free_bytes=lambda _: 200 * MEGABYTE).trouble()) == {}


def test_a_config_that_others_may_change_is_told(tmp_path: Path) -> None:
    check = machine(tmp_path)
    (tmp_path / "config.yaml").chmod(0o664)
    assert kinds(check.trouble()) == {"config_writable": Grade.WARNING}


def test_a_database_that_cannot_be_written_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # root may write everything, so that the answer of the operating system is played here
    real = os.access
    monkeypatch.setattr(os, "access", lambda path, mode: Path(path) != tmp_path and real(path, mode))
    assert kinds(machine(tmp_path).trouble()) == {"database_not_writable": Grade.ERROR}


def test_a_folder_that_is_not_there_is_told_unless_systemd_makes_it(tmp_path: Path) -> None:
    check = MachineCheck(tmp_path / "config.yaml", tmp_path / "no" / "syncd.db", dict, {})
    assert kinds(check.trouble()) == {"database_folder_missing": Grade.ERROR}
    check = MachineCheck(tmp_path / "config.yaml", Path("/var/lib/syncd-of-a-test/syncd.db"), dict, {})
    assert kinds(check.trouble()) == {}


def test_another_daemon_is_named_and_not_disturbed(tmp_path: Path) -> None:
    database = tmp_path / "syncd.db"
    with DaemonLock(database):
        # the lock of this very process is no other daemon
        assert [f for f in machine(tmp_path).about(START) if f.check == "daemon"] == []
        pid = os.fork()
        if pid == 0:
            other = [f.cause for f in machine(tmp_path).about(START) if f.check == "daemon"]
            os._exit(0 if str(os.getppid()) in str(other) else 1)
        assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
    assert [f for f in machine(tmp_path).about(START) if f.check == "daemon"] == []


def test_a_daemon_that_works_on_this_database_is_named_by_its_pid(tmp_path: Path) -> None:
    ready, end = os.pipe(), os.pipe()
    pid = os.fork()
    if pid == 0:
        with DaemonLock(tmp_path / "syncd.db"):
            os.write(ready[1], b".")
            os.read(end[0], 1)
            os._exit(0)
    os.read(ready[0], 1)
    told = [str(f.cause) for f in machine(tmp_path).about(START) if f.check == "daemon"]
    os.write(end[1], b".")
    os.waitpid(pid, 0)
    assert len(told) == 1
    assert str(pid) in told[0]


def test_a_database_whose_folder_may_not_even_be_looked_at_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # root may look everywhere, so that the answer of the operating system is played here
    def refused(_: Path) -> bool:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "is_dir", refused)
    assert kinds(machine(tmp_path).trouble()) == {"database_not_readable": Grade.WARNING}


def test_a_disk_that_does_not_tell_its_room_is_no_trouble(tmp_path: Path) -> None:
    def silent(_: Path) -> int:
        raise OSError(38, "Function not implemented")

    assert kinds(machine(tmp_path, free_bytes=silent).trouble()) == {}


def test_a_proxy_in_the_environment_and_missing_credentials_are_told(tmp_path: Path) -> None:
    environ = {"HTTPS_PROXY": "http://proxy.example:3128", "NOTIFY_SOCKET": "/run/systemd/notify"}
    found = list(MachineCheck(tmp_path / "c", tmp_path / "d", dict, environ).about(START))
    assert {"proxy", "systemd"} <= {finding.check for finding in found}
    assert "proxy.example" not in str(found)


def test_the_real_store_stays_as_it_is(rig: Rig) -> None:
    store = rig.shop.store
    store.remember("examined_names:branch", {str(rig.branch): {"name": "Tên cũ"}})
    with rig.plan() as plan:
        assert "branch_renamed" in [finding.kind for finding in plan.examination.everything()]
    assert store.tasks() == []
    assert store.recall("examined_names:branch") == {str(rig.branch): {"name": "Tên cũ"}}
