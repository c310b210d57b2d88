"""`syncd products`: links, duplicates, orphans, and what to do."""

from __future__ import annotations

from pathlib import Path

import click
from rich.markup import escape

from syncd.cli import FINE
from syncd.cli.options import config_option, json_option
from syncd.cli.printing import console, print_json, table
from syncd.cli.shops import reading_shop
from syncd.core.texts import speaker, text


@click.command("products")
@config_option
@json_option
def command(config_path: Path, as_json: bool) -> int:
    """Read both catalogues and list links, duplicates and orphans, each with what to do about it."""
    with reading_shop(config_path) as shop:
        index, say = shop.catalogue.refresh(), speaker(shop.settings.language)
    links = [
        {
            "variant_id": link.variant_id,
            "sku": link.sku,
            "kiotviet_code": link.code,
            "name": link.name,
            "stock": link.no_stock is None,
        }
        for link in index.by_variant.values()
    ]
    problems = [
        {"kind": p.kind, "variant_id": p.variant_id, "sku": p.sku, "kiotviet_code": p.code, "text": say(p.text)}
        for p in index.problems
    ]
    if as_json:
        print_json({"links": links, "problems": problems})
        return FINE
    stocked = sum(1 for link in links if link["stock"])
    click.echo(say(text("products_linked", linked=len(links), stocked=stocked)))
    if problems:
        shown = table(
            say(text("products_problems", count=len(problems))),
            say(text("column_kind")),
            say(text("column_what_to_do")),
        )
        for problem in problems:
            shown.add_row(str(problem["kind"]), escape(str(problem["text"])))
        console().print(shown)
    return FINE
