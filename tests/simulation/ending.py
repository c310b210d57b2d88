"""How a run ends: people mend what they can, faults stop, and after some cycles both sides agree and are silent."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from syncd.core.lifecycle import State
from syncd.cycles.watch import LOOK_AT_EACH_SECONDS
from syncd.sandbox.haravan.state import Order, Parcel
from tests.simulation import truth
from tests.simulation.truth import CANCELLED, CONFIRMED, DONE, DRAFT, PARTLY
from tests.simulation.witness import COMPLETED, Violation, is_settled

if TYPE_CHECKING:
    from tests.simulation.house import House

CYCLES = 12
"""So many full cycles at most, and both sides agree."""

_PAUSES = (70, 70, 70, 3700, 70, 70)
_MENDED = (
    "haravan.hiccups=none",
    "haravan.foreign_slips=off",
    "haravan.stock_mode=advanced",
    "haravan.shared_bucket=own",
    "kiotviet.shared_budget=own",
)
_DELIVERED = "delivered"


def come_to_rest(house: House, story: list[str]) -> None:
    """Mend everything and wait for agreement.

    Raises:
        Violation: It does not come within `CYCLES` cycles, or a further one writes something.
    """
    _mend(house)
    _wait_for_each_document(house)
    wrong: list[str] = ["not looked yet"]
    for cycle in range(CYCLES):
        written, failed = _full_cycle(house)
        house.witness.judge()
        wrong = [*failed, *disagreements(house)]
        story.append(f"rest {cycle}: {written} writes; {'; '.join(wrong)}"[:2000])
        house.true_clock.advance(_PAUSES[cycle % len(_PAUSES)])
        if not wrong and not written and cycle > 1:
            _be_silent(house)
            return
    raise Violation(6, "no agreement: " + ("; ".join(wrong)[:1500] or "writes do not cease"))


def _mend(house: House) -> None:
    sandbox = house.rig.sandbox
    house.rig.faults.clear()
    house.fill_disk(False)
    house.clock.set_ahead(0)
    house.configure(kiotviet=replace(house.settings.kiotviet, gets_per_hour=4000))
    sandbox.turn(*_MENDED)
    house.people.act("mend_data", (0, 0, 0, 0))
    house.true_clock.advance(3700)
    sandbox.settle()
    house.witness.look()
    for sku in house.skus:
        for branch in sandbox.branches:
            sandbox.kiotviet.purchase(branch, [(sandbox.products[sku], 60)])


def _wait_for_each_document(house: House) -> None:
    """Where lists hide what people cancelled, each order is read by itself: after an hour, one in three minutes."""
    if house.rig.kiotviet.switches.cancelled_orders == "listed":
        return
    _full_cycle(house)
    house.true_clock.advance(LOOK_AT_EACH_SECONDS)
    store = house.store
    for _ in () if store is None else store.orders.documented():
        house.true_clock.advance(190)
        house.cycle(lambda: house.rig.shop.orders.run())


def _full_cycle(house: House) -> tuple[int, list[str]]:
    """One full cycle of both kinds; how much it wrote and what it says failed."""
    before, failed = _changes(house), []
    reports: list[Any] = []
    for run in (
        lambda: reports.append(house.rig.shop.orders.run(full=True, audit=True)),
        lambda: reports.append(house.rig.shop.stock.run(full=True)),
    ):
        error = house.cycle(run)
        if error is not None:
            failed.append(f"{type(error).__name__}: {error}")
    for report in reports:
        failed += report.failures
    refusal = next((report.refusal for report in reports if getattr(report, "refusal", "")), "")
    if refusal:
        house.cycle(lambda: house.rig.shop.stock.run(full=True, force=True))
    return _changes(house) - before, failed


def _changes(house: House) -> int:
    """Writes so far that changed something; what a shop refuses is tried again at times, while its order is held."""
    return sum(call.effect for call in house.rig.journal.writes())


def _be_silent(house: House) -> None:
    house.true_clock.advance(3700)
    before = len(house.rig.writes())
    written, failed = _full_cycle(house)
    house.witness.judge()
    refused = len(house.rig.writes()) - before - written
    if refused > len(_held(house)):
        raise Violation(6, f"a quiet cycle was refused {refused} writes")
    if written or failed:
        raise Violation(6, f"a quiet cycle wrote {house.rig.writes()[before:]}, failures {failed}")


def disagreements(house: House) -> list[str]:
    """In what the two shops do not agree as the table of an order's life and the formula of stock say."""
    return [*_stock(house), *_documents(house)]


