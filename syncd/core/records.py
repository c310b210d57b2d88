"""What the ledger remembers of an order, as values: the other half of every decision."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from syncd.core.lifecycle import State
from syncd.core.model import InvoiceStatus


@dataclass(frozen=True, slots=True)
class Hold:
    """Why an order gets no writes: a code, a sentence for the shopkeeper, and since when."""

    code: str
    reason: str
    since: datetime
    fingerprint: str = ""
    tried_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Intent:
    """A write that was about to be sent and whose effect no read has shown yet.

    Args:
        operation: What was to be done, e.g. `create_order`.
        subject: What it is about: an order id, a shipment id, a customer code.
        marker: The text by which its effect can be found.
        at: When it was about to be sent.
        result_id: The id that the answer gave, where an answer came but no read has confirmed it.
        clean_scans: Complete scans, each late enough, that did not show the effect.
        scanned_at: When the last of those was made.
    """

    operation: str
    subject: str
    marker: str
    digest: str
    at: datetime
    result_id: int | None = None
    clean_scans: int = 0
    scanned_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class DocumentRef:
    """A KiotViet document of ours. `seen_seq` is the event number at which a read first showed it.

    `said` is a digest of what it said when it was last judged, empty where that is not known. That it reserves its
    pieces takes so many `voids` of its invoices into account.
    """

    id: int
    code: str
    branch_id: int
    seen_seq: int | None = None
    said: str = ""
    voids: int = 0


@dataclass(frozen=True, slots=True)
class Billed:
    """What an invoice came to: its goods less discount, and the shipping it carries."""

    goods: Decimal
    shipping: Decimal

    @property
    def total(self) -> Decimal:
        """Both together."""
        return self.goods + self.shipping


@dataclass(frozen=True, slots=True)
class InvoiceRef:
    """The invoice of one shipment. `state` is KiotViet's status number when last read, `said` as in `DocumentRef`.

    `billed` is what it came to when it was found right; None where that is not remembered.
    """

    id: int
    code: str
    shipment_id: int
    state: str
    seen_seq: int | None = None
    said: str = ""
    billed: Billed | None = None

    @property
    def is_live(self) -> bool:
        """Whether it was not voided when last read."""
        return self.state != InvoiceStatus.CANCELLED


@dataclass(frozen=True, slots=True)
class Said:
    """What an order's KiotViet documents said when they were judged, as digests; `invoices` by KiotViet id."""

    order: str
    invoices: Mapping[int, str]


@dataclass(frozen=True, slots=True)
class Tracked:
    """A KiotViet order of ours, as far as it takes to see whether a list shows something new of it.

    `invoiced`: KiotViet counts an invoice of it. `whole`: of all that the Haravan order takes.
    """

    haravan_id: int
    state: State
    kv_id: int
    code: str
    said: str
    invoiced: bool
    whole: bool = False
    held: bool = False


@dataclass(frozen=True, slots=True)
class Record:
    """All that is remembered of one Haravan order; `kiotviet_news`: a list showed something new of its documents."""

    haravan_id: int
    number: str
    state: State = State.RECEIVED
    order: DocumentRef | None = None
    invoices: tuple[InvoiceRef, ...] = ()
    hold: Hold | None = None
    intents: tuple[Intent, ...] = ()
    lines_digest: str = ""
    left_to_people: bool = False
    retry_asked: bool = False
    searched: bool = False
    kiotviet_news: bool = False
    reason: str = ""
    settled: str = ""
    tracking: Mapping[int, tuple[str, ...]] = field(default_factory=dict)

    def intent(self, operation: str, subject: object) -> Intent | None:
        """The open intent of an operation on a subject."""
        wanted = str(subject)
        return next((i for i in self.intents if i.operation == operation and i.subject == wanted), None)

    @property
    def live_invoices(self) -> tuple[InvoiceRef, ...]:
        """The invoices that were not voided when last read."""
        return tuple(invoice for invoice in self.invoices if invoice.is_live)

    def invoice_of(self, shipment_id: int) -> InvoiceRef | None:
        """The live invoice of a shipment, where there is one."""
        return next((invoice for invoice in self.live_invoices if invoice.shipment_id == shipment_id), None)
