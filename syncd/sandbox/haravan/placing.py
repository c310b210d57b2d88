"""The checkout: a buyer's basket becomes an order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal

from syncd.sandbox.haravan.floor import Refusal, action
from syncd.sandbox.haravan.payments import CashDesk
from syncd.sandbox.haravan.people import SAMPLE_ADDRESS, SAMPLE_BUYER, CustomerDesk, address
from syncd.sandbox.haravan.state import ZERO, Customer, Line, Order, Variant
from syncd.sandbox.haravan.wording import COD_GATEWAY

LineWish = tuple[int, int] | Mapping[str, Any]
"""(variant id, quantity), or a mapping of these that may override `price`, `title`, `sku`, or name a `unit`."""


class Checkout(CashDesk, CustomerDesk):
    """Where orders come from."""

    @action
    def place_order(
        self,
        lines: Iterable[LineWish],
        *,
        cod: bool = True,
        source: str | None = "web",
        shipping: Decimal | int = 30_000,
        discount: Decimal | int = 0,
        discount_codes: list[dict[str, Any]] | None = None,
        buyer: Mapping[str, Any] | Literal[False] | None = None,
        address: Mapping[str, Any] | None = None,
        note: str | None = None,
        location_id: int | None = None,
        gateway: str | None = None,
        paid: bool = False,
        tax: Decimal | int = 0,
        taxes_included: bool = False,
        created_at: datetime | None = None,
        tags: str = "",
    ) -> int:
        """A buyer places an order, which the shop sees at once; gives its id.

        Args:
            lines: See `LineWish`; without `variant_id` a line is a custom one.
            cod: Paid on delivery; else by bank transfer, unless `gateway` says otherwise.
            source: `source_name` of the order.
            shipping: What the buyer pays for shipping.
            discount: Taken off the whole order.
            discount_codes: Codes in payload form with `amount`; those of type `shipping` follow their switch.
            buyer: Customer fields; None is a sample person, False is no customer at all.
            address: Where to ship; None is a sample address.
            note: What the buyer wrote.
            location_id: Which location sells; None is the primary one.
            gateway: The payment method's text.
            paid: Money came in at once.
            tax: On top of the goods, or in their prices as its switch says.
            taxes_included: The order says that the tax is in its prices, and it is.
            created_at: When it was placed, if not now.
            tags: Comma-separated.
        """
        order = self._new_order([self._line(wish) for wish in lines], location_id, cod, created_at)
        order.source_name, order.note, order.tax = source, note, Decimal(tax)
        order.taxes_included = taxes_included
        order.tax_in_prices = taxes_included or self.switches.tax_total == "in_prices"
        order.gateway = gateway if gateway is not None else COD_GATEWAY if cod else "Chuyển khoản ngân hàng"
        order.gateway_code = "COD" if cod else "bankdeposit"
        self._address_to(order, SAMPLE_BUYER if buyer is None else buyer or None, address)
        _charge(order, Decimal(shipping))
        self._discount(order, Decimal(discount), discount_codes)
        order.tags = [tag.strip() for tag in tags.split(",") if tag.strip()]
        self.owe(order)
        if paid:
            self.capture(order, order.total)
        self._accept(order)
        return order.id

    def create_order(self, body: Mapping[str, Any]) -> Order:
        """An order typed in through the API: no transaction yet, no source unless it says one."""
        cod = bool(body.get("is_cod_gateway")) or body.get("gateway_code", "") in ("COD", "cod")
        order = self._new_order([self._line(wish) for wish in _api_lines(body)], body.get("location_id"), cod, None)
        order.source_name = body.get("source_name") or body.get("source")
        order.gateway, order.gateway_code = body.get("gateway"), "COD" if cod else body.get("gateway_code")
        order.note, order.email = body.get("note"), body.get("email")
        order.note_attributes = list(body.get("note_attributes") or ())
        order.tags = [tag.strip() for tag in (body.get("tags") or "").split(",") if tag.strip()]
        order.user_id = int(body.get("user_id") or 0)
        buyer = body.get("customer") or ({"email": body["email"]} if body.get("email") else None)
        self._address_to(order, buyer, body.get("shipping_address") or {})
        order.shipping_lines = [_shipping_line(row) for row in body.get("shipping_lines") or ()]
        codes = [dict(code) for code in body.get("discount_codes") or ()]
        self._discount(order, Decimal(str(body.get("total_discounts") or 0)), codes or None)
        self._accept(order)
        return order

    def _new_order(self, lines: list[Line], location_id: int | None, cod: bool, at: datetime | None) -> Order:
        if not lines:
            raise Refusal(422, "Đơn hàng phải có ít nhất một sản phẩm")
        location = self.find_location(location_id) if location_id else self.primary_location()
        return Order(
            id=self.memory.next_id("order"),
            number=self.memory.next_id("order_number"),
            created_at=at or self.now(),
            updated_at=at or self.now(),
            location_id=location.id,
            lines=lines,
            is_cod=cod,
        )

    def _address_to(self, order: Order, buyer: Mapping[str, Any] | None, where: Mapping[str, Any] | None) -> None:
        order.customer = self.buyer_of(buyer)
        place = SAMPLE_ADDRESS if where is None else where
        recipient = order.customer or _nobody(order, buyer)
        order.shipping_address = address(place, recipient)
        if order.customer is not None:
            order.email = order.email or order.customer.email
            if place and not order.customer.addresses:
                order.customer.addresses.append(self.address_row(place, order.customer))

    def _accept(self, order: Order) -> None:
        """Nothing was wrong with the order: it is in the books, claims its goods, and counts on the buyer's page."""
        self.memory.orders[order.id] = order
        self.restate(order)
        self.log_event("placed", "Order", order.id, order.label)
        if order.customer is not None:
            order.customer.orders_count += 1
            order.customer.spent += order.total
            order.customer.last_order_id, order.customer.last_order_name = order.id, order.label
            order.customer.last_order_at = order.created_at

    def _discount(self, order: Order, amount: Decimal, codes: list[dict[str, Any]] | None) -> None:
        if codes is None:
            codes = [{"amount": amount, "code": "GIAMGIA", "type": None, "is_coupon_code": True}] if amount else []
        order.discount_codes = [{"type": None, "is_coupon_code": True, **code} for code in codes]
        goods_codes = [code for code in codes if code.get("type") != "shipping"]
        order.total_discounts = amount or _sum_of(goods_codes)
        coupon = _sum_of([code for code in codes if code.get("type") == "shipping"])
        if self.switches.shipping_coupon == "in_discounts":
            order.total_discounts += coupon
        elif self.switches.shipping_coupon == "beside":
            order.coupon_beside = coupon
        elif coupon:
            _charge(order, max(ZERO, order.shipping - coupon))

    def _line(self, wish: LineWish) -> Line:
        row: Mapping[str, Any] = wish if isinstance(wish, Mapping) else {"variant_id": wish[0], "quantity": wish[1]}
        if row.get("variant_id") is None:
            return self._custom_line(row)
        variant = self.find_variant(int(row["variant_id"]))
        line = self._variant_line(variant, int(row["quantity"]), row.get("unit"))
        return _overridden(line, row)

    def _custom_line(self, row: Mapping[str, Any]) -> Line:
        price = Decimal(str(row.get("price") or 0))
        title = row.get("title") or "Sản phẩm tự do"
        line_id, quantity = self.memory.next_id("line"), int(row["quantity"])
        line = Line(line_id, quantity, price, price, title, None, None, "", None, None)
        return _overridden(line, row)

    def _variant_line(self, variant: Variant, quantity: int, unit: str | None) -> Line:
        pack = next((row for row in variant.units if unit is not None and row["unit"] == unit), None)
        sku, barcode, price, ratio = variant.sku, variant.barcode, variant.price, 1
        if unit is not None and pack is None:
            raise Refusal(422, f"variant {variant.id} is not sold by the {unit}")
        if pack is not None and self.switches.unit_lines == "unit":
            sku, barcode, ratio = pack.get("sku"), pack.get("barcode"), int(pack["ratio"])
            price = Decimal(str(pack["price"]))
        elif pack is not None:
            quantity *= int(pack["ratio"])
            price = Decimal(str(pack["price"])) / int(pack["ratio"])
        hidden = self.switches.line_sku == "null"
        return Line(
            id=self.memory.next_id("line"),
            quantity=quantity,
            price=price,
            price_original=price,
            title=self.memory.products[variant.product_id].title,
            product_id=variant.product_id,
            variant_id=variant.id,
            variant_title=variant.title,
            sku=None if hidden else sku,
            barcode=None if hidden else barcode,
            grams=variant.grams,
            ratio=ratio,
            tracked=variant.tracked,
        )


