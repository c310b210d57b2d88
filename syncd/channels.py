"""Where the ways to tell people are constructed."""

from __future__ import annotations

from syncd.clients.hook import HookChannel
from syncd.clients.mail import MailChannel, MailServer
from syncd.clients.posting import open_http
from syncd.clients.telegram import TelegramChannel
from syncd.clock import Clock
from syncd.config import AlertSettings, MailSettings, Secret
from syncd.cycles.alarm import Channel
from syncd.logs import register_secret


def open_channels(alerts: AlertSettings, clock: Clock) -> tuple[Channel, ...]:
    """Every channel that the admin wants; nothing is sent and no connection opened yet."""
    channels: list[Channel] = []
    if alerts.email is not None:
        channels.append(_mail(alerts.email))
    if alerts.telegram is not None:
        bot = alerts.telegram
        channels.append(TelegramChannel(open_http(), bot.base_url, _shown(bot.token), bot.chat_id, clock))
    if alerts.webhook is not None:
        channels.append(HookChannel(open_http(), alerts.webhook.url, _shown(alerts.webhook.secret), clock))
    return tuple(channels)


def _mail(mail: MailSettings) -> MailChannel:
    server = MailServer(mail.host, mail.port, mail.tls, mail.user, _shown(mail.password))
    return MailChannel(server, mail.sender, mail.recipients)


def _shown(secret: Secret | None) -> str:
    """A secret for the one who must send it; from now on no log line shows it."""
    if secret is None:
        return ""
    register_secret(secret.reveal())
    return secret.reveal()
