"""`syncd once`: one complete cycle."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Protocol, TypeVar

import click

from syncd.cli import FAILED, FINE
from syncd.cli.options import config_option, force_option, json_option
from syncd.cli.printing import CYCLE_NAMES, print_errors, print_json
from syncd.cli.shops import acting_shop
from syncd.core.texts import Say, speaker, text
from syncd.cycles.orders import OrdersReport
from syncd.cycles.stock import StockReport
from syncd.errors import SyncdError, Unusable
from syncd.wiring import Shop


class _Report(Protocol):
    failures: list[str]


_R = TypeVar("_R", bound=_Report)


@click.command("once")
@config_option
@force_option
@json_option
def command(config_path: Path, force_stock: bool, as_json: bool) -> int:
    """Run one complete cycle: orders (poll, and open ones re-read), then stock with one full sweep.

    Exit 0, or 1 if either side could not be read or written to the end or a stock plan was refused.
    """
    with acting_shop(config_path) as shop:
        orders, stock = run_cycles(shop, force=force_stock)
        say = speaker(shop.settings.language)
        calls = {"haravan": shop.remotes.calls["haravan"], "kiotviet": shop.remotes.calls["kiotviet"]}
    errors = [*orders.failures, *stock.failures, *([stock.refusal] if stock.refusal else [])]
    result = {
        "orders": {"seen": orders.seen, "changed": orders.changed, "held": orders.held},
        "stock": {"checked": stock.checked, "written": stock.written, "refused": stock.refused},
        "calls": calls,
        "errors": errors,
    }
    if as_json:
        print_json(result)
    else:
        _print(orders, stock, calls, say)
    print_errors(errors)
    return FAILED if errors else FINE


def run_cycles(shop: Shop, *, force: bool = False, audit: bool = False) -> tuple[OrdersReport, StockReport]:
    """Both cycles in full; whatever fails in one is told in its report and does not keep the other from running.

    With `audit`, the documents of open orders are compared with KiotViet's whole lists as well.

    Raises:
        Unusable: The store cannot be used.
    """
    orders = _attempt(shop, "orders", OrdersReport(), lambda: shop.orders.run(full=True, whole=True, audit=audit))
    stock = _attempt(shop, "stock", StockReport(), lambda: shop.stock.run(full=True, force=force))
    return orders, stock


def _attempt(shop: Shop, name: str, empty: _R, cycle: Callable[[], _R]) -> _R:
    try:
        report = cycle()
    except Unusable:
        raise
    except SyncdError as error:
        report = empty
        problem = text("cycle_problem", cycle=text(CYCLE_NAMES[name]), error=error.message)
        report.failures.append(problem.said(shop.settings.language))
    _record(shop, name, report)
    return report


def _record(shop: Shop, name: str, report: _Report) -> None:
    refusal = getattr(report, "refusal", "")
    problem = next(iter(report.failures), refusal)
    now = shop.clock.now()
    try:
        if problem:
            shop.store.cycle_failed(name, problem, now)
        else:
            shop.store.cycle_ok(name, {}, now)
    except SyncdError as error:
        report.failures.append(error.said(shop.settings.language))


def _print(orders: OrdersReport, stock: StockReport, calls: dict[str, int], say: Say) -> None:
    click.echo(say(text("once_orders", seen=orders.seen, changed=orders.changed, held=orders.held)))
    refused = say(text("once_refused", refused=stock.refused)) if stock.refused else ""
    click.echo(say(text("once_stock", checked=stock.checked, written=stock.written)) + refused)
    click.echo(say(text("once_calls", haravan=calls["haravan"], kiotviet=calls["kiotviet"])))
