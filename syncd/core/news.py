"""Which rows of KiotViet's lists show something that we did not do ourselves: the hands that touched our documents."""

from __future__ import annotations

from syncd.core import documents
from syncd.core.lifecycle import State
from syncd.core.model import OrderStatus, PosInvoice, PosOrder
from syncd.core.records import Tracked
from syncd.core.returns import OPEN, UNINVOICED

_AT_REST = frozenset({State.CANCELLED, State.RETURNED})
_AFTER_SOME = frozenset({OrderStatus.PARTLY_INVOICED})
_AFTER_ALL = frozenset({OrderStatus.PARTLY_INVOICED, OrderStatus.COMPLETED})


def of_order(row: PosOrder, known: Tracked) -> bool:
    """Whether a KiotViet order of ours shows something new; the status that our own invoices give it is none.

    While it is held any change counts: it may be what the hold waits for. Of what has come to rest only one that is
    open counts: what was read last may have been older than our own void.
    """
    if known.state in _AT_REST and not known.held:
        return row.status in OPEN
    said = documents.said(row)
    if said == known.said:
        return False
    if known.held or not documents.same_content(said, known.said):
        return True
    if known.invoiced:
        return row.status not in (_AFTER_ALL if known.whole else _AFTER_SOME)
    # where people voided what they had invoiced, it falls back and may hold nothing any more
    return not {row.status, documents.status_said(known.said)} <= UNINVOICED


def of_invoice(row: PosInvoice, said: str) -> bool:
    """Whether an invoice of ours shows something new since it `said` this."""
    return documents.said(row) != said


def of_strange_invoice(row: PosInvoice, order: Tracked) -> bool:
    """Whether an invoice that we did not make concerns an order of ours; its void does too.

    What it held of the order may be on the shelf again, and the order that is left may reserve nothing.
    """
    return order.held or order.state not in _AT_REST
