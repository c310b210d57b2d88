"""Which KiotViet invoice belongs to which shipment, and whether it still says what the shipment says.

An invoice is found by its order, and among several by delivery code, then by its pieces; its id is no key, because an
edit in KiotViet voids it and makes a new one (`.01`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from syncd.core import documents
from syncd.core.model import InvoiceStatus, PosInvoice, PosLine, PosOrder, Shipment, WebOrder
from syncd.core.pending import parts_of
from syncd.core.products import Link
from syncd.core.records import Billed, Record
from syncd.core.texts import Text, text


@dataclass(frozen=True, slots=True)
class Matching:
    """Live invoices by shipment id, and those that fit none."""

    by_shipment: Mapping[int, tuple[PosInvoice, ...]]
    strangers: tuple[PosInvoice, ...]


def alive(invoices: Sequence[PosInvoice]) -> list[PosInvoice]:
    """The invoices that were not cancelled, oldest first."""
    kept = [invoice for invoice in invoices if invoice.status is not InvoiceStatus.CANCELLED]
    return sorted(kept, key=lambda invoice: (invoice.created_at, invoice.id))


def is_billed(document: PosOrder, living: Sequence[PosInvoice]) -> bool:
    """Whether live invoices hold all that an order of KiotViet asks for."""
    billed = documents.quantities([line for invoice in living for line in invoice.lines])
    ordered = documents.quantities(document.lines)
    return all(billed.get(product_id, Decimal(0)) >= pieces for product_id, pieces in ordered.items())


def match(
    shipments: Sequence[Shipment],
    invoices: Sequence[PosInvoice],
    record: Record,
    links: Mapping[int, Link],
    *,
    former: Collection[int] = (),
) -> Matching:
    """Give every live invoice to its shipment: the one remembered, else by delivery code, else by the same pieces.

    One whose pieces may be those of a shipment in `former`, which should have no invoice any more, is a stranger.
    """
    given: dict[int, list[PosInvoice]] = {shipment.id: [] for shipment in shipments}
    left: list[PosInvoice] = []
    for invoice in invoices:
        owner = _remembered(invoice, shipments, record) or _by_code(invoice, shipments, given, record, links)
        (given[owner.id] if owner is not None else left).append(invoice)
    strangers: list[PosInvoice] = []
    for invoice in left:
        fitting = _by_pieces(invoice, shipments, given, record, links)
        owner = None if any(s.id in former for s in fitting) else next(iter(fitting), None)
        (given[owner.id] if owner is not None else strangers).append(invoice)
    return Matching({shipment_id: tuple(found) for shipment_id, found in given.items()}, tuple(strangers))


def _remembered(invoice: PosInvoice, shipments: Sequence[Shipment], record: Record) -> Shipment | None:
    owners = {ref.shipment_id for ref in record.live_invoices if ref.id == invoice.id}
    return next((shipment for shipment in shipments if shipment.id in owners), None)


def _by_code(
    invoice: PosInvoice,
    shipments: Sequence[Shipment],
    given: Mapping[int, list[PosInvoice]],
    record: Record,
    links: Mapping[int, Link],
) -> Shipment | None:
    """The shipment with this delivery code; of several that share one, a free one with these pieces."""
    mine = [shipment for shipment in shipments if _code(invoice) in codes(shipment, record)]
    free = [shipment for shipment in mine if not given[shipment.id]]
    fitting = [shipment for shipment in free if same_pieces(invoice, shipment, links)]
    return next(iter([*fitting, *free, *mine]), None)


def codes(shipment: Shipment, record: Record) -> set[str]:
    """Every delivery code that this shipment may have been given: all its tracking numbers, and our own code."""
    return codes_of(shipment.id, record) | set(shipment.tracking_numbers)


def codes_of(shipment_id: int, record: Record) -> set[str]:
    """The same for a shipment of which Haravan shows nothing any more: what it showed once, and our own code."""
    return {documents.own_delivery_code(shipment_id), *record.tracking.get(shipment_id, ())}


def expected_totals(
    order: WebOrder, shipments: Sequence[Shipment], record: Record, links: Mapping[int, Link]
) -> dict[int, Decimal]:
    """What the invoice of each shipment must come to: what it was found right at, else its share of the order."""
    drafts = documents.shipment_drafts(order, shipments, links, billed_of(record))
    return {shipment_id: draft.expected_total for shipment_id, draft in drafts.items()}


def billed_of(record: Record) -> dict[int, Billed]:
    """What invoices came to by shipment; one that was voided since still keeps its share of the discount."""
    return {ref.shipment_id: ref.billed for ref in record.invoices if ref.billed is not None}


def adds_up(order: WebOrder, shipments: Sequence[Shipment], matching: Matching, links: Mapping[int, Link]) -> bool:
    """Whether live invoices of several shipments, each with the right pieces, come to the order's total together.

    How the discount was split is not written on an invoice: a store that was lost cannot know which shipments there
    were when each was made.
    """
    mine = [(s, matching.by_shipment[s.id]) for s in shipments if len(matching.by_shipment[s.id]) == 1]
    fitting = [(s, found[0]) for s, found in mine if same_pieces(found[0], s, links)]
    if len(fitting) < 2 or not documents.is_covered(order, [s for s, _ in fitting]):
        return False
    bare = sum((invoice.total for _, invoice in fitting), Decimal(0))
    surcharged = sum((row.amount for _, invoice in fitting for row in invoice.surcharges), Decimal(0))
    return order.total_price in (bare, bare + surcharged)


def delivery_code_of(invoice: PosInvoice) -> str:
    """The delivery code that an invoice carries, empty where it has none."""
    return _code(invoice)


def _code(invoice: PosInvoice) -> str:
    return invoice.delivery.code if invoice.delivery is not None else ""


def _by_pieces(
    invoice: PosInvoice,
    shipments: Sequence[Shipment],
    given: Mapping[int, list[PosInvoice]],
    record: Record,
    links: Mapping[int, Link],
) -> list[Shipment]:
    voided = {ref.shipment_id for ref in record.invoices if not ref.is_live}
    free = [shipment for shipment in shipments if not given[shipment.id] and shipment.id not in voided]
    return [shipment for shipment in free if same_pieces(invoice, shipment, links)]


def same_pieces(invoice: PosInvoice, shipment: Shipment, links: Mapping[int, Link]) -> bool:
    """Whether an invoice holds the shipment's products and quantities (only the sum, where a product is not linked)."""
    shipped = shipped_quantities(shipment, links)
    if shipped is None:
        return sum((line.quantity for line in invoice.lines), Decimal(0)) == sum(p.quantity for p in shipment.lines)
    return documents.quantities(invoice.lines) == shipped


