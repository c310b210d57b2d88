"""`syncd backup`: a consistent copy of the store."""

from __future__ import annotations

from pathlib import Path

import click

from syncd import logs
from syncd.cli import FINE
from syncd.cli.options import backup_argument, config_option, json_option, keep_option
from syncd.cli.printing import print_json
from syncd.cli.stores import load, now
from syncd.core import backups
from syncd.core.texts import speaker, text
from syncd.errors import Unusable
from syncd.store import copies


@click.command("backup")
@config_option
@keep_option
@json_option
@backup_argument
def command(config_path: Path, target: Path, keep: int | None, as_json: bool) -> int:
    """Write a consistent copy of the store to the new file TO, or into the directory TO, also while the daemon runs.

    In a directory it is called syncd-SHOP-YYYYMMDD-HHMMSS.db, in UTC. A restored copy may be old: orders that KiotViet
    has are found again by their marker, none is sent twice.
    """
    logs.configure()
    settings = load(config_path, secrets=False)
    say = speaker(settings.language)
    if keep is not None and not target.is_dir():
        raise Unusable(text("backup_not_directory", path=str(target)))
    written = target / backups.name_of(settings.shop, now()) if target.is_dir() else target
    copies.back_up(settings.database, written)
    deleted = [] if keep is None else _thin_out(target, settings.shop, keep)
    size = written.stat().st_size
    if as_json:
        print_json({"backup": str(written), "bytes": size, "deleted": [str(path) for path in deleted]})
        return FINE
    click.echo(say(text("backup_written", path=str(written), size=f"{size:,}")))
    for path in deleted:
        click.echo(say(text("backup_deleted", path=str(path), keep=keep or 0)))
    return FINE


def _thin_out(directory: Path, shop: str, keep: int) -> list[Path]:
    """Delete this shop's oldest backups beyond `keep`; those that went."""
    files = [path.name for path in directory.iterdir() if path.is_file() and not path.is_symlink()]
    gone = [directory / name for name in backups.surplus(files, shop, keep)]
    for path in gone:
        path.unlink()
    return gone
