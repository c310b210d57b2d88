"""Everything the simulated shop knows, with look-ups that refuse as KiotViet does."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import TypeVar

from syncd.clock import Clock
from syncd.sandbox.kiotviet import refusals
from syncd.sandbox.kiotviet.records import (
    Branch,
    Customer,
    Entry,
    Invoice,
    Order,
    Product,
    Record,
    Slip,
    Surcharge,
    Voucher,
)
from syncd.sandbox.kiotviet.refusals import Refused
from syncd.sandbox.kiotviet.switches import KiotVietSwitches
from syncd.sandbox.kiotviet.wire import local_text

R = TypeVar("R", bound=Record)

FIRST_IDS = {
    "branch": 1001,
    "product": 8178468,
    "customer": 1009707292,
    "order": 3241300,
    "invoice": 57800001,
    "surcharge": 1865,
    "charge": 901,
    "voucher": 7001,
    "slip": 501,
    "webhook": 1001,
    "partner": 2677,
    "category": 1477261,
}
"""Ids start in the magnitudes that were seen; customers lie beyond 2^29."""

DEFAULT_SETTINGS = {
    "ManagerCustomerByBranch": False,
    "AllowOrderWhenOutStock": True,
    "AllowSellWhenOrderOutStock": True,
    "AllowSellWhenOutStock": False,
    "SellAllowOrder": True,
    "UseDelivery": True,
    "RequireOrderDelivery": False,
    "ManageCod": True,
    "ChangeSaleTime": True,
    "UseSurcharges": True,
}
"""The first five are what `/settings` shows; the others only show by what they refuse."""

SHOWN_SETTINGS = tuple(DEFAULT_SETTINGS)[:5]


class Books:
    """The shop's state. Guarded by the lock of the `KiotVietShop` that owns it."""

    def __init__(self, clock: Clock, switches: KiotVietSwitches, retailer_id: int) -> None:
        """Open empty books."""
        self.clock = clock
        self.switches = switches
        self.retailer_id = retailer_id
        self.settings = dict(DEFAULT_SETTINGS)
        self.branches: dict[int, Branch] = {}
        self.products: dict[int, Product] = {}
        self.product_ids: dict[str, int] = {}
        self.unit_ids: dict[int, list[int]] = {}
        self.customers: dict[int, Customer] = {}
        self.surcharges: dict[int, Surcharge] = {}
        self.orders: dict[int, Order] = {}
        self.invoices: dict[int, Invoice] = {}
        self.transfers: dict[int, Slip] = {}
        self.purchases: dict[int, Slip] = {}
        self.returns: dict[int, Slip] = {}
        self.vouchers: dict[int, Voucher] = {}
        self.entries: dict[str, dict[int, Entry]] = {}
        self.removed: dict[str, list[tuple[int, datetime]]] = {}
        self.on_hand: dict[tuple[int, int], Decimal] = {}
        self.reserved: dict[tuple[int, int], Decimal] = {}
        self.holds: dict[int, dict[tuple[int, int], Decimal]] = {}
        self._ids = dict(FIRST_IDS)
        self._numbers: dict[str, int] = {}

    def now(self) -> datetime:
        """The shop's present instant, in the milliseconds that its database keeps."""
        now = self.clock.now()
        return now.replace(microsecond=now.microsecond // 1000 * 1000)

    def next_id(self, kind: str) -> int:
        """A new id of a kind of thing."""
        taken = self._ids[kind]
        self._ids[kind] = taken + 1
        return taken

    def next_code(self, prefix: str) -> str:
        """A new code such as `DH000001`."""
        number = self._numbers.get(prefix, 0) + 1
        self._numbers[prefix] = number
        return f"{prefix}{number:06d}"

    def uuid(self, invoice_id: int) -> str:
        """The `uuid` of an invoice: W and the time in digits."""
        return f"W{self.now():%y%m%d%H%M%S}{invoice_id % 10**6:06d}"

    def touch(self, record: Record) -> None:
        """Note that a record changed now."""
        record.modified_at = self.now()

    def remove(self, kind: str, record: Record) -> None:
        """Note that a record is gone, for `includeRemoveIds`."""
        self.removed.setdefault(kind, []).append((record.id, self.now()))

    def entry(self, kind: str, payload: Mapping[str, object], *, key: str = "id") -> Entry:
        """File a thing that is only ever listed; its own id is the member `key`."""
        at = self.now()
        shown = {**payload, "retailerId": self.retailer_id, "createdDate": local_text(at)}
        filed = Entry(id=int(str(payload[key])), code="", created_at=at, payload=shown)
        self.entries.setdefault(kind, {})[filed.id] = filed
        return filed

    def order(self, order_id: int) -> Order:
        """An order that can still be read.

        Raises:
            Refused: There is none.
        """
        found = self.orders.get(order_id)
        if found is None or (found.status == 4 and self.switches.cancelled_orders == "gone"):
            raise Refused(refusals.GONE, refusals.ORDER)
        return found

    def invoice(self, invoice_id: int) -> Invoice:
        """An invoice, voided or not.

        Raises:
            Refused: There is none.
        """
        return _found(self.invoices, invoice_id, Refused(refusals.GONE, refusals.INVOICE))

    def product(self, product_id: int) -> Product:
        """A product.

        Raises:
            Refused: There is none.
        """
        return _found(self.products, product_id, Refused(refusals.PRODUCT_GONE, refusals.PRODUCT))

    def product_called(self, code: str) -> Product:
        """The product with a code, compared without case as SQL Server does.

        Raises:
            Refused: There is none.
        """
        return self.product(self.product_ids.get(code.strip().lower(), 0))

    def customer(self, customer_id: int) -> Customer:
        """A customer.

        Raises:
            Refused: There is none, or it is not active.
        """
        gone = Refused(refusals.CUSTOMER_GONE, refusals.CUSTOMER)
        customer = _found(self.customers, customer_id, gone)
        if not customer.active:
            raise gone
        return customer

    def branch(self, branch_id: int | None) -> Branch:
        """A branch that the token may use.

        Raises:
            Refused: There is none.
        """
        found = self.branches.get(branch_id or 0)
        if found is None or not found.open:
            raise Refused(refusals.BRANCH_GONE, refusals.BRANCH)
        return found


def by_code(records: Mapping[int, R], code: str, refused: Refused) -> R:
    """The record with a code.

    Raises:
        Refused: There is none.
    """
    wanted = code.strip().lower()
    for record in records.values():
        if record.code.lower() == wanted:
            return record
    raise refused


def _found(records: Mapping[int, R], record_id: int, refused: Refused) -> R:
    found = records.get(record_id)
    if found is None:
        raise refused
    return found
