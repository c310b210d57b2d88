"""The tables of the store. Rows never leave this package; instants are ISO text in UTC, values JSON text."""

from __future__ import annotations

from functools import cached_property
from typing import TypeVar, cast

from peewee import AutoField, BigIntegerField, BooleanField, CompositeKey, Database, IntegerField, Model, TextField


class Table(Model):
    """A table of the store; bound to one open database by `Tables`."""


class OrderRow(Table):
    """One Haravan order: what we remember of it and what it takes out of available."""

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
    kv_id = BigIntegerField(null=True, index=True)
    kv_code = TextField(default="", index=True)
    kv_branch = BigIntegerField(null=True)
    kv_seq = BigIntegerField(null=True)
    kv_said = TextField(default="")
    kv_news = BooleanField(default=False, index=True)
    kv_voids = IntegerField(null=True)
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
    watched_until = TextField(null=True)
    missing_since = TextField(null=True)
    tracking = TextField(default="{}")
    parts = TextField(default="[]")
    outstanding = BooleanField(default=False, index=True)
    touched_seq = BigIntegerField(default=0, index=True)
    tags = TextField(default="")
    story_cut = TextField(null=True)

    class Meta:
        """Name of the table."""

        table_name = "orders"


class InvoiceRow(Table):
    """The KiotViet invoice of one shipment."""

    shipment_id = BigIntegerField(primary_key=True)
    haravan_id = BigIntegerField(index=True)
    kv_id = BigIntegerField(index=True)
    code = TextField()
    state = TextField()
    kv_seq = BigIntegerField(null=True)
    said = TextField(default="")
    total = TextField(default="")
    parts = TextField(null=True)

    class Meta:
        """Name of the table."""

        table_name = "invoices"


class IntentRow(Table):
    """A write that was about to be sent; at most one per operation and subject."""

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
        """One open intent per operation and subject, whatever happens."""

        table_name = "intents"
        indexes = ((("operation", "subject"), True),)


class EventRow(Table):
    """What happened, in order; rows are never changed. `fields` are words to search for, as JSON."""

    id = AutoField()
    at = TextField()
    haravan_id = BigIntegerField(null=True, index=True)
    event = TextField()
    detail = TextField(default="")
    fields = TextField(null=True)

    class Meta:
        """Name of the table."""

        table_name = "events"


class TaskRow(Table):
    """Something that a person should enter or look at; `key` makes it appear once."""

    id = AutoField()
    key = TextField(unique=True)
    haravan_id = BigIntegerField(null=True)
    number = TextField(default="")
    code = TextField()
    text = TextField()
    since = TextField()
    about = TextField(default="")
    closed_at = TextField(null=True)

    class Meta:
        """Name of the table."""

        table_name = "tasks"


class MetaRow(Table):
    """Single values: cursors, calibrations, the shop's identity."""

    key = TextField(primary_key=True)
    value = TextField()

    class Meta:
        """Name of the table."""

        table_name = "meta"


class CycleRow(Table):
    """How the last cycles of each kind ended."""

    name = TextField(primary_key=True)
    last_ok = TextField(null=True)
    last_error = TextField(null=True)
    last_error_at = TextField(null=True)
    counts = TextField(default="{}")

    class Meta:
        """Name of the table."""

        table_name = "cycles"


class CatalogueRow(Table):
    """A product of one side as last read, for the link index."""

    side = TextField()
    id = BigIntegerField()
    data = TextField()

    class Meta:
        """One row per product and side."""

        table_name = "catalogue"
        primary_key = CompositeKey("side", "id")


class FigureRow(Table):
    """The last published figure of a variant at a location, with its terms."""

    location_id = BigIntegerField()
    variant_id = BigIntegerField()
    sku = TextField(default="")
    sellable = BigIntegerField()
    pending = BigIntegerField()
    wanted = BigIntegerField()
    available = BigIntegerField()
    read_at = TextField()
    written_at = TextField(null=True)
    safety_stock = BigIntegerField(null=True)

    class Meta:
        """One row per location and variant."""

        table_name = "figures"
        primary_key = CompositeKey("location_id", "variant_id")


class PublicationRow(Table):
    """One figure that was sent to Haravan, with its terms; `shown` is what the next read showed, null until then."""

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
        """Found by figure, the newest first."""

        table_name = "publications"
        indexes = ((("location_id", "variant_id", "id"), False),)


