"""The units, as systemd itself judges them."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture import ROOT

UNITS = ROOT / "systemd"
NAMES = ["syncd.service", "syncd@.service"]
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
@pytest.mark.parametrize(("name", "instance"), [("syncd.service", "syncd.service"), (NAMES[1], "syncd@north.service")])
def test_systemd_finds_nothing_to_complain_about(name: str, instance: str, tmp_path: Path) -> None:
    # The program of an installed shop does not exist here; one that does stands in for it.
    text = (UNITS / name).read_text().replace("/opt/syncd/bin/syncd", "/bin/true")
    assert text.count("/bin/true") == 1
    (tmp_path / instance).write_text(text)
    verdict = analyze("verify", tmp_path / instance)
    assert (verdict.returncode, verdict.stdout, verdict.stderr) == (0, "", "")


@needs_systemd
@pytest.mark.parametrize("name", NAMES)
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


def test_two_shops_share_nothing_but_the_program() -> None:
    single, template = map(dict, map(directives, NAMES))
    differing = {key for key in single if single[key] != template[key]}
    assert single.keys() == template.keys()
    assert differing == {"Description", "ExecStart", "StateDirectory", "ConfigurationDirectory", "LoadCredential"}
    assert all("%i" in template[key] for key in differing)
