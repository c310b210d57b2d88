"""What an admin decided, checked and frozen: whoever holds a `Settings` may rely on every value in it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from pathlib import Path


class Secret:
    """A value that neither `repr`, `str` nor a log line shows; `reveal()` hands it to what must send it."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        """Keep `value`."""
        self._value = value

    def reveal(self) -> str:
        """The value itself; never print, log or store it."""
        return self._value

    def __repr__(self) -> str:
        return "Secret('***')"

    __str__ = __repr__

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._value == self._value

    def __hash__(self) -> int:
        return hash(self._value)


@dataclass(frozen=True, slots=True)
class HaravanSettings:
    """How to reach Haravan; `base_url` has no trailing slash."""

    base_url: str
    token: Secret


@dataclass(frozen=True, slots=True)
class KiotVietSettings:
    """How to reach KiotViet; `base_url` has no trailing slash, `gets_per_hour` counts any rolling hour."""

    retailer: str
    client_id: str
    client_secret: Secret
    base_url: str
    token_url: str
    gets_per_hour: int


@dataclass(frozen=True, slots=True)
class OrderSettings:
    """Which orders are mirrored and how; `branch_by_location` maps Haravan location ids to KiotViet branch ids."""

    apply: bool
    branch_id: int
    branch_by_location: Mapping[int, int]
    since: date
    channels: tuple[str, ...]
    payments: tuple[str, ...]
    cod_method: str
    cod_account_id: int | None
    shipping_surcharge_code: str
    on_return: str
    lookup_wait_seconds: int
    tags: bool = False


@dataclass(frozen=True, slots=True)
class StockLink:
    """A Haravan location that shows the stock of these KiotViet branches, less `safety_stock` pieces per product."""

    location_id: int
    branch_ids: tuple[int, ...]
    safety_stock: int


@dataclass(frozen=True, slots=True)
class StockSettings:
    """How stock is published; `orders_reserve` is auto, yes or no."""

    apply: bool
    orders_reserve: str
    max_change_percent: int
    max_change_min: int
    links: tuple[StockLink, ...]


@dataclass(frozen=True, slots=True)
class ProductSettings:
    """How products find each other; `links` maps a Haravan sku or variant id to a KiotViet code."""

    match: tuple[str, ...]
    links: Mapping[str, str]
    ignore: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PollSettings:
    """Seconds between two looks at each thing."""

    orders_seconds: int
    stock_seconds: int
    reconcile_seconds: int


@dataclass(frozen=True, slots=True)
class WebhookSettings:
    """Where webhooks are listened for, and with what they are checked; a system without a secret may send none.

    `haravan_verify_token` is for Haravan's handshake alone. Port 0 takes a free one.
    """

    host: str
    port: int
    haravan_secret: Secret | None = None
    haravan_verify_token: Secret | None = None
    kiotviet_secret: Secret | None = None


@dataclass(frozen=True, slots=True)
class StatusSettings:
    """Where the status page is served, and the token that opens it; None where only this machine reaches it.

    Port 0 takes a free one.
    """

    host: str
    port: int
    token: Secret | None = None


@dataclass(frozen=True, slots=True)
class MailSettings:
    """Alerts by e-mail; `tls` is starttls, tls or none, `user` empty where the server takes no login."""

    host: str
    port: int
    tls: str
    user: str
    password: Secret | None
    sender: str
    recipients: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TelegramSettings:
    """Alerts by a Telegram bot; `base_url` has no trailing slash, `chat_id` is a number or an @name."""

    token: Secret
    chat_id: str
    base_url: str


@dataclass(frozen=True, slots=True)
class HookSettings:
    """Alerts by an HTTP POST, signed where there is a secret."""

    url: str
    secret: Secret | None


@dataclass(frozen=True, slots=True)
class AlertSettings:
    """What a person is told and how; a channel is None where the admin wants none of it."""

    no_cycle_minutes: int = 15
    group_seconds: int = 60
    repeat_hours: int = 24
    most_per_hour: int = 12
    page_url: str = ""
    kinds: tuple[str, ...] = ("all",)
    email: MailSettings | None = None
    telegram: TelegramSettings | None = None
    webhook: HookSettings | None = None


@dataclass(frozen=True, slots=True)
class Settings:
    """One shop's whole config file; `database` is absolute; `webhooks`, `status` and `alerts` are None where absent.

    `events_days`: how long the steps of an order that ended are kept.
    """

    path: Path
    shop: str
    database: Path
    language: str
    haravan: HaravanSettings
    kiotviet: KiotVietSettings
    orders: OrderSettings
    stock: StockSettings
    products: ProductSettings
    poll: PollSettings
    webhooks: WebhookSettings | None = None
    alerts: AlertSettings | None = None
    events_days: int = 400
    status: StatusSettings | None = None

    def fingerprint(self) -> str:
        """A digest that changes when a setting does that could make a refused order pass; holds no secret.

        Tags are left out: they only show what was done, so that switching them starts no order over.
        """
        orders = _fields(self.orders)
        del orders["tags"]
        relevant = [self.kiotviet.retailer, orders, _fields(self.products)]
        text = json.dumps(relevant, sort_keys=True, default=_plain)
        return hashlib.sha256(text.encode()).hexdigest()


def _fields(section: OrderSettings | ProductSettings) -> dict[str, object]:
    return {field.name: getattr(section, field.name) for field in fields(section)}


def _plain(value: object) -> object:
    return dict(value) if isinstance(value, Mapping) else str(value)
