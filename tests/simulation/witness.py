"""The judge: sees every change that syncd makes in either shop, every line it logs, and where its cursor stands.

Numbers in brackets are the ten invariants of the README. What is seen of people's doings is only remembered, to know
later what syncd had a reason for.
"""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from syncd.cycles.backfill import CURSOR
from syncd.cycles.progress import progress_of
from syncd.sandbox.haravan.state import Order, Parcel
from syncd.sandbox.http import Request
from tests.simulation import truth
from tests.simulation.truth import CANCELLED, CONFIRMED, DONE, DRAFT, LEFT, PARTLY, ROAD, Pair

if TYPE_CHECKING:
    from tests.simulation.house import House

VOIDED, COMPLETED = 2, 1
_BACK = frozenset({"return", "cancel", "waitingforreturn"})
_HOUR = timedelta(hours=1)
_FORGIVEN_SECONDS = 3600.0


class Violation(AssertionError):
    """One of the promises was broken: `invariant` is its number."""

    def __init__(self, invariant: int, what: str) -> None:
        """Say which and how."""
        super().__init__(f"[{invariant}] {what}")
        self.invariant, self.what = invariant, what

    def __reduce__(self) -> tuple[type[Violation], tuple[int, str]]:
        """So that it may come from another process."""
        return Violation, (self.invariant, self.what)