class DriftRow(Table):
    """A difference that a full comparison found: a figure of stock, or a document of an order."""

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
        """Name of the table."""

        table_name = "drifts"


class UndoneRow(Table):
    """A figure that we wrote and that somebody else changed in Haravan; `set_back`: to what our write had replaced."""

    id = AutoField()
    at = TextField(index=True)
    location_id = BigIntegerField()
    variant_id = BigIntegerField()
    sku = TextField()
    written = BigIntegerField()
    found = BigIntegerField()
    set_back = BooleanField()

    class Meta:
        """Name of the table."""

        table_name = "undone"


class MovedRow(Table):
    """When we last saw a web order take pieces of a variant out of Haravan's available, or give some back."""

    variant_id = BigIntegerField(primary_key=True)
    at = TextField()

    class Meta:
        """Name of the table."""

        table_name = "moved"


class CallRow(Table):
    """Calls per remote and minute, for the rolling hour of KiotViet's quota."""

    remote = TextField()
    minute = BigIntegerField()
    count = IntegerField()

    class Meta:
        """One row per remote and minute."""

        table_name = "calls"
        primary_key = CompositeKey("remote", "minute")


class OrderCountRow(Table):
    """How many orders stand where, kept by triggers; `reason` is empty unless they are ignored."""

    state = TextField()
    reason = TextField()
    count = IntegerField()

    class Meta:
        """One row per state, and per reason of ignored orders."""

        table_name = "order_counts"
        primary_key = CompositeKey("state", "reason")


class SampleRow(Table):
    """How old things were in one slot of five minutes, in seconds; null where there was nothing yet."""

    slot = BigIntegerField(primary_key=True)
    figures_seconds = BigIntegerField(null=True)
    orders_seconds = BigIntegerField(null=True)

    class Meta:
        """Name of the table."""

        table_name = "samples"


_T = TypeVar("_T", bound=Table)


class Tables:
    """The tables of one open database, so that two stores can be open in one process; each is bound when it is used.

    To bind all of them at once would be most of what it takes to open a store.
    """

    def __init__(self, database: Database) -> None:
        """Bind nothing yet."""
        self._database = database

    def _bound(self, table: type[_T]) -> type[_T]:
        meta = type("Meta", (), {"database": self._database, "table_name": table._meta.table_name})
        return cast("type[_T]", type(table.__name__, (table,), {"Meta": meta, "__doc__": table.__doc__}))

    @cached_property
    def orders(self) -> type[OrderRow]:
        """Haravan orders."""
        return self._bound(OrderRow)

    @cached_property
    def invoices(self) -> type[InvoiceRow]:
        """KiotViet invoices of shipments."""
        return self._bound(InvoiceRow)

    @cached_property
    def intents(self) -> type[IntentRow]:
        """Writes that are about to be sent."""
        return self._bound(IntentRow)

    @cached_property
    def events(self) -> type[EventRow]:
        """What happened."""
        return self._bound(EventRow)

    @cached_property
    def tasks(self) -> type[TaskRow]:
        """What people are asked for."""
        return self._bound(TaskRow)

    @cached_property
    def meta(self) -> type[MetaRow]:
        """Single values."""
        return self._bound(MetaRow)

    @cached_property
    def cycles(self) -> type[CycleRow]:
        """How cycles ended."""
        return self._bound(CycleRow)

    @cached_property
    def catalogue(self) -> type[CatalogueRow]:
        """Products as last read."""
        return self._bound(CatalogueRow)

    @cached_property
    def figures(self) -> type[FigureRow]:
        """Published figures."""
        return self._bound(FigureRow)

    @cached_property
    def calls(self) -> type[CallRow]:
        """Calls per minute."""
        return self._bound(CallRow)

    @cached_property
    def publications(self) -> type[PublicationRow]:
        """Figures that were sent."""
        return self._bound(PublicationRow)

    @cached_property
    def drifts(self) -> type[DriftRow]:
        """Differences found."""
        return self._bound(DriftRow)

    @cached_property
    def undone(self) -> type[UndoneRow]:
        """Figures that others changed."""
        return self._bound(UndoneRow)

    @cached_property
    def moved(self) -> type[MovedRow]:
        """When web orders moved pieces."""
        return self._bound(MovedRow)

    @cached_property
    def order_counts(self) -> type[OrderCountRow]:
        """Orders per state."""
        return self._bound(OrderCountRow)

    @cached_property
    def samples(self) -> type[SampleRow]:
        """How fresh things were."""
        return self._bound(SampleRow)
