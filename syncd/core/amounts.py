"""What the amounts of a Haravan order say together, and the discount that follows from them.

Source: the samples of Haravan Omni API, orders: `total_price` is goods less `total_discounts`, plus shipping and tax.
"""

from __future__ import annotations

from decimal import Decimal

from syncd.core.model import WebOrder

ZERO = Decimal(0)
_DONG = Decimal(1)  # what rounding of unit prices may leave between two ways to come to one total


def goods_of(order: WebOrder) -> Decimal:
    """What the lines cost together at their net unit prices."""
    return sum((line.price * line.quantity for line in order.lines), ZERO)


def tax_on_top(order: WebOrder) -> Decimal:
    """The tax that the total has on top of the prices, which KiotViet's total would lack.

    `taxes_included` false is what every sample says, so a total that is right without the tax has it in its prices.
    """
    if order.taxes_included or order.discounts.stated is None:
        return ZERO if order.taxes_included else order.tax
    without_tax = goods_of(order) - order.discounts.stated + order.shipping
    return ZERO if abs(order.total_price - without_tax) < _DONG else order.tax


def residual(order: WebOrder) -> Decimal:
    """The order discount: what is left between goods, shipping and tax and the total, whatever made it so."""
    return goods_of(order) + order.shipping + tax_on_top(order) - order.total_price


def stated_discount(order: WebOrder) -> Decimal | None:
    """The discount that Haravan states, where that cannot be the one in its own total; None where they agree.

    It is not documented whether a shipping coupon is among `total_discounts`, nor whether line promotions are; a
    discount larger than the goods counts only up to them. Anything between these readings agrees.
    """
    said = order.discounts
    if said.stated is None:
        return None
    coupon = ZERO if said.coupons is None else max(said.coupons, order.shipping)
    least = min(said.stated - said.promotions - coupon, goods_of(order))
    most = max(said.stated, said.codes) + said.promotions + coupon
    return None if least - _DONG < residual(order) < most + _DONG else said.stated
