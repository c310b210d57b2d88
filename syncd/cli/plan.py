"""`syncd plan`: what `once` would write."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click
from rich.markup import escape

from syncd.cli import FAILED, FINE
from syncd.cli.once import run_cycles
from syncd.cli.options import config_option, json_option
from syncd.cli.printing import console, print_errors, print_json, table
from syncd.cli.shops import planning_shop
from syncd.core.stock import Change
from syncd.core.texts import Say, speaker, text

_MOST_SHOWN = 100


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
                "refused": [_figure(change) for change in stock.refused_changes],
                "held": [{"order_number": h.number, "code": h.hold.code} for h in held],
                "errors": errors,
            }
        )
    else:
        _print(writes, len(held), say)
        _print_refused(stock.refused_changes, say)
    print_errors(errors)
    return FAILED if errors else FINE


def _figure(change: Change) -> dict[str, object]:
    """A change of a refused plan with the terms it came from."""
    return {
        "sku": change.sku or change.code,
        "location_id": change.location_id,
        "available": change.available,
        "wanted": change.wanted,
        "sellable": change.sellable,
        "pending": change.pending,
        "safety_stock": change.safety_stock,
    }


def _print_refused(changes: Sequence[Change], say: Say) -> None:
    """What a refused plan would do, the largest drop first; a person must be able to judge it."""
    if not changes:
        return
    columns = ("column_sku", "column_location", "column_from_to", "column_terms")
    shown = table(say(text("plan_refused_title", count=len(changes))), *(say(text(column)) for column in columns))
    for change in sorted(changes, key=lambda change: change.delta)[:_MOST_SHOWN]:
        terms = f"{change.sellable} - {change.pending} - {change.safety_stock}"
        moves = f"{change.available} → {change.wanted}"
        shown.add_row(escape(change.sku or change.code), str(change.location_id), moves, terms)
    console().print(shown)
    if len(changes) > _MOST_SHOWN:
        click.echo(say(text("plan_refused_more", more=len(changes) - _MOST_SHOWN)))


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
