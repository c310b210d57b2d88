"""How many orders stand where, how fresh things were, and indexes for whatever the status page asks.

A count of a million orders must not read a million rows: triggers keep it.
"""

from __future__ import annotations

from typing import Any

from peewee import BigIntegerField, CompositeKey, IntegerField, Model, TextField

# Only of ignored orders the reasons are few; those of others name documents.
_ADD_ONE = """
    INSERT INTO order_counts (state, reason, count)
    VALUES (NEW.state, CASE NEW.state WHEN 'ignored' THEN NEW.reason ELSE '' END, 1)
    ON CONFLICT (state, reason) DO UPDATE SET count = count + 1;
"""
_TAKE_ONE = """
    UPDATE order_counts SET count = count - 1
    WHERE state = OLD.state AND reason = CASE OLD.state WHEN 'ignored' THEN OLD.reason ELSE '' END;
"""
_MOVED = "OLD.state <> NEW.state OR (NEW.state = 'ignored' AND OLD.reason <> NEW.reason)"
_STATEMENTS = (
    "INSERT INTO order_counts (state, reason, count) "
    "SELECT state, CASE state WHEN 'ignored' THEN reason ELSE '' END, COUNT(*) FROM orders GROUP BY 1, 2",
    f"CREATE TRIGGER orders_counted_new AFTER INSERT ON orders BEGIN {_ADD_ONE} END",
    f"CREATE TRIGGER orders_counted_moved AFTER UPDATE OF state, reason ON orders WHEN {_MOVED} "
    f"BEGIN {_TAKE_ONE} {_ADD_ONE} END",
    f"CREATE TRIGGER orders_counted_gone AFTER DELETE ON orders BEGIN {_TAKE_ONE} END",
    "CREATE INDEX orders_waiting ON orders (state, created_at, is_open) WHERE is_open",
    "CREATE INDEX orders_held_why ON orders (hold_code, hold_since, haravan_id, state) WHERE hold_code IS NOT NULL",
    "CREATE INDEX orders_held_since ON orders (hold_since, haravan_id) WHERE hold_code IS NOT NULL",
    "CREATE INDEX events_shipped_outside ON events (id) WHERE event = 'outside_order_shipped'",
    "CREATE INDEX tasks_open ON tasks (id) WHERE closed_at IS NULL",
    "CREATE INDEX tasks_of_an_order ON tasks (haravan_id)",
    "CREATE INDEX tasks_of_a_code ON tasks (code)",
    "CREATE INDEX figures_differing ON figures (location_id) WHERE available <> wanted",
    "CREATE INDEX figures_of_a_variant ON figures (variant_id)",
)


def up(migrator: Any, db: Any) -> None:
    """Add both tables, count what is there, and keep counting."""

    class OrderCountRow(Model):
        state = TextField()
        reason = TextField()
        count = IntegerField()

        class Meta:
            database = db
            table_name = "order_counts"
            primary_key = CompositeKey("state", "reason")

    class SampleRow(Model):
        slot = BigIntegerField(primary_key=True)
        figures_seconds = BigIntegerField(null=True)
        orders_seconds = BigIntegerField(null=True)

        class Meta:
            database = db
            table_name = "samples"

    db.create_tables([OrderCountRow, SampleRow])
    for statement in _STATEMENTS:
        db.execute_sql(statement)
