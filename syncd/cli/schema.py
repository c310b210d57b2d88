"""`syncd schema`: the JSON Schema of the config file, by which editors complete and check it."""

from __future__ import annotations

import click

from syncd.cli import FINE
from syncd.config import SCHEMA


@click.command("schema")
def command() -> int:
    """Print the JSON Schema of the config file.

    Editors with a YAML language server use it: 'syncd schema > /etc/syncd/syncd.schema.json', and the first line of the
    config says '# yaml-language-server: $schema=syncd.schema.json'.
    """
    click.echo(SCHEMA.read_text(encoding="utf-8"), nl=False)
    return FINE
