"""The front door: arguments in, words and an exit code out.

Exit codes: 0 fine, 1 a cycle failed or data is stale, 2 an admin must edit something, 3 our bug. Results go to stdout,
logs to stderr.
"""

from __future__ import annotations

import importlib
import io
import sys
import traceback

import click

from syncd import __version__
from syncd.errors import ConfigError, SyncdError, Unusable

FINE, FAILED, EDIT, BUG = 0, 1, 2, 3

_COMMANDS = {
    "demo": "Watch a shop's day on two simulated systems; needs no account.",
    "sandbox": "Serve both simulated systems on loopback until stopped.",
    "act": "Place, ship, deliver or pay an order in a running sandbox.",
    "init": "Ask for both accounts, try them, and write a first config.",
    "check": "Try the config, both accounts, branches, locations and product links.",
    "run": "Run the daemon.",
    "once": "Run one complete cycle: orders, then stock.",
    "plan": "Show every write that 'once' would send; send none.",
    "status": "Show orders per state, held orders, last good cycles and drift.",
    "explain": "Tell the story of one order, or of a product's stock, and what comes next.",
    "retry": "Let held orders be tried again.",
    "done": "Close tasks that people have done.",
    "ignore": "Leave orders to people for good.",
    "products": "List product links, duplicates and orphans, and what to do.",
    "reconcile": "Compare both sides whole, documents and stock, and repair drift.",
    "alert-test": "Send one test message by each way that the config names for alerts.",
    "backup": "Write a consistent copy of the store, also while the daemon runs.",
    "schema": "Print the JSON Schema of the config file, for editors.",
}


class _Commands(click.Group):
    """Loads a command's module only when it is called, so that help and completion answer at once."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Every command, in the order in which an admin meets them."""
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name."""
        if cmd_name not in _COMMANDS:
            return None
        command = importlib.import_module(f"syncd.cli.{cmd_name.replace('-', '_')}").command
        if not isinstance(command, click.Command):
            raise TypeError(f"syncd.cli.{cmd_name} has no command")
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list in --help, without loading any of them."""
        with formatter.section("Commands"):
            formatter.write_dl(list(_COMMANDS.items()))


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(__version__, prog_name="syncd")
def cli() -> None:
    """Mirror Haravan web COD orders into KiotViet, and KiotViet stock into Haravan.

    Start with 'syncd demo'. Exit codes: 0 fine, 1 a cycle failed or data is stale, 2 something must be edited, 3 a bug.
    """


def main() -> None:
    """Run the command line and exit; expected failures are sentences, never tracebacks."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:
    """The exit code of a command line."""
    try:
        outcome = cli.main(arguments, prog_name="syncd", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        return EDIT
    except click.Abort:
        click.echo("stopped", err=True)
        return FAILED
    except ConfigError as error:
        for problem in error.problems:
            click.echo(str(problem), err=True)
        return EDIT
    except Unusable as error:
        click.echo(f"syncd: {error}", err=True)
        return EDIT
    except SyncdError as error:
        click.echo(f"syncd: {error}", err=True)
        return FAILED
    except BrokenPipeError:
        return FINE
    except Exception:  # noqa: BLE001 - the last line of defence: whatever it is, it is our bug, and it is told as one
        traceback.print_exc()
        click.echo("syncd: this is a bug in syncd; please report it with the lines above", err=True)
        return BUG
    return outcome if isinstance(outcome, int) else FINE