class Witness:
    """Remembers what ever was true in Haravan, and judges what syncd does by it."""

    def __init__(self, house: House) -> None:
        """Watch both gates of a house."""
        self._house = house
        self.left: set[int] = set()
        self.touched: set[int] = set()
        self.doubled: set[int] = set()
        self.odd: set[int] = set()
        self.ever_odd: set[int] = set()
        self.lineless: set[int] = set()
        self.deleted: dict[int, Order] = {}
        self.personal: set[str] = set()
        self.on_road: set[int] = set()
        self.settled: set[int] = set()
        self.came_back: set[int] = set()
        self.cancelled: set[int] = set()
        self.had_left: set[int] = set()
        self._cancelled_before: set[int] = set()
        self._window: list[tuple[dict[Pair, int], dict[Pair, int]]] = []
        self._before: dict[int, tuple[int, bool]] = {}
        self._invoices_before: dict[int, tuple[int, bool]] = {}
        self._shown_before: dict[Pair, int] = {}
        self._figures: dict[Pair, set[int]] = {}
        self._last: Request | None = None
        self._calls_seen = 0
        self._gets: deque[datetime] = deque()
        self._late_until = 0.0
        self._read_until = 0
        self._stale_until = 0.0
        self.forgiven_gets = False
        self.broken: Violation | None = None
        self.adjusted = 0
        for gate in (house.rig.sandbox.haravan_gate, house.rig.sandbox.kiotviet_gate):
            gate.before_effect.append(self._before_effect)
            gate.after_effect.append(self._after_effect)

    # --- what was ever true -------------------------------------------------------------------------------------------

    def look(self) -> None:
        """Remember what Haravan shows now."""
        for order in self._house.rig.haravan.memory.orders.values():
            if order.cancelled_at is not None:
                self.cancelled.add(order.id)
            for parcel in order.parcels:
                self._look_at(order, parcel)

    def _look_at(self, order: Order, parcel: Parcel) -> None:
        status = parcel.carrier_status
        if status in ROAD:
            self.on_road.add(parcel.id)
        if status in LEFT:
            self.had_left.add(parcel.id)
        if status == "return":
            self.had_left.discard(parcel.id)  # whatever it waits for next, it is in the shop again
        if status in _BACK:
            self.came_back.add(order.id)
        if is_settled(order, parcel):
            self.settled.add(parcel.id)

    def begin_cycle(self) -> None:
        """What is true now is what this cycle may read."""
        self._cancelled_before = set(self.cancelled)
        self._window = []
        self.note_figures()

    def about_to_change(self) -> None:
        """People act in the middle of a cycle: what it read before may still be what it goes by."""
        # an order without readable lines takes nobody knows how much; and where a cancelled document is nowhere to be
        # seen, it is missed only when it is read by its id
        hidden = self._house.rig.kiotviet.switches.cancelled_orders != "listed"
        unseen = self.lineless | self._outside_and_gone() | self._owed() | (self.touched if hidden else set())
        most = truth.formula(self._house, unseen=unseen)
        everything = self._house.rig.haravan.memory.orders
        self._window.append((most, truth.formula(self._house, doubted=everything)))

    def _outside_and_gone(self) -> set[int]:
        """Orders that KiotViet never learns of and whose goods have left, where nobody may be told that they are back.

        They are read again once an hour.
        """
        haravan = self._house.rig.haravan
        if haravan.switches.progress_moves_order == "moves":
            return set()
        others = (order for order in haravan.memory.orders.values() if not truth.is_ours(self._house, order))
        return {order.id for order in others if any(parcel.id in self.had_left for parcel in order.parcels)}

    def _owed(self) -> set[int]:
        """Old orders that wait for their page of a backfill: of those, what is packed or has left is not known yet."""
        store = self._house.store
        progress = None if store is None else progress_of(store)
        if progress is None:
            return set()
        orders = self._house.rig.haravan.memory.orders.values()
        return {order.id for order in orders if order.id > progress.after and _is_packed(order)}

    def note_weather(self) -> None:
        """While requests may arrive late or twice, or answers be old, figures move for reasons that nobody can see."""
        now = self._house.true_clock.monotonic()
        for fault in self._house.rig.faults.planted():
            is_over = fault.times and fault.seen >= fault.nth + fault.times - 1
            if fault.kind in ("late", "duplicate") and not is_over:
                self._late_until = now + _FORGIVEN_SECONDS
            elif fault.kind == "stale" and not is_over:
                self._stale_until = now + _FORGIVEN_SECONDS

    @property
    def _is_late(self) -> bool:
        """Whether what takes effect now may have been sent long ago."""
        return self._house.true_clock.monotonic() <= self._late_until

    # --- each change of syncd -----------------------------------------------------------------------------------------

    def _before_effect(self, remote: str, request: Request) -> None:
        if request.method == "GET" or request.path.endswith("/connect/token"):
            return
        if not request.path.endswith("/tags.json"):
            self._expect_an_intent(request)
        if remote == "haravan":
            self._shown_before = truth.on_sale(self._house)
            return
        books = self._house.rig.kiotviet._books
        self._before = {doc.id: (doc.status, True) for doc in books.orders.values()}
        self._invoices_before = {row.id: (row.status, row.replaced) for row in books.invoices.values()}

    def _expect_an_intent(self, request: Request) -> None:
        """[1]: what may have to be looked for later is written down before it is sent."""
        store = self._house.store
        if store is not None and not self._is_late and not store._t.intents.select().exists():
            self.broken = self.broken or Violation(
                1, f"{request.method} {request.path} was sent with no intent recorded"
            )

    def _after_effect(self, remote: str, request: Request) -> None:
        try:
            self._judge_effect(remote, request)
        except Violation as violation:
            # whoever swallows it on its way out of the cycle does not make it undone
            self.broken = self.broken or violation
            raise

    def _judge_effect(self, remote: str, request: Request) -> None:
        if request.method == "GET" or request.path.endswith("/connect/token"):
            return
        self._forbid_while_dry(request)
        repeated, self._last = request is self._last, request
        if remote == "kiotviet":
            self._judge_documents(repeated=repeated)
        elif not repeated:
            self._judge_adjustment(request)

    def _forbid_while_dry(self, request: Request) -> None:
        if self._house.dry and not self._is_late:
            raise Violation(7, f"{request.method} {request.path} was sent though nothing may be written")

    def _judge_documents(self, *, repeated: bool) -> None:
        books = self._house.rig.kiotviet._books
        for document in books.orders.values():
            before = self._before.get(document.id)
            if before is None:
                self._judge_new_order(document, repeated=repeated)
            elif before[0] != document.status:
                self._judge_order_status(document, before[0])
        for invoice in books.invoices.values():
            known = self._invoices_before.get(invoice.id)
            if known is None:
                self._judge_new_invoice(invoice, repeated=repeated)
            elif known[0] != invoice.status and not (invoice.replaced and not known[1]):
                self._judge_invoice_status(invoice, known[0])

    def _judge_new_order(self, document: Any, *, repeated: bool) -> None:
        order = self._web_order(document)
        if order is None:
            if not self.deleted:
                raise Violation(1, f"{document.code} is of no web order: {document.description!r}")
            return
        mine = [doc for doc in self._house.documents() if self._is_of(doc, order.id) and doc.status != CANCELLED]
        if len(mine) > 1:
            if repeated:
                self._doubled(order.id)
                return
            raise Violation(1, f"order {order.id} has {len(mine)} live KiotViet orders: {[doc.code for doc in mine]}")
        if order.id in self._cancelled_before and not self._is_late:
            raise Violation(2, f"{document.code} was made though web order {order.id} had been cancelled before")
        if not truth.is_ours(self._house, order) and order.id not in self.ever_odd:
            raise Violation(2, f"{document.code} was made of order {order.id}, which is not ours")
        if document.branch_id != self._house.settings.orders.branch_id:
            raise Violation(2, f"{document.code} is at branch {document.branch_id}")
        total = document.goods + document.surcharged
        if total != order.total and order.id not in self.ever_odd:
            raise Violation(8, f"{document.code} comes to {total}, order {order.id} to {order.total}")

    def _judge_order_status(self, document: Any, before: int) -> None:
        order = self._web_order(document)
        if order is None or order.id in self.touched | self.ever_odd:
            return
        if document.status == CANCELLED and order.id not in self.cancelled | self.came_back:
            raise Violation(2, f"{document.code} was cancelled though web order {order.id} stands")
        reopened = (
            self._house.settings.orders.on_return == "void_invoice" and order.id in self.cancelled | self.came_back
        )
        if before in (DONE, PARTLY) and document.status in (DRAFT, CONFIRMED) and not reopened:
            raise Violation(2, f"{document.code} went back from {before} to {document.status}")

    def _judge_new_invoice(self, invoice: Any, *, repeated: bool) -> None:
        document = self._house.rig.kiotviet._books.orders.get(invoice.order_id)
        order = None if document is None else self._web_order(document)
        if document is None or order is None:
            if not self.deleted:
                raise Violation(1, f"{invoice.code} is of no web order")
            return
        living = [row for row in self._invoices(document.id) if row.live]
        if order.id in self.touched | self.ever_odd | self.doubled:
            return
        shipped = [parcel for parcel in order.parcels if parcel.id in self.on_road]
        if not shipped:
            raise Violation(2, f"{invoice.code} was made though nothing of order {order.id} has left")
        if len(living) > len(shipped):
            if repeated:
                self._doubled(order.id)
                return
            raise Violation(1, f"order {order.id}: {len(living)} invoices for {len(shipped)} shipments")
        ordered = _pieces([document])
        for product, pieces in _pieces(living).items():
            if pieces > ordered.get(product, 0):
                raise Violation(
                    1, f"order {order.id}: {pieces} of product {product} invoiced, {ordered.get(product)} ordered"
                )

    def _judge_invoice_status(self, invoice: Any, before: int) -> None:
        document = self._house.rig.kiotviet._books.orders.get(invoice.order_id)
        order = None if document is None else self._web_order(document)
        if document is None or order is None or order.id in self.touched | self.ever_odd:
            return
        if invoice.status == VOIDED:
            allowed = self._house.settings.orders.on_return == "void_invoice"
            if not allowed or order.id not in self.cancelled | self.came_back:
                raise Violation(
                    2, f"{invoice.code} was voided though order {order.id} was neither cancelled nor returned"
                )
        if invoice.status == COMPLETED:
            done = sum(1 for row in self._invoices(document.id) if row.live and row.status == COMPLETED)
            settled = sum(1 for parcel in order.parcels if parcel.id in self.settled)
            if done > settled:
                raise Violation(
                    2, f"order {order.id}: {done} invoices completed, {settled} shipments delivered and paid"
                )

    def _judge_adjustment(self, request: Request) -> None:
        """[3], [4]: what an adjustment leaves on sale is what the formula gives for something that could be read."""
        body = request.json()
        lines = body.get("inventory", {}).get("line_items", ()) if isinstance(body, dict) else ()
        if not lines:
            return
        self.adjusted += 1
        self.note_figures()
        others = self._house.rig.haravan.switches.foreign_slips != "off"
        if others or self._house.true_clock.monotonic() <= max(self._late_until, self._stale_until):
            return
        location = body["inventory"]["location_id"]
        changed = {line["product_variant_id"] for line in lines}
        self.about_to_change()
        shown = truth.on_sale(self._house)
        for sku in self._house.skus:
            pair = (location, sku)
            moved = shown.get(pair) != self._shown_before.get(pair)
            if moved and self._house.rig.sandbox.variants[sku] in changed:
                self._judge_figure(pair, shown[pair])

    def _judge_figure(self, pair: Pair, shown: int) -> None:
        most = max(figures[pair] for figures, _ in self._window)
        least = min(figures[pair] for _, figures in self._window)
        if shown > most:
            raise Violation(3, f"{pair[1]} at {pair[0]}: {shown} on sale where {most} are allowed")
        if shown < least:
            broken = 4 if shown <= 0 else 3
            raise Violation(broken, f"{pair[1]} at {pair[0]}: {shown} on sale where at least {least} are right")

    # --- after every step ---------------------------------------------------------------------------------------------

    def judge(self) -> None:
        """Everything that must hold between two steps.

        Raises:
            Violation: Something does not.
        """
        if self.broken is not None:
            raise self.broken
        self._judge_calls()
        self._judge_cursor()
        self._judge_lines()

    def _judge_calls(self) -> None:
        """[10]: KiotViet's GETs of any hour stay inside the budget."""
        for call in self._house.rig.journal.calls("kiotviet")[self._calls_seen :]:
            self._calls_seen += 1
            if call.method == "GET":
                self._gets.append(call.at)
        while self._gets and self._gets[-1] - self._gets[0] >= _HOUR:
            self._gets.popleft()
        limit = self._house.settings.kiotviet.gets_per_hour
        if len(self._gets) > limit and not self.forgiven_gets:
            raise Violation(10, f"{len(self._gets)} GETs at KiotViet within an hour, {limit} are allowed")

    def _judge_cursor(self) -> None:
        """[5]: whatever changed before the cursor is in the store as it was then, or as it is now."""
        store = self._house.store
        if store is None or progress_of(store) is not None:
            return
        stored = store.recall(CURSOR)
        if not isinstance(stored, str):
            return
        cursor = datetime.fromisoformat(stored)
        orders = [
            order
            for order in self._house.rig.haravan.memory.orders.values()
            if order.updated_at < cursor - timedelta(seconds=1)
        ]
        seen = store.orders.seen(order.id for order in orders)
        for order in orders:
            if order.id not in seen:
                raise Violation(5, f"order {order.id} changed at {order.updated_at}, is not recorded; cursor {cursor}")
            known = datetime.fromisoformat(seen[order.id][1]).astimezone(UTC)
            if known < order.updated_at.replace(microsecond=0) and order.id not in self.ever_odd:
                raise Violation(
                    5, f"order {order.id} changed at {order.updated_at}, recorded as of {known}; cursor {cursor}"
                )

    def _judge_lines(self) -> None:
        """[9]: no line says a secret, or who bought and lives where; none tells of an error that nobody expected."""
        text = self._house.said.getvalue()
        fresh, self._read_until = text[self._read_until :], len(text)
        if not fresh:
            return
        secrets = {self._house.rig.haravan.token, self._house.rig.kiotviet.client_secret}
        for word in secrets | self.personal:
            if word and word in fresh:
                raise Violation(9, f"a log line says {word!r}: {_line_with(fresh, word)}")
        self._judge_published(fresh)
        if "Traceback" in fresh:
            raise Violation(6, f"an unexpected error was logged: {_line_with(fresh, 'Traceback')[-600:]}")

    def _judge_published(self, lines: str) -> None:
        """[6]: a line that says a figure is shown now was true at some moment since the last judgement."""
        figures, self._figures = self._figures, {}
        others = self._house.rig.haravan.switches.foreign_slips != "off"
        if others or self._house.true_clock.monotonic() <= self._stale_until:
            return
        for said in (json.loads(line) for line in lines.splitlines() if '"event": "stock_published"' in line):
            pair, wanted = (said["location"], said["sku"]), said["wanted"]
            if pair in figures and wanted not in figures[pair]:
                raise Violation(6, f"{pair[1]} is said to show {wanted} at {pair[0]}, which was never so")

    def note_figures(self) -> None:
        """Remember what is on sale now."""
        for pair, shown in truth.on_sale(self._house).items():
            self._figures.setdefault(pair, set()).add(shown)

    # --- who is who ---------------------------------------------------------------------------------------------------

    def _doubled(self, order_id: int) -> None:
        """The network sent one request twice: no client can prevent that, it must only be seen."""
        self.doubled.add(order_id)
        self.touched.add(order_id)

    def _web_order(self, document: Any) -> Order | None:
        words = (document.description or "").split()
        orders = self._house.rig.haravan.memory.orders
        found = words[0].removeprefix("HRV#") if words else ""
        if found.isdigit() and int(found) in self.deleted:
            self.touched.add(int(found))
        return orders.get(int(found)) if found.isdigit() else None

    def _is_of(self, document: Any, order_id: int) -> bool:
        return (document.description or "").split()[:1] == [f"HRV#{order_id}"]

    def _invoices(self, document_id: int) -> list[Any]:
        return [row for row in self._house.rig.kiotviet._books.invoices.values() if row.order_id == document_id]


def is_settled(order: Order, parcel: Parcel) -> bool:
    """Whether a parcel is with its buyer, and its money with the shop, now."""
    others = [other for other in order.parcels if other.live and other.cod_amount > 0]
    free = parcel.cod_amount == 0 and bool(others) and all(other.cod_status == "codreceipt" for other in others)
    money = _is_paid(order) or free or parcel.cod_status == "codreceipt"
    return parcel.carrier_status == "delivered" and money


def _is_paid(order: Order) -> bool:
    return order.received - order.refunded >= order.total or order.received >= order.total


def _pieces(documents: Iterable[Any]) -> dict[int, Decimal]:
    pieces: dict[int, Decimal] = {}
    for document in documents:
        for line in document.lines:
            pieces[line.product_id] = pieces.get(line.product_id, Decimal(0)) + line.quantity
    return pieces


def _line_with(text: str, word: str) -> str:
    return next((line for line in text.splitlines() if word in line), "")[:800]


def _is_packed(order: Order) -> bool:
    return bool(order.parcels) and not any(order.open_pieces(line) for line in order.lines)
