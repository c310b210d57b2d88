"""What the config itself decides that a person may not have meant."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime

from syncd.config import Settings
from syncd.core.findings import Finding, fine, warning
from syncd.core.orders import OrderPolicy
from syncd.core.texts import text


def findings(settings: Settings, policy: OrderPolicy, now: datetime) -> Iterator[Finding]:
    """Every finding about the config alone."""
    yield fine("config", text("check_config_complete", path=str(settings.path)))
    if policy.since > now:
        cause = text("check_since_future", since=str(settings.orders.since))
        yield warning("since_in_future", "orders.since", cause, text("check_since_future_remedy"))
    if not settings.orders.apply:
        remedy = text("check_apply_remedy", setting="orders.apply")
        yield warning("orders_only_watched", "orders.apply", text("check_orders_watched"), remedy)
    if not settings.stock.apply:
        remedy = text("check_apply_remedy", setting="stock.apply")
        yield warning("stock_only_watched", "stock.apply", text("check_stock_watched"), remedy)
    if not settings.stock.links:
        yield warning("no_stock_links", "stock.links", text("check_no_links"), text("check_no_links_remedy"))
    yield from _fed_twice(settings)
    yield from _receiving(settings, policy)


def _fed_twice(settings: Settings) -> Iterator[Finding]:
    fed = Counter(branch_id for link in settings.stock.links for branch_id in link.branch_ids)
    for branch_id in (branch_id for branch_id, times in fed.items() if times > 1):
        cause, remedy = text("check_fed_twice", id=branch_id), text("check_fed_twice_remedy")
        yield warning("branch_feeds_several", "stock.links", cause, remedy, str(branch_id))


def _receiving(settings: Settings, policy: OrderPolicy) -> Iterator[Finding]:
    for link in settings.stock.links:
        branch_id = policy.branch_by_location.get(link.location_id, policy.branch_id)
        if branch_id not in link.branch_ids:
            cause = text("check_receiving", location=link.location_id, branch=branch_id)
            remedy = text("check_receiving_remedy", location=link.location_id, branch=branch_id)
            yield warning("receiving_branch_elsewhere", "stock.links", cause, remedy, str(link.location_id))
