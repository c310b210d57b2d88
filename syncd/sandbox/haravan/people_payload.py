"""Customers as Haravan sends them."""

from __future__ import annotations

from typing import Any

from syncd.sandbox.haravan.state import Customer
from syncd.sandbox.haravan.times import iso

_WELCOME = {
    "send_email_invite": False,
    "send_email_welcome": False,
    "password": None,
    "password_confirmation": None,
}


def customer_payload(customer: Customer) -> dict[str, Any]:
    """One customer at the customers endpoints."""
    return {
        "accepts_marketing": False,
        "addresses": list(customer.addresses),
        "created_at": iso(customer.created_at),
        "default_address": customer.addresses[0] if customer.addresses else None,
        "email": customer.email,
        "phone": customer.phone,
        "first_name": customer.first_name,
        "id": customer.id,
        "multipass_identifier": None,
        "last_name": customer.last_name,
        "last_order_id": customer.last_order_id,
        "last_order_name": customer.last_order_name,
        "note": customer.note,
        "orders_count": customer.orders_count,
        "state": "Disabled",
        "tags": ",".join(customer.tags) or None,
        "total_spent": float(customer.spent),
        "total_paid": 0.0,
        "updated_at": iso(customer.updated_at),
        "verified_email": False,
        "group_name": None,
        "birthday": None,
        "gender": None,
        "last_order_date": iso(customer.last_order_at),
    }


def customer_in_order(customer: Customer) -> dict[str, Any]:
    """One customer inside an order, which has a few keys more."""
    return {**customer_payload(customer), **_WELCOME}
