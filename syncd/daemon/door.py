"""The port that webhooks come in by, where the config asks for one."""

from __future__ import annotations

import importlib
from datetime import datetime
from typing import TYPE_CHECKING

from syncd.clock import Clock
from syncd.config import WebhookSettings
from syncd.cycles.hints import Hints
from syncd.logs import register_secret

if TYPE_CHECKING:
    from syncd.web.listener import Listener
    from syncd.web.webhooks import Inbox


class Door:
    """Nobody's, or a listener that outlives a reload as long as its address stays the same."""

    def __init__(self, settings: WebhookSettings | None, before: Door | None = None) -> None:
        """Take the port that `settings` name, or that of the door that was there `before`, if it is the same.

        Raises:
            Unusable: The port cannot be had.
        """
        self._settings = settings
        self._listener: Listener | None = None
        self._inbox: Inbox | None = None
        if settings is not None:
            self._listener = before._listener if before and before.is_at(settings) else _listener(settings)

    @property
    def url(self) -> str:
        """Where it is, without a slash at the end; empty where nothing listens."""
        return self._listener.url if self._listener else ""

    def heard_at(self) -> dict[str, datetime]:
        """When each side last sent something genuine, by `haravan` and `kiotviet`; absent: not since the start."""
        return dict(self._inbox.heard_at) if self._inbox else {}

    def is_at(self, settings: WebhookSettings) -> bool:
        """Whether this is the address that `settings` name."""
        mine = self._settings
        return mine is not None and (mine.host, mine.port) == (settings.host, settings.port)

    def open(self, hints: Hints, clock: Clock) -> None:
        """Leave what comes in `hints` from now on."""
        if self._listener is None or self._settings is None:
            return
        for secret in (self._settings.haravan_secret, self._settings.kiotviet_secret):
            if secret is not None:
                register_secret(secret.reveal())
        # only who has webhooks pays for a web server: 40 ms at the start and 3 MiB, measured in November 2026
        self._inbox = importlib.import_module("syncd.web.webhooks").Inbox(self._settings, hints, clock)
        self._listener.serve(self._inbox.routes())

    def close(self, unless: Door | None = None) -> None:
        """Give the port back, unless that other door has taken it over."""
        if self._listener is not None and (unless is None or unless._listener is not self._listener):
            self._listener.stop()


def _listener(settings: WebhookSettings) -> Listener:
    listener: Listener = importlib.import_module("syncd.web.listener").Listener(settings.host, settings.port)
    return listener
