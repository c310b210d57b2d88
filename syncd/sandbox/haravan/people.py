"""The customer desk: buyers and their addresses."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from syncd.sandbox.haravan.floor import Floor, action
from syncd.sandbox.haravan.state import Customer

GUEST_EMAIL = "guest@haravan.com"

SAMPLE_BUYER = {
    "first_name": "An",
    "last_name": "Nguyễn Thị Mẫu",
    "phone": "0901234567",
    "email": "an.mau@example.com",
}
SAMPLE_ADDRESS = {
    "address1": "12 Đường Mẫu",
    "ward": "Phường 15",
    "ward_code": "27208",
    "district": "Quận 11",
    "district_code": "HC476",
    "province": "Hồ Chí Minh",
    "province_code": "HC",
}

_ADDRESS_KEYS = ("address1", "address2", "city", "company", "country", "first_name", "last_name", "phone", "province")
_CODE_KEYS = ("zip", "name", "province_code", "country_code", "district", "district_code", "ward", "ward_code")


class CustomerDesk(Floor):
    """Who buys."""

    @action
    def add_customer(self, **details: Any) -> int:
        """Keep a buyer (`first_name`, `last_name`, `phone`, `email`, `addresses`, `note`, `tags`); gives the id."""
        return self.new_customer(details).id

    def new_customer(self, details: Mapping[str, Any]) -> Customer:
        """A new buyer from payload fields."""
        now = self.now()
        customer = Customer(
            id=self.memory.next_id("customer"),
            first_name=details.get("first_name"),
            last_name=details.get("last_name"),
            phone=details.get("phone"),
            email=details.get("email"),
            created_at=now,
            updated_at=now,
            note=details.get("note"),
            tags=split_tags(details.get("tags")),
        )
        customer.addresses = [self.address_row(row, customer) for row in details.get("addresses") or ()]
        self.memory.customers[customer.id] = customer
        return customer

    def buyer_of(self, details: Mapping[str, Any] | None) -> Customer | None:
        """The customer behind an order's buyer: by id, by e-mail or phone, else a new one."""
        if not details:
            return None
        if details.get("id"):
            return self.find_customer(int(details["id"]))
        for customer in self.memory.customers.values():
            if any(details.get(key) and details[key] == getattr(customer, key) for key in ("email", "phone")):
                return customer
        return self.new_customer(details)

    def address_row(self, details: Mapping[str, Any], owner: Customer | None) -> dict[str, Any]:
        """A customer's address in payload form."""
        row = address(details, owner)
        row.pop("latitude"), row.pop("longitude")
        return {**row, "id": self.memory.next_id("address"), "default": True}


def address(details: Mapping[str, Any], owner: Customer | None) -> dict[str, Any]:
    """An address with all its keys; name and phone of the buyer where it says none."""
    row: dict[str, Any] = dict.fromkeys((*_ADDRESS_KEYS, *_CODE_KEYS))
    row.update({"country": "Vietnam", "country_code": "VN", "latitude": 0.0, "longitude": 0.0})
    if owner is not None:
        row.update(first_name=owner.first_name, last_name=owner.last_name, phone=owner.phone)
    row.update(details)
    row["name"] = details.get("name") or f"{row['last_name'] or ''} {row['first_name'] or ''}"
    return row


def split_tags(tags: object) -> list[str]:
    """Tags from comma-separated text, or from a list."""
    if isinstance(tags, list):
        return [str(tag) for tag in tags]
    return [tag.strip() for tag in str(tags or "").split(",") if tag.strip()]
