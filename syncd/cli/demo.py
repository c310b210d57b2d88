"""`syncd demo`: a shop's day on two simulated systems."""

from __future__ import annotations

import click

from syncd import demo
from syncd.cli import FAILED, FINE
from syncd.cli.language import spoken
from syncd.cli.printing import console


@click.command("demo")
def command() -> int:
    """Watch a shop's day on two simulated systems: no config, no account.

    Exit 0 only if both sides agree at the end.
    """
    return FINE if demo.play(console(), language=spoken()) else FAILED
