"""What KiotViet said of our documents when last looked at, our tags in Haravan, and what tasks are about."""

from __future__ import annotations

from typing import Any

from peewee import BooleanField, TextField

_ADDED: dict[str, dict[str, Any]] = {
    "orders": {
        "kv_said": TextField(default=""),
        "kv_news": BooleanField(default=False, index=True),
        "tags": TextField(default=""),
    },
    "invoices": {"said": TextField(default=""), "total": TextField(default="")},
    "tasks": {"about": TextField(default="")},
}


def up(migrator: Any, db: Any) -> None:
    """Add the columns; what is there already said nothing yet."""
    for table, columns in _ADDED.items():
        for name, field in columns.items():
            migrator.migrate(migrator.add_column(table, name, field))
    for table, column in (("orders", "kv_id"), ("orders", "kv_code"), ("invoices", "kv_id")):
        migrator.migrate(migrator.add_index(table, (column,)))
