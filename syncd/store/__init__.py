"""The ledger: what we did and what we were about to do, in one SQLite file."""

from syncd.store.ledger import Store
from syncd.store.opening import DaemonLock

__all__ = ["DaemonLock", "Store"]
