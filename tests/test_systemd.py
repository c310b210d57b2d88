"""The units, as systemd itself judges them."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from syncd.cli.backup import command
from tests.architecture import ROOT

UNITS = ROOT / "systemd"
NAMES = ["syncd.service", "syncd@.service"]
BACKUPS = ["syncd-backup.service", "syncd-backup@.service"]
TIMERS = ["syncd-backup.timer", "syncd-backup@.timer"]
MOST_EXPOSED = 1.5
HTTP_DEADLINE_SECONDS = 60

needs_systemd = pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd-analyze is not installed")


def directives(name: str) -> Iterator[tuple[str, str]]:
    for line in (UNITS / name).read_text().splitlines():
        if line and line[0] not in "#[":
            key, _, value = line.partition("=")
            yield key, value


def analyze(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = ["systemd-analyze", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


@needs_systemd
@pytest.mark.parametrize("name", [*NAMES, *BACKUPS, *TIMERS])
def test_systemd_finds_nothing_to_complain_about(name: str, tmp_path: Path) -> None:
    # A timer is judged together with the service that it starts.
    for unit in {name, name.replace(".timer", ".service")}:
        # The program of an installed shop does not exist here; one that does stands in for it.
        text = (UNITS / unit).read_text().replace("/opt/syncd/bin/syncd", "/bin/true")
        assert text.count("/bin/true") == (unit not in TIMERS)
        (tmp_path / unit.replace("@", "@north")).write_text(text)
    verdict = analyze("verify", tmp_path / name.replace("@", "@north"))
    assert (verdict.returncode, verdict.stdout, verdict.stderr) == (0, "", "")


@needs_systemd
@pytest.mark.parametrize("name", [*NAMES, *BACKUPS])
def test_little_is_exposed(name: str) -> None:
    verdict = analyze("security", "--offline=yes", "--no-pager", UNITS / name)
    level = re.search(r"Overall exposure level for \S+: ([0-9.]+)", verdict.stdout)
    assert level, verdict.stderr
    assert float(level[1]) <= MOST_EXPOSED


@pytest.mark.parametrize("name", NAMES)
def test_the_unit_keeps_what_the_daemon_promises(name: str) -> None:
    unit = dict(directives(name))
    # notify-reload is unknown to systemd 252, which then silently runs the unit as Type=simple.
    assert unit["Type"] == "notify"
    assert unit["ExecReload"] == "/bin/sh -c 'kill -HUP $MAINPID'", "a small Debian has no /bin/kill"
    assert (unit["Restart"], unit["RestartPreventExitStatus"]) == ("on-failure", "2")
    assert int(unit["TimeoutStopSec"]) > HTTP_DEADLINE_SECONDS
    assert int(unit["WatchdogSec"]) > int(unit["TimeoutStopSec"])
    assert unit["DynamicUser"] == "yes"


@pytest.mark.parametrize("name", NAMES)
def test_the_credentials_have_the_names_that_the_example_config_uses(name: str) -> None:
    example = (ROOT / "config.example.yaml").read_text()
    credentials = [value.split(":")[0] for key, value in directives(name) if key == "LoadCredential"]
    assert credentials == re.findall(r"^  \w+_file: (\S+)$", example, re.MULTILINE)


@pytest.mark.parametrize("names", [NAMES, BACKUPS, TIMERS])
def test_two_shops_share_nothing_but_the_program(names: list[str]) -> None:
    single, template = map(dict, map(directives, names))
    differing = {key for key in single if single[key] != template[key]}
    own = {"Description", "ExecStart", "User", "StateDirectory", "ConfigurationDirectory", "LoadCredential"}
    assert single.keys() == template.keys()
    assert differing == own & single.keys()
    assert all("%i" in template[key] for key in differing)


@pytest.mark.parametrize(("daemon", "backup"), list(zip(NAMES, BACKUPS, strict=True)))
def test_the_backup_is_the_same_user_in_the_same_directory_with_neither_secrets_nor_network(
    daemon: str, backup: str
) -> None:
    runs, copies = dict(directives(daemon)), dict(directives(backup))
    for key in ("User", "DynamicUser", "ConfigurationDirectory", "StateDirectoryMode", "UMask"):
        assert copies[key] == runs[key], key
    assert copies["StateDirectory"] == f"{runs['StateDirectory']} {runs['StateDirectory']}/backups"
    assert (copies["Type"], copies["PrivateNetwork"], copies["RestrictAddressFamilies"]) == (
        "oneshot",
        "yes",
        "AF_UNIX",
    )
    assert "LoadCredential" not in copies
    program, _, config = runs["ExecStart"].partition(" run ")
    folder = f"/var/lib/{runs['StateDirectory']}/backups"
    assert copies["ExecStart"] == f"{program} backup {config} --keep 14 {folder}"
    # what a command is called there is what the program knows
    assert {"--keep", "--config"} <= {option for one in command.params for option in one.opts}


@pytest.mark.parametrize("name", TIMERS)
def test_the_backup_is_made_daily_also_on_a_machine_that_is_off_at_night(name: str) -> None:
    timer = dict(directives(name))
    assert (timer["OnCalendar"], timer["Persistent"], timer["WantedBy"]) == ("*-*-* 02:30", "yes", "timers.target")
    assert timer["RandomizedDelaySec"] == "30min"
