"""The pieces that each invoice took off the shelf: its shipment may be cancelled later and the pieces shipped anew."""

from __future__ import annotations

from typing import Any

from peewee import TextField


def up(migrator: Any, db: Any) -> None:
    """Add the column: nobody knows it of the invoices that are there already."""
    migrator.migrate(migrator.add_column("invoices", "parts", TextField(null=True)))
