"""The config and the store, for commands that ask no shop; they must start fast."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from syncd import config, logs
from syncd.cli import language
from syncd.cli.usage import Misuse
from syncd.clock import SystemClock
from syncd.config import Settings
from syncd.core.texts import text
from syncd.store import Store


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
