"""What people must enter in KiotViet because of what happened to an order after it was completed.

Nothing is undone by itself after completion. Each piece and each amount is asked for once: a refund in Haravan speaks
for its own lines, what is left of a cancelled, replaced or returning order is asked for by a task of its own.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from syncd.core.documents import ZERO, money
from syncd.core.model import CarrierStatus, Refund, Shipment, WebOrder
from syncd.core.products import Link
from syncd.core.records import InvoiceRef, Record
from syncd.core.texts import Text, text

KEYS = ("refund:", "cancelled:", "returned:")
"""How the keys of these tasks begin."""

_COMING_BACK = {
    CarrierStatus.WAITING_FOR_RETURN: "carrier_waitingforreturn",
    CarrierStatus.RETURN: "carrier_return",
    CarrierStatus.CANCEL: "carrier_cancel",
}
_Why = tuple[str, Text]
"""A task's code, and the first half of its sentence."""


@dataclass(frozen=True, slots=True)
class Goods:
    """Pieces of one product that are to come back, and how many of it the shipment had.

    `product_id` is None for a line that has no KiotViet product (any more), `sold` where that is not known.
    """

    product_id: int | None
    code: str
    quantity: Decimal
    sold: Decimal | None = None


@dataclass(frozen=True, slots=True)
class ReturnOf:
    """The return slip that the invoice of one shipment needs; without `goods`, all of it comes back."""

    shipment_id: int
    invoice_id: int
    code: str
    goods: tuple[Goods, ...] = ()


@dataclass(frozen=True, slots=True)
class About:
    """What a task is about; without `returns`, KiotViet cannot show that it was done.

    No slip about it can be older than `placed_at`, when the order was placed in Haravan.
    """

    returns: tuple[ReturnOf, ...] = ()
    amount: Decimal = ZERO
    placed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Wanted:
    """A task that an order needs; the same event always has the same key."""

    key: str
    code: str
    text: Text
    about: About


def after_completion(
    order: WebOrder,
    record: Record,
    links: Mapping[int, Link],
    replaced_by: str = "",
    done: Mapping[str, About] | None = None,
) -> tuple[Wanted, ...]:
    """The tasks that a completed order needs as Haravan shows it now.

    Args:
        order: The order.
        record: What is remembered of it; its invoices say which KiotViet document each shipment became.
        links: order line id -> link, those that there are.
        replaced_by: The number of the order that replaces it ("Đặt lại"), empty where there is none.
        done: What tasks that are done were about, by key: their pieces stay on the invoices on which they were entered.
    """
    if not record.live_invoices:
        return ()
    out = _Out(order, record, links)
    entered = {key: {one.shipment_id for one in about.returns} for key, about in (done or {}).items()}
    taken = [(refund, out.take(refund, entered.get(_key(order, refund), set()))) for refund in order.refunds]
    some_back = any(refund.lines for refund in order.refunds)
    exchanged = ("exchanged", text("why_exchanged", order=order.number, by=replaced_by)) if replaced_by else None
    if order.cancelled_at is not None or (exchanged is not None and not some_back):
        cancelled = ("cancelled_after_completion", text("why_cancelled", order=order.number))
        rest = _whole_order(order, out.take_rest(whole=not some_back), exchanged or cancelled)
    else:
        rest = _coming_back(order, out)
    told_by_rest = any(wanted.code == "exchanged" for wanted in rest)
    refunded = ("refunded", text("why_refunded", order=order.number))
    why = refunded if exchanged is None or told_by_rest else exchanged
    refunds = [_of_refund(order, refund, returns, why) for refund, returns in taken]
    return (*(wanted for wanted in refunds if wanted is not None), *rest)


def _key(order: WebOrder, refund: Refund) -> str:
    return f"refund:{order.id}:{refund.id}"


def _of_refund(order: WebOrder, refund: Refund, returns: tuple[ReturnOf, ...], why: _Why) -> Wanted | None:
    """A refund books goods, money or both; one that books neither (a plain cancellation) asks for nothing."""
    key, about = _key(order, refund), About(returns, refund.amount, order.created_at)
    if returns:
        code, because = why
        sentence = "task_return" if refund.restocked else "task_return_unsellable"
        return Wanted(key, code, _enter(sentence, because, returns, refund.amount), about)
    if refund.amount <= 0:
        return None
    amount = money(refund.amount)
    return Wanted(key, "refunded", text("task_pay_out", order=order.number, amount=amount), about)


