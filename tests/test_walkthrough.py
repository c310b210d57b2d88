"""The walk-through of each README: its commands are run in an empty directory, and print what stands there."""

from __future__ import annotations

import contextlib
import io
import os
import re
import shlex
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog

from syncd.cli import run
from tests.readmes import END, READMES, ROOT, START, Step, steps

PORTS = ("8101", "8102")
LAST_OF_SANDBOX = "syncd act -c "

# What no two runs have in common, in each language.
_PASSING = (
    (re.compile(r"\d{4}-\d\d-\d\d([ T])\d\d:\d\d:\d\d(\.\d+)?(\+00:00|Z)?"), "TIME"),
    (re.compile(r"\d+ (s ago|giây trước)"), "N s ago"),
    (re.compile(r"(calls|lượt gọi API): .*"), "calls: N"),
)


def normal(text: str) -> str:
    for pattern, word in _PASSING:
        text = pattern.sub(word, text)
    # a table is as wide as its longest time
    return "\n".join(re.sub(r"  +", "  ", line).rstrip() for line in text.splitlines())


class Terminal:
    """Runs commands in one directory, one after the other, as a shell would."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._patch = monkeypatch
        self._ports = dict(zip(PORTS, _free_ports(len(PORTS)), strict=True))
        self._behind: subprocess.Popen[str] | None = None

    def type(self, command: str) -> str:
        words = shlex.split(self._there(command.replace("\\\n", " ")))
        if words[0] == "export":
            name, _, value = words[1].partition("=")
            self._patch.setenv(name, value)
            return ""
        if words[0] == "kill":
            self.stop()
            return ""
        if words[0] != "syncd":
            subprocess.run(words, check=True)
            return ""
        return self._here(self._in_background(words) if words[-1] == "&" else self._in_this_process(words[1:]))

    def stop(self) -> None:
        if self._behind is not None:
            self._behind.terminate()
            self._behind.communicate(timeout=30)
            self._behind = None

    def _in_background(self, words: list[str]) -> str:
        line = [sys.executable, "-m", *words[:-1]]
        environ = os.environ | {"PYTHONUNBUFFERED": "1", "PYTHONPATH": str(ROOT)}
        self._behind = subprocess.Popen(line, stdout=subprocess.PIPE, text=True, env=environ)
        assert self._behind.stdout is not None
        said = ""
        while LAST_OF_SANDBOX not in said and (line_said := self._behind.stdout.readline()):
            said += line_said
        return said

    def _in_this_process(self, words: list[str]) -> str:
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = run(words)
        assert code == 0, err.getvalue()
        return out.getvalue()

    def _there(self, text: str) -> str:
        for shown, real in self._ports.items():
            text = text.replace(shown, real)
        return text

    def _here(self, text: str) -> str:
        for shown, real in self._ports.items():
            text = text.replace(f"127.0.0.1:{real}", f"127.0.0.1:{shown}")
        return "\n".join(line.rstrip() for line in text.splitlines())


def _free_ports(count: int) -> list[str]:
    with contextlib.ExitStack() as held:
        sockets = [held.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in range(count)]
        return [str(one.getsockname()[1]) for one in sockets]


@pytest.fixture
def terminal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Terminal]:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SYNCD_LANGUAGE", "en")  # a walk-through in another language exports it first
    made = Terminal(monkeypatch)
    yield made
    made.stop()
    structlog.reset_defaults()


@pytest.mark.parametrize("readme", READMES, ids=lambda readme: readme.name)
def test_the_walk_through_prints_what_the_readme_shows(terminal: Terminal, readme: Path) -> None:
    """Write it anew with SYNCD_WRITE_README=1."""
    text = readme.read_text(encoding="utf-8")
    start = text.index(START) + len(START)
    end = text.index(END)
    before = steps(text[start:end])
    after = [Step(step.command, terminal.type(step.command)) for step in before]
    if os.environ.get("SYNCD_WRITE_README"):
        block = "".join(f"$ {step.command}\n" + (f"{step.shown}\n" if step.shown else "") for step in after)
        readme.write_text(text[:start] + block + text[end:], encoding="utf-8")
        return
    for expected, found in zip(before, after, strict=True):
        assert normal(found.shown) == normal(expected.shown), expected.command
