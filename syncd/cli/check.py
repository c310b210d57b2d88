"""`syncd check`: everything that would fail later, before it fails."""

from __future__ import annotations

import errno
import ipaddress
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time
from pathlib import Path
from typing import TypeVar

import click

from syncd.cli import EDIT, FINE
from syncd.cli.options import config_option, json_option
from syncd.cli.printing import print_json
from syncd.cli.shops import reading_shop
from syncd.config import Settings
from syncd.core.model import Location, PosSettings
from syncd.cycles.tags import TAGS_ERROR
from syncd.errors import SyncdError, Unusable
from syncd.web import ports
from syncd.wiring import SHOP_ZONE, Shop

OK, WARNING, ERROR = "ok", "warning", "error"
_SIGNS = {OK: "ok      ", WARNING: "WARNING ", ERROR: "ERROR   "}
_SHOWN_PROBLEMS = 5
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at: a level, which thing, and a sentence that says what to do."""

    level: str
    check: str
    text: str


@click.command("check")
@config_option
@json_option
def command(config_path: Path, as_json: bool) -> int:
    """Try the config, credentials, permissions, branches, locations, shop settings and product links.

    Nothing is written anywhere. Exit 0, or 2 when something must be edited or set right first.
    """
    with reading_shop(config_path) as shop:
        findings = list(examine(shop))
    wrong = any(finding.level == ERROR for finding in findings)
    if as_json:
        print_json(
            {"ok": not wrong, "findings": [{"level": f.level, "check": f.check, "text": f.text} for f in findings]}
        )
    else:
        for finding in findings:
            click.echo(f"{_SIGNS[finding.level]}{finding.check}: {finding.text}")
    return EDIT if wrong else FINE


def examine(shop: Shop) -> Iterator[Finding]:
    """Every finding, one after the other."""
    yield Finding(OK, "config", f"{shop.settings.path} is complete")
    yield from _settings_findings(shop.settings)
    yield from _haravan(shop)
    yield from _kiotviet(shop)
    yield from _links(shop)


def _read(name: str, read: Callable[[], _T]) -> tuple[_T | None, list[Finding]]:
    try:
        return read(), []
    except SyncdError as error:
        return None, [Finding(ERROR, name, str(error))]


def _settings_findings(settings: Settings) -> Iterator[Finding]:
    since = datetime.combine(settings.orders.since, time.min, SHOP_ZONE)
    if since > datetime.now(UTC):
        yield Finding(
            WARNING, "orders.since", f"{settings.orders.since} is in the future: no order is taken in before that day"
        )
    if not settings.orders.apply:
        yield Finding(WARNING, "orders.apply", "is off: orders are decided and shown, nothing is written to KiotViet")
    if not settings.stock.apply:
        yield Finding(WARNING, "stock.apply", "is off: stock is compared and shown, nothing is written to Haravan")
    if not settings.stock.links:
        yield Finding(WARNING, "stock.links", "is empty: no stock is published")
    fed = Counter(branch_id for link in settings.stock.links for branch_id in link.branch_ids)
    for branch_id in (branch_id for branch_id, times in fed.items() if times > 1):
        yield Finding(
            WARNING, "stock.links", f"branch {branch_id} feeds several locations: the same pieces are offered at each"
        )
    yield from _receiving(settings)
    yield from _webhooks(settings)


def _receiving(settings: Settings) -> Iterator[Finding]:
    for link in settings.stock.links:
        branch_id = settings.orders.branch_by_location.get(link.location_id, settings.orders.branch_id)
        if branch_id not in link.branch_ids:
            yield Finding(
                WARNING,
                "stock.links",
                f"orders of location {link.location_id} are received by branch {branch_id}, which does not feed it: "
                "their pieces are counted as pending until shipped, and sold from another branch's stock",
            )


def _webhooks(settings: Settings) -> Iterator[Finding]:
    chosen = settings.webhooks
    if chosen is None:
        return
    listen = ports.shown(chosen.host, chosen.port)
    if not ipaddress.ip_address(chosen.host).is_loopback:
        text = f"other machines can reach {listen}, and there is no TLS: let a firewall admit the proxy alone"
        yield Finding(WARNING, "webhooks.listen", text)
    try:
        ports.take(chosen.host, chosen.port).close()
    except Unusable as error:
        taken = isinstance(error.__cause__, OSError) and error.__cause__.errno == errno.EADDRINUSE
        text = f"{listen} is in use: by this shop's daemon, if it runs; else choose another port"
        yield Finding(WARNING, "webhooks.listen", text) if taken else Finding(ERROR, "webhooks", str(error))
    else:
        yield Finding(OK, "webhooks.listen", f"{listen} is free")


def _haravan(shop: Shop) -> Iterator[Finding]:
    haravan = shop.remotes.haravan
    found, problems = _read("Haravan", haravan.shop)
    yield from problems
    if found is None:
        return
    yield Finding(OK, "Haravan", f"shop {found.name} ({found.id})")
    if found.currency and found.currency != "VND":
        yield Finding(ERROR, "Haravan", f"the shop's currency is {found.currency}: syncd mirrors VND only")
    count, problems = _read("Haravan orders", haravan.orders_count)
    yield from problems
    if count is not None:
        yield Finding(OK, "Haravan orders", f"{count} orders can be read")
    locations, problems = _read("Haravan locations", haravan.locations)
    yield from problems
    yield from _locations(shop.settings, locations or ())
    yield from _tags(shop)


def _tags(shop: Shop) -> Iterator[Finding]:
    """The one permission that only a write can try."""
    if not shop.settings.orders.tags:
        return
    if not shop.settings.orders.apply:
        yield Finding(WARNING, "orders.tags", "is on but orders.apply is off: nothing is tagged")
        return
    known = shop.store.recall(TAGS_ERROR)
    if isinstance(known, str):
        yield Finding(WARNING, "orders.tags", known)
    else:
        text = "needs com.write_orders, which cannot be tried without writing: tick it; 'syncd status' says if it lacks"
        yield Finding(OK, "orders.tags", text)


def _locations(settings: Settings, locations: tuple[Location, ...]) -> Iterator[Finding]:
    by_id = {location.id: location for location in locations}
    known = ", ".join(f"{location.id} ({location.name})" for location in locations)
    wanted = {f"stock.links[{i}].location_id": link.location_id for i, link in enumerate(settings.stock.links)}
    wanted |= {f"orders.branch_by_location.{key}": key for key in settings.orders.branch_by_location}
    for key, location_id in wanted.items():
        location = by_id.get(location_id)
        if location is None:
            yield Finding(
                ERROR, key, f"Haravan has no location {location_id}; it has {known or 'none that can be read'}"
            )
        elif location.kind == "ontheroad":
            yield Finding(ERROR, key, f"{location.name} is Haravan's transit location: name one where goods are sold")
        elif location.unavailable:
            yield Finding(
                WARNING, key, f"{location.name} is marked as not for sale in Haravan: is it the right location?"
            )
        else:
            yield Finding(OK, key, f"{location.name} ({location_id})")


def _kiotviet(shop: Shop) -> Iterator[Finding]:
    kiotviet, settings = shop.remotes.kiotviet, shop.settings
    branches, problems = _read("KiotViet", kiotviet.branches)
    yield from problems
    if branches is None:
        return
    yield Finding(OK, "KiotViet", f"retailer {settings.kiotviet.retailer}, {len(branches)} branches")
    code, _ = _read("KiotViet", kiotviet.retailer_code)
    if code is not None and code.lower() != settings.kiotviet.retailer.lower():
        yield Finding(
            ERROR, "kiotviet.retailer", f"the credentials belong to retailer {code}, not {settings.kiotviet.retailer}"
        )
    yield from _branches(settings, {branch.id: branch.name for branch in branches})
    options, problems = _read("KiotViet settings", kiotviet.settings)
    yield from problems
    if options is not None:
        yield from _options(options)
    yield from _surcharge(shop)
    yield from _account(shop)


def _branches(settings: Settings, names: dict[int, str]) -> Iterator[Finding]:
    wanted = {"orders.branch_id": settings.orders.branch_id}
    wanted |= {f"orders.branch_by_location.{key}": value for key, value in settings.orders.branch_by_location.items()}
    for i, link in enumerate(settings.stock.links):
        wanted |= {f"stock.links[{i}].branch_ids[{j}]": branch_id for j, branch_id in enumerate(link.branch_ids)}
    known = ", ".join(f"{branch_id} ({name})" for branch_id, name in names.items())
    for key, branch_id in wanted.items():
        if branch_id in names:
            yield Finding(OK, key, f"{names[branch_id]} ({branch_id})")
        else:
            yield Finding(
                ERROR, key, f"these credentials may not use a branch {branch_id}; they may use {known or 'none'}"
            )


def _options(options: PosSettings) -> Iterator[Finding]:
    if options.allow_order is False:
        yield Finding(ERROR, "KiotViet settings", "'Cho phép đặt hàng' is off: switch it on, or no order can be made")
    if options.allow_order_out_of_stock is False:
        text = "orders for sold-out goods are refused: orders for the last piece may be held as rejected"
        yield Finding(WARNING, "KiotViet settings", text)
    if options.customers_by_branch:
        text = "customers are managed per branch: our customer codes end in the branch id"
        yield Finding(OK, "KiotViet settings", text)


def _surcharge(shop: Shop) -> Iterator[Finding]:
    code = shop.settings.orders.shipping_surcharge_code
    found, problems = _read("KiotViet surcharge", shop.remotes.kiotviet.surcharges)
    yield from problems
    if found is not None:
        there = any(surcharge.code == code for surcharge in found)
        text = f"{code} is there" if there else f"{code} is made with the first order that pays for shipping"
        yield Finding(OK, "KiotViet surcharge", text)


def _account(shop: Shop) -> Iterator[Finding]:
    account_id = shop.settings.orders.cod_account_id
    if account_id is None:
        return
    found, problems = _read("orders.cod_account_id", shop.remotes.kiotviet.bank_accounts)
    yield from problems
    if found is not None:
        mine = next((account for account in found if account.id == account_id), None)
        known = ", ".join(f"{account.id} ({account.name})" for account in found)
        yield (
            Finding(OK, "orders.cod_account_id", mine.name)
            if mine is not None
            else Finding(
                ERROR, "orders.cod_account_id", f"KiotViet has no bank account {account_id}; it has {known or 'none'}"
            )
        )


def _links(shop: Shop) -> Iterator[Finding]:
    index, problems = _read("products", shop.catalogue.refresh)
    yield from problems
    if index is None:
        return
    level = OK if index.by_variant else WARNING
    yield Finding(
        level, "products", f"{len(index.by_variant)} of {len(index.known)} Haravan variants are linked to KiotViet"
    )
    found = shop.catalogue.problems()
    for problem in found[:_SHOWN_PROBLEMS]:
        yield Finding(WARNING, "products", problem.text.said(shop.settings.language))
    if len(found) > _SHOWN_PROBLEMS:
        yield Finding(WARNING, "products", f"and {len(found) - _SHOWN_PROBLEMS} more: see 'syncd products'")
    yield from _readable_levels(shop, [link.variant_id for link in index.stocked()[:1]])


def _readable_levels(shop: Shop, variant_ids: list[int]) -> Iterator[Finding]:
    """One stock row is read, because stock needs a permission of its own."""
    location_ids = [link.location_id for link in shop.settings.stock.links]
    if location_ids and variant_ids:
        page, problems = _read("Haravan stock", lambda: shop.remotes.haravan.levels(location_ids, variant_ids))
        yield from problems
        if page is not None:
            yield Finding(OK, "Haravan stock", "stock can be read")