def _whole_order(order: WebOrder, returns: tuple[ReturnOf, ...], why: _Why) -> list[Wanted]:
    """Cancelled or replaced: everything that no refund speaks of."""
    if not returns:
        return []
    code, because = why
    sentence = _enter("task_return_when_back", because, returns, ZERO)
    return [Wanted(f"cancelled:{order.id}", code, sentence, About(returns, ZERO, order.created_at))]


def _coming_back(order: WebOrder, out: _Out) -> list[Wanted]:
    """Parcels that the carrier brings back, or that were called off, after they had been delivered and paid."""
    found = []
    for shipment in order.shipments:
        returns = out.take_shipment(shipment.id) if shipment.carrier_status in _COMING_BACK else ()
        if returns:
            status = text(_COMING_BACK[shipment.carrier_status])
            because = text("why_brought_back", order=order.number, status=status)
            sentence = _enter("task_return_when_back", because, returns, ZERO)
            key, about = f"returned:{order.id}:{shipment.id}", About(returns, ZERO, order.created_at)
            found.append(Wanted(key, "returned_after_completion", sentence, about))
    return found


def _enter(sentence: str, why: Text, returns: Iterable[ReturnOf], amount: Decimal) -> Text:
    goods = tuple(
        text("task_goods", code=one.code, pieces=_pieces(one.goods))
        if one.goods
        else text("task_whole_invoice", code=one.code)
        for one in returns
    )
    paid = text("task_pay_back", amount=money(amount)) if amount > 0 else text("task_pay_nothing")
    return text(sentence, why=why, goods=goods, money=paid)


def _pieces(goods: Iterable[Goods]) -> str:
    return ", ".join(" × ".join((f"{one.quantity:f}", one.code)) for one in goods)


class _Out:
    """The pieces that are with the buyer according to our invoices; what is taken is not asked for a second time."""

    def __init__(self, order: WebOrder, record: Record, links: Mapping[int, Link]) -> None:
        """Everything that the invoiced shipments carried; what comes back first stands first."""
        self._record, self._links = record, links
        self._lines = {line.id: line for line in order.lines}
        self._shipments = {shipment.id: shipment for shipment in order.shipments}
        self._left = Counter[tuple[int, int]]()
        for shipment in sorted((s for s in order.shipments if record.invoice_of(s.id) is not None), key=_first_back):
            for part in shipment.lines:
                self._left[shipment.id, part.line_id] += part.quantity

    def take(self, refund: Refund, first: Set[int]) -> tuple[ReturnOf, ...]:
        """The pieces of a refund, on the invoices of the shipments that carried them; those in `first` come first."""
        taken = Counter[tuple[int, int]]()
        for line in refund.lines:
            wanted = line.quantity
            places = [place for place in self._left if place[1] == line.line_id]
            for place in sorted(places, key=lambda place: place[0] not in first):
                pieces = min(wanted, self._left[place] - taken[place])
                taken[place] += pieces
                wanted -= pieces
            taken[self._elsewhere(), line.line_id] += wanted
        self._left -= taken
        return self._slips(taken)

    def take_shipment(self, shipment_id: int) -> tuple[ReturnOf, ...]:
        """What is left of one shipment."""
        taken = Counter({place: pieces for place, pieces in self._left.items() if place[0] == shipment_id})
        self._left -= taken
        return self._slips(taken)

    def take_rest(self, *, whole: bool) -> tuple[ReturnOf, ...]:
        """All that is left; with `whole`, an invoice whose shipment does not say what it carried counts as a whole."""
        slips = {one.shipment_id: one for one in self._slips(self._left)}
        known = {shipment_id for shipment_id, _ in self._left}
        unsaid = [ref for ref in self._record.live_invoices if whole and ref.shipment_id not in known]
        return (*slips.values(), *(ReturnOf(ref.shipment_id, ref.id, ref.code) for ref in unsaid))

    def _elsewhere(self) -> int:
        """The shipment for pieces that none is known to carry: one that Haravan does not show any more, else any."""
        hidden = [ref for ref in self._record.live_invoices if ref.shipment_id not in self._shipments]
        return (hidden or self._record.live_invoices)[0].shipment_id

    def _slips(self, taken: Mapping[tuple[int, int], int]) -> tuple[ReturnOf, ...]:
        by_invoice: dict[int, dict[int, int]] = {}
        for (shipment_id, line_id), pieces in taken.items():
            if pieces > 0:
                by_invoice.setdefault(shipment_id, {})[line_id] = pieces
        return tuple(
            ReturnOf(ref.shipment_id, ref.id, ref.code, self._goods(ref, by_invoice[ref.shipment_id]))
            for ref in self._record.live_invoices
            if ref.shipment_id in by_invoice
        )

    def _goods(self, ref: InvoiceRef, pieces: Mapping[int, int]) -> tuple[Goods, ...]:
        """Lines of one product are one, as on the invoice."""
        found: dict[int | str, Goods] = {}
        for line_id, quantity in pieces.items():
            link, line = self._links.get(line_id), self._lines.get(line_id)
            name = link.code if link is not None else (line.sku or line.title if line is not None else str(line_id))
            key = link.product_id if link is not None else name
            before = found[key].quantity if key in found else ZERO
            product_id = link.product_id if link is not None else None
            found[key] = Goods(product_id, name, before + quantity, self._sold(ref.shipment_id, product_id))
        return tuple(found.values())

    def _sold(self, shipment_id: int, product_id: int | None) -> Decimal | None:
        shipment = self._shipments.get(shipment_id)
        if shipment is None or product_id is None:
            return None
        links = ((self._links.get(part.line_id), part.quantity) for part in shipment.lines)
        return Decimal(sum(n for link, n in links if link is not None and link.product_id == product_id))


