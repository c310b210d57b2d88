"""How many voided invoices of an order were taken into account when it was said what the order reserves."""

from __future__ import annotations

from typing import Any

from peewee import IntegerField


def up(migrator: Any, db: Any) -> None:
    """Add the column; of the orders that are there, each void is considered anew."""
    # one that may not be null would be added by rebuilding the table, and its triggers would be lost
    migrator.migrate(migrator.add_column("orders", "kv_voids", IntegerField(null=True)))
