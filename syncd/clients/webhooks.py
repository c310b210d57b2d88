"""What a webhook of either system says, once its signature has been checked.

Pure functions of headers, raw body and secret that never raise. What comes out only ever says where to read sooner:
webhooks are repeated, late, out of order or lost, so nothing is taken from them but ids.
"""

from __future__ import annotations

import base64
import hmac
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from syncd.clients.decoding import decode
from syncd.clients.fields import lenient_id

KIOTVIET_SIGNATURE: Final = "x-hub-signature"
HARAVAN_SIGNATURE: Final = "x-haravan-hmacsha256"
HARAVAN_TOPIC: Final = "x-haravan-topic"
LONGEST_CHALLENGE: Final = 1000

# The names are there in the wild; behind each of them stands the HMAC-SHA256.
_PREFIX = re.compile(r"(?i)sha(256|1)=")
# Where each of KiotViet's actions names products: the key of a list inside the record, or none, and the key of the id.
_PRODUCTS: Mapping[str, tuple[str, str]] = {
    "stock.update": ("", "productid"),
    "product.update": ("", "id"),
    "order.update": ("orderdetails", "productid"),
    "invoice.update": ("invoicedetails", "productid"),
}
_DOCUMENTS = frozenset({"order.update", "invoice.update"})


@dataclass(frozen=True, slots=True)
class Heard:
    """What a genuine webhook names: ids of KiotViet products by who named them, and whether an order may be new.

    Much of what is genuine names nothing that syncd could read sooner.
    """

    products: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    orders: bool = False


@dataclass(frozen=True, slots=True)
class Refused:
    """Why a webhook counts for nothing: `unsigned`, `wrong_signature` or `unreadable`."""

    reason: str


def from_kiotviet(headers: Mapping[str, str], body: bytes, secret: str) -> Heard | Refused:
    """What KiotViet says in all notifications of one delivery; keys come in several spellings.

    Source: KiotViet docs, webhooks; `Action` carries the retailer's id behind it, `stock.update.500000001`.
    """
    checked = _checked(headers, KIOTVIET_SIGNATURE, body, secret)
    if isinstance(checked, Refused):
        return checked
    products: dict[str, dict[int, None]] = {}
    orders = False
    for notification in _list(_members(checked).get("notifications")):
        members = _members(notification)
        action = _action(members.get("action"))
        ids = dict.fromkeys(_product_ids(action, _list(members.get("data"))))
        if ids:
            products.setdefault(f"webhook {action}", {}).update(ids)
        orders |= action in _DOCUMENTS
    return Heard({source: tuple(ids) for source, ids in products.items()}, orders)


def from_haravan(headers: Mapping[str, str], body: bytes, secret: str) -> Heard | Refused:
    """What Haravan says: orders are worth a look, whatever became of them.

    Its balances and products are not: our own writes come back as their echo, and the sweep compares them anyway.
    Source: Haravan docs, webhooks; the body is the bare resource, its kind stands in a header.
    """
    checked = _checked(headers, HARAVAN_SIGNATURE, body, secret)
    if isinstance(checked, Refused):
        return checked
    return Heard(orders=_header(headers, HARAVAN_TOPIC).strip().lower().startswith("orders/"))


def challenge(query: Mapping[str, str], verify_token: str | None) -> str | None:
    """What to answer to Haravan's handshake; None where the token is wrong, or we have none."""
    asked = query.get("hub.challenge", "")
    known = verify_token is not None and _same(query.get("hub.verify_token", ""), verify_token)
    return asked if known and len(asked) <= LONGEST_CHALLENGE else None


def is_signed(body: bytes, secret: str, claimed: str) -> bool:
    """Whether `claimed` is the HMAC-SHA256 of `body`: in hex or base64, with or without the name of a hash in front."""
    digest = hmac.digest(secret.encode(), body, "sha256")
    given = _PREFIX.sub("", claimed.strip(), count=1)
    in_hex = _same(given.lower(), digest.hex())
    in_base64 = _same(given.rstrip("="), base64.b64encode(digest).decode().rstrip("="))
    return in_hex or in_base64


def _checked(headers: Mapping[str, str], signature: str, body: bytes, secret: str) -> dict[str, object] | Refused:
    """The body's object, after the signature has been checked: nothing is parsed before."""
    claimed = _header(headers, signature)
    if not claimed:
        return Refused("unsigned")
    if not is_signed(body, secret, claimed):
        return Refused("wrong_signature")
    try:
        document = decode(body)
    except ValueError:
        return Refused("unreadable")
    return document if isinstance(document, dict) else Refused("unreadable")


def _same(given: str, known: str) -> bool:
    """Compared in a time that tells nothing about where they differ."""
    return hmac.compare_digest(given.encode("utf-8", "replace"), known.encode())


def _header(headers: Mapping[str, str], wanted: str) -> str:
    return next((value for name, value in headers.items() if name.lower() == wanted), "")


def _action(value: object) -> str:
    return ".".join(value.strip().lower().split(".")[:2]) if isinstance(value, str) else ""


def _product_ids(action: str, records: list[object]) -> Iterator[int]:
    if action not in _PRODUCTS:
        return
    inside, key = _PRODUCTS[action]
    for record in records:
        for item in _list(_members(record).get(inside)) if inside else [record]:
            product_id = lenient_id(item, key)
            if product_id is not None:
                yield product_id


def _members(value: object) -> dict[str, object]:
    return {key.lower(): item for key, item in value.items()} if isinstance(value, dict) else {}


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []
