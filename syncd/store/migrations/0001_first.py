"""The first schema."""

from __future__ import annotations

from typing import Any

from peewee import AutoField, BigIntegerField, BooleanField, CompositeKey, IntegerField, Model, TextField


def up(migrator: Any, db: Any) -> None:
    """Make every table, and forbid changing an event."""

    class OrderRow(Model):
        haravan_id = BigIntegerField(primary_key=True)
        number = TextField()
        number_key = TextField(index=True)
        state = TextField(index=True)
        is_open = BooleanField(index=True)
        ours = BooleanField(default=False)
        reason = TextField(default="")
        created_at = TextField()
        updated_at = TextField()
        digest = TextField(default="")
        settled = TextField(default="")
        lines_digest = TextField(default="")
        kv_id = BigIntegerField(null=True)
        kv_code = TextField(default="")
        kv_branch = BigIntegerField(null=True)
        kv_seq = BigIntegerField(null=True)
        target_branch = BigIntegerField(null=True)
        left_to_people = BooleanField(default=False)
        retry_asked = BooleanField(default=False)
        searched = BooleanField(default=False)
        hold_code = TextField(null=True, index=True)
        hold_reason = TextField(default="")
        hold_since = TextField(null=True)
        hold_fingerprint = TextField(default="")
        hold_tried_at = TextField(null=True)
        look_again_at = TextField(null=True)
        missing_since = TextField(null=True)
        tracking = TextField(default="{}")
        parts = TextField(default="[]")
        outstanding = BooleanField(default=False, index=True)
        touched_seq = BigIntegerField(default=0, index=True)

        class Meta:
            database = db
            table_name = "orders"

    class InvoiceRow(Model):
        shipment_id = BigIntegerField(primary_key=True)
        haravan_id = BigIntegerField(index=True)
        kv_id = BigIntegerField()
        code = TextField()
        state = TextField()
        kv_seq = BigIntegerField(null=True)

        class Meta:
            database = db
            table_name = "invoices"

    class IntentRow(Model):
        id = AutoField()
        operation = TextField()
        subject = TextField()
        haravan_id = BigIntegerField(null=True, index=True)
        marker = TextField(default="")
        digest = TextField(default="")
        at = TextField()
        result_id = BigIntegerField(null=True)
        clean_scans = IntegerField(default=0)
        scanned_at = TextField(null=True)

        class Meta:
            database = db
            table_name = "intents"
            indexes = ((("operation", "subject"), True),)

    class EventRow(Model):
        id = AutoField()
        at = TextField()
        haravan_id = BigIntegerField(null=True, index=True)
        event = TextField()
        detail = TextField(default="")

        class Meta:
            database = db
            table_name = "events"

    class TaskRow(Model):
        id = AutoField()
        key = TextField(unique=True)
        haravan_id = BigIntegerField(null=True)
        number = TextField(default="")
        code = TextField()
        text = TextField()
        since = TextField()
        closed_at = TextField(null=True)

        class Meta:
            database = db
            table_name = "tasks"

    class MetaRow(Model):
        key = TextField(primary_key=True)
        value = TextField()

        class Meta:
            database = db
            table_name = "meta"

    class CycleRow(Model):
        name = TextField(primary_key=True)
        last_ok = TextField(null=True)
        last_error = TextField(null=True)
        last_error_at = TextField(null=True)
        counts = TextField(default="{}")

        class Meta:
            database = db
            table_name = "cycles"

    class CatalogueRow(Model):
        side = TextField()
        id = BigIntegerField()
        data = TextField()

        class Meta:
            database = db
            table_name = "catalogue"
            primary_key = CompositeKey("side", "id")

    class FigureRow(Model):
        location_id = BigIntegerField()
        variant_id = BigIntegerField()
        sku = TextField(default="")
        sellable = BigIntegerField()
        pending = BigIntegerField()
        wanted = BigIntegerField()
        available = BigIntegerField()
        read_at = TextField()
        written_at = TextField(null=True)

        class Meta:
            database = db
            table_name = "figures"
            primary_key = CompositeKey("location_id", "variant_id")

    class CallRow(Model):
        remote = TextField()
        minute = BigIntegerField()
        count = IntegerField()

        class Meta:
            database = db
            table_name = "calls"
            primary_key = CompositeKey("remote", "minute")

    db.create_tables(
        [OrderRow, InvoiceRow, IntentRow, EventRow, TaskRow, MetaRow, CycleRow, CatalogueRow, FigureRow, CallRow]
    )
    db.execute_sql(
        "CREATE TRIGGER events_are_final BEFORE UPDATE ON events "
        "BEGIN SELECT RAISE(ABORT, 'events are never changed'); END"
    )
