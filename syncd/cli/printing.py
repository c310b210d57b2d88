"""Results on stdout: one JSON object, or text that reads well on a terminal and piped."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from datetime import datetime

import click
from rich.console import Console
from rich.table import Table

from syncd.cli.language import say
from syncd.core.texts import text
from syncd.policies import SHOP_ZONE

CYCLE_NAMES = {"orders": "cycle_orders", "stock": "cycle_stock"}


def print_json(value: object) -> None:
    """One JSON object on stdout."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2, default=_plain))


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


def shop_clock(at: datetime | str) -> str:
    """An instant (or its ISO text) on the shop's clock, to the second; columns and labels say that it is +07."""
    moment = datetime.fromisoformat(at) if isinstance(at, str) else at
    return f"{moment.astimezone(SHOP_ZONE):%Y-%m-%d %H:%M:%S}"


def print_errors(errors: Iterable[str]) -> None:
    """What went wrong on stderr, one a line."""
    for error in errors:
        click.echo(say(text("problem_line", error=error)), err=True)


def console() -> Console:
    """Colour on a terminal, plain text otherwise, and lines that are not cut when piped."""
    terminal = sys.stdout.isatty()
    return Console(file=sys.stdout, width=None if terminal else 160, highlight=False, soft_wrap=not terminal)


def table(title: str, *columns: str) -> Table:
    """A table that is also readable when piped."""
    made = Table(title=title, title_justify="left", box=None, header_style="bold", pad_edge=False)
    for column in columns:
        made.add_column(column, overflow="fold")
    return made
