"""What each command takes: light enough for the shell's completion, which must not load what a command works with."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, TypeVar

import click

from syncd.cli import completers
from syncd.cli.language import CONFIG_VARIABLE

_F = TypeVar("_F", bound=Callable[..., Any])

SHELLS: Final = ("bash", "zsh", "fish")


def config_option(command: _F) -> _F:
    """`-c/--config FILE`, also from SYNCD_CONFIG."""
    option = click.option(
        "-c",
        "--config",
        "config_path",
        type=click.Path(path_type=Path),
        required=True,
        envvar=CONFIG_VARIABLE,
        metavar="FILE",
        help="option_config",
    )
    return option(command)


def json_option(command: _F) -> _F:
    """`--json`."""
    return click.option("--json", "as_json", is_flag=True, help="option_json")(command)


def held_argument(command: _F) -> _F:
    """`ORDER...`, of which held ones are suggested."""
    complete = completers.held_orders
    return click.argument("orders", metavar="ORDER...", nargs=-1, required=True, shell_complete=complete)(command)


def order_argument(command: _F) -> _F:
    """`[ORDER]`, of which known ones are suggested."""
    return click.argument("order", metavar="ORDER", required=False, shell_complete=completers.known_orders)(command)


def stock_option(command: _F) -> _F:
    """`--stock SKU`."""
    return click.option("--stock", "sku", metavar="SKU", help="option_stock")(command)


def tasks_argument(command: _F) -> _F:
    """`TASK...`, of which open ones are suggested."""
    complete = completers.open_tasks
    return click.argument("tasks", metavar="TASK...", nargs=-1, required=True, type=int, shell_complete=complete)(
        command
    )


def backup_argument(command: _F) -> _F:
    """`TO`, a new file."""
    return click.argument("target", metavar="TO", type=click.Path(path_type=Path))(command)


def keep_option(command: _F) -> _F:
    """`--keep N`."""
    return click.option("--keep", type=click.IntRange(min=1), metavar="N", help="option_keep")(command)


def force_option(command: _F) -> _F:
    """`--force-stock`."""
    return click.option("--force-stock", is_flag=True, help="option_force_stock")(command)


def all_option(command: _F) -> _F:
    """`--all`."""
    return click.option("--all", "every", is_flag=True, help="option_all")(command)


def shell_argument(command: _F) -> _F:
    """`SHELL`."""
    return click.argument("shell", metavar="SHELL", type=click.Choice(SHELLS))(command)


Takes = Callable[[Callable[..., Any]], Callable[..., Any]]

TAKEN: Final[Mapping[str, Sequence[Takes]]] = {
    "demo": (),
    "run": (config_option,),
    "once": (config_option, force_option, json_option),
    "plan": (config_option, json_option),
    "status": (config_option, json_option),
    "explain": (config_option, json_option, stock_option, order_argument),
    "retry": (config_option, json_option, held_argument),
    "done": (config_option, json_option, tasks_argument),
    "ignore": (config_option, json_option, held_argument),
    "products": (config_option, json_option, all_option),
    "reconcile": (config_option, json_option),
    "alert-test": (config_option, json_option),
    "backup": (config_option, keep_option, json_option, backup_argument),
    "schema": (),
    "completion": (shell_argument,),
}
"""By command, what stands in for it while the shell completes its line; a test keeps both equal."""


def stand_in(name: str) -> click.Command | None:
    """A command with the options and arguments of that name that does nothing; None where it must be loaded."""

    def nothing(**_: object) -> None:
        """Never called: completion only asks what the command takes."""

    if name not in TAKEN:
        return None
    taking: Callable[..., Any] = nothing
    for takes in reversed(TAKEN[name]):
        taking = takes(taking)
    return click.command(name)(taking)
