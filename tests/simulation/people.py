"""What people do in both shops: buyers, carriers, warehouse and counter staff, and the admin of syncd."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from syncd.core.documents import marker
from syncd.sandbox.haravan.floor import Refusal
from syncd.sandbox.haravan.state import Order, Parcel
from syncd.sandbox.kiotviet.refusals import Refused
from tests.simulation.scenario import ACTS
from tests.simulation.truth import CONFIRMED, DRAFT, PARTLY

if TYPE_CHECKING:
    from tests.simulation.house import House

ODD = (
    {"total_price": "không phải số"},
    {"line_items": None},
    {"fulfillments": [{"id": "abc"}]},
    {"created_at": "0000-00-00T00:00:00"},
    {"gateway_code": None, "gateway": "Thanh toán khi giao hàng (COD)"},
    {"customer": None},
    {"note": "😀" * 300 + "\x00"},
    {"shipping_address": {"phone": None, "address1": None, "ward": None}},
    {"total_price": 1},
    {"financial_status": "một trạng thái mới"},
)
"""Payloads as no documentation shows them; some can be understood, some cannot."""

FREE_SHIPPING = {"code": "FREESHIP", "amount": 15_000, "type": "shipping", "is_coupon_code": True}

Names = tuple[int, int, int, int]


class People:
    """Everybody. Each act takes four numbers that choose who, what and how much, and gives what was done.

    Nothing is given where there was nothing to do it with, or where the shop did not allow it.
    """

    def __init__(self, house: House) -> None:
        """Work in a house."""
        self._house = house
        self._web, self._pos = house.rig.haravan, house.rig.kiotviet

    def act(self, kind: str, numbers: Names) -> str:
        """Do one act, and see what came of it."""
        assert kind in ACTS
        deed: Callable[[int, int, int, int], str] = getattr(self, f"_{kind}")
        try:
            done = deed(*numbers)
        except (Refusal, Refused) as refused:
            done = f"refused: {refused}"
        self._house.witness.look()
        return done

    # --- buyers -----------------------------------------------------------------------------------------------------

    def _place(self, what: int, who: int, how: int, where: int) -> str:
        house = self._house
        wanted = {house.skus[(what + 5 * k) % len(house.skus)]: 1 + (what // 7 + k) % 2 for k in range(1 + what % 3)}
        number = len(house.placed)
        buyer: Any = [
            None,
            {"first_name": f"Người mua {who}", "phone": f"09{10_000_000 + 97 * number:08d}"[:10]},
            {"first_name": "Khách", "email": "guest@haravan.com"},
            False,
        ][who % 4]
        address = {
            "address1": f"{number} Ngo Bi Mat",
            "phone": f"08{20_000_000 + 89 * number}",
            "province": "Hồ Chí Minh",
        }
        order_id = self._web.place_order(
            [(house.rig.sandbox.variants[sku], pieces) for sku, pieces in wanted.items()],
            cod=how % 8 != 0,
            paid=how % 16 == 0,
            source=["web", "web", "web", "web", "web", "web", "pos", "facebook"][how // 8 % 8],
            shipping=[30_000, 30_000, 0, 25_500][where % 4],
            discount=[0, 0, 10_001, 17_000][what // 3 % 4],
            discount_codes=[FREE_SHIPPING] if what // 60 == 7 else None,
            tax=20_000 if what // 60 == 11 else 0,
            buyer=buyer,
            address=address if who % 3 else None,
            note=["", None, "Giao giờ hành chính", "x" * 300][who // 4 % 4],
            location_id=house.rig.sandbox.locations[-1] if where % 5 == 0 else None,
        )
        house.placed.append(order_id)
        house.witness.personal |= {address["address1"], address["phone"]} if who % 3 else set()
        if isinstance(buyer, dict) and "phone" in buyer:
            house.witness.personal.add(buyer["phone"])
        return f"{order_id}: {wanted}"

    def _annotate(self, which: int, what: int, *_: int) -> str:
        order = self._order(which)
        if order is None:
            return ""
        self._web.edit_note(order.id, f"ghi chú {what}")
        return f"{order.id}"

    def _readdress(self, which: int, what: int, *_: int) -> str:
        order = self._order(which)
        if order is None:
            return ""
        self._web.edit_address(order.id, address1=f"{what} Đường Mới")
        return f"{order.id}"

    # --- staff of the web shop, and carriers --------------------------------------------------------------------------

    def _advance(self, which: int, *_: int) -> str:
        """The next thing in the life of an order that is under way."""
        going = [order for order in self._orders() if self._next(order) is not None]
        if not going:
            return ""
        order = going[which % len(going)]
        step = self._next(order)
        assert step is not None
        return f"{order.id} {step()}"

    def _advance_twice(self, which: int, *_: int) -> str:
        first = self._advance(which)
        self._house.witness.look()
        return f"{first}, {self._advance(which)}"

    def _next(self, order: Order) -> Callable[[], str] | None:
        if order.cancelled_at is not None:
            return None
        for parcel in order.parcels:
            step = self._next_of(order, parcel)
            if step is not None:
                return step
        if any(order.open_pieces(line) for line in order.lines):
            return lambda: f"shipped {self._web.ship(order.id)}"
        return None

    def _next_of(self, order: Order, parcel: Parcel) -> Callable[[], str] | None:
        status = parcel.carrier_status
        if status in ("readytopick", "picking", "pending"):
            return lambda: self._report(order, parcel, "delivering")
        if status in ("delivering", "notmeetcustomer"):
            return lambda: self._report(order, parcel, "delivered")
        if status == "delivered" and parcel.cod_status == "codpending":
            return lambda: self._collect(order, parcel, "codpaid")
        if status == "delivered" and parcel.cod_status == "codpaid":
            return lambda: self._collect(order, parcel, "codreceipt")
        return None

    def _report(self, order: Order, parcel: Parcel, status: str) -> str:
        self._web.carrier(order.id, parcel.id, status)
        return f"parcel {parcel.id} {status}"

    def _collect(self, order: Order, parcel: Parcel, status: str) -> str:
        self._web.cod(order.id, parcel.id, status)
        return f"parcel {parcel.id} {status}"

    def _carrier(self, which: int, how: int, *_: int) -> str:
        parcels = [(order, parcel) for order in self._orders() for parcel in order.parcels if parcel.live]
        if not parcels:
            return ""
        order, parcel = parcels[which % len(parcels)]
        status = ("notmeetcustomer", "waitingforreturn", "return", "cancel", "picking", "delivered", "delivering")[
            how % 7
        ]
        return f"{order.id} {self._report(order, parcel, status)}"

    def _cod(self, which: int, how: int, *_: int) -> str:
        parcels = [(order, parcel) for order in self._orders() for parcel in order.parcels if parcel.live]
        if not parcels:
            return ""
        order, parcel = parcels[which % len(parcels)]
        return f"{order.id} {self._collect(order, parcel, ('codpaid', 'codreceipt', 'codnotreceipt')[how % 3])}"

    def _cancel(self, which: int, how: int, *_: int) -> str:
        order = self._order(which)
        if order is None:
            return ""
        self._web.cancel(order.id, restock=how % 2 == 0, keep_fulfillments=how % 5 == 0)
        return f"{order.id}"

    def _ship_part(self, which: int, what: int, *_: int) -> str:
        order = self._order(which)
        if order is None:
            return ""
        line = order.lines[what % len(order.lines)]
        return f"{order.id} shipped {self._web.ship(order.id, [(line.id, 1)])}"

    def _mark_paid(self, which: int, how: int, *_: int) -> str:
        order = self._order(which)
        if order is None:
            return ""
        self._web.mark_paid(order.id, 50_000 if how % 2 else None)
        return f"{order.id}"

    def _refund(self, which: int, what: int, how: int, _: int) -> str:
        order = self._order(which)
        if order is None:
            return ""
        line = order.lines[what % len(order.lines)]
        self._web.refund(order.id, [(line.id, 1)], restock=how % 2 == 0, amount=(how // 2 % 2) * line.price)
        return f"{order.id} one piece of line {line.id}"

    def _archive(self, which: int, how: int, *_: int) -> str:
        order = self._order(which)
        if order is None:
            return ""
        (self._web.reopen if order.closed_at else self._web.close)(order.id)
        return f"{order.id}"

    def _confirm(self, which: int, *_: int) -> str:
        order = self._order(which)
        if order is None:
            return ""
        self._web.confirm(order.id)
        return f"{order.id}"

    def _reorder(self, which: int, *_: int) -> str:
        order = self._order(which)
        if order is None or order.cancelled_at is not None:
            return ""
        self._house.placed.append(self._web.reorder(order.id))
        return f"{order.id} as {self._house.placed[-1]}"

    def _retrack(self, which: int, what: int, *_: int) -> str:
        parcels = [(order, parcel) for order in self._orders() for parcel in order.parcels]
        if not parcels:
            return ""
        order, parcel = parcels[which % len(parcels)]
        self._web.set_tracking(order.id, parcel.id, f"VD{what}" if what % 3 else None)
        return f"{order.id} parcel {parcel.id}"

    def _delete(self, which: int, *_: int) -> str:
        order = self._order(which)
        if order is None or order.cancelled_at is None:
            return ""
        self._web.delete_order(order.id)
        self._house.witness.deleted[order.id] = order
        return f"{order.id}"

    def _hand_count(self, which: int, pieces: int, where: int, _: int) -> str:
        """Somebody changes Haravan's own figure by hand."""
        sku, location = self._sku(which), self._location(where)
        self._web.staff_adjust(location, [(self._house.rig.sandbox.variants[sku], pieces % 7 - 3 or 1)])
        return f"{sku} by {pieces % 7 - 3 or 1}"

    def _odd_data(self, which: int, what: int, *_: int) -> str:
        order = self._order(which)
        if order is None:
            return ""
        self._web.corrupt(order.id, ODD[what % len(ODD)])
        self._house.witness.odd.add(order.id)
        if "line_items" in ODD[what % len(ODD)]:
            self._house.witness.lineless.add(order.id)
        self._house.witness.ever_odd.add(order.id)
        return f"{order.id} {str(ODD[what % len(ODD)])[:60]!r}"

    def _mend_data(self, *_: int) -> str:
        odd = sorted(self._house.witness.odd)
        for order_id in odd:
            if order_id in self._web.memory.orders:
                self._web.corrupt(order_id, {})
        self._house.witness.odd.clear()
        self._house.witness.lineless.clear()
        return f"{odd}" if odd else ""

    # --- the counter and the stockroom ------------------------------------------------------------------------------

    def _sell(self, which: int, pieces: int, where: int, _: int) -> str:
        sku, branch = self._sku(which), self._branch(where)
        on_hand, _reserved = self._pos.stock(self._house.rig.sandbox.products[sku], branch)
        if on_hand < 1:
            return ""
        invoice = self._pos.counter_sale(branch, [(self._house.rig.sandbox.products[sku], 1 + pieces % 2)])
        self._house.sales.append((invoice, sku))
        return f"{1 + pieces % 2} {sku}"

    def _take_back(self, *_: int) -> str:
        if not self._house.sales:
            return ""
        invoice, sku = self._house.sales.pop()
        self._pos.return_goods(invoice, [(self._house.rig.sandbox.products[sku], 1)])
        return f"1 {sku}"

    def _purchase(self, which: int, pieces: int, where: int, _: int) -> str:
        sku = self._sku(which)
        amount = Decimal(1 + pieces % 9) + (Decimal("0.5") if pieces % 13 == 0 else 0)
        self._pos.purchase(self._branch(where), [(self._house.rig.sandbox.products[sku], amount)])
        return f"{amount} {sku}"

    def _transfer(self, which: int, pieces: int, where: int, _: int) -> str:
        branches = self._house.rig.sandbox.branches
        if len(branches) < 2:
            return ""
        sku = self._sku(which)
        lines = [(self._house.rig.sandbox.products[sku], 1 + pieces % 3)]
        self._pos.transfer(branches[where % 2], branches[1 - where % 2], lines, received=pieces % 4 != 0)
        return f"{1 + pieces % 3} {sku}"

    def _count(self, which: int, pieces: int, where: int, _: int) -> str:
        sku = self._sku(which)
        self._pos.set_stock(self._house.rig.sandbox.products[sku], self._branch(where), pieces % 25)
        return f"{sku} is {pieces % 25}"

    def _clerk_order(self, which: int, pieces: int, *_: int) -> str:
        sku = self._sku(which)
        made = self._pos.staff_create_order(self._branch(0), [(self._house.rig.sandbox.products[sku], 1 + pieces % 2)])
        return f"{made}: {1 + pieces % 2} {sku}"

    def _clerk_edits(self, which: int, pieces: int, *_: int) -> str:
        document = self._ours(which, {DRAFT})
        if document is None:
            return ""
        lines = [(line.product_id, 1 + pieces % 3) for line in document.lines]
        self._touch(document)
        self._pos.staff_edit_order(document.id, lines)
        return f"{document.code}"

    def _clerk_cancels(self, which: int, *_: int) -> str:
        document = self._ours(which, {DRAFT})
        if document is None:
            return ""
        self._touch(document)
        self._pos.staff_cancel_order(document.id)
        return f"{document.code}"

    def _clerk_confirms(self, which: int, *_: int) -> str:
        document = self._ours(which, {DRAFT})
        if document is None:
            return ""
        self._touch(document)
        self._pos.staff_confirm_order(document.id)
        return f"{document.code}"

    def _clerk_completes(self, which: int, *_: int) -> str:
        document = self._ours(which, {DRAFT, PARTLY, CONFIRMED})
        if document is None:
            return ""
        self._touch(document)
        self._pos.staff_complete_order(document.id)
        return f"{document.code}"

    def _clerk_invoices(self, which: int, how: int, *_: int) -> str:
        document = self._ours(which, {DRAFT, CONFIRMED})
        if document is None:
            return ""
        self._touch(document)
        self._pos.staff_invoice_order(document.id, using_cod=how % 2 == 0, paid=how % 3 == 0)
        return f"{document.code}"

    def _clerk_voids(self, which: int, *_: int) -> str:
        invoice = self._our_invoice(which)
        if invoice is None:
            return ""
        self._pos.staff_void_invoice(invoice.id)
        return f"{invoice.code}"

    def _clerk_edits_invoice(self, which: int, pieces: int, *_: int) -> str:
        invoice = self._our_invoice(which)
        if invoice is None:
            return ""
        lines = [(line.product_id, line.quantity) for line in invoice.lines] if pieces % 2 else None
        changes = {"description": f"đã sửa {pieces}"} if lines is None else {}
        self._pos.staff_edit_invoice(invoice.id, lines, **changes)
        return f"{invoice.code}"

    # --- the admin of syncd -------------------------------------------------------------------------------------------

    def _retry(self, which: int, *_: int) -> str:
        order = self._order(which)
        store = self._house.store
        if order is None or store is None or store.orders.record(order.id) is None:
            return ""
        if not store.orders.ask_retry(order.id, self._house.clock.now()):
            return ""
        self._house.witness.left.discard(order.id)  # syncd's again, and pending until it is in KiotViet
        return f"{order.id}"

    def _ignore(self, which: int, *_: int) -> str:
        order = self._order(which)
        store = self._house.store
        if order is None or store is None or which % 3:
            return ""
        record = store.orders.record(order.id)
        if record is None or record.hold is None:
            return ""
        store.orders.leave_to_people(order.id, self._house.clock.now())
        self._house.witness.left.add(order.id)
        return f"{order.id}"

    # --- who and what -------------------------------------------------------------------------------------------------

    def _orders(self) -> list[Order]:
        return list(self._web.memory.orders.values())

    def _order(self, which: int) -> Order | None:
        """One of the newest ten, where life is."""
        orders = self._orders()[-10:]
        return orders[which % len(orders)] if orders else None

    def _sku(self, which: int) -> str:
        return self._house.skus[which % len(self._house.skus)]

    def _location(self, which: int) -> int:
        locations = self._house.rig.sandbox.locations
        return locations[which % len(locations)]

    def _branch(self, which: int) -> int:
        branches = self._house.rig.sandbox.branches
        return branches[which % len(branches)]

    def _ours(self, which: int, statuses: set[int]) -> Any:
        ours = [doc for doc in self._house.documents() if doc.status in statuses]
        return ours[which % len(ours)] if ours else None

    def _our_invoice(self, which: int) -> Any:
        ours = {doc.id: doc for doc in self._house.documents()}
        live = [row for row in self._pos._books.invoices.values() if row.order_id in ours and row.live]
        if not live:
            return None
        invoice = live[which % len(live)]
        assert invoice.order_id is not None
        self._touch(ours[invoice.order_id])
        return invoice

    def _touch(self, document: Any) -> None:
        words = (document.description or "").split()
        found = [order_id for order_id in self._house.placed if words and marker(order_id) == words[0]]
        self._house.witness.touched |= set(found)
