"""What the Tab key suggests from a shop's database: quick, silent, and nothing where it cannot be read."""

from __future__ import annotations

import os
from pathlib import Path

import click
from click.shell_completion import CompletionItem

from syncd.cli import peek
from syncd.cli.language import CONFIG_VARIABLE


def held_orders(ctx: click.Context, parameter: click.Parameter, beginning: str) -> list[CompletionItem[str]]:
    """Held orders that are not on the line yet."""
    database = _database(ctx)
    return [] if database is None else _orders(peek.held_numbers(database), ctx, parameter, beginning)


def known_orders(ctx: click.Context, parameter: click.Parameter, beginning: str) -> list[CompletionItem[str]]:
    """The newest orders whose number begins so."""
    database = _database(ctx)
    numbers = [] if database is None else peek.known_numbers(database, beginning)
    return _orders(numbers, ctx, parameter, beginning)


def open_tasks(ctx: click.Context, parameter: click.Parameter, beginning: str) -> list[CompletionItem[str]]:
    """Open tasks that are not on the line yet, with their order and kind where the shell shows such words."""
    database = _database(ctx)
    found = [] if database is None else peek.open_tasks(database)
    there = _on_the_line(ctx, parameter)
    return [CompletionItem(task, help=what) for task, what in found if task.startswith(beginning) and task not in there]


def _orders(
    numbers: list[str], ctx: click.Context, parameter: click.Parameter, beginning: str
) -> list[CompletionItem[str]]:
    # a # begins a comment in every shell, and syncd takes the number without it
    bare = [number.lstrip("#") for number in numbers]
    there = _on_the_line(ctx, parameter)
    return [CompletionItem(number) for number in bare if number.startswith(beginning) and number not in there]


def _on_the_line(ctx: click.Context, parameter: click.Parameter) -> set[str]:
    given = ctx.params.get(parameter.name or "") or ()
    return {str(value).lstrip("#") for value in given} if isinstance(given, tuple) else set()


def _database(ctx: click.Context) -> Path | None:
    named = ctx.params.get("config_path") or os.environ.get(CONFIG_VARIABLE)
    return peek.glance(Path(named).expanduser()).database if named else None
