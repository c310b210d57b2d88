"""`syncd reconcile`: compare both sides whole, and repair what drifted."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click
from rich.markup import escape

from syncd.cli import FAILED, FINE
from syncd.cli.once import run_cycles
from syncd.cli.options import config_option, json_option
from syncd.cli.printing import console, print_errors, print_json, table
from syncd.cli.shops import acting_shop
from syncd.core.texts import Say, speaker, text
from syncd.store.drifts import STOCK, Drift

_KINDS = {"stock": "cycle_stock", "document": "kind_document"}


@click.command("reconcile")
@config_option
@json_option
def command(config_path: Path, as_json: bool) -> int:
    """Compare both sides whole, documents and stock; report the drift that was found and repaired.

    Not while the daemon runs: it does the same every poll.reconcile_seconds.
    """
    with acting_shop(config_path) as shop:
        began = shop.clock.now()
        orders, stock = run_cycles(shop, audit=True)
        say = speaker(shop.settings.language)
        figures = [drift for drift in shop.store.drifts.since(began) if drift.kind == STOCK]
    errors = [*orders.failures, *stock.failures, *([stock.refusal] if stock.refusal else [])]
    if orders.not_compared and orders.not_compared not in errors:
        errors.append(orders.not_compared)
    if as_json:
        found = {"orders_changed": orders.changed, "stock_checked": stock.checked, "stock_repaired": stock.written}
        compared = {"compared": orders.compared, "complete": not orders.not_compared}
        documents = compared | {"differences": [_document(drift) for drift in orders.differed]}
        differing = {"documents": documents, "stock": {"differences": [_figure(drift) for drift in figures]}}
        print_json(found | differing | {"errors": errors})
    else:
        click.echo(say(text("reconcile_documents", seen=orders.seen, changed=orders.changed, held=orders.held)))
        click.echo(say(text("reconcile_stock", checked=stock.checked, written=stock.written)))
        _print([*orders.differed, *figures], say)
    print_errors(errors)
    return FAILED if errors else FINE


def _document(drift: Drift) -> dict[str, object]:
    return {"haravan_id": drift.haravan_id, "order_number": drift.subject} | _difference(drift)


def _figure(drift: Drift) -> dict[str, object]:
    place = {"sku": drift.subject, "location_id": drift.location_id, "variant_id": drift.variant_id}
    return place | _difference(drift)


def _difference(drift: Drift) -> dict[str, object]:
    return {
        "code": drift.code,
        "found": drift.found,
        "expected": drift.expected,
        "text": drift.sentence,
        "repaired": drift.repaired,
    }


def _print(drifts: Sequence[Drift], say: Say) -> None:
    if not drifts:
        return
    columns = ("column_kind", "column_what_differs", "column_found", "column_expected", "column_why", "column_repaired")
    shown = table(say(text("reconcile_differed", count=len(drifts))), *(say(text(column)) for column in columns))
    for drift in drifts:
        repaired = say(text("yes") if drift.repaired else text("no"))
        cells = (drift.subject, drift.found, drift.expected, drift.sentence)
        shown.add_row(say(text(_KINDS[drift.kind])), *map(escape, cells), repaired)
    console().print(shown)
