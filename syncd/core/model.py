"""The values that everything speaks in. Whoever holds one may rely on it: it was checked when it was made.

Money is `Decimal` dong, Haravan quantities are whole pieces, KiotViet quantities are `Decimal`, instants are aware UTC
and end in `_at`. Ids are those of the remote they come from.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Final

from syncd.errors import Message


class CarrierStatus(StrEnum):
    """`carrier_status_code`, lower-cased and without `_`, `-` and spaces.

    Source: code tables of several Haravan clients.
    """

    PENDING = "pending"
    READY_TO_PICK = "readytopick"
    PICKING = "picking"
    DELIVERING = "delivering"
    DELIVERED = "delivered"
    NOT_MEET_CUSTOMER = "notmeetcustomer"
    WAITING_FOR_RETURN = "waitingforreturn"
    RETURN = "return"
    CANCEL = "cancel"
    UNKNOWN = "unknown"


class CodStatus(StrEnum):
    """`carrier_cod_status_code`: who holds the money. Source: code tables of several Haravan clients."""

    NONE = "none"
    PENDING = "codpending"
    PAID = "codpaid"
    RECEIPT = "codreceipt"
    NOT_RECEIPT = "codnotreceipt"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class OrderLine:
    """One line of a web order; `price` is the net unit price after line promotions.

    Source: the samples of Haravan Omni API, orders; its text says otherwise.
    """

    id: int
    product_id: int | None
    variant_id: int | None
    sku: str
    barcode: str
    quantity: int
    price: Decimal
    title: str
    gift_card: bool = False


@dataclass(frozen=True, slots=True)
class ShipmentLine:
    """How many pieces of which order line are in a shipment."""

    line_id: int
    quantity: int


@dataclass(frozen=True, slots=True)
class Shipment:
    """One Haravan fulfillment.

    `reached_road` is true when a date shows that the carrier had it on the way once; not of one that came back since
    and waits for the carrier again.
    """

    id: int
    carrier_status: CarrierStatus
    carrier_status_text: str
    cod_status: CodStatus
    cod_amount: Decimal
    lines: tuple[ShipmentLine, ...]
    tracking_numbers: tuple[str, ...]
    carrier_code: str
    carrier_name: str
    location_id: int | None
    created_at: datetime
    updated_at: datetime
    reached_road: bool
    has_dates: bool


@dataclass(frozen=True, slots=True)
class Transaction:
    """Money recorded on an order; refunds are negative. Source: Haravan Omni API, transactions."""

    id: int
    kind: str
    amount: Decimal
    failed: bool
    is_cod_gateway: bool


@dataclass(frozen=True, slots=True)
class RefundLine:
    """Pieces of an order line that a refund took back."""

    line_id: int
    quantity: int


@dataclass(frozen=True, slots=True)
class Refund:
    """A refund or return; `restocked` means that Haravan put the pieces back on the shelf."""

    id: int
    lines: tuple[RefundLine, ...]
    restocked: bool
    location_id: int | None
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Discounts:
    """What an order says about its discounts; only to notice that its amounts contradict each other.

    Args:
        stated: `total_discounts`; None where the order does not say.
        codes: What its discount codes are worth, those for shipping apart.
        coupons: What its codes for shipping are worth; None where it has none.
        promotions: What its line promotions may come to, as far as they show.
    """

    stated: Decimal | None = None
    codes: Decimal = Decimal(0)
    coupons: Decimal | None = None
    promotions: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class Address:
    """Where a parcel goes; every field may be empty. `repr` shows nothing: this is personal data."""

    name: str = field(default="", repr=False)
    phone: str = field(default="", repr=False)
    street: str = field(default="", repr=False)
    ward: str = field(default="", repr=False)
    district: str = field(default="", repr=False)
    province: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Buyer:
    """The customer record embedded in an order. `id` is None for a guest without a record."""

    id: int | None
    name: str = field(default="", repr=False)
    phone: str = field(default="", repr=False)
    email: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class WebOrder:
    """A Haravan order. One that exists is valid: ids, lines, money and instants are all there."""

    id: int
    number: str
    source: str
    gateway: str
    gateway_code: str
    financial_status: str
    created_at: datetime
    updated_at: datetime
    cancelled_at: datetime | None
    confirmed: bool
    lines: tuple[OrderLine, ...]
    shipments: tuple[Shipment, ...]
    transactions: tuple[Transaction, ...]
    refunds: tuple[Refund, ...]
    total_price: Decimal
    shipping: Decimal
    tax: Decimal
    taxes_included: bool
    weight_grams: Decimal
    location_id: int | None
    assigned_location_id: int | None
    previous_order_id: int | None
    address: Address
    buyer: Buyer
    note: str = field(default="", repr=False)
    tags: tuple[str, ...] = ()
    discounts: Discounts = Discounts()

    @property
    def goods(self) -> Goods:
        """What says which pieces it takes."""
        location_id = self.assigned_location_id or self.location_id
        return Goods(self.lines, location_id, self.cancelled_at is not None, self.shipments, self.refunds)


@dataclass(frozen=True, slots=True)
class Goods:
    """What of a web order says which pieces it takes out of available.

    Args:
        lines: What was ordered.
        location_id: Where it is to be taken from; None where nothing says so.
        cancelled: Whether nobody waits for it any more.
        shipments: Its parcels, the cancelled ones too.
        refunds: What was given back.
        whole: Whether all of this could be read; else there are lines alone, of an order that is not cancelled.
    """

    lines: tuple[OrderLine, ...]
    location_id: int | None
    cancelled: bool = False
    shipments: tuple[Shipment, ...] = ()
    refunds: tuple[Refund, ...] = ()
    whole: bool = True


@dataclass(frozen=True, slots=True)
class BadRecord:
    """A row of a list that could not be understood; `id` and `description` where that much could be read.

    `goods` are those of a web order, where at least they can be read.
    """

    id: int | None
    reason: Message
    description: str | None = field(default=None, repr=False)
    goods: Goods | None = None


@dataclass(frozen=True, slots=True)
class Variant:
    """A Haravan product variant; only those with `tracked` have stock. Source: Haravan Omni API, products."""

    id: int
    product_id: int
    sku: str
    barcode: str
    title: str
    tracked: bool
    lots: bool
    units: tuple[VariantUnit, ...] = ()


@dataclass(frozen=True, slots=True)
class VariantUnit:
    """A packing unit of a variant: 1 of it is `ratio` base units."""

    unit: str
    sku: str
    barcode: str
    ratio: Decimal
    base: bool


@dataclass(frozen=True, slots=True)
class Level:
    """Haravan's stock of a variant at a location; all figures may be negative.

    Source: Haravan Omni API, inventory locations.
    """

    location_id: int
    variant_id: int
    product_id: int
    on_hand: int
    committed: int
    available: int
    updated_at: datetime | None


@dataclass(frozen=True, slots=True)
class Location:
    """A Haravan branch. `kind` "ontheroad" is a virtual transit store that is never written."""

    id: int
    name: str
    kind: str
    unavailable: bool


@dataclass(frozen=True, slots=True)
class Shop:
    """The shop that a Haravan token belongs to."""

    id: int
    name: str
    currency: str
    timezone: str


@dataclass(frozen=True, slots=True)
class AdjustLine:
    """A difference in pieces to add to a variant's stock."""

    product_id: int
    variant_id: int
    quantity: int


