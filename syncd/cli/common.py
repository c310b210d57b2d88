"""What the commands share: options, loading the config, opening a shop, and printing results."""

from __future__ import annotations

import json
import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

import click
from rich.console import Console
from rich.table import Table

from syncd import config, logs, wiring
from syncd.clock import SystemClock
from syncd.config import Settings
from syncd.store import DaemonLock, Store
from syncd.wiring import Outside, Shop

_F = TypeVar("_F", bound=Callable[..., Any])


def config_option(command: _F) -> _F:
    """`-c/--config FILE`, also from SYNCD_CONFIG."""
    path = click.Path(path_type=Path)
    option = click.option(
        "-c",
        "--config",
        "config_path",
        type=path,
        required=True,
        envvar="SYNCD_CONFIG",
        metavar="FILE",
        help="The shop's config file (or set SYNCD_CONFIG).",
    )
    return option(command)


def json_option(command: _F) -> _F:
    """`--json`."""
    return click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of text.")(command)


def load(path: Path) -> Settings:
    """The settings of a config file.

    Raises:
        ConfigError: Every problem of the file at once.
    """
    folder = os.environ.get("CREDENTIALS_DIRECTORY")
    return config.load(path, credentials_directory=Path(folder) if folder else None)


@contextmanager
def acting_shop(path: Path) -> Iterator[Shop]:
    """A shop that may write; it alone works on its database.

    Raises:
        ConfigError, Unusable: An admin must do something first.
    """
    logs.configure()
    settings = load(path)
    with DaemonLock(settings.database), wiring.open_shop(settings) as shop:
        yield shop


@contextmanager
def planning_shop(path: Path) -> Iterator[Shop]:
    """A shop that shows writes and sends none, on a copy of the store."""
    logs.configure()
    settings = load(path)
    with (
        tempfile.TemporaryDirectory(prefix="syncd-plan-") as scratch,
        wiring.open_plan(settings, Path(scratch)) as shop,
    ):
        yield shop


@contextmanager
def reading_shop(path: Path) -> Iterator[Shop]:
    """A shop for looking at both remotes, also while the daemon runs; it leaves the real store as it is."""
    with planning_shop(path) as shop:
        yield shop


@contextmanager
def store_of(path: Path) -> Iterator[tuple[Settings, Store]]:
    """The settings and the existing store, also while the daemon runs.

    Raises:
        Unusable: There is no database yet.
    """
    logs.configure()
    settings = load(path)
    store = Store(settings.database, create=False)
    try:
        yield settings, store
    finally:
        store.close()


def print_json(value: object) -> None:
    """One JSON object on stdout."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2, default=_plain))


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


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


def order_id(store: Store, text: str) -> int:
    """The Haravan id of an order number or id.

    Raises:
        click.BadParameter: No such order is known.
    """
    found = store.orders.find(text)
    if found is None:
        raise click.BadParameter(
            f"order {text!r} is not known here; 'syncd once' or the daemon takes in new orders first"
        )
    return found


def now() -> datetime:
    """The time of this command."""
    return SystemClock().now()


__all__ = [
    "Outside",
    "acting_shop",
    "config_option",
    "console",
    "json_option",
    "load",
    "now",
    "order_id",
    "planning_shop",
    "print_json",
    "reading_shop",
    "store_of",
    "table",
]
