"""The front door: arguments in, words and an exit code out.

Exit codes: 0 fine, 1 a cycle failed or data is stale, 2 an admin must edit something, 3 our bug. Results go to stdout,
logs to stderr.
"""

from __future__ import annotations

import gc
import importlib
import io
import os
import sys
import traceback
from typing import NoReturn

import click
from click.shell_completion import CompletionItem

from syncd import __version__
from syncd.cli import language
from syncd.cli.language import say
from syncd.cli.manual import format_syncd, said, with_page
from syncd.cli.options import stand_in
from syncd.cli.usage import tell
from syncd.core.texts import text
from syncd.errors import ConfigError, SyncdError, Unusable

FINE, FAILED, EDIT, BUG = 0, 1, 2, 3

_COMMANDS = {
    "demo": "cmd_demo",
    "sandbox": "cmd_sandbox",
    "act": "cmd_act",
    "init": "cmd_init",
    "check": "cmd_check",
    "run": "cmd_run",
    "once": "cmd_once",
    "plan": "cmd_plan",
    "status": "cmd_status",
    "explain": "cmd_explain",
    "retry": "cmd_retry",
    "done": "cmd_done",
    "ignore": "cmd_ignore",
    "products": "cmd_products",
    "reconcile": "cmd_reconcile",
    "alert-test": "cmd_alert_test",
    "backup": "cmd_backup",
    "schema": "cmd_schema",
    "completion": "cmd_completion",
}


class _Commands(click.Group):
    """Loads a command's module only when it is called, so that help and completion answer at once."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Every command, in the order in which an admin meets them."""
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name; while the shell completes, only what stands in for it."""
        if cmd_name not in _COMMANDS:
            return None
        completing = ctx.resilient_parsing
        return (stand_in(cmd_name) if completing else None) or with_page(_loaded(cmd_name))

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem[str]]:
        """The commands and options that begin so, without loading any."""
        names = [name for name in _COMMANDS if name.startswith(incomplete)]
        items = [CompletionItem(name, help=said(_COMMANDS[name])) for name in names]
        return [*items, *click.Command.shell_complete(self, ctx, incomplete)]

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The page of syncd itself, without loading any command."""
        format_syncd(self, ctx, formatter, _COMMANDS)


def _loaded(name: str) -> click.Command:
    command = importlib.import_module(f"syncd.cli.{name.replace('-', '_')}").command
    if not isinstance(command, click.Command):
        raise TypeError(f"syncd.cli.{name} has no command")
    return command


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(__version__, prog_name="syncd", help="option_version")
def cli() -> None:
    """What every command goes through; its page of help is in the catalogue."""


def main() -> NoReturn:
    """Run the command line and exit; expected failures are sentences, never tracebacks."""
    _search_everything_seldom()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    sys.exit(run(sys.argv[1:]))


def _search_everything_seldom() -> None:
    """Look through all that is in memory for cycles a tenth as often as Python does by itself.

    Of a shop with 50,000 products each such search takes a tenth of a second and finds next to nothing: what syncd lets
    go is freed at once, and what little is not, the frequent searches of what is new find.
    """
    young, middle, _ = gc.get_threshold()
    gc.set_threshold(young, middle, 100)


def run(arguments: list[str]) -> int:
    """The exit code of a command line; without arguments, help is shown."""
    language.speak(language.choose(arguments, os.environ))
    try:
        outcome = cli.main(arguments or ["--help"], prog_name="syncd", standalone_mode=False)
    except click.ClickException as error:
        tell(error, list(_COMMANDS))
        return EDIT
    except click.Abort:
        click.echo(say(text("stopped")), err=True)
        return FAILED
    except ConfigError as error:
        click.echo(say(error.message), err=True)
        return EDIT
    except SyncdError as error:
        click.echo(say(text("problem_line", error=error.message)), err=True)
        return EDIT if isinstance(error, Unusable) else FAILED
    except BrokenPipeError:
        return FINE
    except Exception:  # noqa: BLE001 - the last line of defence: whatever it is, it is our bug, and it is told as one
        traceback.print_exc()
        click.echo(say(text("bug")), err=True)
        return BUG
    return outcome if isinstance(outcome, int) else FINE
