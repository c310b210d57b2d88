"""The section that says what a person is told and how: absent unless asked for, every mistake named with its line."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from syncd.config import AlertSettings, HookSettings, MailSettings, Secret, Settings, TelegramSettings, load
from syncd.core.concerns import KINDS
from syncd.core.problems import Problem
from tests.config.conftest import EXAMPLE, write_secret

Edited = Callable[..., Settings]
Problems = Callable[..., tuple[Problem, ...]]
HEAD = "poll:\n"
BOT = "123456:AAE-x_y"
HOOK = ["webhook:", "  url: https://hooks.shop.vn/syncd"]
MAIL = ["email:", "  host: smtp.shop.vn", "  from: syncd@shop.vn", "  to: [owner@shop.vn]"]
CHAT = ["telegram:", "  token_file: telegram-token"]


@pytest.fixture(autouse=True)
def secrets(shop: Path) -> None:
    write_secret(shop.parent / "smtp-password", "matkhau")
    write_secret(shop.parent / "telegram-token", BOT)
    write_secret(shop.parent / "alert-webhook-secret", "chuky")
    write_secret(shop.parent / "not-a-token", "abc")


def section(*lines: str) -> tuple[str, str]:
    return HEAD, "".join(f"{line}\n" for line in ("alerts:", *(f"  {line}" for line in lines))) + HEAD


def test_the_example_sends_nothing(shop: Path) -> None:
    assert load(shop, credentials_directory=None).alerts is None


def test_the_example_without_its_comment_signs_sends_by_every_channel(shop: Path) -> None:
    above, start, below = EXAMPLE.read_text().partition("# alerts:\n")
    part, blank, rest = (start + below).partition("\n\n")
    shop.write_text(above + "\n".join(line.removeprefix("# ") for line in part.splitlines()) + blank + rest)
    assert load(shop, credentials_directory=None).alerts == AlertSettings(
        page_url="https://syncd.shop.vn",
        email=MailSettings(
            "smtp.shop.vn", 587, "starttls", "syncd@shop.vn", Secret("matkhau"), "syncd@shop.vn", ("owner@shop.vn",)
        ),
        telegram=TelegramSettings(Secret(BOT), "-1001234567890", "https://api.telegram.org"),
        webhook=HookSettings("https://hooks.shop.vn/syncd", Secret("chuky")),
    )


def test_the_manual_names_every_kind() -> None:
    text = EXAMPLE.read_text()
    assert [kind for kind in KINDS if kind not in text] == []


def test_one_channel_is_enough_and_the_rest_is_assumed(edited: Edited) -> None:
    assert edited(section(*HOOK)).alerts == AlertSettings(webhook=HookSettings("https://hooks.shop.vn/syncd", None))


@pytest.mark.parametrize(
    ("lines", "tls", "port"),
    [
        ([], "starttls", 587),
        (["  tls: tls"], "tls", 465),
        (["  tls: tls", "  port: 2465"], "tls", 2465),
    ],
)
def test_the_port_follows_the_kind_of_encryption(edited: Edited, lines: list[str], tls: str, port: int) -> None:
    alerts = edited(section(*MAIL, *lines)).alerts
    assert alerts is not None
    assert alerts.email == MailSettings("smtp.shop.vn", port, tls, "", None, "syncd@shop.vn", ("owner@shop.vn",))


def test_a_mail_server_on_this_machine_needs_no_encryption(edited: Edited) -> None:
    lines = [line.replace("smtp.shop.vn", "localhost") for line in MAIL]
    alerts = edited(section(*lines, "  tls: none")).alerts
    assert alerts is not None
    assert alerts.email is not None
    assert (alerts.email.tls, alerts.email.port) == ("none", 25)


@pytest.mark.parametrize("written", ["-1001234567890", "42", "'-42'", "'@kenhshop'"])
def test_a_chat_is_a_number_or_a_name(edited: Edited, written: str) -> None:
    alerts = edited(section(*CHAT, f"  chat_id: {written}")).alerts
    assert alerts is not None
    assert alerts.telegram is not None
    assert alerts.telegram.chat_id == written.strip("'")


@pytest.mark.parametrize(
    ("lines", "key", "said"),
    [
        (["group_seconds: 5"], "alerts.email", "at least one way to send"),
        ([*HOOK, "repeat_hours: 0"], "alerts.repeat_hours", "from 1 to 720"),
        ([*HOOK, "most_per_hour: 0"], "alerts.most_per_hour", "found 0"),
        ([*HOOK, "no_cycle_minutes: soon"], "alerts.no_cycle_minutes", "whole number"),
        ([*HOOK, "page_url: http://shop.vn"], "alerts.page_url", "https://"),
        ([*HOOK, "kinds: []"], "alerts.kinds", "an empty list"),
        ([*HOOK, "kinds: [all, held]"], "alerts.kinds", "all beside other kinds"),
        ([*HOOK, "kinds: [helt]"], "alerts.kinds[0]", "held"),
        ([*HOOK, "kinds: held"], "alerts.kinds", "a list of kinds"),
        (["webhook:", "  url: http://hooks.shop.vn"], "alerts.webhook.url", "https://"),
        (["webhook:"], "alerts.webhook.url", "nothing (the key is missing)"),
        ([*HOOK, "  secret: abc"], "alerts.webhook.secret", "put it in a file"),
        ([*HOOK, "  secret_file: missing-file"], "alerts.webhook.secret_file", "no such file"),
        ([*CHAT], "alerts.telegram.chat_id", "a chat's number"),
        ([*CHAT, "  chat_id: kenhshop"], "alerts.telegram.chat_id", "found something else"),
        (["telegram:", "  token_file: not-a-token", "  chat_id: 1"], "alerts.telegram.token_file", "@BotFather"),
        (["telegram:", "  chat_id: 1"], "alerts.telegram.token_file", "nothing (the key is missing)"),
        ([*MAIL, "  user: syncd"], "alerts.email.password_file", "together with user"),
        ([*MAIL, "  password_file: smtp-password"], "alerts.email.user", "together with password_file"),
        ([*MAIL, "  password: matkhau"], "alerts.email.password", "put it in a file"),
        ([*MAIL, "  tls: none"], "alerts.email.tls", "none only to this machine"),
        ([*MAIL, "  tls: ssl"], "alerts.email.tls", "starttls"),
        ([*MAIL, "  port: 0"], "alerts.email.port", "from 1 to 65535"),
        ([*MAIL[:3], "  to: []"], "alerts.email.to", "an empty list"),
        ([*MAIL[:3], "  to: [owner]"], "alerts.email.to[0]", "an address like"),
        ([*MAIL[:3], "  to: ['a@b.vn, c@d.vn']"], "alerts.email.to[0]", "an address like"),
        ([*MAIL[:3]], "alerts.email.to", "nothing (the key is missing)"),
        (["email:", "  host: 'a b'", *MAIL[2:]], "alerts.email.host", "the name of a mail server"),
        (["email:", "  host: smtp.shop.vn", MAIL[3]], "alerts.email.from", "nothing (the key is missing)"),
        (["email:", "  host: smtp.shop.vn", "  from: Shop <a@b.vn>", MAIL[3]], "alerts.email.from", "an address like"),
        ([*HOOK, "repeat: 5"], "alerts.repeat", "did you mean"),
    ],
)
def test_a_mistake_is_named_with_its_line(
    problems: Problems, shop: Path, lines: list[str], key: str, said: str
) -> None:
    (problem,) = problems(section(*lines))
    assert problem.key == key
    assert said in str(problem)
    assert problem.line is not None
    assert "matkhau" not in str(problem)


def test_alerts_start_no_order_over(edited: Edited, shop: Path) -> None:
    before = load(shop, credentials_directory=None)
    after = edited(section(*HOOK))
    assert after.fingerprint() == before.fingerprint()
    assert replace(after, alerts=None) == before
