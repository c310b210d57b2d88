"""The questions of `syncd init` in their order, each answer tried against the shops before the next is asked."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import TypeVar

import click

from syncd.cli.products import TITLES
from syncd.cli.questions import Asker, Misunderstood, Row, one_of, some_of, word_of
from syncd.cli.trial import UNKNOWN, text_of, trial
from syncd.config.draft import Draft
from syncd.config.settings import StockLink
from syncd.core.problems import Problem
from syncd.core.product_problems import of_kind
from syncd.core.texts import Text, text
from syncd.cycles.examination.haravan import WAY as HARAVAN
from syncd.cycles.examination.kiotviet import WAY as KIOTVIET
from syncd.cycles.examination.troubles import Read, Way
from syncd.errors import ConfigError, SyncdError
from syncd.policies import SHOP_ZONE
from syncd.wiring import Shop

_EXAMPLES = 2
_METHODS = ("Cash", "Transfer")
T = TypeVar("T")


class Refused(SyncdError):
    """What an option gave was tried and is wrong; why has been said."""


@dataclass(frozen=True, slots=True)
class Given:
    """What the options of the command answered already."""

    folder: Path
    force: bool
    alone: bool
    language: str | None
    shop: str | None
    database: str | None
    token_from: Path | None
    retailer: str | None
    client_id: str | None
    secret_from: Path | None
    branch: str | None
    links: tuple[str, ...]
    since: str | None
    cod_method: str | None
    cod_account: str | None
    watch: bool | None
    haravan_url: str
    kiotviet_url: str
    token_url: str


class Dialogue:
    """What is known so far stands in a draft; `text`, `token` and `secret` are what is to be written."""

    def __init__(self, given: Given, asker: Asker, language: str, database: str) -> None:
        """Ask nothing yet."""
        self._given, self._asker, self._say = given, asker, asker.say
        self.token = self.secret = ""
        self._draft = Draft(
            shop=given.shop or UNKNOWN,
            database=database,
            language=language,
            haravan_url=given.haravan_url,
            retailer=given.retailer or UNKNOWN,
            client_id=given.client_id or UNKNOWN,
            kiotviet_url=given.kiotviet_url,
            token_url=given.token_url,
            since=datetime.now(SHOP_ZONE).date(),
        )

    @property
    def text(self) -> str:
        """The config file as it is to be written."""
        return text_of(self._draft)

    def run(self) -> Draft:
        """Ask everything.

        Raises:
            Refused: What the options gave was refused.
            click.UsageError: An option cannot be used, or one is missing and nobody is there.
        """
        given = self._given
        if not given.alone:
            click.echo(self._say(text("init_welcome")))
        self._until_accepted(self._ask_haravan, self._try_haravan, by_options=given.token_from is not None)
        answered = None not in (given.retailer, given.client_id, given.secret_from)
        self._until_accepted(self._ask_kiotviet, self._try_kiotviet, by_options=answered)
        with trial(self._draft, self.token, self.secret) as shop:
            self._ask_branches(shop)
            self._ask_since()
            self._ask_method(shop)
        with trial(self._draft, self.token, self.secret) as shop:
            self._show_products(shop)
        watch = self._asker.yes(text("init_watch"), given=given.watch, default=True)
        self._draft = replace(self._draft, apply=not watch)
        return self._draft

    # --- the two accounts

    def _until_accepted(self, ask: Callable[[], None], attempt: Callable[[], bool], *, by_options: bool) -> None:
        while True:
            ask()
            try:
                accepted = attempt()
            except ConfigError as error:
                accepted = False
                for problem in error.problems:
                    if isinstance(problem, Problem):
                        click.echo(f"{problem.key}: {self._say(problem.expected)}", err=True)
            if accepted:
                return
            if by_options or self._asker.alone:
                raise Refused
            click.echo(self._say(text("init_again")), err=True)

    def _ask_haravan(self) -> None:
        given = self._secret_in(self._given.token_from, "--haravan-token-from")
        if given is None and not self._asker.alone:
            click.echo(self._say(text("init_where_token")))
        self.token = self._asker.ask(text("init_token"), str, option="--haravan-token-from", given=given, hidden=True)

    def _try_haravan(self) -> bool:
        with trial(self._draft, self.token, self.secret) as shop:
            found = self._read(HARAVAN, "Haravan", shop.remotes.haravan.shop, "com.read_shop")
            if found is not None:
                click.echo(self._say(text("check_haravan_shop", name=found.name, id=found.id)))
            return found is not None

    def _ask_kiotviet(self) -> None:
        given, asker = self._given, self._asker
        secret = self._secret_in(given.secret_from, "--kiotviet-secret-from")
        if secret is None and not asker.alone:
            click.echo(self._say(text("init_where_secret")))
        retailer = asker.ask(text("init_retailer"), _retailer, option="--retailer", given=given.retailer)
        client_id = asker.ask(text("init_client_id"), str, option="--client-id", given=given.client_id)
        self.secret = asker.ask(text("init_secret"), str, option="--kiotviet-secret-from", given=secret, hidden=True)
        shop = asker.ask(text("init_shop"), str, option="--shop", given=given.shop, default=retailer)
        self._draft = replace(self._draft, retailer=retailer, client_id=client_id, shop=shop)

    def _try_kiotviet(self) -> bool:
        with trial(self._draft, self.token, self.secret) as shop:
            kiotviet, retailer = shop.remotes.kiotviet, self._draft.retailer
            code = Read(KIOTVIET, "KiotViet", kiotviet.retailer_code)
            if code.value is not None and code.value.lower() != retailer.lower():
                click.echo(self._say(text("check_retailer_mismatch", code=code.value, retailer=retailer)), err=True)
                return False
            branches = self._read(KIOTVIET, "KiotViet", kiotviet.branches)
            if branches is not None:
                click.echo(self._say(text("check_kiotviet_shop", retailer=retailer, count=len(branches))))
            return branches is not None

    # --- what belongs together

    def _ask_branches(self, shop: Shop) -> None:
        given, asker = self._given, self._asker
        branches = sorted(Row(branch.id, branch.name) for branch in shop.remotes.kiotviet.branches())
        shown = [row for row in shop.remotes.haravan.locations() if row.kind != "ontheroad"]
        locations = sorted(Row(location.id, location.name) for location in shown)
        if not asker.alone:
            asker.show(text("init_branches"), branches)
        receiving = asker.ask(text("init_branch"), one_of(branches), option="--branch", given=given.branch, default="1")
        self._draft = replace(self._draft, branch_id=receiving)
        links = self._given_links(locations, branches) if given.links else self._ask_links(locations, branches)
        self._draft = replace(self._draft, links=tuple(links))

    def _given_links(self, locations: Sequence[Row], branches: Sequence[Row]) -> Iterator[StockLink]:
        for link in self._given.links:
            left, _, right = link.partition("=")
            location_id = self._asker.ask(text("init_locations"), one_of(locations), option="--link", given=left)
            fed_by = self._asker.ask(text("init_branches"), some_of(branches), option="--link", given=right)
            if fed_by:
                yield StockLink(location_id, fed_by, 0)

    def _ask_links(self, locations: Sequence[Row], branches: Sequence[Row]) -> Iterator[StockLink]:
        if not self._asker.alone:
            self._asker.show(text("init_locations"), locations)
        for location in locations:
            likely = self._likely(location, locations, branches)
            fed_by = self._asker.ask(
                text("init_feeds", name=location.name), some_of(branches), option="--link", default=likely
            )
            if fed_by:
                yield StockLink(location.id, fed_by, 0)

    def _likely(self, location: Row, locations: Sequence[Row], branches: Sequence[Row]) -> str:
        """The numbers of the branches that a location probably shows: those of its name, or the receiving one."""
        name = location.name.strip().casefold()
        same = [n for n, row in enumerate(branches, 1) if row.name.strip().casefold() == name]
        if not same and len(locations) == 1:
            same = [n for n, row in enumerate(branches, 1) if row.id == self._draft.branch_id]
        return ",".join(map(str, same)) or "0"

    def _ask_since(self) -> None:
        default = self._draft.since.isoformat()
        since = self._asker.ask(text("init_since"), _day, option="--since", given=self._given.since, default=default)
        self._draft = replace(self._draft, since=since)

    def _ask_method(self, shop: Shop) -> None:
        given, asker = self._given, self._asker
        method = asker.ask(
            text("init_method"), word_of(_METHODS), option="--cod-method", given=given.cod_method, default="Cash"
        )
        account = None
        if method == "Transfer":
            accounts = [Row(row.id, row.name) for row in shop.remotes.kiotviet.bank_accounts()]
            if not asker.alone:
                asker.show(text("init_accounts"), accounts)
            account = asker.ask(
                text("init_account"), one_of(accounts), option="--cod-account", given=given.cod_account, default="1"
            )
        self._draft = replace(self._draft, cod_method=method, cod_account_id=account)

    # --- the products

    def _show_products(self, shop: Shop) -> None:
        """Counts and examples; a catalogue that cannot be read stops nothing, for `check` will say so again."""
        index = self._read(HARAVAN, "products", shop.catalogue.refresh, "com.read_products")
        if index is None:
            return
        linked, stocked = len(index.by_variant), len(index.stocked())
        self._tell(text("init_linked", linked=linked, known=len(index.known), stocked=stocked))
        groups = of_kind(shop.catalogue.problems())
        for kind, problems in groups.items():
            self._tell(text("init_group", title=text(TITLES[kind]), count=len(problems)))
            for problem in problems[:_EXAMPLES]:
                self._tell(text("init_example", example=problem.text))
        if groups:
            self._tell(text("init_products"))

    def _tell(self, sentence: Text) -> None:
        click.echo(self._say(sentence))

    def _read(self, way: Way, check: str, read: Callable[[], T], scope: str = "") -> T | None:
        """What a read gave; None, with cause and remedy said, where it failed."""
        found = Read(way, check, read, scope)
        for trouble in found.trouble():
            click.echo(f"{check}: {self._say(trouble.cause)}", err=True)
            if trouble.remedy is not None:
                click.echo(self._say(text("check_do", remedy=trouble.remedy)), err=True)
        return found.value

    def _secret_in(self, path: Path | None, option: str) -> str | None:
        """The secret in a file; None where no file was named."""
        if path is None:
            return None
        try:
            return path.read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            why = (error.strerror if isinstance(error, OSError) else None) or type(error).__name__
            said = self._say(text("init_unreadable", option=option, path=str(path), why=why))
            raise click.UsageError(said) from error


def _retailer(answer: str) -> str:
    """The shop's name at KiotViet, also out of its address."""
    return answer.removeprefix("https://").removesuffix("/").removesuffix(".kiotviet.vn")


def _day(answer: str) -> date:
    try:
        return date.fromisoformat(answer)
    except ValueError as error:
        raise Misunderstood(text("init_date_wrong", answer=answer)) from error
