"""Opening a shop or its store for one command."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from syncd import config, logs, wiring
from syncd.cli import language
from syncd.cli.usage import Misuse
from syncd.clock import SystemClock
from syncd.config import Settings
from syncd.core.texts import text
from syncd.store import DaemonLock, Store
from syncd.wiring import Outside, Remotes, Shop


def load(path: Path, *, secrets: bool = True) -> Settings:
    """The settings of a config file; from now on this command speaks the shop's language.

    Without `secrets` their files need not be there.

    Raises:
        ConfigError: Every problem of the file at once.
    """
    folder = os.environ.get("CREDENTIALS_DIRECTORY")
    credentials = Path(folder) if folder else None
    settings = config.load(path, credentials_directory=credentials, secrets=secrets)
    language.speak(settings.language)
    return settings


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
def store_of(path: Path) -> Iterator[tuple[Settings, Store]]:
    """The settings and the existing store, also while the daemon runs.

    Raises:
        Unusable: There is no database yet.
    """
    logs.configure()
    settings = load(path)
    logs.speak(settings.language)
    store = Store(settings.database, create=False, language=settings.language)
    try:
        yield settings, store
    finally:
        store.close()


@contextmanager
def remotes_of(settings: Settings, store: Store) -> Iterator[Remotes]:
    """Both remotes for looking at what they show; nothing is copied, and reads count in the store's budget."""
    logs.configure(quiet=True)
    remotes = Remotes(settings, store, Outside())
    try:
        yield remotes
    finally:
        remotes.close()


def order_id(store: Store, order: str) -> int:
    """The Haravan id of an order number or id.

    Raises:
        Misuse: No such order is known.
    """
    found = store.orders.find(order)
    if found is None:
        raise Misuse(text("usage_order_unknown", order=order))
    return found


def now() -> datetime:
    """The time of this command."""
    return SystemClock().now()
