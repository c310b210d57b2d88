"""`syncd run`: the daemon."""

from __future__ import annotations

from pathlib import Path

import click

from syncd import daemon, logs
from syncd.cli.language import say
from syncd.cli.options import config_option
from syncd.cli.stores import load
from syncd.daemon.memory import keep_small


@click.command("run")
@config_option
def command(config_path: Path) -> int:
    """Run the daemon until SIGTERM. SIGHUP reads the config again; a bad one is refused and the old one kept."""
    logs.configure()
    keep_small()
    return daemon.run(config_path, lambda: load(config_path), say=say)