@dataclass(frozen=True, slots=True)
class Slip:
    """A stock slip that Haravan made for an adjustment."""

    id: int
    number: str
    location_id: int | None
    note: str
    lines: tuple[AdjustLine, ...]
    made_at: datetime | None = None


class OrderStatus(StrEnum):
    """KiotViet order status by number. Source: observed answers of the Public API, orders."""

    DRAFT = "1"
    PARTLY_INVOICED = "2"
    COMPLETED = "3"
    CANCELLED = "4"
    CONFIRMED = "5"
    UNKNOWN = "?"


class InvoiceStatus(StrEnum):
    """KiotViet invoice status by number. Source: KiotViet Public API, webhooks."""

    COMPLETED = "1"
    CANCELLED = "2"
    PROCESSING = "3"
    UNDELIVERED = "5"
    UNKNOWN = "?"


@dataclass(frozen=True, slots=True)
class PosLine:
    """A line of a KiotViet document; `discount` is an amount per unit, as observed on invoices.

    `returned` are the pieces that return slips took back, None where the answer does not say.
    """

    product_id: int
    code: str
    quantity: Decimal
    price: Decimal
    discount: Decimal = Decimal(0)
    returned: Decimal | None = None


@dataclass(frozen=True, slots=True)
class PosSurcharge:
    """A surcharge on a KiotViet document."""

    surcharge_id: int | None
    amount: Decimal


