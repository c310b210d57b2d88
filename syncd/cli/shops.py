"""Opening a shop or its store for one command."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from syncd import logs, wiring
from syncd.cli.stores import load
from syncd.config import Settings
from syncd.store import DaemonLock, Store
from syncd.wiring import Outside, Remotes, Shop


@contextmanager
def acting_shop(path: Path) -> Iterator[Shop]:
    """A shop that may write; it alone works on its database.

    Raises:
        ConfigError, Unusable: An admin must do something first.
    """
    logs.configure()
    settings = load(path)
    logs.speak(settings.language)
    with DaemonLock(settings.database), wiring.open_shop(settings) as shop:
        yield shop


@contextmanager
def planning_shop(path: Path) -> Iterator[Shop]:
    """A shop that shows writes and sends none, on a copy of the store; what it would do is no event."""
    logs.configure(quiet=True)
    settings = load(path)
    logs.speak(settings.language)
    with (
        tempfile.TemporaryDirectory(prefix="syncd-plan-") as scratch,
        wiring.open_plan(settings, Path(scratch)) as shop,
    ):
        yield shop


@contextmanager
def reading_shop(path: Path) -> Iterator[Shop]:
    """A shop for looking at both remotes, also while the daemon runs; it leaves the real store as it is."""
    with planning_shop(path) as shop:
        yield shop


@contextmanager
def remotes_of(settings: Settings, store: Store) -> Iterator[Remotes]:
    """Both remotes for looking at what they show; nothing is copied, and reads count in the store's budget."""
    logs.configure(quiet=True)
    remotes = Remotes(settings, store, Outside())
    try:
        yield remotes
    finally:
        remotes.close()
