"""What both shops show, judged against what the config says of them; every judgement names what to do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from syncd.core.findings import Finding, fine, warning, wrong
from syncd.core.model import BankAccount, Branch, Location, PosSettings, Surcharge
from syncd.core.model import Shop as WebShop
from syncd.core.texts import Text, text

_VIETNAM = "+07:00"
_SHOWN = 20


def of_web_shop(shop: WebShop) -> Iterator[Finding]:
    """The currency, which can only be đồng, and the time zone that Haravan's own pages count days in."""
    yield fine("Haravan", text("check_haravan_shop", name=shop.name, id=shop.id))
    if shop.currency and shop.currency != "VND":
        cause = text("check_currency", currency=shop.currency)
        yield wrong("currency", "Haravan", cause, text("check_currency_remedy"))
    if shop.timezone and _VIETNAM not in shop.timezone:
        cause = text("check_shop_timezone", zone=shop.timezone)
        yield warning("shop_timezone", "Haravan", cause, text("check_shop_timezone_remedy"))


def of_locations(wanted: Mapping[str, int], shown: Sequence[Location]) -> Iterator[Finding]:
    """Each location that a config key (`wanted`: key -> id) names."""
    by_id = {location.id: location for location in shown}
    known = _named([(location.id, location.name) for location in shown])
    for key, location_id in wanted.items():
        location = by_id.get(location_id)
        if location is None:
            cause = text("check_location_missing", id=location_id)
            yield wrong("location_missing", key, cause, text("check_choose_one", setting=key, known=known))
        elif location.kind == "ontheroad":
            cause = text("check_location_transit", name=location.name, id=location_id)
            yield wrong("location_transit", key, cause, text("check_choose_one", setting=key, known=known))
        elif location.unavailable:
            cause = text("check_location_unavailable", name=location.name, id=location_id)
            yield warning("location_unavailable", key, cause, text("check_location_unavailable_remedy", setting=key))
        else:
            yield fine(key, text("check_named", name=location.name, id=location_id))


def of_branches(wanted: Mapping[str, int], shown: Sequence[Branch]) -> Iterator[Finding]:
    """Each branch that a config key (`wanted`: key -> id) names; one that is closed or not permitted is not shown."""
    names = {branch.id: branch.name for branch in shown}
    known = _named(list(names.items()))
    for key, branch_id in wanted.items():
        if branch_id in names:
            yield fine(key, text("check_named", name=names[branch_id], id=branch_id))
        else:
            cause = text("check_branch_missing", id=branch_id)
            remedy = text("check_branch_missing_remedy", setting=key, known=known)
            yield wrong("branch_missing", key, cause, remedy)


def of_pos_settings(options: PosSettings) -> Iterator[Finding]:
    """The switches that `/settings` shows and that make writes fail. Source: KiotViet docs, Settings."""
    check = "KiotViet settings"
    if options.allow_order is False:
        yield order_feature_off()
    if options.allow_order_out_of_stock is False:
        cause, remedy = text("check_order_out_of_stock"), text("check_order_out_of_stock_remedy")
        yield warning("order_out_of_stock_off", check, cause, remedy)
    if options.allow_sell_ordered_out_of_stock is False and options.allow_sell_out_of_stock is not True:
        cause, remedy = text("check_sell_reserved"), text("check_sell_reserved_remedy")
        yield warning("sell_reserved_off", check, cause, remedy)
    elif options.allow_sell_out_of_stock is False:
        yield fine(check, text("check_sell_out_of_stock"))
    if options.customers_by_branch:
        yield fine(check, text("check_customers_by_branch"))
    yield fine(check, text("check_unseen_settings"))


def order_feature_off() -> Finding:
    """No order can be made in KiotViet."""
    cause, remedy = text("check_order_feature"), text("check_order_feature_remedy")
    return wrong("order_feature_off", "KiotViet settings", cause, remedy)


def of_surcharge(code: str, shown: Sequence[Surcharge]) -> Finding:
    """The surcharge that carries the shipping fee; an inactive one is not listed, its code still taken (observed)."""
    check = "orders.shipping_surcharge_code"
    mine = next((surcharge for surcharge in shown if surcharge.code == code), None)
    if mine is None:
        return fine(check, text("check_surcharge_to_make", code=code))
    if mine.value != Decimal(0) or mine.ratio:
        cause = text("check_surcharge_value", code=code)
        return warning("surcharge_value", check, cause, text("check_surcharge_value_remedy", code=code))
    return fine(check, text("check_surcharge_there", code=code))


def of_account(account_id: int, shown: Sequence[BankAccount]) -> Finding:
    """The bank account that money is booked to."""
    check = "orders.cod_account_id"
    mine = next((account for account in shown if account.id == account_id), None)
    if mine is not None:
        return fine(check, text("check_named", name=mine.name, id=account_id))
    known = _named([(account.id, account.name) for account in shown])
    cause = text("check_account_missing", id=account_id)
    return wrong("bank_account_missing", check, cause, text("check_account_missing_remedy", known=known))


def _named(rows: Sequence[tuple[int, str]]) -> str | Text:
    """Ids with names, as many as a person reads."""
    if not rows:
        return text("check_none")
    shown = ", ".join(f"{row_id} ({name})" for row_id, name in rows[:_SHOWN])
    return shown if len(rows) <= _SHOWN else f"{shown}, …"
