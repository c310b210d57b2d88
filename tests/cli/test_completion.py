"""The shell completes what can come next, from the database of the shop that the line names, quickly and silently."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import NoReturn

import click
import pytest

import syncd.cli
from syncd.cli import cli, run
from syncd.cli.options import TAKEN
from syncd.store import Store
from tests.cli_kit import open_desk

ASK = """
set -eu
source "$1"
shift
COMP_WORDS=("$@")
COMP_CWORD=$(($# - 1))
COMPREPLY=()
_syncd_completion syncd
printf '%s\\n' "${COMPREPLY[@]-}"
"""
Ask = Callable[..., list[str]]


@pytest.fixture
def ask(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Ask:
    """Asks a real bash what completes a line; whatever is said on stderr fails the test."""
    monkeypatch.delenv("SYNCD_CONFIG", raising=False)
    scripts = tmp_path / "bin"
    scripts.mkdir()
    entry = scripts / "syncd"
    entry.write_text(f'#!/bin/sh\nexec {sys.executable} -m syncd "$@"\n')
    entry.chmod(0o755)
    assert run(["completion", "bash"]) == 0
    source = tmp_path / "completion.bash"
    source.write_text(capsys.readouterr().out)

    def asked(*words: str, **environ: str) -> list[str]:
        path = f"{scripts}{os.pathsep}{os.environ['PATH']}"
        line = ["bash", "--norc", "-c", ASK, "ask", str(source), "syncd", *words]
        done = subprocess.run(
            line, capture_output=True, text=True, check=True, cwd=tmp_path, env={**os.environ, **environ, "PATH": path}
        )
        assert done.stderr == ""
        return done.stdout.split()

    return asked


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """The config of a shop with two held orders, one that is not, and two open tasks."""
    with open_desk(tmp_path / "shop") as desk:
        (desk.sandbox.variants["MOI-01"],) = desk.sandbox.haravan.add_product("Mới", [{"sku": "MOI-01", "price": 9000}])
        for sku in ("MOI-01", "AO-01", "MOI-01"):
            desk.place((sku, 1))
        assert desk("once").code == 0
    store = Store(desk.config.with_name("syncd.db"), create=False, language="vi")
    now = datetime(2026, 11, 23, tzinfo=UTC)
    for key in ("one", "two", "three"):
        store.todo.add(key, None, "#100001", "returned", "what to do", now)
    store.todo.close(1, "command", now)
    store.close()
    return desk.config


def test_bash_completes_commands_options_and_shells(ask: Ask) -> None:
    assert ask("re") == ["retry", "reconcile"]
    assert {"demo", "run", "check", "completion"} <= set(ask(""))
    assert ask("retry", "--") == ["--config", "--json", "--help"]
    assert ask("explain", "--st") == ["--stock"]
    assert ask("completion", "") == ["bash", "zsh", "fish"]
    assert ask("--v") == ["--version"]


def test_bash_completes_numbers_from_the_database_of_the_line(ask: Ask, shop: Path) -> None:
    config = str(shop)
    held = ask("retry", "-c", config, "")
    assert sorted(held) == ["100001", "100003"]
    assert ask("ignore", "--config", config, "") == held
    assert ask("retry", "") == []
    assert ask("retry", "", SYNCD_CONFIG=config) == held
    assert ask("retry", "-c", config, "100003", "") == ["100001"]
    assert ask("retry", "-c", config, "100001", "1000") == ["100003"]
    assert ask("explain", "-c", config, "1000") == ["100003", "100002", "100001"]
    assert ask("explain", "-c", config, "7") == []
    assert ask("done", "-c", config, "") == ["3", "2"]
    assert ask("done", "-c", config, "3", "") == ["2"]


def test_what_cannot_be_read_completes_to_nothing_and_makes_nothing(ask: Ask, shop: Path, tmp_path: Path) -> None:
    database = shop.with_name("syncd.db")
    for path in shop.parent.glob("syncd.db*"):
        path.unlink()
    assert ask("retry", "-c", str(shop), "") == []
    assert not database.exists()
    database.write_bytes(b"not a database" * 400)
    assert ask("done", "-c", str(shop), "") == []
    assert ask("explain", "-c", str(tmp_path / "nowhere.yaml"), "") == []
    assert ask("retry", "-c", str(tmp_path), "") == []


@pytest.mark.parametrize("name", TAKEN)
def test_a_command_is_not_loaded_to_complete_its_line(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def load(_: str) -> NoReturn:
        raise AssertionError("its module, with all that it works with, takes longer than a key stroke")

    monkeypatch.setattr(syncd.cli, "_loaded", load)
    assert cli.get_command(click.Context(cli, resilient_parsing=True), name) is not None


def test_the_front_door_loads_no_client_and_no_ledger() -> None:
    probe = "import sys, syncd.cli; print([m for m in ('httpx', 'peewee', 'structlog') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


@pytest.mark.parametrize(("shell", "home"), [("bash", "~/.bashrc"), ("zsh", "~/.zshrc"), ("fish", "~/.config/fish")])
def test_every_shell_gets_its_script_with_a_line_how_to_install_it(
    shell: str, home: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["completion", shell]) == 0
    first, script = capsys.readouterr().out.split("\n", 1)
    assert first.startswith("# ")
    assert home in first
    assert f"_SYNCD_COMPLETE={shell}_complete" in script
    if shutil.which(shell):
        subprocess.run([shell, "-n", "-c" if shell == "fish" else "/dev/stdin"], input=script, text=True, check=True)