def _overridden(line: Line, row: Mapping[str, Any]) -> Line:
    if line.quantity <= 0:
        raise Refusal(422, "Số lượng phải lớn hơn 0")
    for name in ("price", "price_original"):
        if row.get(name) is not None:
            setattr(line, name, Decimal(str(row[name])))
    for name in ("title", "sku", "barcode", "properties"):
        if name in row:
            setattr(line, name, row[name])
    line.discounts = [dict(discount) for discount in row.get("applied_discounts") or ()]
    return line


def _api_lines(body: Mapping[str, Any]) -> list[dict[str, Any]]:
    rows = body.get("line_items")
    if not isinstance(rows, list) or not all(isinstance(row, dict) and row.get("quantity") for row in rows):
        raise Refusal(422, "line_items: mỗi dòng cần có quantity")
    return rows


def _nobody(order: Order, buyer: Mapping[str, Any] | None) -> Customer:
    name = buyer or SAMPLE_BUYER
    return Customer(
        0, name.get("first_name"), name.get("last_name"), name.get("phone"), None, order.created_at, order.created_at
    )


def _charge(order: Order, shipping: Decimal) -> None:
    order.shipping_lines = [_shipping_line({"code": "Giao hàng tận nơi", "price": shipping})]


def _shipping_line(row: Mapping[str, Any]) -> dict[str, Any]:
    code = row.get("code")
    return {
        "code": code,
        "price": Decimal(str(row.get("price") or 0)),
        "source": row.get("source"),
        "title": row.get("title") or code,
    }


def _sum_of(codes: list[dict[str, Any]]) -> Decimal:
    return sum((Decimal(str(code["amount"])) for code in codes), ZERO)
