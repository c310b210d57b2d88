"""Trying a draft: the very file that would be written, in a folder that is gone afterwards, against both shops."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from syncd import config, wiring
from syncd.config.draft import EXAMPLE, Draft, render, save
from syncd.wiring import Shop

UNKNOWN = "syncd-init-not-asked-yet"
"""Stands for what was not answered yet."""


@contextmanager
def trial(draft: Draft, token: str, secret: str) -> Iterator[Shop]:
    """A shop made of a draft; it writes to neither side, and to no database but its own.

    Raises:
        ConfigError: An answer cannot stand in a config.
    """
    with tempfile.TemporaryDirectory(prefix="syncd-init-") as scratch:
        folder = Path(scratch)
        path = save(folder, text_of(replace(draft, database="trial.db")), token or UNKNOWN, secret or UNKNOWN)
        settings = config.load(path, credentials_directory=None)
        with wiring.open_plan(settings, folder, blank=True) as shop:
            yield shop


def text_of(draft: Draft) -> str:
    """The config file of a draft; editors find its schema where syncd is installed."""
    example = EXAMPLE.read_text(encoding="utf-8").replace("$schema=syncd/config/", f"$schema={EXAMPLE.parent}/", 1)
    return render(draft, example)