@dataclass(frozen=True, slots=True)
class PosOrder:
    """A KiotViet order (Phiếu đặt hàng); `channel` is the name of its sale channel (Kênh bán)."""

    id: int
    code: str
    branch_id: int
    status: OrderStatus
    status_text: str
    total: Decimal
    total_payment: Decimal
    discount: Decimal
    description: str = field(repr=False)
    created_at: datetime
    modified_at: datetime | None
    customer_id: int | None
    lines: tuple[PosLine, ...]
    surcharges: tuple[PosSurcharge, ...] = ()
    channel: str = ""


@dataclass(frozen=True, slots=True)
class PosDelivery:
    """The delivery slip of an invoice. `raw` is the answer's own object, to be sent back whole on a PUT."""

    code: str
    status: int | None
    status_text: str
    cod_amount: Decimal
    raw: dict[str, object] = field(repr=False, hash=False, compare=False, default_factory=dict)


@dataclass(frozen=True, slots=True)
class PosInvoice:
    """A KiotViet invoice (Hoá đơn). `order_code` is empty where the answer does not say."""

    id: int
    code: str
    order_code: str
    order_id: int | None
    branch_id: int
    status: InvoiceStatus
    status_text: str
    total: Decimal
    total_payment: Decimal
    discount: Decimal
    description: str = field(repr=False)
    created_at: datetime
    modified_at: datetime | None
    customer_id: int | None
    sold_by_id: int | None
    lines: tuple[PosLine, ...]
    surcharges: tuple[PosSurcharge, ...]
    delivery: PosDelivery | None


@dataclass(frozen=True, slots=True)
class PosReturn:
    """A KiotViet return slip (Phiếu trả hàng); one that is not `done` was cancelled, or says what nobody knows."""

    id: int
    code: str
    invoice_id: int | None
    done: bool
    created_at: datetime
    modified_at: datetime | None
    lines: tuple[PosLine, ...]


@dataclass(frozen=True, slots=True)
class StockSlip:
    """A KiotViet transfer or purchase, as far as it says whose stock moved; `said` differs when the slip changed."""

    id: int
    code: str
    created_at: datetime
    products: tuple[int, ...]
    said: str


@dataclass(frozen=True, slots=True)
class PosCustomer:
    """A KiotViet customer; name and phone may be masked by KiotViet and are never used as keys."""

    id: int
    code: str
    phone: str = field(repr=False)
    branch_id: int | None
    name: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Surcharge:
    """A KiotViet surcharge ("thu khác") as the shop has it; `value` and `ratio` (%) are what it adds by itself."""

    id: int
    code: str
    name: str
    value: Decimal = Decimal(0)
    ratio: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class Branch:
    """A KiotViet branch that the token may use."""

    id: int
    name: str


@dataclass(frozen=True, slots=True)
class BankAccount:
    """A bank account of the shop, needed for transfers."""

    id: int
    name: str


@dataclass(frozen=True, slots=True)
class PosSettings:
    """What `/settings` says; None where the answer does not carry the key."""

    customers_by_branch: bool
    allow_order: bool | None
    allow_order_out_of_stock: bool | None
    allow_sell_out_of_stock: bool | None
    allow_sell_ordered_out_of_stock: bool | None


@dataclass(frozen=True, slots=True)
class BranchStock:
    """A product's figures at one branch; `on_hand` None means unknown, not zero. `active` None: not said."""

    branch_id: int
    on_hand: Decimal | None
    reserved: Decimal | None
    active: bool | None = None


class ProductKind(StrEnum):
    """KiotViet product type. Source: KiotViet Public API, products."""

    COMBO = "1"
    GOODS = "2"
    SERVICE = "3"


UNDATED: Final = datetime(1970, 1, 1, tzinfo=UTC)
"""When a product was made whose list does not say, or does not matter any more."""


@dataclass(frozen=True, slots=True)
class PosProduct:
    """A KiotViet product; each variant and each unit is one of its own. `modified_at` is None until the first edit."""

    id: int
    code: str
    barcode: str
    name: str
    kind: ProductKind
    active: bool
    unit: str
    conversion: Decimal
    master_unit_id: int | None
    stock: tuple[BranchStock, ...] = ()
    created_at: datetime = UNDATED
    modified_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class OnHand:
    """A row of `/productOnHands`."""

    product_id: int
    code: str
    stock: tuple[BranchStock, ...]
