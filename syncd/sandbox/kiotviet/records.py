"""What the simulated shop keeps: one class per kind of thing, changed in place by the rules."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from syncd.sandbox.kiotviet.wire import Payload

ZERO = Decimal(0)


@dataclass(kw_only=True)
class Record:
    """Anything with an id; `modified_at` stays None until the first change."""

    id: int
    code: str
    created_at: datetime
    modified_at: datetime | None = None


@dataclass(kw_only=True)
class Entry(Record):
    """A thing that is only ever listed: a user, a sale channel, a category."""

    payload: Payload


@dataclass(kw_only=True)
class Branch(Record):
    """A branch; one that is not `open` is outside the token's list."""

    name: str
    open: bool = True


@dataclass(kw_only=True)
class Product(Record):
    """A product, a unit of one, a combo or a service (`kind` 2, 2, 1, 3)."""

    name: str
    price: Decimal
    barcode: str = ""
    kind: int = 2
    unit: str | None = None
    master_unit_id: int | None = None
    master_product_id: int | None = None
    conversion: Decimal = Decimal(1)
    formula: list[tuple[int, Decimal]] = field(default_factory=list)
    active: bool = True
    inactive_branches: set[int] = field(default_factory=set)
    category_id: int | None = None
    weight: Decimal = ZERO
    attributes: list[tuple[str, str]] = field(default_factory=list)
    description: str | None = None
    stock_modified_at: datetime | None = None

    @property
    def full_name(self) -> str:
        """The name with attributes and unit."""
        parts = [self.name, *(value for _, value in self.attributes)]
        text = " - ".join(parts)
        return f"{text} ({self.unit})" if self.unit else text

    def active_at(self, branch_id: int) -> bool:
        """Whether it is on sale at a branch."""
        return self.active and branch_id not in self.inactive_branches


@dataclass(kw_only=True)
class Customer(Record):
    """A customer; `details` is only stored and shown. One that is not `active` keeps its code."""

    name: str
    phone: str | None
    branch_id: int
    active: bool = True
    details: Payload = field(default_factory=dict)


@dataclass(kw_only=True)
class Surcharge(Record):
    """A configured surcharge ("thu khác")."""

    name: str
    value: Decimal = ZERO
    ratio: Decimal | None = None
    active: bool = True


@dataclass(kw_only=True)
class Line:
    """A line of a document; `discount` is per unit."""

    product_id: int
    quantity: Decimal
    price: Decimal
    discount: Decimal = ZERO
    ratio: Decimal | None = None
    note: str | None = None
    returned: Decimal = ZERO

    @property
    def amount(self) -> Decimal:
        """What the line costs."""
        return self.quantity * (self.price - self.discount)

    @property
    def terms(self) -> tuple[int, Decimal, Decimal, Decimal]:
        """What makes two lines the same to a buyer."""
        return self.product_id, self.quantity, self.price, self.discount


@dataclass(kw_only=True)
class Charge:
    """A surcharge on a document."""

    id: int
    surcharge_id: int
    price: Decimal
    created_at: datetime


@dataclass(kw_only=True)
class Voucher(Record):
    """Money received for a document."""

    amount: Decimal
    method: str
    branch_id: int
    account_id: int | None = None
    voided: bool = False


@dataclass(kw_only=True)
class Document(Record):
    """What orders and invoices have in common."""

    branch_id: int
    purchased_at: datetime
    status: int
    sold_by_id: int | None = None
    customer_id: int | None = None
    channel_id: int = 1
    description: str | None = None
    discount: Decimal | None = None
    ratio: Decimal | None = None
    method: str | None = None
    lines: list[Line] = field(default_factory=list)
    charges: list[Charge] = field(default_factory=list)
    delivery: Payload | None = None
    vouchers: list[Voucher] = field(default_factory=list)

    @property
    def paid(self) -> Decimal:
        """The money received."""
        return sum((voucher.amount for voucher in self.vouchers if not voucher.voided), ZERO)

    @property
    def goods(self) -> Decimal:
        """What the lines cost after the discount on the whole document."""
        return sum((line.amount for line in self.lines), ZERO) - (self.discount or ZERO)

    @property
    def surcharged(self) -> Decimal:
        """The sum of the surcharges."""
        return sum((charge.price for charge in self.charges), ZERO)


@dataclass(kw_only=True)
class Order(Document):
    """An order (phiếu đặt hàng). `unreserved` once a void reopened it without its reservation."""

    invoice_ids: list[int] = field(default_factory=list)
    unreserved: bool = False


@dataclass(kw_only=True)
class Invoice(Document):
    """An invoice (hoá đơn). `replaced` once an edit made a new one of it."""

    uuid: str
    order_id: int | None = None
    using_cod: bool = False
    cod_collected: Decimal = ZERO
    replaced: bool = False

    @property
    def live(self) -> bool:
        """Whether it was not voided."""
        return self.status != 2


@dataclass(kw_only=True)
class Slip(Record):
    """A transfer, purchase or return: goods that move without a sale."""

    branch_id: int
    lines: list[Line]
    status: int
    to_branch_id: int | None = None
    invoice_id: int | None = None
    received_at: datetime | None = None
