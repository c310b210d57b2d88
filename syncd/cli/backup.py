"""`syncd backup`: a consistent copy of the store."""

from __future__ import annotations

from pathlib import Path

import click

from syncd.cli import FINE
from syncd.cli.options import config_option, json_option
from syncd.cli.printing import print_json
from syncd.cli.shops import store_of


@click.command("backup")
@config_option
@json_option
@click.argument("target", metavar="TO", type=click.Path(path_type=Path))
def command(config_path: Path, target: Path, as_json: bool) -> int:
    """Write a consistent copy of the store to the new file TO, also while the daemon runs.

    A restored copy may be old: orders that KiotViet has are found again by their marker, none is sent twice.
    """
    with store_of(config_path) as (_, store):
        store.copy_to(target)
    size = target.stat().st_size
    if as_json:
        print_json({"backup": str(target), "bytes": size})
    else:
        click.echo(f"{target}: {size:,} bytes")
    return FINE