def shipped_quantities(shipment: Shipment, links: Mapping[int, Link]) -> dict[int, Decimal] | None:
    """Pieces per KiotViet product in a shipment; None when a line is not linked."""
    found: dict[int, Decimal] = {}
    for part in shipment.lines:
        link = links.get(part.line_id)
        if link is None:
            return None
        found[link.product_id] = found.get(link.product_id, Decimal(0)) + part.quantity
    return {product_id: quantity.normalize() for product_id, quantity in found.items()}


def differs(
    invoice: PosInvoice, shipment: Shipment, expected: Decimal | None, links: Mapping[int, Link]
) -> Text | None:
    """What an invoice says otherwise than its shipment, which should come to `expected`; None when it is equivalent."""
    if not same_pieces(invoice, shipment, links):
        shipped = shipped_quantities(shipment, links) or {}
        return text("pieces_differ_from_shipment", pieces=_pieces(invoice.lines, shipped, links))
    if expected is not None and not documents.total_matches(invoice.total, invoice.surcharges, expected):
        shown, wanted = documents.money(invoice.total), documents.money(expected)
        return text("invoice_total_differs", kiotviet=shown, expected=wanted)
    return None


def order_differs(document: PosOrder, order: WebOrder, links: Mapping[int, Link]) -> Text | None:
    """What a KiotViet order says otherwise than the Haravan order; None when it is equivalent."""
    wanted: dict[int, Decimal] = {}
    for line in order.lines:
        if line.quantity > 0 and line.id in links:
            product_id = links[line.id].product_id
            wanted[product_id] = wanted.get(product_id, Decimal(0)) + line.quantity
    linked = all(line.id in links for line in order.lines if line.quantity > 0)
    if linked and documents.quantities(document.lines) != {key: value.normalize() for key, value in wanted.items()}:
        return text("pieces_differ_from_haravan", pieces=_pieces(document.lines, wanted, links))
    return total_differs(document, order)


def lacks_pieces(document: PosOrder, order: WebOrder, links: Mapping[int, Link]) -> bool:
    """Whether people made a KiotViet order smaller: it asks for less of a product than Haravan's order takes.

    The rest is nowhere in KiotViet's figures, whether the KiotViet order is invoiced or not.
    """
    products = {(line.variant_id, line.sku): links[line.id].product_id for line in order.lines if line.id in links}
    taken = Counter[int]()
    for part in parts_of(order.goods):
        if (part.variant_id, part.sku) in products:
            taken[products[part.variant_id, part.sku]] += part.quantity
    shown = documents.quantities(document.lines)
    return any(shown.get(product_id, 0) < pieces for product_id, pieces in taken.items())


def _pieces(
    lines: Sequence[PosLine], wanted: Mapping[int, Decimal], links: Mapping[int, Link]
) -> str | tuple[Text, ...]:
    """Each product whose quantity is not the wanted one, with both; a dash where no product can be named."""
    shown = documents.quantities(lines)
    codes = {link.product_id: link.code for link in links.values()} | {line.product_id: line.code for line in lines}
    odd = [key for key in {**wanted, **shown} if shown.get(key, Decimal(0)) != wanted.get(key, Decimal(0))]
    return (
        tuple(
            text(
                "piece_differs",
                code=codes.get(key, str(key)),
                shown=_count(shown.get(key, Decimal(0))),
                wanted=_count(wanted.get(key, Decimal(0))),
            )
            for key in odd
        )
        or "-"
    )


def _count(quantity: Decimal) -> str:
    return f"{quantity.normalize():f}"


def total_differs(document: PosOrder, order: WebOrder) -> Text | None:
    """Both totals when they differ, else None."""
    if documents.total_matches(document.total, document.surcharges, order.total_price):
        return None
    shown, wanted = documents.money(document.total), documents.money(order.total_price)
    return text("order_total_differs", kiotviet=shown, haravan=wanted)
