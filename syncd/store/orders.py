"""The ledger's pages about orders: each method one transaction, values in and values out."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import Any

from peewee import DoesNotExist

from syncd.core import documents, shipping
from syncd.core.lifecycle import FINAL, State
from syncd.core.model import InvoiceStatus, PosInvoice, PosOrder, WebOrder
from syncd.core.pending import Claim, Part, as_waiting, never_less
from syncd.core.records import Billed, Hold, InvoiceRef, Record, Said, Tracked
from syncd.core.texts import Say, text
from syncd.store.events import EventPages
from syncd.store.intents import FORGET
from syncd.store.opening import Connection
from syncd.store.prepared import Among, Statement, all_given, columns_of, given, whole, yes
from syncd.store.reports import OUTSIDE_SHIPPED
from syncd.store.rows import (
    OpenDocuments,
    OpenOrder,
    billed_text,
    claim_of,
    instant,
    invoice_of,
    moment,
    number_key,
    open_of,
    parts_of,
    parts_text,
    record_of,
    stamp,
    tuples,
)
from syncd.store.tables import IntentRow, InvoiceRow, MovedRow, OrderRow, Tables

_WATCHED_FOR = timedelta(days=14)
_DOCUMENT_WRITES = ("create_order", "cancel_order", "create_invoice", "complete_invoice", "void_invoice")


def _open(orders: type[OrderRow], condition: Any) -> Any:
    """As plain columns: thousands of orders may be open, and each cycle asks."""
    o = orders
    fields = (o.haravan_id, o.number, o.created_at, o.look_again_at, o.hold_code, o.digest, o.settled)
    return o.select(*fields, o.retry_asked, o.kv_id, o.searched, o.kv_seq).where(condition).order_by(o.created_at)


def _with_document(condition: Any) -> Any:
    return OrderRow.select().where(condition & OrderRow.kv_id.is_null(False))


def _forgetting(*operations: str) -> Any:
    return IntentRow.delete().where((IntentRow.haravan_id == given("haravan_id")) & IntentRow.operation.in_(operations))


def _some(places: list[Any]) -> Any:
    return OrderRow.haravan_id.in_(places)


_MATTERS = yes(OrderRow.is_open) | yes(OrderRow.outstanding) | (OrderRow.touched_seq > given("read_seq"))
_DOCUMENTED_FIELDS = (yes(OrderRow.is_open) | yes(OrderRow.outstanding)) & OrderRow.kv_id.is_null(False)
_LIVE = InvoiceRow.state != InvoiceStatus.CANCELLED.value

_ORDER = Statement(lambda: OrderRow.select().where(OrderRow.haravan_id == given("haravan_id")))
_ADD = Statement(lambda: OrderRow.insert(**all_given(OrderRow)))
_SAVE = Statement(
    lambda: OrderRow.update(**all_given(OrderRow, key=False)).where(OrderRow.haravan_id == given("haravan_id"))
)
_SEEN = Among(
    lambda places: OrderRow.select(
        OrderRow.haravan_id, OrderRow.digest, OrderRow.updated_at, OrderRow.ours, OrderRow.target_branch
    ).where(_some(places))
)
_SETTLED = Among(lambda places: OrderRow.select(OrderRow.haravan_id, OrderRow.settled).where(_some(places)))
_OPEN = Statement(lambda: _open(OrderRow, yes(OrderRow.is_open)))
_TO_READ_AGAIN = yes(OrderRow.outstanding) | (OrderRow.hold_code == "bad_payload")
_UNFINISHED = Statement(lambda: OrderRow.select(OrderRow.haravan_id).where(_TO_READ_AGAIN & ~OrderRow.is_open))
_WATCHED = Statement(
    lambda: OrderRow.select(OrderRow.haravan_id).where(
        (OrderRow.watched_until > given("now"))
        & ~OrderRow.is_open
        & (OrderRow.ours | (OrderRow.parts == "[]") | given("all_of_them"))
    )
)
_CLAIMING = Statement(lambda: OrderRow.select().where(_MATTERS & (OrderRow.parts != "[]")))
_TRACKED_BY_ID = Among(lambda places: _with_document(OrderRow.kv_id.in_(places)))
_TRACKED_BY_CODE = Among(lambda places: _with_document(OrderRow.kv_code.in_(places)))
_DOCUMENTED = Statement(
    lambda: OrderRow.select(OrderRow.haravan_id).where(_DOCUMENTED_FIELDS).order_by(OrderRow.created_at)
)
_ANY_DOCUMENT = Statement(lambda: OrderRow.select(OrderRow.haravan_id).where(OrderRow.kv_id.is_null(False)).limit(1))
_MARK_NEWS = Among(lambda places: OrderRow.update(kv_news=True).where(_some(places)))
_WITH_NEWS = Statement(lambda: OrderRow.select(OrderRow.haravan_id).where(yes(OrderRow.kv_news)))

_INVOICE = Statement(lambda: InvoiceRow.select().where(InvoiceRow.shipment_id == given("shipment_id")))
_INVOICES_OF = Statement(
    lambda: InvoiceRow.select().where(InvoiceRow.haravan_id == given("haravan_id")).order_by(InvoiceRow.kv_id)
)
_KEEP_INVOICE = Statement(
    lambda: InvoiceRow.insert(**all_given(InvoiceRow)).on_conflict(
        conflict_target=[InvoiceRow.shipment_id], update=all_given(InvoiceRow, key=False)
    )
)
_SAID_OF_INVOICE = Statement(lambda: InvoiceRow.update(said=given("said")).where(InvoiceRow.kv_id == given("kv_id")))
_INVOICED = Statement(
    lambda: (
        InvoiceRow.select(InvoiceRow.haravan_id, InvoiceRow.shipment_id, InvoiceRow.kv_seq, InvoiceRow.parts)
        .join(OrderRow, on=(OrderRow.haravan_id == InvoiceRow.haravan_id))
        .where(_MATTERS & InvoiceRow.kv_seq.is_null(False))
    )
)
_TRACKED_INVOICES = Among(
    lambda places: InvoiceRow.select(InvoiceRow.kv_id, InvoiceRow.haravan_id, InvoiceRow.said).where(
        InvoiceRow.kv_id.in_(places)
    )
)
_SHOWN = Among(
    lambda places: InvoiceRow.select(InvoiceRow.haravan_id, InvoiceRow.shipment_id).where(
        InvoiceRow.kv_id.in_(places) & InvoiceRow.kv_seq.is_null(False) & _LIVE
    )
)
_INVOICED_SHIPMENTS = Among(
    lambda places: (
        InvoiceRow.select(InvoiceRow.haravan_id, InvoiceRow.shipment_id)
        # one that KiotViet counts no more does not explain why its order is completed
        .where(InvoiceRow.haravan_id.in_(places) & _LIVE & InvoiceRow.kv_seq.is_null(False))
    )
)
_INTENTS_OF = Statement(lambda: IntentRow.select().where(IntentRow.haravan_id == given("haravan_id")))
_FORGET_CUSTOMER = Statement(lambda: _forgetting("create_customer"))
_FORGET_DOCUMENTS = Statement(lambda: _forgetting(*_DOCUMENT_WRITES))
_MOVED = Statement(
    lambda: MovedRow.replace(variant_id=given("variant_id"), at=given("at"))  # type: ignore[no-untyped-call]
)


class OrderPages:
    """Everything about orders, their documents and the writes about to be sent."""

    def __init__(self, connection: Connection, tables: Tables, events: EventPages, say: Say) -> None:
        """Work on an open database; `say` says a sentence in the shop's language."""
        self._db, self._t, self._events, self._say = connection, tables, events, say

    def see(
        self, order: WebOrder, digest: str, parts: tuple[Part, ...], *, ours: bool, branch_id: int, now: datetime
    ) -> bool:
        """Note an order as Haravan shows it now; True when it is new or says something new."""
        with self._db.write():
            row = self._known(order.id)
            known = row is not None
            if row is None:
                row = OrderRow(haravan_id=order.id, state=State.RECEIVED.value, is_open=True)
                row.created_at = stamp(order.created_at)
            changed = not known or row.digest != digest or not digest
            if not changed and (row.updated_at, row.ours, row.target_branch) == (
                stamp(order.updated_at),
                ours,
                branch_id,
            ):
                return False
            row.number, row.number_key = order.number, number_key(order.number)
            row.updated_at, row.digest = stamp(order.updated_at), digest
            self._note_moved(parts_of(row), parts, now)
            row.parts, row.ours, row.missing_since = parts_text(parts), ours, None
            row.target_branch = branch_id
            until = row.watched_until or stamp(now + _WATCHED_FOR)
            outside = not ours and any(part.handed_over for part in parts)
            row.watched_until = until if outside or shipping.may_be_sent_again(order) else None
            if row.outstanding and not ours and order.cancelled_at is None and all(part.handed_over for part in parts):
                self._event(order.id, OUTSIDE_SHIPPED, self._say(text("enter_outside_sale")), now)
            row.outstanding = self._is_outstanding(row) or _left_again(row, order, parts)
            row.tracking = _merged_tracking(row.tracking, order)
            self._save(row) if known else _ADD.run(self._db, **columns_of(row))
            if not known:
                source = order.source or text("unknown_source")
                detail = self._say(text("order_from", order=order.number, source=source))
                said = source if isinstance(source, str) else self._say(source)
                self._event(order.id, "order_received", detail, now, source=said)
            return changed

    def seen(self, haravan_ids: Iterable[int]) -> dict[int, tuple[str, str, bool, int | None]]:
        """What these orders said when last noted: digest, `updated_at` (ISO text), whether ours, target branch."""
        return {key: (d, u, bool(o), b) for key, d, u, o, b in _SEEN.rows(self._db, haravan_ids)}

    def _note_moved(self, before: Iterable[Part], after: Iterable[Part], now: datetime) -> None:
        """Haravan's available of these variants was moved by a web order, not by whoever else changes stock there."""
        taken = Counter[int]()
        for parts, sign in ((before, -1), (after, 1)):
            for part in parts:
                taken[part.variant_id] += sign * part.quantity
        for variant_id in (key for key, pieces in taken.items() if pieces):
            _MOVED.run(self._db, variant_id=variant_id, at=stamp(now))

    def see_bad(
        self, haravan_id: int, reason: str, now: datetime, parts: tuple[Part, ...] = (), *, sure: bool = False
    ) -> bool:
        """Note an order that cannot be understood: held, so that the cursor may pass it; True when this is news.

        `parts` are what it takes out of available; unless `sure`, what was understood before says more.
        """
        with self._db.write():
            row = self._known(haravan_id)
            if row is None:
                row = OrderRow(
                    haravan_id=haravan_id,
                    number=str(haravan_id),
                    number_key=str(haravan_id),
                    state=State.RECEIVED.value,
                    is_open=True,
                    created_at=stamp(now),
                    updated_at=stamp(now),
                )
                _ADD.run(self._db, **columns_of(row))
            # whoever reads it next, handles it: that it says again what it said before must not count as settled
            row.digest = row.settled = ""
            if row.target_branch is None:
                # never understood, so nobody knows whether KiotViet is owed what has left the shop
                parts = as_waiting(parts)
            known = parts_of(row)
            taken = never_less(known, parts) if sure else known or parts
            if taken != known:
                self._note_moved(known, taken, now)
                row.parts = parts_text(taken)
                row.outstanding = row.outstanding or self._is_outstanding(row)
            news = (row.hold_code, row.hold_reason) != ("bad_payload", reason)
            self._hold(row, Hold("bad_payload", reason, now), now)
            return news

    def see_missing(self, haravan_id: int, now: datetime, patience: timedelta) -> bool:
        """Note that Haravan does not show a tracked order; True once it has been missing for `patience`."""
        with self._db.write():
            row = self._row(haravan_id)
            since = instant(row.missing_since)
            if since is None:
                row.missing_since = stamp(now)
                self._save(row)
                return False
            return now - since >= patience

    def record(self, haravan_id: int) -> Record | None:
        """All that is remembered of an order."""
        row = self._known(haravan_id)
        if row is None:
            return None
        invoices = [whole(InvoiceRow, found) for found in _INVOICES_OF.rows(self._db, haravan_id=haravan_id)]
        intents = [whole(IntentRow, found) for found in _INTENTS_OF.rows(self._db, haravan_id=haravan_id)]
        return record_of(row, invoices, intents)

    def find(self, text: str) -> int | None:
        """The Haravan id of an order number (`#100020` or `100020`) or id."""
        row = self._t.orders.get_or_none(self._t.orders.number_key == number_key(text))
        if row is None and text.strip().isascii() and text.strip().isdigit():
            row = self._known(int(text))
        return row.haravan_id if row is not None else None

    def settled_of(self, haravan_ids: Iterable[int]) -> dict[int, str]:
        """By what each of some orders was last judged to be settled; empty text while it is not."""
        return dict(_SETTLED.rows(self._db, haravan_ids))

    def digest_of(self, haravan_id: int) -> str:
        """The digest of an order as last seen."""
        return str(self._row(haravan_id).digest)

    def open_orders(self) -> list[OpenOrder]:
        """Every order that is not at its end, oldest first."""
        return [open_of(*row) for row in _OPEN.rows(self._db)]

    def open_among(self, haravan_ids: Iterable[int]) -> list[OpenOrder]:
        """Those of some orders that are not at their end, oldest first."""
        wanted = list(haravan_ids)
        table = self._t.orders
        mine = table.is_open & table.haravan_id.in_(wanted)
        return [open_of(*row) for row in tuples(_open(table, mine))] if wanted else []

    def unfinished(self, now: datetime, *, full: bool = False) -> list[int]:
        """Orders at their end, not ours among them, that must be read again: ids.

        Their pieces are still to be handed over, they could not be understood when they were last read, or a parcel of
        theirs came back not long ago and may be sent again. With `full` also those, not ours, that left not long ago.
        """
        watched = {key for (key,) in _WATCHED.rows(self._db, now=stamp(now), all_of_them=full)}
        return sorted(watched.union(key for (key,) in _UNFINISHED.rows(self._db)))

    def claims(self, read_seq: int) -> list[Claim]:
        """What every order that may matter takes out of available.

        Those are the open ones, those with something not handed over, and those touched after `read_seq`.
        """
        rows = [whole(OrderRow, row) for row in _CLAIMING.rows(self._db, read_seq=read_seq)]
        seen: dict[int, dict[int, int]] = {}
        held: dict[int, dict[int, str | None]] = {}
        for haravan_id, shipment_id, kv_seq, parts in _INVOICED.rows(self._db, read_seq=read_seq):
            seen.setdefault(haravan_id, {})[shipment_id] = kv_seq
            held.setdefault(haravan_id, {})[shipment_id] = parts
        return [claim_of(row, seen.get(row.haravan_id, {}), held.get(row.haravan_id, {})) for row in rows]

    def order_shown(
        self,
        haravan_id: int,
        document: PosOrder,
        lines_digest: str,
        event: str,
        state: State,
        now: datetime,
        *,
        counted: bool = True,
        voids: int = 0,
    ) -> None:
        """A read showed our KiotViet order: remember it, and whether KiotViet's figures count its pieces.

        So many voided invoices of it are taken into account there.

        The write that made it is done, and where it names a customer, nobody needs another one for it.
        """
        with self._db.write():
            about = {"kiotviet": document.code, "status": document.status_text}
            seq = self._event(haravan_id, event, f"{document.code} ({document.status_text})", now, **about)
            row = self._row(haravan_id)
            row.kv_id, row.kv_code, row.kv_branch = document.id, document.code, document.branch_id
            row.kv_seq, row.kv_voids = seq if counted else None, voids
            row.lines_digest, row.searched, row.kv_said = lines_digest, True, documents.said(document)
            self._move(row, state, self._say(text("kiotviet_shows_order")), seq)
            self._forget("create_order", str(haravan_id))
            if document.customer_id is not None:
                _FORGET_CUSTOMER.run(self._db, haravan_id=haravan_id)

    def note_voids(self, haravan_id: int, voids: int) -> None:
        """So many voids were taken into account: our KiotViet order reserves its pieces all the same."""
        with self._db.write():
            row = self._row(haravan_id)
            row.kv_voids = voids
            self._save(row)

    def order_gone(self, haravan_id: int, now: datetime) -> None:
        """KiotViet no longer counts our order: its pieces are pending again."""
        with self._db.write():
            row = self._row(haravan_id)
            if row.kv_seq is not None:
                row.kv_seq = None
                row.touched_seq = self._event(
                    haravan_id, "order_not_live_in_kiotviet", row.kv_code, now, kiotviet=row.kv_code
                )
                row.outstanding = self._is_outstanding(row)
                self._save(row)

    def invoices_gone(self, haravan_id: int, shipment_ids: Iterable[int], now: datetime) -> None:
        """KiotViet has no live invoice of these shipments: their pieces are pending again.

        Whether it reserves for their order again is not known.
        """
        table = self._t.invoices
        with self._db.write():
            row = self._row(haravan_id)
            for shipment_id in shipment_ids:
                table.update(kv_seq=None).where(table.shipment_id == shipment_id).execute()
                known = self._invoice(shipment_id)
                code = str(shipment_id) if known is None else known.code
                row.touched_seq = self._event(haravan_id, "invoice_not_live_in_kiotviet", code, now, invoice=code)
            row.kv_seq = None
            row.outstanding = self._is_outstanding(row)
            self._save(row)

    def _is_outstanding(self, row: OrderRow) -> bool:
        """Whether pieces are promised, or gone with an invoice that KiotViet does not have any more.

        Then they count as pending also after the order has come to its end.
        """
        parts = parts_of(row)
        if any(not part.handed_over for part in parts):
            return True
        if row.state == State.RETURNED.value:
            return False  # they are on the shelf again
        invoices = [whole(InvoiceRow, found) for found in _INVOICES_OF.rows(self._db, haravan_id=row.haravan_id)]
        lost: set[int | None] = {invoice.shipment_id for invoice in invoices if invoice.kv_seq is None}
        if row.state == State.COMPLETED.value and row.kv_id is not None and row.kv_seq is None:
            # shipped anew after its end, perhaps: what no invoice holds, nothing in KiotViet does
            lost |= {part.shipment_id for part in parts} - {invoice.shipment_id for invoice in invoices}
        return any(part.shipment_id in lost for part in parts)

    def invoices_voided_by_hand(self, kv_ids: Iterable[int], now: datetime) -> None:
        """KiotViet shows these invoices voided: whatever is made of it later, their pieces are pending from now on."""
        for haravan_id, shipment_id in _SHOWN.rows(self._db, kv_ids):
            self.invoices_gone(haravan_id, [shipment_id], now)

    def order_cancelled(self, haravan_id: int, state: State, now: datetime) -> None:
        """A read showed our KiotViet order cancelled."""
        with self._db.write():
            row = self._row(haravan_id)
            seq = self._event(haravan_id, "order_cancelled", row.kv_code, now, kiotviet=row.kv_code)
            self._move(row, state, self._say(text("cancelled_both_sides")), seq)
            self._forget("cancel_order", str(haravan_id))

    def invoice_shown(
        self,
        haravan_id: int,
        shipment_id: int,
        invoice: PosInvoice,
        event: str,
        state: State,
        billed: Billed | None,
        now: datetime,
    ) -> None:
        """A read showed the invoice of a shipment: remember what it shows; the write that made it so is done.

        `billed` is what it comes to, None where that is not what it should.
        """
        with self._db.write():
            about = {"invoice": invoice.code, "status": invoice.status_text}
            seq = self._event(haravan_id, event, f"{invoice.code} ({invoice.status_text})", now, **about)
            row = self._invoice(shipment_id)
            voided = row is not None and row.state == InvoiceStatus.CANCELLED.value
            first_seq = row.kv_seq if row is not None and not voided else None
            values = {
                "haravan_id": haravan_id,
                "kv_id": invoice.id,
                "code": invoice.code,
                "state": invoice.status.value,
                "said": documents.said(invoice),
                "total": billed_text(billed),
            }
            values["kv_seq"] = first_seq if first_seq is not None else seq
            order = self._row(haravan_id)
            mine = tuple(part for part in parts_of(order) if part.shipment_id == shipment_id)
            # of a parcel that was cancelled meanwhile, what its invoice took when it was made
            values["parts"] = parts_text(mine) if mine or row is None else row.parts
            _KEEP_INVOICE.run(self._db, shipment_id=shipment_id, **values)
            order.outstanding = self._is_outstanding(order)
            self._move(order, state, f"{invoice.code} {invoice.status_text}", seq)
            self._forget("create_invoice", str(shipment_id))
            if event == "invoice_completed":
                self._forget("complete_invoice", str(shipment_id))

    def invoice_voided(self, haravan_id: int, shipment_id: int, code: str, now: datetime, *, for_good: bool) -> None:
        """A read showed the invoice of a shipment voided: the write that did it is done.

        The pieces of an order that was cancelled are on the shelf again `for_good`, whatever its parcel says; those of
        another one are held by no invoice any more when the carrier takes them once more.

        Whether KiotViet reserves for its order again is not known, so the order's open pieces count as pending.
        """
        with self._db.write():
            seq = self._event(haravan_id, "invoice_voided", code, now, invoice=code)
            known = self._invoice(shipment_id)
            if known is not None:
                known.state = InvoiceStatus.CANCELLED.value
                known.kv_seq = (known.kv_seq or seq) if for_good else None
                known.said = f"{known.said.partition(':')[0]}:{InvoiceStatus.CANCELLED.value}"
                _KEEP_INVOICE.run(self._db, **columns_of(known))
            row = self._row(haravan_id)
            row.kv_seq, row.touched_seq = None, seq
            self._save(row)
            self._forget("void_invoice", str(shipment_id))
            self._forget("create_invoice", str(shipment_id))
            self._forget("complete_invoice", str(shipment_id))

    def settle(
        self, haravan_id: int, state: State, reason: str, settled: str, now: datetime, *, said: Said | None = None
    ) -> None:
        """Nothing to do for now: remember where it stands, by what that was judged, and what KiotViet `said`."""
        with self._db.write():
            row = self._row(haravan_id)
            self._judged(row, said)
            if row.state != state.value or row.reason != reason:
                seq = self._event(haravan_id, f"state_{state.value}", reason, now)
                row.touched_seq = max(row.touched_seq, seq) if row.state != state.value else row.touched_seq
            if row.hold_code is not None:
                self._event(haravan_id, "hold_released", row.hold_code, now, code=row.hold_code)
            self._clear_hold(row)
            row.settled, row.retry_asked, row.look_again_at = settled, False, None
            self._move(row, state, reason, row.touched_seq)
            if state is State.RETURNED:
                # nothing of it is open in KiotViet: it rests until either side shows something new
                row.is_open, row.outstanding = False, self._is_outstanding(row)
                self._save(row)
            if not row.is_open:
                self._forget_all(haravan_id)

    def hold(
        self,
        haravan_id: int,
        state: State,
        hold: Hold,
        *,
        look_again_at: datetime | None,
        now: datetime,
        said: Said | None = None,
    ) -> bool:
        """Hold an order; True when this is news (another code or sentence than before)."""
        with self._db.write():
            row = self._row(haravan_id)
            self._judged(row, said)
            news = (row.hold_code, row.hold_reason) != (hold.code, hold.reason)
            row.state, row.is_open = state.value, True
            row.retry_asked, row.settled = False, ""
            row.look_again_at = stamp(look_again_at) if look_again_at else None
            self._hold(row, hold, now)
            return news

    def tracked(self, *, kv_ids: Iterable[int] = (), codes: Iterable[str] = ()) -> list[Tracked]:
        """The orders whose KiotViet order has one of these ids or codes."""
        rows = [*_TRACKED_BY_ID.rows(self._db, kv_ids), *_TRACKED_BY_CODE.rows(self._db, codes)]
        found = {row.haravan_id: row for row in (whole(OrderRow, columns) for columns in rows)}
        invoiced: dict[int, set[int]] = {}
        for key, shipment_id in _INVOICED_SHIPMENTS.rows(self._db, found):
            invoiced.setdefault(key, set()).add(shipment_id)
        return [_tracked(row, invoiced.get(key, set())) for key, row in found.items()]

    def tracked_invoices(self, kv_ids: Iterable[int]) -> dict[int, tuple[int, str]]:
        """By KiotViet id of an invoice of ours: the Haravan order, and what the invoice said when last judged."""
        return {kv: (key, said) for kv, key, said in _TRACKED_INVOICES.rows(self._db, kv_ids)}

    def open_documents(self) -> list[OpenDocuments]:
        """What KiotViet has of each order that is not at its end, oldest order first."""
        orders, invoices = self._t.orders, self._t.invoices
        found: dict[int, dict[int, InvoiceRef]] = {}
        live = invoices.select().where(invoices.state != InvoiceStatus.CANCELLED.value)
        mine = live.join(orders, on=(orders.haravan_id == invoices.haravan_id)).where(yes(orders.is_open))
        for row in mine:
            found.setdefault(row.haravan_id, {})[row.kv_id] = invoice_of(row)
        rows = orders.select().where(yes(orders.is_open) & orders.kv_id.is_null(False)).order_by(orders.created_at)
        return [
            OpenDocuments(
                row.number,
                moment(row.created_at),
                _tracked(row, {invoice.shipment_id for invoice in found.get(row.haravan_id, {}).values()}),
                found.get(row.haravan_id, {}),
            )
            for row in rows
        ]

    def documented(self) -> list[int]:
        """Orders that KiotViet has and that are open or hold pieces that no invoice holds, oldest first: ids."""
        return [key for (key,) in _DOCUMENTED.rows(self._db)]

    def has_documents(self) -> bool:
        """Whether KiotViet has any order of ours."""
        return _ANY_DOCUMENT.row(self._db) is not None

    def mark_news(self, haravan_ids: Iterable[int]) -> None:
        """KiotViet shows something new of these orders' documents: they are looked at next."""
        with self._db.write():
            _MARK_NEWS.run(self._db, haravan_ids)

    def with_news(self) -> list[int]:
        """Orders of whose documents KiotViet shows something new: ids."""
        return [key for (key,) in _WITH_NEWS.rows(self._db)]

    def mark_searched(self, haravan_id: int) -> None:
        """A complete search did not show this order in KiotViet."""
        with self._db.write():
            row = self._row(haravan_id)
            row.searched = True
            self._save(row)

    def ask_retry(self, haravan_id: int, now: datetime) -> bool:
        """A person says: try again. False when the order is not held."""
        with self._db.write():
            row = self._row(haravan_id)
            held = row.hold_code is not None or row.left_to_people
            row.retry_asked, row.left_to_people, row.settled, row.look_again_at = True, False, "", None
            if row.state == State.IGNORED.value:
                row.state, row.is_open = State.RECEIVED.value, True
            self._save(row)
            self._t.intents.update(clean_scans=0, scanned_at=None).where(
                self._t.intents.haravan_id == haravan_id
            ).execute()
            self._event(haravan_id, "retry_asked", row.hold_code or "", now)
            return held

    def leave_to_people(self, haravan_id: int, now: datetime) -> None:
        """A person says: this one is ours for good."""
        with self._db.write():
            row = self._row(haravan_id)
            self._clear_hold(row)
            row.left_to_people = True
            seq = self._event(haravan_id, "left_to_people", row.number, now)
            self._move(row, State.IGNORED, self._say(text("left_to_people")), seq)
            self._t.intents.delete().where(self._t.intents.haravan_id == haravan_id).execute()

    def _judged(self, row: OrderRow, said: Said | None) -> None:
        """What KiotViet's documents say was looked at: only something else is news from now on."""
        row.kv_news = False
        if said is None:
            return
        row.kv_said = said.order or row.kv_said
        for kv_id, digest in said.invoices.items():
            _SAID_OF_INVOICE.run(self._db, said=digest, kv_id=kv_id)

    def _row(self, haravan_id: int) -> OrderRow:
        row = self._known(haravan_id)
        if row is None:
            raise DoesNotExist(f"order {haravan_id}")
        return row

    def _known(self, haravan_id: int) -> OrderRow | None:
        columns = _ORDER.row(self._db, haravan_id=haravan_id)
        return None if columns is None else whole(OrderRow, columns)

    def _invoice(self, shipment_id: int) -> InvoiceRow | None:
        columns = _INVOICE.row(self._db, shipment_id=shipment_id)
        return None if columns is None else whole(InvoiceRow, columns)

    def _save(self, row: OrderRow) -> None:
        _SAVE.run(self._db, **columns_of(row))

    def _event(self, haravan_id: int | None, event: str, detail: str, now: datetime, **fields: str) -> int:
        return self._events.append(event, detail, now, haravan_id, **fields)

    def _move(self, row: OrderRow, state: State, reason: str, seq: int) -> None:
        row.state, row.reason, row.touched_seq = state.value, reason, seq
        row.is_open = state not in FINAL
        self._save(row)

    def _hold(self, row: OrderRow, hold: Hold, now: datetime) -> None:
        if (row.hold_code, row.hold_reason) != (hold.code, hold.reason):
            self._event(row.haravan_id, "order_held", f"{hold.code}: {hold.reason}", now, code=hold.code)
        if row.hold_code != hold.code:
            row.hold_since = stamp(hold.since)
        row.hold_code, row.hold_reason = hold.code, hold.reason
        row.hold_fingerprint = hold.fingerprint
        row.hold_tried_at = stamp(hold.tried_at) if hold.tried_at else None
        self._save(row)

    def _clear_hold(self, row: OrderRow) -> None:
        row.hold_code, row.hold_reason, row.hold_since = None, "", None
        row.hold_fingerprint, row.hold_tried_at = "", None

    def _forget(self, operation: str, subject: str) -> None:
        FORGET.run(self._db, operation=operation, subject=subject)

    def _forget_all(self, haravan_id: int) -> None:
        """At an order's end no write about its documents is in doubt: what both sides show decided that."""
        _FORGET_DOCUMENTS.run(self._db, haravan_id=haravan_id)


def _tracked(row: OrderRow, invoiced: Collection[int]) -> Tracked:
    """With the shipments of which KiotViet counts an invoice."""
    return Tracked(
        row.haravan_id,
        State(row.state),
        row.kv_id or 0,
        row.kv_code,
        row.kv_said,
        bool(invoiced),
        bool(invoiced) and all(part.shipment_id in invoiced for part in parts_of(row)),
        row.hold_code is not None,
    )


def _left_again(row: OrderRow, order: WebOrder, parts: Iterable[Part]) -> bool:
    """Whether goods that had come back are on their way once more, which the next walk will look into."""
    back = row.state == State.RETURNED.value and order.cancelled_at is None
    return back and any(part.handed_over for part in parts)


def _merged_tracking(stored: str, order: WebOrder) -> str:
    known: dict[str, list[str]] = json.loads(stored) if stored else {}
    for shipment in order.shipments:
        numbers = known.setdefault(str(shipment.id), [])
        numbers += [number for number in shipment.tracking_numbers if number not in numbers]
    return json.dumps(known)
