"""Rows to values and back."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from syncd.core import documents
from syncd.core.lifecycle import State
from syncd.core.pending import RESERVING, Claim, Part
from syncd.core.records import Billed, DocumentRef, Hold, Intent, InvoiceRef, Record, Tracked
from syncd.store.tables import IntentRow, InvoiceRow, OrderRow


@dataclass(frozen=True, slots=True)
class HeldOrder:
    """An order that waits for a person or for its cause to go away."""

    haravan_id: int
    number: str
    state: str
    hold: Hold


@dataclass(frozen=True, slots=True)
class OpenOrder:
    """An order that is not at its end: when it was last looked at and whether it is held.

    `untouched`: it was recorded, and nothing else was done about it yet. `unseen`: KiotViet has it, and no reading has
    shown yet that its figures count it.
    """

    haravan_id: int
    number: str
    created_at: datetime
    look_again_at: datetime | None
    held: bool
    digest: str
    settled: str
    retry_asked: bool
    untouched: bool
    unseen: bool


@dataclass(frozen=True, slots=True)
class OpenDocuments:
    """What KiotViet has of an order that is not at its end; `invoices` are those not voided, by KiotViet id."""

    number: str
    created_at: datetime
    order: Tracked
    invoices: dict[int, InvoiceRef]


def tuples(query: Any) -> list[tuple[Any, ...]]:
    """The rows of a query as plain tuples."""
    return list(query.tuples())


def stamp(at: datetime) -> str:
    """An instant as sortable UTC text."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def instant(text: str | None) -> datetime | None:
    """The instant of a stored text, None for none."""
    return datetime.fromisoformat(text) if text else None


def moment(text: str) -> datetime:
    """The instant of a stored text that is always there."""
    return datetime.fromisoformat(text)


def number_key(number: str) -> str:
    """What an order is looked up by: its number without the sign in front, lower-case."""
    return number.strip().lstrip("#").lower()


def record_of(row: OrderRow, invoices: list[InvoiceRow], intents: list[IntentRow]) -> Record:
    """What the core sees of an order."""
    order = None
    if row.kv_id is not None:
        order = DocumentRef(row.kv_id, row.kv_code, row.kv_branch or 0, row.kv_seq, row.kv_said, row.kv_voids or 0)
    return Record(
        haravan_id=row.haravan_id,
        number=row.number,
        state=State(row.state),
        order=order,
        invoices=tuple(map(invoice_of, invoices)),
        hold=hold_of(row),
        intents=tuple(intent_of(intent) for intent in intents),
        lines_digest=row.lines_digest,
        left_to_people=row.left_to_people,
        retry_asked=row.retry_asked,
        searched=row.searched,
        kiotviet_news=row.kv_news,
        reason=row.reason,
        settled=row.settled,
        tracking={int(key): tuple(value) for key, value in json.loads(row.tracking).items()},
    )


def invoice_of(row: InvoiceRow) -> InvoiceRef:
    """The invoice of a shipment."""
    return InvoiceRef(
        row.kv_id, row.code, row.shipment_id, row.state, row.kv_seq, said=row.said, billed=_billed_of(row.total)
    )


def billed_text(billed: Billed | None) -> str:
    """What an invoice came to, as stored."""
    return "" if billed is None else f"{billed.goods};{billed.shipping}"


def _billed_of(text: str) -> Billed | None:
    if not text:
        return None
    goods, shipping = text.split(";")
    return Billed(Decimal(goods), Decimal(shipping))


def hold_of(row: OrderRow) -> Hold | None:
    """The hold of an order, if it has one."""
    if row.hold_code is None:
        return None
    since = instant(row.hold_since) or moment(row.updated_at)
    return Hold(row.hold_code, row.hold_reason, since, row.hold_fingerprint, instant(row.hold_tried_at))


def intent_of(row: IntentRow) -> Intent:
    """An open intent."""
    return Intent(
        operation=row.operation,
        subject=row.subject,
        marker=row.marker,
        digest=row.digest,
        at=moment(row.at),
        result_id=row.result_id,
        clean_scans=row.clean_scans,
        scanned_at=instant(row.scanned_at),
    )


def claim_of(row: OrderRow, invoiced: Mapping[int, int], held: Mapping[int, str | None]) -> Claim:
    """What an order takes out of Haravan's available; of a completed one also what its invoices hold.

    Before an order is completed, the invoice of a parcel that is none any more is about to be voided.
    """
    branch = row.kv_branch if row.kv_branch is not None else row.target_branch
    kept = held if row.state == State.COMPLETED.value else {}
    parts_held = {shipment_id: parts_from(parts) for shipment_id, parts in kept.items()}
    left = row.left_to_people
    reserving = not invoiced and documents.status_said(row.kv_said) in RESERVING
    return Claim(row.haravan_id, row.ours, branch, parts_of(row), row.kv_seq, invoiced, left, parts_held, reserving)


def parts_of(row: OrderRow) -> tuple[Part, ...]:
    """What an order took out of available when it was last seen."""
    return parts_from(row.parts)


def parts_from(stored: str | None) -> tuple[Part, ...]:
    """Parts from what was stored of them, if anything was."""
    return tuple(Part(**part) for part in json.loads(stored or "[]"))


def parts_text(parts: tuple[Part, ...]) -> str:
    """Parts as stored."""
    return json.dumps([asdict(part) for part in parts])


def open_of(
    haravan_id: int,
    number: str,
    created_at: str,
    look_again_at: str | None,
    hold_code: str | None,
    digest: str,
    settled: str,
    retry_asked: bool,
    kv_id: int | None,
    searched: bool,
    kv_seq: int | None,
) -> OpenOrder:
    """An order that is not at its end, from its columns."""
    return OpenOrder(
        haravan_id=haravan_id,
        number=number,
        created_at=moment(created_at),
        look_again_at=instant(look_again_at),
        held=hold_code is not None,
        digest=digest,
        settled=settled,
        retry_asked=bool(retry_asked),
        untouched=kv_id is None and hold_code is None and not (searched or settled or retry_asked),
        unseen=kv_id is not None and kv_seq is None,
    )


@dataclass(frozen=True, slots=True)
class ShippedOutside:
    """An order outside the filter that the shop has handed to a carrier."""

    haravan_id: int
    number: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Doubt:
    """A write whose answer was lost and whose effect no read has shown yet."""

    haravan_id: int | None
    operation: str
    marker: str
    since: datetime


def doubt_of(row: IntentRow) -> Doubt:
    """A write in doubt."""
    return Doubt(row.haravan_id, row.operation, row.marker, moment(row.at))


def held_of(row: OrderRow) -> HeldOrder | None:
    """A held order; None when it is not held."""
    hold = hold_of(row)
    return None if hold is None else HeldOrder(row.haravan_id, row.number, row.state, hold)
