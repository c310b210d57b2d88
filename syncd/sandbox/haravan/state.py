"""What a simulated Haravan shop remembers: plain mutable records, money as `Decimal`, instants aware and in UTC."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

Place = tuple[int, int]
"""A variant id and a location id."""

ZERO = Decimal(0)


@dataclass
class Location:
    """A place that keeps stock; `kind` is `default`, or `ontheroad` for the virtual transit store."""

    id: int
    name: str
    primary: bool
    kind: str
    created_at: datetime
    address: dict[str, Any] = field(default_factory=dict)
    unavailable: bool = False


@dataclass
class Variant:
    """What can be sold; `units` are packs of it, each with its own SKU, in payload form."""

    id: int
    product_id: int
    sku: str | None
    barcode: str | None
    title: str
    price: Decimal
    created_at: datetime
    updated_at: datetime
    compare_at_price: Decimal = ZERO
    grams: Decimal = ZERO
    tracked: bool = True
    policy: str = "deny"
    position: int = 1
    options: tuple[str | None, str | None, str | None] = ("Default Title", None, None)
    units: list[dict[str, Any]] = field(default_factory=list)
    lot_support: bool | None = None


@dataclass
class Product:
    """A product page with its variants in order."""

    id: int
    title: str
    created_at: datetime
    updated_at: datetime
    variants: list[Variant]
    vendor: str = "Khác"
    product_type: str = "Khác"
    body_html: str | None = None
    tags: list[str] = field(default_factory=list)
    option_names: tuple[str, ...] = ("Title",)
    published_at: datetime | None = None


@dataclass
class Level:
    """The quantities of one variant at one location."""

    id: int
    product_id: int
    variant_id: int
    location_id: int
    updated_at: datetime
    on_hand: int = 0
    committed: int = 0
    incoming: int = 0

    @property
    def available(self) -> int:
        """What may be sold; negative when too much was."""
        return self.on_hand - self.committed


@dataclass
class Slip:
    """One stock adjustment; `lines` are (line id, variant id, product id, difference)."""

    id: int
    number: str
    at: datetime
    location_id: int
    reason: str
    note: str | None
    tags: str | None
    lines: list[tuple[int, int, int, int]]


@dataclass
class Customer:
    """A buyer with an account or a guest; addresses are in payload form, the first is the default."""

    id: int
    first_name: str | None
    last_name: str | None
    phone: str | None
    email: str | None
    created_at: datetime
    updated_at: datetime
    addresses: list[dict[str, Any]] = field(default_factory=list)
    note: str | None = None
    tags: list[str] = field(default_factory=list)
    orders_count: int = 0
    spent: Decimal = ZERO
    last_order_id: int | None = None
    last_order_name: str | None = None
    last_order_at: datetime | None = None


@dataclass
class Line:
    """One position of an order; `ratio` is how many base units one piece takes from stock.

    `removed` pieces were struck before they were shipped, `came_back` ones after, `returned` of these to the shelf.
    """

    id: int
    quantity: int
    price: Decimal
    price_original: Decimal
    title: str
    product_id: int | None
    variant_id: int | None
    variant_title: str | None
    sku: str | None
    barcode: str | None
    grams: Decimal = ZERO
    ratio: int = 1
    tracked: bool = True
    properties: list[dict[str, Any]] | None = None
    discounts: list[dict[str, Any]] = field(default_factory=list)
    removed: int = 0
    came_back: int = 0
    returned: int = 0


@dataclass
class Parcel:
    """A shipment: `pieces` are quantities by line id.

    `left` once its goods have left the shelf, `goods_back` once they came back because it alone was cancelled.
    """

    id: int
    order_id: int
    location_id: int
    pieces: dict[int, int]
    cod_amount: Decimal
    carrier_status: str
    cod_status: str
    created_at: datetime
    updated_at: datetime
    company: str | None = None
    company_code: str | None = None
    tracking: str | None = None
    tracking_url: str | None = None
    dates: dict[str, datetime] = field(default_factory=dict)
    recipient: dict[str, Any] = field(default_factory=dict)
    left: bool = False
    goods_back: bool = False
    collected: Decimal = ZERO

    @property
    def live(self) -> bool:
        """Not called off."""
        return self.carrier_status != "cancel"


@dataclass
class Payment:
    """A money record of an order; a refund is negative."""

    id: int
    order_id: int
    kind: str
    amount: Decimal
    at: datetime
    gateway: str | None
    location_id: int | None
    status: str | None = None
    parent_id: int | None = None
    user_id: int = 0


@dataclass
class Refund:
    """Goods or money given back; `pieces` are (id, line id, quantity), None for a plain cancellation."""

    id: int
    order_id: int
    at: datetime
    note: str | None
    restock: bool | None
    location_id: int | None
    pieces: list[tuple[int, int, int]] | None
    payments: list[Payment] = field(default_factory=list)


@dataclass
class Order:
    """One order. `patch` is laid over its payload last, to make payloads no shop should send.

    `coupon_beside` lowers the total without showing anywhere else. `taxes_included` is what the order says,
    `tax_in_prices` what its total does. `claimed` and `taken` are what it holds of
    the shop's committed and on-hand quantities at this moment.
    """

    id: int
    number: int
    created_at: datetime
    updated_at: datetime
    location_id: int
    lines: list[Line]
    is_cod: bool
    source_name: str | None = "web"
    gateway: str | None = None
    gateway_code: str | None = None
    shipping_lines: list[dict[str, Any]] = field(default_factory=list)
    discount_codes: list[dict[str, Any]] = field(default_factory=list)
    total_discounts: Decimal = ZERO
    tax: Decimal = ZERO
    taxes_included: bool = False
    tax_in_prices: bool = False
    coupon_beside: Decimal = ZERO
    customer: Customer | None = None
    email: str | None = None
    shipping_address: dict[str, Any] | None = None
    note: str | None = None
    note_attributes: list[dict[str, Any]] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    user_id: int = 0
    confirmed_at: datetime | None = None
    cancelled_at: datetime | None = None
    cancel_reason: str | None = None
    cancel_restocked: bool = False
    closed_at: datetime | None = None
    previous_id: int | None = None
    payments: list[Payment] = field(default_factory=list)
    refunds: list[Refund] = field(default_factory=list)
    parcels: list[Parcel] = field(default_factory=list)
    patch: dict[str, Any] = field(default_factory=dict)
    claimed: dict[Place, int] = field(default_factory=dict)
    taken: dict[Place, int] = field(default_factory=dict)

    @property
    def label(self) -> str:
        """What people see, as in `#100020`."""
        return f"#{self.number}"

    @property
    def goods(self) -> Decimal:
        """The sum of all lines."""
        return sum((line.price * line.quantity for line in self.lines), ZERO)

    @property
    def shipping(self) -> Decimal:
        """What the buyer pays for shipping."""
        return sum((Decimal(line["price"]) for line in self.shipping_lines), ZERO)

    @property
    def total(self) -> Decimal:
        """What the buyer owes."""
        tax = ZERO if self.tax_in_prices else self.tax
        return self.goods - self.total_discounts + self.shipping + tax - self.coupon_beside

    @property
    def received(self) -> Decimal:
        """The money recorded so far, refunds not taken off."""
        return sum((payment.amount for payment in self.payments if payment.kind in ("capture", "sale")), ZERO)

    @property
    def refunded(self) -> Decimal:
        """The money given back, as a positive sum."""
        return -sum((payment.amount for payment in self.payments if payment.kind == "refund"), ZERO)

    def line(self, line_id: int) -> Line:
        """One line by id; KeyError when this order has none such."""
        for line in self.lines:
            if line.id == line_id:
                return line
        raise KeyError(f"order {self.label} has no line {line_id}")

    def parcel(self, parcel_id: int) -> Parcel:
        """One shipment by id; KeyError when this order has none such."""
        for parcel in self.parcels:
            if parcel.id == parcel_id:
                return parcel
        raise KeyError(f"order {self.label} has no fulfillment {parcel_id}")

    def shipped(self, line_id: int) -> int:
        """Pieces of a line that are in a shipment, whatever became of it, unless it alone was called off."""
        return sum(parcel.pieces.get(line_id, 0) for parcel in self.parcels if not parcel.goods_back)

    def gone(self, line_id: int) -> int:
        """Pieces of a line that have left the shelf in a shipment that was not called off by itself."""
        return sum(parcel.pieces.get(line_id, 0) for parcel in self.parcels if parcel.left and not parcel.goods_back)

    def open_pieces(self, line: Line) -> int:
        """Pieces of a line that are still to be shipped."""
        return max(0, line.quantity - line.removed - self.shipped(line.id))


@dataclass
class State:
    """The whole shop."""

    locations: dict[int, Location] = field(default_factory=dict)
    products: dict[int, Product] = field(default_factory=dict)
    variants: dict[int, Variant] = field(default_factory=dict)
    levels: dict[Place, Level] = field(default_factory=dict)
    slips: dict[int, Slip] = field(default_factory=dict)
    customers: dict[int, Customer] = field(default_factory=dict)
    orders: dict[int, Order] = field(default_factory=dict)
    events: list[dict[str, Any]] = field(default_factory=list)
    counters: dict[str, int] = field(default_factory=dict)
    shop: dict[str, Any] = field(default_factory=dict)
    """What is laid over the shop's own page."""

    def next_id(self, kind: str) -> int:
        """A fresh id, rising by kind; beyond 32 bits, as in a real shop's future."""
        first = _FIRST_IDS[kind]
        self.counters[kind] = self.counters.get(kind, first - 1) + 1
        return self.counters[kind]


_FIRST_IDS = {
    "location": 963_414,
    "product": 1_028_183_001,
    "variant": 5_061_514_001,
    "level": 1_003_098_001,
    "slip": 1_206_854_001,
    "slip_line": 1_124_119_001,
    "slip_number": 100_001,
    "customer": 1_036_847_001,
    "address": 1_056_185_001,
    "order": 6_700_000_001,
    "order_number": 100_001,
    "line": 6_900_000_001,
    "payment": 1_800_000_001,
    "parcel": 7_000_000_001,
    "refund": 2_100_000_001,
    "refund_line": 2_200_000_001,
    "event": 677_313_001,
}