def _first_back(shipment: Shipment) -> tuple[bool, datetime, int]:
    return shipment.carrier_status not in _COMING_BACK, shipment.created_at, shipment.id


@dataclass(frozen=True, slots=True)
class Standing:
    """What KiotViet shows of the invoice of one shipment now, whatever its id has become.

    `ids` are all ids that it had, `pieces` those on it and `returned` those that it says came back, by product id.
    An invoice that was voided has no pieces.
    """

    ids: frozenset[int]
    voided: bool
    pieces: Mapping[int, Decimal]
    returned: Mapping[int, Decimal]


@dataclass(frozen=True, slots=True)
class Claim:
    """A task that asks, or asked, for pieces of invoices; `id` rises with age."""

    id: int
    is_open: bool
    returns: tuple[ReturnOf, ...]


def done_in_kiotviet(
    claims: Sequence[Claim], standings: Mapping[int, Standing], slips: Mapping[tuple[int, int], Decimal]
) -> tuple[int, ...]:
    """Ids of open tasks whose pieces KiotViet shows as taken back.

    A piece counts for one task only: those that are closed keep theirs, then the older task comes first. What is not
    known shows nothing.

    Args:
        claims: Every task about the invoices in question, the closed ones too.
        standings: The invoices that could be read, by shipment id.
        slips: Pieces on live return slips, by (shipment id, product id).
    """
    spent: dict[tuple[int, int], Decimal] = defaultdict(Decimal)
    done = []
    for claim in sorted(claims, key=lambda claim: (claim.is_open, claim.id)):
        if claim.is_open:
            if not all(_is_covered(one, standings.get(one.shipment_id), slips, spent) for one in claim.returns):
                continue
            done.append(claim.id)
        for one in claim.returns:
            for goods in one.goods:
                if goods.product_id is not None:
                    spent[one.shipment_id, goods.product_id] += goods.quantity
    return tuple(done)


def _is_covered(
    wanted: ReturnOf,
    standing: Standing | None,
    slips: Mapping[tuple[int, int], Decimal],
    spent: Mapping[tuple[int, int], Decimal],
) -> bool:
    if standing is not None and standing.voided:
        return True
    return bool(wanted.goods) and all(
        goods.product_id is not None
        and _taken_back(wanted.shipment_id, goods, standing, slips)
        - spent.get((wanted.shipment_id, goods.product_id), ZERO)
        >= goods.quantity
        for goods in wanted.goods
    )


def _taken_back(
    shipment_id: int, goods: Goods, standing: Standing | None, slips: Mapping[tuple[int, int], Decimal]
) -> Decimal:
    """Pieces of a product that are no longer sold: on return slips, or taken off the invoice by an edit."""
    product_id = goods.product_id or 0
    on_slips = slips.get((shipment_id, product_id), ZERO)
    if standing is None:
        return on_slips
    edited_away = max(ZERO, (goods.sold or ZERO) - standing.pieces.get(product_id, ZERO))
    return max(on_slips, standing.returned.get(product_id, ZERO)) + edited_away
