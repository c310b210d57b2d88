"""Every key of the config file, with what is legal and what is assumed; config.example.yaml says the same in words."""

from __future__ import annotations

from pathlib import Path
from types import MappingProxyType

from syncd.config import values
from syncd.config.alerts import read_alerts
from syncd.config.secret_files import Fault, read_secret
from syncd.config.section import Section
from syncd.config.settings import (
    HaravanSettings,
    KiotVietSettings,
    OrderSettings,
    PollSettings,
    ProductSettings,
    Secret,
    Settings,
    StatusSettings,
    StockLink,
    StockSettings,
    WebhookSettings,
)
from syncd.config.tree import Node, Problems
from syncd.config.urls import is_loopback
from syncd.core.texts import text
from syncd.errors import Message

_YEAR = 366 * 24 * 3600
_CENTURY_DAYS = 36_500
_HEADER_SAFE = r"[!-~]+"
_LISTEN = ("127.0.0.1", 8643)
_STATUS_LISTEN = ("127.0.0.1", 8642)
_SHORTEST_TOKEN = 16


class Schema:
    """The config file of one shop, read section by section; problems are collected, not raised."""

    def __init__(self, path: Path, problems: Problems, credentials: Path | None, *, secrets: bool = True) -> None:
        """Read the file at `path`, whose secrets are in `credentials` or beside it; without `secrets` not those."""
        self._path = path
        self._problems = problems
        self._credentials = credentials
        self._reads_secrets = secrets

    def settings(self, root: Node) -> Settings:
        """The settings in `root`; meaningless if any problem was reported."""
        file = Section(self._problems, "", root)
        settings = Settings(
            path=self._path,
            shop=file.text("shop", text("cfg_shop")),
            database=self._database(file),
            language=file.choice("language", ("vi", "en"), "vi"),
            events_days=file.whole("events_days", 400, 30, _CENTURY_DAYS),
            haravan=self._haravan(file.section("haravan")),
            kiotviet=self._kiotviet(file.section("kiotviet")),
            orders=self._orders(file.section("orders")),
            stock=self._stock(file.section("stock")),
            products=self._products(file.section("products")),
            poll=_poll(file.section("poll")),
            webhooks=self._webhooks(file),
            alerts=read_alerts(file, self._problems, self._secret),
            status=self._status(file),
        )
        file.report_unknown()
        return settings

    def _database(self, file: Section) -> Path:
        name = file.text("database", text("cfg_database"))
        path = self._path.parent / name
        if name.startswith("~"):
            file.wrong("database", text("cfg_no_tilde"), repr(name))
        elif name and (name.endswith("/") or _is_directory(path)):
            file.wrong("database", text("cfg_database"), text("cfg_directory_at", path=str(path)))
        return path

    def _secret(self, section: Section, key: str) -> Secret:
        path = f"{section.path}.{key}"
        node = section.node(key, text("cfg_secret_name"))
        name = node and values.text(self._problems, path, node, what=text("cfg_file_name"), private=True)
        if not name or not self._reads_secrets:
            return Secret("")
        secret = read_secret(name, self._path.parent, self._credentials)
        if isinstance(secret, Fault):
            section.wrong(key, secret.expected, secret.found)
            return Secret("")
        return secret

    def _optional_secret(self, section: Section, key: str) -> Secret | None:
        """A secret, or None where the key is absent."""
        return None if section.node(key) is None else self._secret(section, key)

    def _webhooks(self, file: Section) -> WebhookSettings | None:
        """None where the admin wrote no such section: nothing listens by accident."""
        section = file.section("webhooks")
        host, port = section.listen("listen", _LISTEN, public=section.flag("public", False))
        haravan = self._optional_secret(section, "haravan_secret_file")
        token = self._optional_secret(section, "haravan_verify_token_file")
        kiotviet = self._optional_secret(section, "kiotviet_secret_file")
        if not file.has("webhooks"):
            return None
        if haravan is None and (token is not None or kiotviet is None):
            expected = text("cfg_haravan_signs") if token else text("cfg_haravan_signs_or")
            section.node("haravan_secret_file", expected)
        return WebhookSettings(host, port, haravan, token, kiotviet)

    def _status(self, file: Section) -> StatusSettings | None:
        """None where the admin wrote no such section; who is not on this machine needs the token."""
        section = file.section("status")
        host, port = section.listen("listen", _STATUS_LISTEN, public=section.flag("public", False))
        token = self._optional_secret(section, "token_file")
        if not file.has("status"):
            return None
        if token is not None and 0 < len(token.reveal()) < _SHORTEST_TOKEN:
            section.wrong("token_file", text("cfg_token_length", least=_SHORTEST_TOKEN), text("cfg_shorter"))
        if token is None and not is_loopback(host):
            section.node("token_file", text("cfg_status_token"))
        return StatusSettings(host, port, token)

    def _haravan(self, section: Section) -> HaravanSettings:
        return HaravanSettings(
            base_url=section.url("base_url", "https://apis.haravan.com"),
            token=self._secret(section, "token_file"),
        )

    def _kiotviet(self, section: Section) -> KiotVietSettings:
        return KiotVietSettings(
            retailer=section.matching("retailer", text("cfg_retailer"), r"[A-Za-z0-9_.-]+"),
            client_id=section.matching("client_id", text("cfg_client_id"), _HEADER_SAFE),
            client_secret=self._secret(section, "client_secret_file"),
            base_url=section.url("base_url", "https://public.kiotapi.com"),
            token_url=section.url("token_url", "https://id.kiotviet.vn/connect/token"),
            gets_per_hour=section.whole("gets_per_hour", 4000, 100, 5000),
        )

    def _orders(self, section: Section) -> OrderSettings:
        method, account = _cod(section)
        return OrderSettings(
            apply=section.flag("apply", True),
            branch_id=section.number_id("branch_id", text("cfg_branch_id")),
            branch_by_location=MappingProxyType(self._branch_by_location(section)),
            since=section.day("since"),
            channels=self._channels(section),
            payments=self._payments(section),
            cod_method=method,
            cod_account_id=account,
            shipping_surcharge_code=section.text(
                "shipping_surcharge_code", text("cfg_surcharge_code"), "THKSHIPPINGWEB"
            ),
            on_return=section.choice("on_return", ("hold", "void_invoice"), "hold"),
            lookup_wait_seconds=section.whole("lookup_wait_seconds", 60, 0, 24 * 3600),
            tags=section.flag("tags", False),
        )

    def _branch_by_location(self, section: Section) -> dict[int, int]:
        read: dict[int, int] = {}
        for path, key, node in section.pairs("branch_by_location", text("cfg_branch_map")):
            location = values.number_id(self._problems, path, key, text("cfg_location_id"))
            branch = values.number_id(self._problems, path, node, text("cfg_branch_id"))
            read[location or 0] = branch or 0
        return read

    def _channels(self, section: Section) -> tuple[str, ...]:
        expected = text("cfg_channels")
        items = section.entries("channels", expected)
        if items is None:
            return ("web",)
        channels = self._distinct(items, text("cfg_channel"), text("cfg_channel_once"))
        if not items or ("any" in channels and len(items) > 1):
            section.wrong("channels", expected, text("cfg_any_beside") if items else text("cfg_empty_list"))
        return channels

    def _payments(self, section: Section) -> tuple[str, ...]:
        items = section.entries("payments", text("cfg_payments"))
        if items is None:
            return ("cod",)
        words = self._words(items, ("cod", "any"))
        if len(words) != 1:
            section.wrong("payments", text("cfg_payments"), text("cfg_several") if words else text("cfg_empty_list"))
        return words

    def _match(self, section: Section) -> tuple[str, ...]:
        items = section.entries("match", text("cfg_match"))
        if items is None:
            return ("barcode", "sku")
        words = self._words(items, ("barcode", "sku"))
        if any(words.count(word) > 1 for word in words if word):
            section.wrong("match", text("cfg_word_once"), text("cfg_word_twice"))
        return words

    def _words(self, items: list[tuple[str, Node]], options: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(values.choice(self._problems, path, node, options) or "" for path, node in items)

    def _distinct(self, items: list[tuple[str, Node]], what: Message, once: Message) -> tuple[str, ...]:
        read: list[str] = []
        for path, node in items:
            value = values.text(self._problems, path, node, what=what)
            if value and value in read:
                self._problems.add(node.line, path, once, text("cfg_again", seen=repr(value)))
            read.append(value or "")
        return tuple(read)

    def _stock(self, section: Section) -> StockSettings:
        return StockSettings(
            apply=section.flag("apply", True),
            orders_reserve=section.choice("orders_reserve", ("auto", "yes", "no"), "auto"),
            max_change_percent=section.whole("max_change_percent", 30, 0, 100),
            max_change_min=section.whole("max_change_min", 10, 1, values.MOST),
            links=self._links(section),
        )

    def _links(self, section: Section) -> tuple[StockLink, ...]:
        links: list[StockLink] = []
        for path, node in section.entries("links", text("cfg_links"), required=True) or []:
            entry = Section(self._problems, path, node)
            link = StockLink(
                location_id=entry.number_id("location_id", text("cfg_location_id")),
                branch_ids=self._branch_ids(entry),
                safety_stock=entry.whole("safety_stock", 0, 0, values.MOST),
            )
            entry.report_unknown()
            if link.location_id and any(other.location_id == link.location_id for other in links):
                entry.wrong("location_id", text("cfg_location_once"), text("cfg_again", seen=link.location_id))
            links.append(link)
        return tuple(links)

    def _branch_ids(self, entry: Section) -> tuple[int, ...]:
        expected = text("cfg_branches")
        items = entry.entries("branch_ids", expected, required=True)
        if items == []:
            entry.wrong("branch_ids", expected, text("cfg_empty_list"))
        read: list[int] = []
        for path, node in items or []:
            branch = values.number_id(self._problems, path, node, text("cfg_branch_id"))
            if branch is not None and branch in read:
                self._problems.add(node.line, path, text("cfg_branch_once"), text("cfg_again", seen=branch))
            read.append(branch or 0)
        return tuple(read)

    def _products(self, section: Section) -> ProductSettings:
        ignored = section.entries("ignore", text("cfg_ignore")) or []
        return ProductSettings(
            match=self._match(section),
            links=MappingProxyType(self._product_links(section)),
            ignore=self._distinct(ignored, text("cfg_code"), text("cfg_code_once")),
        )

    def _product_links(self, section: Section) -> dict[str, str]:
        read: dict[str, str] = {}
        for path, key, node in section.pairs("links", text("cfg_product_links")):
            source = values.text(self._problems, path, key, what=text("cfg_sku"))
            code = values.text(self._problems, path, node, what=text("cfg_code"))
            if code and code in read.values():
                self._problems.add(node.line, path, text("cfg_linked_once"), text("cfg_again", seen=repr(code)))
            if source and code:
                read[source] = code
        return read


def _cod(section: Section) -> tuple[str, int | None]:
    method = section.choice("cod_method", ("Cash", "Transfer"), "Cash")
    account = section.optional_id("cod_account_id", text("cfg_account_id"))
    named = section.has("cod_account_id")
    if method == "Transfer" and not named:
        section.wrong(
            "cod_account_id",
            text("cfg_account_for_transfer"),
            text("cfg_key_missing"),
        )
    if method == "Cash" and named:
        section.wrong("cod_account_id", text("cfg_account_needless"), "cod_method: Cash")
    return method, account


def _poll(section: Section) -> PollSettings:
    return PollSettings(
        orders_seconds=section.whole("orders_seconds", 15, 1, _YEAR),
        stock_seconds=section.whole("stock_seconds", 30, 1, _YEAR),
        reconcile_seconds=section.whole("reconcile_seconds", 3600, 1, _YEAR),
    )


def _is_directory(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:
        return False
