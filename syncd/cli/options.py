"""What most commands take: the config file, and whether to print JSON."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

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