def _stock(house: House) -> Iterator[str]:
    if house.rig.haravan.switches.stock_mode == "basic":
        return
    wanted, shown = truth.formula(house), truth.on_sale(house)
    # where a person has to look, or has changed a document of ours, pieces may be kept back, but never sold twice
    least = truth.formula(house, doubted=house.witness.touched | house.witness.ever_odd | _held(house))
    for pair, pieces in wanted.items():
        kept_back = _is_swapped(house) or _cannot_tell(house) or shown[pair] >= least[pair]
        if shown[pair] > pieces or (shown[pair] < pieces and not kept_back):
            yield f"{pair[1]} at {pair[0]}: {shown[pair]} on sale, {pieces} by the formula"


def _held(house: House) -> set[int]:
    """Web orders that wait for a person."""
    store = house.store
    return set() if store is None else {held.haravan_id for held in store.reports.held()}


def _is_swapped(house: House) -> bool:
    """Whether KiotViet's word for a cancelled order stands beside another number: then a person has to look."""
    return house.rig.kiotviet.switches.status_texts == "swapped"


def _cannot_tell(house: House) -> bool:
    """Whether a store that was lost cannot learn what open orders reserve before the next one: no list shows them."""
    return house.forgot and house.rig.kiotviet.switches.ignored_filter == "status"


def _documents(house: House) -> Iterator[str]:
    documents: dict[int, list[Any]] = {}
    for document in house.documents():
        word = (document.description or "").split()[0].removeprefix("HRV#")
        if word.isdigit() and document.status != CANCELLED:
            documents.setdefault(int(word), []).append(document)
    invoices: dict[int, list[Any]] = {}
    for invoice in house.rig.kiotviet._books.invoices.values():
        if invoice.live and invoice.order_id:
            invoices.setdefault(invoice.order_id, []).append(invoice)
    for order in house.rig.haravan.memory.orders.values():
        mine = documents.get(order.id, [])
        billed = [invoice for document in mine for invoice in invoices.get(document.id, ())]
        for what in _order(house, order, mine, billed):
            yield f"order {order.id}: {what}"


def _order(house: House, order: Order, mine: list[Any], billed: list[Any]) -> Iterator[str]:
    witness, store = house.witness, house.store
    record = store.orders.record(order.id) if store is not None else None
    if record is None:
        yield "is not recorded"
        return
    if record.intents and record.hold is None:
        yield f"a write is still open: {record.intents}"
    if order.id in witness.left | witness.touched | witness.ever_odd:
        return
    if len(mine) > 1:
        yield f"has {len(mine)} live documents"
    if not truth.is_ours(house, order):
        if mine or record.state is not State.IGNORED:
            yield f"is not ours, but {record.state} with {[doc.code for doc in mine]}"
        return
    hold = record.hold.code if record.hold is not None else ""
    if order.refunds and order.cancelled_at is None:
        yield from _refunded(order, hold, record.state)
    elif order.cancelled_at is not None:
        yield from _cancelled(house, order, hold, record.state, mine, billed)
    elif order.id in witness.came_back:
        yield from _returned(house, order, hold, mine, billed)
    else:
        yield from _on_its_way(house, order, hold, record.state, mine, billed)


def _refunded(order: Order, hold: str, state: State) -> Iterator[str]:
    """Pieces were given back: that is for a person, who is told by a hold, or by a task after completion."""
    if not hold and state not in (State.COMPLETED, State.RETURNED, State.SHIPPING, State.ORDERED, State.RETURNING):
        yield f"was refunded and is {state} without a hold"


def _cancelled(
    house: House, order: Order, hold: str, state: State, mine: list[Any], billed: list[Any]
) -> Iterator[str]:
    had_left = any(parcel.id in house.witness.on_road for parcel in order.parcels)
    open_documents = [doc.code for doc in mine if doc.status in (DRAFT, PARTLY, CONFIRMED)]
    if not had_left and order.id not in house.witness.came_back:
        doubted = _is_swapped(house) and hold == "edited_in_kiotviet"
        if (hold and not doubted) or (state is not State.CANCELLED and not doubted) or open_documents:
            yield f"was cancelled before it left, but is {state} {hold} with {open_documents}"
    elif not hold and (open_documents or billed) and state is not State.COMPLETED:
        left = [*open_documents, *(row.code for row in billed)]
        yield f"was cancelled after it left, is {state} without a hold, with {left}"


