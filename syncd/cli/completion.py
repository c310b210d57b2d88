"""`syncd completion`: what makes the shell complete syncd's command line."""

from __future__ import annotations

from typing import Final

import click
from click.shell_completion import BashComplete, FishComplete, ShellComplete, ZshComplete

from syncd.cli import FINE, cli
from syncd.cli.language import say
from syncd.cli.options import shell_argument
from syncd.core.texts import text

VARIABLE: Final = "_SYNCD_COMPLETE"
"""Set by the script when it asks what could come next; the name is click's."""

_SHELLS: Final[dict[str, type[ShellComplete]]] = {"bash": BashComplete, "zsh": ZshComplete, "fish": FishComplete}
_HOW: Final = {
    "bash": 'eval "$(syncd completion bash)"  # ~/.bashrc',
    "zsh": 'eval "$(syncd completion zsh)"  # ~/.zshrc, after compinit',
    "fish": "syncd completion fish > ~/.config/fish/completions/syncd.fish",
}


@click.command("completion")
@shell_argument
def command(shell: str) -> int:
    """Print a script for a shell; the first line says how to install it."""
    click.echo("# " + say(text("completion_install", how=_HOW[shell])))
    made = _SHELLS[shell](cli, {}, "syncd", VARIABLE)
    click.echo(made.source_template % made.source_vars())
    return FINE
