"""Words to search for beside each event, how far events were told, and where an order's story was cut."""

from __future__ import annotations

from typing import Any

from peewee import TextField


def up(migrator: Any, db: Any) -> None:
    """Add the columns; what is there already was told by the syncd that wrote it."""
    # without a default, so that SQLite adds them without rewriting a table of years
    migrator.migrate(migrator.add_column("events", "fields", TextField(null=True)))
    migrator.migrate(migrator.add_column("orders", "story_cut", TextField(null=True)))
    newest = "SELECT 'events_told', MAX(id) FROM events HAVING MAX(id) IS NOT NULL"
    db.execute_sql(f"INSERT INTO meta (key, value) {newest}")
