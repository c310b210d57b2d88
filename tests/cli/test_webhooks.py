"""What `syncd check` says of the port for webhooks."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli_kit import Desk, open_desk


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with open_desk(tmp_path) as made:
        made.edit("language: vi", "language: en")
        secret = made.config.with_name("webhook-secret")
        secret.touch(mode=0o600)
        secret.write_text("TWF1LW1vdC1iaS1tYXQ=\n")
        yield made


def findings(desk: Desk, listen: str, *more: str) -> tuple[int, list[tuple[str, str]]]:
    """What is said of a listener at `listen`, with the exit code."""
    text = desk.config.read_text()
    keys = ", ".join((f"listen: '{listen}'", "kiotviet_secret_file: webhook-secret", *more))
    desk.config.write_text(f"{text}webhooks: {{{keys}}}\n")
    outcome = desk("check", "--json")
    found = [(item["level"], item["text"]) for item in outcome.json["findings"] if "webhooks" in item["check"]]
    return outcome.code, found


def test_check_says_nothing_of_webhooks_that_are_off(desk: Desk) -> None:
    assert "webhooks" not in desk("check").out


def test_check_tries_the_port_and_gives_it_back(desk: Desk) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        listen = f"127.0.0.1:{free.getsockname()[1]}"
    assert findings(desk, listen) == (0, [("ok", f"{listen} is free")])


def test_check_tells_of_a_port_in_use_which_may_be_the_daemons_own(desk: Desk) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        listen = f"127.0.0.1:{other.getsockname()[1]}"
        code, found = findings(desk, listen)
    assert code == 0
    assert found == [("warning", f"{listen} is in use")]


def test_check_warns_of_an_open_address_and_refuses_one_that_this_machine_has_not(desk: Desk) -> None:
    code, found = findings(desk, "192.0.2.1:8643", "public: true")
    assert code == 2
    assert [level for level, _ in found] == ["warning", "error"]
    assert "there is no TLS" in found[0][1]
    assert "this machine has no such address" in found[1][1]
