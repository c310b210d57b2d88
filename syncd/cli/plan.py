"""`syncd plan`: what `once` would write."""

from __future__ import annotations

from pathlib import Path

import click

from syncd.cli import FAILED, FINE
from syncd.cli.once import run_cycles
from syncd.cli.options import config_option, json_option
from syncd.cli.printing import console, print_json, table
from syncd.cli.shops import planning_shop
from syncd.core.texts import Say, speaker, text


@click.command("plan")
@config_option
@json_option
def command(config_path: Path, as_json: bool) -> int:
    """Show every write that 'once' would send; send none. The same code decides, on a copy of the store."""
    with planning_shop(config_path) as shop:
        orders, stock = run_cycles(shop)
        say = speaker(shop.settings.language)
        planned = shop.planned.writes if shop.planned is not None else []
        writes = [
            {
                "target": write.target,
                "operation": write.operation,
                "order_number": _number(shop.store.orders.record(write.haravan_id) if write.haravan_id else None),
                "detail": write.detail,
            }
            for write in planned
        ]
        held = shop.store.reports.held()
    errors = [*orders.failures, *stock.failures, *([stock.refusal] if stock.refusal else [])]
    if as_json:
        print_json(
            {
                "writes": writes,
                "held": [{"order_number": h.number, "code": h.hold.code} for h in held],
                "errors": errors,
            }
        )
    else:
        _print(writes, len(held), say)
    for error in errors:
        click.echo(f"syncd: {error}", err=True)
    return FAILED if errors else FINE


def _number(record: object) -> str | None:
    number = getattr(record, "number", None)
    return number if isinstance(number, str) else None


def _print(writes: list[dict[str, str | None]], held: int, say: Say) -> None:
    if writes:
        columns = ("column_where", "column_what", "column_order", "column_detail")
        shown = table("", *(say(text(column)) for column in columns))
        for write in writes:
            shown.add_row(write["target"], write["operation"], write["order_number"] or "", write["detail"])
        console().print(shown)
    click.echo(say(text("plan_summary", writes=len(writes), held=held)))
