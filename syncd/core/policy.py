"""Which orders are ours to mirror, and the shop's settings that decide about them."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal

from syncd.core import payments
from syncd.core.documents import Payment
from syncd.core.model import WebOrder
from syncd.core.records import Record
from syncd.core.texts import Text, text

RETRY_REJECTED_AFTER = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class OrderPolicy:
    """The shop's settings that decide about orders. `since` is an aware instant; `channels`/`payments` lower-case."""

    branch_id: int
    since: datetime
    branch_by_location: Mapping[int, int] = field(default_factory=dict)
    channels: tuple[str, ...] = ("web",)
    payments: tuple[str, ...] = ("cod",)
    cod_method: str = "Cash"
    cod_account_id: int | None = None
    surcharge_code: str = "THKSHIPPINGWEB"
    on_return: str = "hold"
    lookup_wait: timedelta = timedelta(seconds=60)

    def branch_of(self, order: WebOrder) -> int:
        """The KiotViet branch that receives this order."""
        location = order.assigned_location_id or order.location_id
        return self.branch_by_location.get(location, self.branch_id) if location is not None else self.branch_id

    def deposit(self, order: WebOrder) -> Payment:
        """How money that came in before delivery is booked on the order; what a carrier collects is none of it.

        A shop that takes COD only books it with the invoice, whatever staff noted on the web order before.
        """
        cod_only = is_cod(order) and "any" not in self.payments
        return Payment(self.cod_method, self.cod_account_id, Decimal(0) if cod_only else payments.deposit(order))

    def settlement(self, received: Decimal = Decimal(0)) -> Payment:
        """How money is booked on an invoice: COD when it is settled, and what was `received` beside the carrier."""
        return Payment(self.cod_method, self.cod_account_id, received)


def is_cod(order: WebOrder) -> bool:
    """Whether the buyer pays on delivery: by code, else by the shop's text, or by transactions and shipments."""
    if order.gateway_code:
        by_gateway = order.gateway_code.lower() == "cod"
    else:
        name = unicodedata.normalize("NFC", order.gateway).casefold()
        by_gateway = "cod" in name or "thanh toán khi giao hàng" in name
    return (
        by_gateway
        or any(t.is_cod_gateway for t in order.transactions)
        or any(s.cod_amount > 0 for s in order.shipments)
    )


def outside(order: WebOrder, policy: OrderPolicy) -> Text | None:
    """Why the order is not ours to mirror; None when it is."""
    if order.created_at < policy.since:
        return text("too_old")
    if "any" not in policy.channels and order.source.lower() not in policy.channels:
        return text("wrong_channel", channel=order.source or text("none_named"))
    if "any" not in policy.payments and not is_cod(order):
        return text("not_cod", payment=order.gateway_code or order.gateway or text("none_named"))
    return None


def rests(record: Record, fingerprint: str, now: datetime) -> bool:
    """Whether a rejected order still waits: sent again on `retry`, when anything it depends on changed, and hourly."""
    hold = record.hold
    stirred = record.retry_asked or record.kiotviet_news
    if hold is None or hold.code != "rejected" or stirred or hold.fingerprint != fingerprint:
        return False
    return hold.tried_at is not None and hold.tried_at <= now < hold.tried_at + RETRY_REJECTED_AFTER
