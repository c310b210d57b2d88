"""`syncd retry`: release held orders."""

from __future__ import annotations

from pathlib import Path

import click

from syncd.cli import FINE
from syncd.cli.options import config_option, held_argument, json_option
from syncd.cli.printing import print_json
from syncd.cli.stores import now, order_id, store_of
from syncd.core.texts import text


@click.command("retry")
@config_option
@json_option
@held_argument
def command(config_path: Path, orders: tuple[str, ...], as_json: bool) -> int:
    """Let held orders be tried again in the next cycle. Works while the daemon runs."""
    with store_of(config_path) as (settings, store):
        ids = [order_id(store, order) for order in orders]
        released = [store.orders.ask_retry(haravan_id, now()) for haravan_id in ids]
    rows = [
        {"order": order, "haravan_id": i, "was_held": held}
        for order, i, held in zip(orders, ids, released, strict=True)
    ]
    if as_json:
        print_json({"retry": rows})
    for row in rows if not as_json else ():
        note = text("retry_released" if row["was_held"] else "retry_not_held", order=str(row["order"]))
        click.echo(note.said(settings.language))
    return FINE
