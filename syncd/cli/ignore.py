"""`syncd ignore`: leave orders to people for good."""

from __future__ import annotations

from pathlib import Path

import click

from syncd.cli import FINE
from syncd.cli.options import config_option, held_argument, json_option
from syncd.cli.printing import print_json
from syncd.cli.stores import now, order_id, store_of
from syncd.core.texts import text


@click.command("ignore")
@config_option
@json_option
@held_argument
def command(config_path: Path, orders: tuple[str, ...], as_json: bool) -> int:
    """Leave orders to people for good: syncd never writes for them again ('syncd retry' takes them back)."""
    with store_of(config_path) as (settings, store):
        ids = [order_id(store, order) for order in orders]
        for haravan_id in ids:
            store.orders.leave_to_people(haravan_id, now())
    if as_json:
        print_json({"ignored": [{"order": order, "haravan_id": i} for order, i in zip(orders, ids, strict=True)]})
    for order in orders if not as_json else ():
        click.echo(text("ignore_done", order=order).said(settings.language))
    return FINE
