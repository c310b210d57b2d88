"""Who buys, in the form that KiotViet can find again."""

from __future__ import annotations

from syncd.core.model import WebOrder

_MASKS = frozenset("*•")

# Mobile prefixes that went from eleven digits to ten. Source: Vietnam's Ministry of Information and Communications,
# renumbering of September to November 2018.
_RENUMBERED = {
    "120": "70", "121": "79", "122": "77", "126": "76", "128": "78",
    "123": "83", "124": "84", "125": "85", "127": "81", "129": "82",
    "162": "32", "163": "33", "164": "34", "165": "35", "166": "36", "167": "37", "168": "38", "169": "39",
    "186": "56", "188": "58", "199": "59",
}  # fmt: skip
_OLD_MOBILE_DIGITS = 10


def customer_code(buyer_id: int, branch_id: int | None) -> str:
    """Our own customer code; it ends in the branch where the shop manages customers per branch."""
    return f"HRV{buyer_id}" if branch_id is None else f"HRV{buyer_id}-{branch_id}"


def customer_name(order: WebOrder) -> str:
    """The buyer's name, else the receiver's, else our own code: KiotViet wants some name, and no masked one."""
    return unmasked(order.buyer.name, order.address.name) or f"Haravan {order.buyer.id}"


def unmasked(*texts: str) -> str:
    """The first of these names or numbers that is there and not masked, as in `Đ******h`; empty where none is."""
    return next((text for text in texts if text and not is_masked(text)), "")


def is_masked(text: str) -> bool:
    """Whether a name or number has letters or digits hidden."""
    return not _MASKS.isdisjoint(text)


def current_number(national: str) -> str:
    """A Vietnamese number without its leading 0, in today's form: `1651234567` is `351234567` since 2018."""
    prefix = _RENUMBERED.get(national[:3]) if len(national) == _OLD_MOBILE_DIGITS else None
    return national if prefix is None else prefix + national[3:]
