"""The section `alerts`: what a person is told, and by which channels; absent, nothing is sent."""

from __future__ import annotations

import re
from collections.abc import Callable

from syncd.config import values
from syncd.config.section import Section
from syncd.config.settings import AlertSettings, HookSettings, MailSettings, Secret, TelegramSettings
from syncd.config.tree import Node, Problems, Scalar
from syncd.config.urls import is_loopback
from syncd.core.concerns import KINDS
from syncd.core.texts import text

_PORTS = {"starttls": 587, "tls": 465, "none": 25}
_LAST_PORT = 65535
_HOST = r"[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?|::1"
_ADDRESS = re.compile(r"[!#-'*+./0-9=?A-Z^_`a-z{|}~-]+@[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?")
_CHAT_NUMBER = re.compile(r"-?[1-9][0-9]{0,18}")
_CHAT_NAME = re.compile(r"@[A-Za-z0-9_]{4,}")
_BOT_TOKEN = re.compile(r"[0-9]+:[A-Za-z0-9_-]+")
_CHANNELS = ("email", "telegram", "webhook")

_Read = Callable[[Section, str], Secret]
"""Reads the secret whose file a key of a section names."""


def read_alerts(file: Section, problems: Problems, secret: _Read) -> AlertSettings | None:
    """What the admin wrote; None where there is no such section."""
    section = file.section("alerts")
    settings = AlertSettings(
        no_cycle_minutes=section.whole("no_cycle_minutes", 15, 1, 24 * 60),
        group_seconds=section.whole("group_seconds", 60, 0, 3600),
        repeat_hours=section.whole("repeat_hours", 24, 1, 30 * 24),
        most_per_hour=section.whole("most_per_hour", 12, 1, 1000),
        page_url=section.url("page_url", ""),
        kinds=_kinds(section, problems),
        email=_email(section, problems, secret),
        telegram=_telegram(section, problems, secret),
        webhook=_webhook(section, secret),
    )
    if not file.has("alerts"):
        return None
    if not any(section.has(channel) for channel in _CHANNELS):
        section.node("email", text("cfg_channel_named"))
    return settings


def _kinds(section: Section, problems: Problems) -> tuple[str, ...]:
    expected = text("cfg_kinds")
    items = section.entries("kinds", expected)
    if items is None:
        return ("all",)
    read = [values.choice(problems, path, node, ("all", *KINDS)) or "" for path, node in items]
    if not read or ("all" in read and len(read) > 1):
        section.wrong("kinds", expected, text("cfg_all_beside") if read else text("cfg_empty_list"))
    return tuple(read)


def _email(section: Section, problems: Problems, secret: _Read) -> MailSettings | None:
    mail = section.section("email")
    tls = mail.choice("tls", tuple(_PORTS), "starttls")
    port = mail.whole("port", _PORTS.get(tls, 1), 1, _LAST_PORT)
    user = mail.text("user", text("cfg_login"), "")
    if not section.has("email"):
        _know(mail, "host", "password_file", "from", "to")
        return None
    settings = MailSettings(
        host=mail.matching("host", text("cfg_mail_server"), _HOST),
        port=port,
        tls=tls,
        user=user,
        password=None if mail.node("password_file") is None else secret(mail, "password_file"),
        sender=_address(problems, f"{mail.path}.from", mail.node("from", text("cfg_sender"))),
        recipients=_recipients(mail, problems),
    )
    if bool(user) != mail.has("password_file"):
        missing, there = ("password_file", "user") if user else ("user", "password_file")
        mail.wrong(missing, text("cfg_together", other=there), text("cfg_only_one"))
    if tls == "none" and settings.host and not is_loopback(settings.host):
        mail.wrong("tls", text("cfg_mail_tls"), "none")
    return settings


def _recipients(mail: Section, problems: Problems) -> tuple[str, ...]:
    expected = text("cfg_recipients")
    items = mail.entries("to", expected, required=True)
    if items == []:
        mail.wrong("to", expected, text("cfg_empty_list"))
    return tuple(_address(problems, path, node) for path, node in items or [])


def _address(problems: Problems, path: str, node: Node | None) -> str:
    """One bare e-mail address."""
    expected = text("cfg_recipient")
    value = None if node is None else values.text(problems, path, node, what=expected)
    if node is not None and value is not None and not _ADDRESS.fullmatch(value):
        problems.add(node.line, path, expected, text("cfg_something_else"))
    return value or ""


def _telegram(section: Section, problems: Problems, secret: _Read) -> TelegramSettings | None:
    bot = section.section("telegram")
    base_url = bot.url("base_url", "https://api.telegram.org")
    if not section.has("telegram"):
        _know(bot, "token_file", "chat_id")
        return None
    token = secret(bot, "token_file")
    if token.reveal() and not _BOT_TOKEN.fullmatch(token.reveal()):
        bot.wrong("token_file", text("cfg_bot_token"), text("cfg_something_else"))
    return TelegramSettings(token, _chat(bot, problems), base_url)


def _chat(bot: Section, problems: Problems) -> str:
    """The id of a chat, which may be negative and may stand without quotes, or the @name of a channel."""
    expected = text("cfg_chat")
    node = bot.node("chat_id", expected)
    if node is None:
        return ""
    if isinstance(node, Scalar) and _CHAT_NUMBER.fullmatch(node.text):
        return node.text
    value = values.text(problems, f"{bot.path}.chat_id", node, what=expected)
    if value is not None and not _CHAT_NAME.fullmatch(value):
        problems.add(node.line, f"{bot.path}.chat_id", expected, text("cfg_something_else"))
    return value or ""


def _webhook(section: Section, secret: _Read) -> HookSettings | None:
    hook = section.section("webhook")
    url = hook.url("url", "")
    if not section.has("webhook"):
        _know(hook, "secret_file")
        return None
    hook.node("url", text("cfg_hook"))
    return HookSettings(url, None if hook.node("secret_file") is None else secret(hook, "secret_file"))


def _know(section: Section, *keys: str) -> None:
    """Keys of a section that is absent are known all the same: a misplaced one is told where it belongs."""
    for key in keys:
        section.node(key)
