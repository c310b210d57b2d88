"""What the cycles need of the two remotes; the clients give it, and so does the planner that sends nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from syncd.clients.pages import LevelPage, ListQuery, OrderPage, Page, ProductPage
from syncd.core.model import (
    AdjustLine,
    Location,
    OnHand,
    PosCustomer,
    PosInvoice,
    PosOrder,
    PosProduct,
    PosReturn,
    PosSettings,
    Slip,
    StockSlip,
    Surcharge,
)


class Haravan(Protocol):
    """The web shop; each method is that of `HaravanClient`."""

    def locations(self) -> tuple[Location, ...]:
        """All branches."""
        ...

    def orders_count(self) -> int:
        """How many orders the shop has, of any status."""
        ...

    def orders_count_from(self, created_from: datetime) -> int:
        """How many orders were placed since an instant."""
        ...

    def open_orders_count(self, fulfillment_status: str) -> int:
        """How many open orders of a fulfillment status there are."""
        ...

    def products_count(self) -> int:
        """How many products the shop has."""
        ...

    def products_count_from(self, since: datetime) -> int:
        """How many products changed since an instant."""
        ...

    def orders_newest_first(self, page: int) -> OrderPage:
        """Orders by falling `updated_at`."""
        ...

    def orders_changed_last(self, most: int) -> OrderPage:
        """The first `most` of them."""
        ...

    def orders_updated_from(self, since: datetime, page: int) -> OrderPage:
        """Orders that changed since an instant, in any order."""
        ...

    def orders_count_updated_from(self, since: datetime) -> int:
        """How many orders changed since an instant."""
        ...

    def orders_after(self, since_id: int, created_from: datetime) -> OrderPage:
        """Orders with a higher id that were placed since an instant."""
        ...

    def open_orders(self, page: int, fulfillment_status: str) -> OrderPage:
        """Open orders of a fulfillment status."""
        ...

    def orders_by_ids(self, ids: Sequence[int]) -> OrderPage:
        """Up to 50 orders."""
        ...

    def products_after(self, since_id: int) -> ProductPage:
        """Variants of products with a higher id."""
        ...

    def products_updated_from(self, since: datetime, since_id: int) -> ProductPage:
        """Variants of products that changed since an instant, with a higher id."""
        ...

    def products_page(self, page: int) -> ProductPage:
        """Variants by page."""
        ...

    def variant_total(self, variant_id: int) -> int | None:
        """What a variant has available at all locations; None where Haravan does not say."""
        ...

    def levels(self, location_ids: Sequence[int], variant_ids: Sequence[int]) -> LevelPage:
        """Stock rows of variants at locations."""
        ...

    def adjust(self, location_id: int, lines: Sequence[AdjustLine], note: str) -> None:
        """Add differences to the stock of a location."""
        ...

    def slips(self, location_id: int) -> tuple[Slip, ...]:
        """The newest stock slips of a location."""
        ...

    def add_tags(self, order_id: int, tags: Sequence[str]) -> tuple[str, ...]:
        """Put tags on an order; all that it has then."""
        ...

    def remove_tags(self, order_id: int, tags: Sequence[str]) -> tuple[str, ...]:
        """Take tags off an order; those left."""
        ...


class KiotViet(Protocol):
    """The point of sale; each method is that of `KiotVietClient`."""

    def settings(self) -> PosSettings:
        """The shop's settings."""
        ...

    def surcharges(self) -> tuple[Surcharge, ...]:
        """The active surcharges."""
        ...

    def create_surcharge(self, code: str, name: str) -> Surcharge:
        """Make a surcharge."""
        ...

    def order(self, order_id: int) -> PosOrder:
        """One order."""
        ...

    def orders_page(self, query: ListQuery) -> Page[PosOrder]:
        """A page of orders."""
        ...

    def create_order(self, body: Mapping[str, object]) -> PosOrder:
        """Make an order."""
        ...

    def cancel_order(self, order_id: int) -> None:
        """Cancel an order."""
        ...

    def invoice(self, invoice_id: int) -> PosInvoice:
        """One invoice."""
        ...

    def invoices_page(self, query: ListQuery) -> Page[PosInvoice]:
        """A page of invoices."""
        ...

    def create_invoice(self, body: Mapping[str, object]) -> PosInvoice:
        """Make an invoice."""
        ...

    def update_invoice(self, invoice_id: int, body: Mapping[str, object]) -> PosInvoice:
        """Change an invoice."""
        ...

    def void_invoice(self, invoice_id: int) -> None:
        """Void an invoice."""
        ...

    def returns_page(self, query: ListQuery) -> Page[PosReturn]:
        """A page of return slips."""
        ...

    def transfers_page(self, query: ListQuery) -> Page[StockSlip]:
        """A page of transfers between branches."""
        ...

    def purchases_page(self, query: ListQuery) -> Page[StockSlip]:
        """A page of purchases."""
        ...

    def customer_by_code(self, code: str) -> PosCustomer | None:
        """The customer with a code."""
        ...

    def customers_by_phone(self, phone: str) -> tuple[PosCustomer, ...]:
        """Customers whose phone contains some digits."""
        ...

    def create_customer(self, body: Mapping[str, object]) -> PosCustomer:
        """Make a customer."""
        ...

    def product(self, product_id: int) -> PosProduct:
        """One product with its stock."""
        ...

    def products_page(self, query: ListQuery) -> Page[PosProduct]:
        """A page of products with their stock."""
        ...

    def on_hands_page(self, query: ListQuery, low_priority: bool = False) -> Page[OnHand]:
        """A page of stock figures."""
        ...
