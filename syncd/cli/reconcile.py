"""`syncd reconcile`: compare both sides whole, and repair what drifted."""

from __future__ import annotations

from pathlib import Path

import click

from syncd.cli import FAILED, FINE
from syncd.cli.once import run_cycles
from syncd.cli.options import config_option, json_option
from syncd.cli.printing import print_json
from syncd.cli.shops import acting_shop
from syncd.core.texts import speaker, text


@click.command("reconcile")
@config_option
@json_option
def command(config_path: Path, as_json: bool) -> int:
    """Compare both sides whole, documents and stock; report the drift that was found and repaired.

    Not while the daemon runs: it does the same every poll.reconcile_seconds.
    """
    with acting_shop(config_path) as shop:
        orders, stock = run_cycles(shop)
        say = speaker(shop.settings.language)
    errors = [*orders.failures, *stock.failures, *([stock.refusal] if stock.refusal else [])]
    if as_json:
        found = {"orders_changed": orders.changed, "stock_checked": stock.checked, "stock_repaired": stock.written}
        print_json(found | {"errors": errors})
    else:
        click.echo(say(text("reconcile_documents", seen=orders.seen, changed=orders.changed, held=orders.held)))
        click.echo(say(text("reconcile_stock", checked=stock.checked, written=stock.written)))
    for error in errors:
        click.echo(f"syncd: {error}", err=True)
    return FAILED if errors else FINE
