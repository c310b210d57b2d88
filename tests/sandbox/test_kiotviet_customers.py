"""Customers of the simulated KiotViet that people stop dealing with, or delete."""

from __future__ import annotations

import pytest

from tests.sandbox.kiotviet_kit import Kit


@pytest.fixture
def kit() -> Kit:
    return Kit()


def test_an_inactive_customer_is_shown_nowhere_and_keeps_the_code(kit: Kit) -> None:
    customer_id = kit.shop.add_customer("Người mẫu", "0900000001", code="HRV1")
    kit.shop.set_customer_active(customer_id, False)
    assert kit.http.get("/customers/code/HRV1").status_code == 420
    assert kit.http.get(f"/customers/{customer_id}").status_code == 420
    assert kit.get("/customers")["total"] == 0
    assert kit.http.post("/customers", json={"name": "Khác", "code": "HRV1"}).status_code == 420
    assert kit.http.post("/orders", json=kit.order_body(customerId=customer_id)).status_code == 420
    kit.shop.set_customer_active(customer_id, True)
    assert kit.order(customerId=customer_id)["customerId"] == customer_id


def test_a_deleted_customer_gives_its_code_back(kit: Kit) -> None:
    customer_id = kit.shop.add_customer("Người mẫu", code="HRV1")
    kit.shop.delete_customer(customer_id)
    assert kit.http.get("/customers/code/HRV1").status_code == 420
    assert kit.post("/customers", {"name": "Khác", "code": "HRV1"})["data"]["code"] == "HRV1"
