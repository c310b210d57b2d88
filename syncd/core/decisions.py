"""What can be seen of KiotViet for one order, and every step that can follow from it."""

from __future__ import annotations

from dataclasses import dataclass

from syncd.core.documents import Draft
from syncd.core.lifecycle import State
from syncd.core.model import PosInvoice, PosOrder, Shipment
from syncd.core.payments import Share
from syncd.core.records import InvoiceRef
from syncd.core.texts import Text


@dataclass(frozen=True, slots=True)
class Search:
    """KiotViet orders that carry this order's marker; absence means something only when `complete`."""

    found: tuple[PosOrder, ...]
    complete: bool
    why_incomplete: Text | None = None


@dataclass(frozen=True, slots=True)
class Gone:
    """KiotViet answered that our order does not exist there (any more)."""


@dataclass(frozen=True, slots=True)
class View:
    """What has been read of KiotViet for one order; None is "not read yet", never "not there"."""

    search: Search | None = None
    order: PosOrder | Gone | None = None
    invoices: tuple[PosInvoice, ...] | None = None


@dataclass(frozen=True, slots=True)
class Ignore:
    """Outside the filter: nothing to mirror."""

    reason: Text


@dataclass(frozen=True, slots=True)
class Settle:
    """Both sides agree as far as they can now; `task` is what a person should be told of a finished order."""

    state: State
    reason: Text
    task: Text | None = None


@dataclass(frozen=True, slots=True)
class GiveUp:
    """KiotViet shall not get this order any more, but a create is in doubt: prove it absent, then do `instead`."""

    instead: Ignore | Settle


@dataclass(frozen=True, slots=True)
class Read:
    """Look at KiotViet first: `search`, `order` or `invoices`."""

    what: str


@dataclass(frozen=True, slots=True)
class Adopt:
    """Our order is already there: remember it."""

    order: PosOrder


@dataclass(frozen=True, slots=True)
class CreateOrder:
    """Make the KiotViet order."""

    draft: Draft
    branch_id: int


@dataclass(frozen=True, slots=True)
class AdoptInvoice:
    """The invoice of this shipment is there: remember what it shows now."""

    invoice: PosInvoice
    shipment: Shipment


@dataclass(frozen=True, slots=True)
class CreateInvoice:
    """Make the invoice of one shipment; `share` is what it gets of the order's money."""

    shipment: Shipment
    draft: Draft
    order: PosOrder
    share: Share


@dataclass(frozen=True, slots=True)
class CompleteInvoice:
    """Settle the invoice of a delivered and paid shipment; `share` as for `CreateInvoice`."""

    invoice: PosInvoice
    shipment: Shipment
    share: Share


@dataclass(frozen=True, slots=True)
class VoidInvoice:
    """Void the invoice of a shipment whose goods come back, because the shop's settings say so."""

    invoice: PosInvoice
    shipment_id: int


@dataclass(frozen=True, slots=True)
class NoteVoided:
    """KiotViet shows the invoice of a shipment voided, by us or by people: remember it."""

    invoice: InvoiceRef


@dataclass(frozen=True, slots=True)
class ProveAbsent:
    """A write whose answer was lost shows no effect: let two looks agree before anything is built on that."""

    operation: str
    subject: int


@dataclass(frozen=True, slots=True)
class CancelOrder:
    """Cancel the KiotViet order: the buyer withdrew before the carrier had it, or all of it came back."""

    order: PosOrder
    state: State = State.CANCELLED


@dataclass(frozen=True, slots=True)
class Stop:
    """Hold the order, in `state`, with a code and a sentence for the shopkeeper; `what` is its bare finding."""

    code: str
    reason: Text
    state: State
    what: Text | None = None


Decision = (
    Ignore
    | Settle
    | GiveUp
    | Read
    | Adopt
    | CreateOrder
    | AdoptInvoice
    | CreateInvoice
    | CompleteInvoice
    | VoidInvoice
    | NoteVoided
    | ProveAbsent
    | CancelOrder
    | Stop
)
