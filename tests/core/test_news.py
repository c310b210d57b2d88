"""Which rows of KiotViet's lists are news, and which only show what we did ourselves."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from syncd.core import documents, news
from syncd.core.lifecycle import State
from syncd.core.model import InvoiceStatus, OrderStatus, PosOrder
from syncd.core.records import Tracked
from tests.core.build import document, invoice, order, shipment

WEB = order(shipments=(shipment(),))
SEEN = document(WEB)
KNOWN = Tracked(WEB.id, State.ORDERED, SEEN.id, SEEN.code, documents.said(SEEN), invoiced=False)
INVOICED = replace(KNOWN, state=State.SHIPPING, invoiced=True)
WHOLE = replace(INVOICED, whole=True)
COMPLETED = replace(SEEN, status=OrderStatus.COMPLETED)
PARTLY = replace(SEEN, status=OrderStatus.PARTLY_INVOICED)
EDITED = replace(SEEN, total=Decimal(1))
CANCELLED = replace(SEEN, status=OrderStatus.CANCELLED)
GONE = replace(EDITED, status=OrderStatus.CANCELLED)


@pytest.mark.parametrize(
    ("story", "row", "known", "is_news"),
    [
        ("as it was", SEEN, KNOWN, False),
        ("a zero more behind the point", replace(SEEN, total=SEEN.total.quantize(Decimal("0.00"))), KNOWN, False),
        ("confirmed by staff", replace(SEEN, status=OrderStatus.CONFIRMED), KNOWN, False),
        ("the status that our own invoice gives it", PARTLY, INVOICED, False),
        ("the status that our last invoice gives it", COMPLETED, WHOLE, False),
        ("ended by staff with something not invoiced", COMPLETED, INVOICED, True),
        ("an invoice that we did not make", PARTLY, KNOWN, True),
        ("cancelled by staff", CANCELLED, KNOWN, True),
        ("edited", EDITED, KNOWN, True),
        ("fallen back from an end that was seen", SEEN, replace(KNOWN, said=documents.said(COMPLETED)), True),
        ("edited while held: it may be what the hold waits for", PARTLY, replace(INVOICED, held=True), True),
        ("edited after it was cancelled on both sides", GONE, replace(KNOWN, state=State.CANCELLED), False),
        ("open after it was cancelled on both sides", EDITED, replace(KNOWN, state=State.CANCELLED), True),
        ("closed by what our own void does to it", COMPLETED, replace(INVOICED, state=State.RETURNED), False),
        ("still open after it came back", SEEN, replace(INVOICED, state=State.RETURNED), True),
        ("edited after it came back, and still held", EDITED, replace(KNOWN, state=State.RETURNED, held=True), True),
    ],
)
def test_a_kiotviet_order_is_news_when_somebody_else_touched_it(
    story: str, row: PosOrder, known: Tracked, is_news: bool
) -> None:
    assert news.of_order(row, known) is is_news, story


def test_an_invoice_is_news_when_it_says_something_else() -> None:
    made = invoice(WEB, WEB.shipments[0])
    assert not news.of_invoice(made, documents.said(made))
    assert news.of_invoice(replace(made, status=InvoiceStatus.CANCELLED), documents.said(made))


@pytest.mark.parametrize(
    ("status", "known", "is_news"),
    [
        (InvoiceStatus.PROCESSING, KNOWN, True),
        (InvoiceStatus.CANCELLED, KNOWN, True),
        (InvoiceStatus.CANCELLED, replace(KNOWN, state=State.RETURNED), False),
        (InvoiceStatus.CANCELLED, replace(KNOWN, held=True), True),
        (InvoiceStatus.PROCESSING, replace(KNOWN, state=State.CANCELLED), False),
        (InvoiceStatus.PROCESSING, replace(KNOWN, state=State.CANCELLED, held=True), True),
    ],
)
def test_an_invoice_of_staff_is_news_of_an_order_that_is_not_at_rest(
    status: InvoiceStatus, known: Tracked, is_news: bool
) -> None:
    assert news.of_strange_invoice(invoice(WEB, WEB.shipments[0], status), known) is is_news
