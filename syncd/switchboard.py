"""Where the ways to tell people are constructed, and what is watched is read off the settings; beside the cupboard."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from urllib.parse import urlsplit

from syncd.clock import Clock
from syncd.config import AlertSettings, Settings
from syncd.core.alerts import AlertPolicy
from syncd.core.concerns import Concern
from syncd.core.messages import Sender
from syncd.cycles.attention import Attention, Inside, Watched, standing
from syncd.cycles.budget import StoreGetBudget
from syncd.store import Store


def alert_policy(settings: Settings, alerts: AlertSettings) -> AlertPolicy:
    """The settings that decide when people are told."""
    return AlertPolicy(
        sender_of(settings, alerts),
        group=timedelta(seconds=alerts.group_seconds),
        repeat=timedelta(hours=alerts.repeat_hours),
        most_per_hour=alerts.most_per_hour,
        kinds=frozenset(alerts.kinds),
    )


def sender_of(settings: Settings, alerts: AlertSettings) -> Sender:
    """In whose name messages are written."""
    return Sender(settings.shop, settings.language, alerts.page_url)


def watched(settings: Settings) -> Watched:
    """What is watched in this shop; one without linked locations has no stock cycle."""
    pauses = {"orders": settings.poll.orders_seconds}
    if settings.stock.links:
        pauses["stock"] = settings.poll.stock_seconds
    hooks = settings.webhooks
    secrets = {"haravan": hooks and hooks.haravan_secret, "kiotviet": hooks and hooks.kiotviet_secret}
    minutes = (settings.alerts or AlertSettings()).no_cycle_minutes
    return Watched(
        database=settings.database,
        language=settings.language,
        no_cycle_after=timedelta(minutes=minutes),
        pauses={name: timedelta(seconds=seconds) for name, seconds in pauses.items()},
        gets_per_hour=settings.kiotviet.gets_per_hour,
        sides=tuple(side for side, secret in secrets.items() if secret is not None),
        tags=settings.orders.tags and settings.orders.apply,
        hosts=_hosts(settings.haravan.base_url, settings.kiotviet.base_url, settings.kiotviet.token_url),
    )


def _hosts(*urls: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(urlsplit(url).netloc for url in urls))


def attention(settings: Settings, store: Store, clock: Clock, inside: Callable[[], Inside]) -> Attention:
    """What looks at everything in a running daemon."""
    budget = StoreGetBudget(store, settings.kiotviet.gets_per_hour, clock)
    return Attention(store, watched(settings), clock, budget.left, inside)


def concerns_of(settings: Settings, store: Store, clock: Clock) -> tuple[Concern, ...]:
    """What a command can tell about a shop."""
    budget = StoreGetBudget(store, settings.kiotviet.gets_per_hour, clock)
    return standing(store, watched(settings), clock.now(), budget.left)
