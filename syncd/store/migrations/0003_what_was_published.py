"""Every figure that was sent with its terms, what full comparisons found, and who else changes the same stock."""

from __future__ import annotations

from typing import Any

from peewee import AutoField, BigIntegerField, BooleanField, Model, TextField


def up(migrator: Any, db: Any) -> None:
    """Add the tables, and the safety stock of each figure: not known of those that are there already."""

    class PublicationRow(Model):
        id = AutoField()
        at = TextField()
        location_id = BigIntegerField()
        variant_id = BigIntegerField()
        sku = TextField()
        code = TextField()
        old = BigIntegerField()
        wanted = BigIntegerField()
        shown = BigIntegerField(null=True)
        sellable = BigIntegerField()
        pending = BigIntegerField()
        safety_stock = BigIntegerField()
        source = TextField()
        read_at = TextField(null=True)
        branches = TextField()
        note = TextField()
        outcome = TextField()
        reason = TextField(default="")

        class Meta:
            database = db
            table_name = "publications"
            indexes = ((("location_id", "variant_id", "id"), False),)

    class DriftRow(Model):
        id = AutoField()
        at = TextField(index=True)
        kind = TextField()
        subject = TextField()
        location_id = BigIntegerField(null=True)
        variant_id = BigIntegerField(null=True)
        haravan_id = BigIntegerField(null=True)
        found = TextField()
        expected = TextField()
        code = TextField()
        sentence = TextField()
        repaired = BooleanField()

        class Meta:
            database = db
            table_name = "drifts"

    class UndoneRow(Model):
        id = AutoField()
        at = TextField(index=True)
        location_id = BigIntegerField()
        variant_id = BigIntegerField()
        sku = TextField()
        written = BigIntegerField()
        found = BigIntegerField()
        set_back = BooleanField()

        class Meta:
            database = db
            table_name = "undone"

    class MovedRow(Model):
        variant_id = BigIntegerField(primary_key=True)
        at = TextField()

        class Meta:
            database = db
            table_name = "moved"

    db.create_tables([PublicationRow, DriftRow, UndoneRow, MovedRow])
    db.execute_sql("CREATE INDEX publications_unseen ON publications (id) WHERE shown IS NULL")
    migrator.migrate(migrator.add_column("figures", "safety_stock", BigIntegerField(null=True)))
