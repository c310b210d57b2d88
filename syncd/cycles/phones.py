"""Vietnamese phone numbers in the one form that KiotViet stores: `0912345678`."""

from __future__ import annotations

import phonenumbers

from syncd.core.model import WebOrder

_MASKS = frozenset("*xX•")


def phone_of(order: WebOrder) -> str:
    """The buyer's phone, else the receiver's; empty when neither is a phone number."""
    return local_phone(order.buyer.phone) or local_phone(order.address.phone)


def local_phone(text: str) -> str:
    """`+84 912-345-678` as `0912345678`; empty for anything that is no Vietnamese number.

    A masked number is no number: it must never match anything.
    """
    if not text or _MASKS & set(text):
        return ""
    try:
        number = phonenumbers.parse(text, "VN")
    except phonenumbers.NumberParseException:
        return ""
    if number.country_code != 84 or not phonenumbers.is_possible_number(number):
        return ""
    return f"0{number.national_number}"


def same_phone(left: str, right: str) -> bool:
    """Whether two numbers are the same one; no number is never the same."""
    local = local_phone(left)
    return bool(local) and local == local_phone(right)
