"""What the core decides by, read off an admin's settings."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from syncd.config import Settings
from syncd.core.pending import StockLink
from syncd.core.policy import OrderPolicy
from syncd.core.products import LinkPolicy
from syncd.core.stock import Guard, StockPolicy

SHOP_ZONE = ZoneInfo("Asia/Ho_Chi_Minh")


def order_policy(settings: Settings) -> OrderPolicy:
    """The settings that decide about orders; `since` is the shop's own midnight."""
    chosen = settings.orders
    return OrderPolicy(
        branch_id=chosen.branch_id,
        since=datetime.combine(chosen.since, time.min, SHOP_ZONE),
        branch_by_location=chosen.branch_by_location,
        channels=tuple(channel.lower() for channel in chosen.channels),
        payments=tuple(payment.lower() for payment in chosen.payments),
        cod_method=chosen.cod_method,
        cod_account_id=chosen.cod_account_id,
        surcharge_code=chosen.shipping_surcharge_code,
        on_return=chosen.on_return,
        lookup_wait=timedelta(seconds=chosen.lookup_wait_seconds),
    )


def link_policy(settings: Settings) -> LinkPolicy:
    """The settings that decide how products are linked."""
    return LinkPolicy(settings.products.match, settings.products.links, settings.products.ignore)


def stock_policy(settings: Settings, *, plan: bool = False) -> StockPolicy:
    """The settings that decide about stock."""
    chosen = settings.stock
    return StockPolicy(
        links=tuple(StockLink(link.location_id, link.branch_ids, link.safety_stock) for link in chosen.links),
        guard=Guard(chosen.max_change_percent, chosen.max_change_min),
        apply=chosen.apply or plan,
        reread_after=timedelta(seconds=settings.poll.reconcile_seconds),
    )


def cycle_pauses(settings: Settings) -> dict[str, int]:
    """Seconds between two cycles, by the kinds that this shop has: without linked locations there is no stock cycle."""
    pauses = {"orders": settings.poll.orders_seconds, "stock": settings.poll.stock_seconds}
    return pauses if settings.stock.links else {"orders": pauses["orders"]}
