"""The ports that the daemon listens at, where the config asks for any: for webhooks, and for people who look."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import TYPE_CHECKING, TypeAlias

from syncd.clock import Clock
from syncd.config import Secret, Settings, StatusSettings, WebhookSettings
from syncd.core.concerns import Concern
from syncd.cycles.health import Watched
from syncd.logs import register_secret
from syncd.wiring import Shop

if TYPE_CHECKING:
    from syncd.web.desk import Desk
    from syncd.web.listener import Listener, Routes
    from syncd.web.webhooks import Inbox

Address: TypeAlias = "tuple[str, int]"
_WEBHOOKS, _STATUS = "webhooks", "status"


@dataclass(frozen=True, slots=True)
class Reception:
    """What is answered from: the shop, its clock, whatever a person must know now, and what monitoring watches."""

    shop: Shop
    clock: Clock
    concerns: Callable[[], Sequence[Concern]]
    watched: Callable[[], Watched]


class Door:
    """A listener for each address that the settings name; one outlives a reload as long as its address is wanted.

    Sections that name the same address share one listener.
    """

    def __init__(self, settings: Settings, before: Door | None = None) -> None:
        """Take the ports that `settings` name, or keep those that the door `before` has already.

        Raises:
            Unusable: A port cannot be had; none is kept that was not there before.
        """
        self._settings = settings
        self._inbox: Inbox | None = None
        self._listeners: dict[Address, Listener] = {}
        try:
            for section, address in _addresses(settings):
                if address not in self._listeners:
                    kept = before._listeners.get(address) if before else None
                    self._listeners[address] = kept or _listener(*address, f"{section}.listen")
        except BaseException:
            self.close(unless=before)
            raise

    @property
    def url(self) -> str:
        """Where webhooks come in, without a slash at the end; empty where none do."""
        return self._url(self._settings.webhooks)

    @property
    def status_url(self) -> str:
        """Where the status page is, without a slash at the end; empty where it is off."""
        return self._url(self._settings.status)

    def heard_at(self) -> dict[str, datetime]:
        """When each side last sent something genuine, by `haravan` and `kiotviet`; absent: not since the start."""
        return dict(self._inbox.heard_at) if self._inbox else {}

    def _url(self, section: WebhookSettings | StatusSettings | None) -> str:
        return self._listeners[section.host, section.port].url if section else ""

    def open(self, reception: Reception) -> None:
        """Answer from `reception` from now on."""
        for address, listener in self._listeners.items():
            listener.serve(chain.from_iterable(self._routes(address, reception)))

    def _routes(self, address: Address, reception: Reception) -> Iterator[Routes]:
        """Webhooks first: the pages answer whatever nobody else does."""
        webhooks, status = self._settings.webhooks, self._settings.status
        if webhooks is not None and (webhooks.host, webhooks.port) == address:
            self._inbox = _inbox(webhooks, reception)
            yield self._inbox.routes()
        if status is not None and (status.host, status.port) == address:
            yield _status_routes(status, reception)

    def close(self, unless: Door | None = None) -> None:
        """Give the ports back, except those that the other door has taken over."""
        kept = list(unless._listeners.values()) if unless else []
        for listener in self._listeners.values():
            if listener not in kept:
                listener.stop()


def _addresses(settings: Settings) -> Iterator[tuple[str, Address]]:
    for name, section in ((_WEBHOOKS, settings.webhooks), (_STATUS, settings.status)):
        if section is not None:
            yield name, (section.host, section.port)


# Only who has a section pays for its modules: 40 ms and 3 MiB for a web server, measured in November 2026.


def _listener(host: str, port: int, key: str) -> Listener:
    listener: Listener = importlib.import_module("syncd.web.listener").Listener(host, port, key)
    return listener


def _inbox(settings: WebhookSettings, reception: Reception) -> Inbox:
    _hide(settings.haravan_secret, settings.kiotviet_secret)
    module = importlib.import_module("syncd.web.webhooks")
    inbox: Inbox = module.Inbox(settings, reception.shop.hints, reception.clock)
    return inbox


def _status_routes(settings: StatusSettings, reception: Reception) -> Routes:
    _hide(settings.token)
    web, shop = importlib.import_module("syncd.web.status"), reception.shop
    desk: Desk = web.Desk(
        settings=shop.settings,
        status=settings,
        store=shop.store,
        hints=shop.hints,
        clock=reception.clock,
        index=lambda: shop.catalogue.known(),
        concerns=reception.concerns,
    )
    routes: Routes = web.routes(desk, reception.watched())
    return routes


def _hide(*secrets: Secret | None) -> None:
    for secret in secrets:
        if secret is not None:
            register_secret(secret.reveal())
