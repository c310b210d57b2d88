"""What is to be known of orders after their end: what their invoices hold, and until when they are read again."""

from __future__ import annotations

from typing import Any

from peewee import TextField


def up(migrator: Any, db: Any) -> None:
    """Add the columns: nobody knows them of what is there already. KiotViet counts no invoice that was voided (2)."""
    migrator.migrate(migrator.add_column("invoices", "parts", TextField(null=True)))
    migrator.migrate(migrator.add_column("orders", "watched_until", TextField(null=True)))
    db.execute_sql("UPDATE invoices SET kv_seq = NULL WHERE state = '2'")
    db.execute_sql("CREATE INDEX orders_watched ON orders (watched_until) WHERE watched_until IS NOT NULL")
