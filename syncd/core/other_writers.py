"""Whether somebody else mirrors the same shop, as far as slips and documents show it: two mirrors undo each other."""

from __future__ import annotations

from collections.abc import Callable, Sequence, Set
from datetime import datetime, timedelta
from typing import Final

from syncd.core.documents import MARKER
from syncd.core.findings import Finding, warning
from syncd.core.model import PosOrder, Slip
from syncd.core.texts import text

SLIPS_WITHIN: Final = timedelta(hours=24)
ORDERS_WITHIN: Final = timedelta(days=7)
MOST_SLIPS: Final = 2
"""People correct a figure by hand now and then; so many stock slips of theirs in a day are no sign of a program."""

_WEB_SHOP = "haravan"
_NAMED = 3


def of_slips(slips: Sequence[Slip], stocked: Set[int] | None, our_note: str, now: datetime) -> Finding | None:
    """Stock slips that are not ours, on variants (`stocked`, None: not known yet) whose stock we publish."""
    theirs = [
        slip
        for slip in slips
        if slip.made_at is not None
        and now - slip.made_at <= SLIPS_WITHIN
        and not slip.note.startswith(our_note)
        and (stocked is None or any(line.variant_id in stocked for line in slip.lines))
    ]
    if len(theirs) <= MOST_SLIPS:
        return None
    named = ", ".join(slip.number or str(slip.id) for slip in theirs[:_NAMED])
    cause = text("check_other_slips", count=len(theirs), slips=named)
    return warning("other_stock_writer", "other apps", cause, text("check_other_slips_remedy"))


def of_orders(orders: Sequence[PosOrder], is_web_number: Callable[[str], bool], now: datetime) -> Finding | None:
    """KiotViet orders that a program made of web orders and that are not ours.

    Its sale channel or description names Haravan, or a word of it is the number of a web order that we know. How
    Haravan's own app describes its orders is not documented.
    """
    theirs = [
        order
        for order in orders
        if now - order.created_at <= ORDERS_WITHIN
        and MARKER not in order.description
        and _speaks_of_the_web_shop(order, is_web_number)
    ]
    if not theirs:
        return None
    named = ", ".join(order.code for order in theirs[:_NAMED])
    cause = text("check_other_orders", count=len(theirs), orders=named)
    return warning("other_order_writer", "other apps", cause, text("check_other_app_remedy"))


def _speaks_of_the_web_shop(order: PosOrder, is_web_number: Callable[[str], bool]) -> bool:
    said = f"{order.channel} {order.description}".casefold()
    return _WEB_SHOP in said or any(is_web_number(word) for word in order.description.split() if word.startswith("#"))