def _returned(house: House, order: Order, hold: str, mine: list[Any], billed: list[Any]) -> Iterator[str]:
    """Something came back or was called off: no invoice too many, or a person is asked."""
    if hold:
        return
    counted = [parcel for parcel in order.parcels if parcel.live and parcel.carrier_status != "return"]
    if len(billed) > len(counted) and not truth.was_completed(house, order):
        yield f"has {len(billed)} invoices for {len(counted)} shipments and no hold"


def _on_its_way(
    house: House, order: Order, hold: str, state: State, mine: list[Any], billed: list[Any]
) -> Iterator[str]:
    if hold == "total_mismatch" and order.tax and not order.tax_in_prices:
        return  # KiotViet has no place for a tax on top of the prices
    if hold == "edited_in_kiotviet" and _settled_unknown(house, order):
        return
    if hold:
        yield f"is held as {hold} with no reason: {_reason(house, order)}"
        return
    due = [parcel for parcel in order.parcels if parcel.live and parcel.id in house.witness.on_road]
    out = [parcel for parcel in due if parcel.carrier_status in truth.LEFT]
    if len(billed) == len(out):
        due = out  # KiotViet had refused the invoice of one that waits for the carrier again
    if not mine:
        yield f"has no KiotViet order ({state})"
        return
    document = mine[0]
    if len(billed) != len(due):
        yield f"has {len(billed)} invoices for {len(due)} shipments on the road"
        return
    done, settled = sum(1 for row in billed if row.status == COMPLETED), _settled(house, due)
    if not len(settled) <= done <= sum(1 for parcel in due if parcel.id in house.witness.settled):
        yield f"has {done} completed invoices for {len(settled)} shipments delivered and paid"
    yield from _money(house, order, document, billed, due)
    whole = not any(order.open_pieces(line) for line in order.lines) and len(due) == len(order.parcels)
    wanted = {DRAFT} if not due else {DONE} if whole else {PARTLY, DONE}
    if document.status not in wanted:
        yield f"{document.code} is in status {document.status}, not {wanted}"
    # who lost what it knew goes by what is there now, and money that was received may be with the carrier again
    ended = settled if not house.forgot else [parcel for parcel in settled if is_settled(order, parcel)]
    if whole and due and len(ended) == len(due) and state is not State.COMPLETED:
        yield f"is {state} though everything was delivered and paid"


def _settled_unknown(house: House, order: Order) -> bool:
    """Whether a store that was lost forgot that it settled an invoice, of a parcel that Haravan since shows unsettled.

    Then a person may have settled it too early, for all that syncd can see.
    """
    once = [parcel for parcel in order.parcels if parcel.id in house.witness.settled]
    return house.forgot and any(not is_settled(order, parcel) for parcel in once)


def _settled(house: House, due: list[Parcel]) -> list[Parcel]:
    return [parcel for parcel in due if parcel.id in house.witness.settled and parcel.carrier_status == _DELIVERED]


def _money(house: House, order: Order, document: Any, billed: list[Any], due: list[Parcel]) -> Iterator[str]:
    """Each document comes to what Haravan says; what is billed by line is what was shipped."""
    total = document.goods + document.surcharged
    if total != order.total:
        yield f"{document.code} comes to {total}, the web order to {order.total}"
    whole = not any(order.open_pieces(line) for line in order.lines)
    if whole and billed and len(billed) == len(order.parcels):
        sum_of_all = sum(row.goods + row.surcharged for row in billed)
        if sum_of_all != order.total:
            yield f"invoices come to {sum_of_all}, the web order to {order.total}"
    shipped: Counter[int] = Counter()
    for parcel in due:
        for line_id, pieces in parcel.pieces.items():
            shipped[order.line(line_id).variant_id or 0] += pieces
    invoiced: Counter[int] = Counter()
    products = {product: house.rig.sandbox.variants[sku] for sku, product in house.rig.sandbox.products.items()}
    for row in billed:
        for line in row.lines:
            invoiced[products[line.product_id]] += int(line.quantity)
    if shipped != invoiced:
        yield f"invoices hold {dict(invoiced)}, shipped were {dict(shipped)}"


def _reason(house: House, order: Order) -> str:
    store = house.store
    record = store.orders.record(order.id) if store is not None else None
    return record.hold.reason if record is not None and record.hold is not None else ""
