"""Names, codes and numbers of buyers: what KiotViet may know them by."""

from __future__ import annotations

from dataclasses import replace

import pytest

from syncd.core.buyers import current_number, customer_code, customer_name, is_masked, unmasked
from syncd.core.documents import customer_body, invoice_body, shipment_drafts
from syncd.core.model import Address, Buyer
from tests.core.build import POLICY, links, order, shipment


def test_a_code_names_the_branch_only_where_customers_belong_to_one() -> None:
    assert (customer_code(700, None), customer_code(700, 1001)) == ("HRV700", "HRV700-1001")


@pytest.mark.parametrize(
    ("buyer", "receiver", "name"),
    [
        ("Trần Thị Mẫu", "Người Nhận", "Trần Thị Mẫu"),
        ("", "Người Nhận", "Người Nhận"),
        ("T******u", "Người Nhận", "Người Nhận"),
        ("T******u", "N••••n", "Haravan 700"),
        ("", "", "Haravan 700"),
    ],
)
def test_a_customer_has_a_name_and_no_masked_one(buyer: str, receiver: str, name: str) -> None:
    assert customer_name(order(buyer=Buyer(700, buyer), address=Address(receiver))) == name


def test_masked_texts_are_never_written_to_a_delivery() -> None:
    of = order(buyer=Buyer(700, "Trần Thị Mẫu", "0900000001"), address=Address("T******u", "090****001", "1 Đường Mẫu"))
    shipped = shipment()
    draft = shipment_drafts(of, (shipped,), links())[shipped.id]
    body = invoice_body(
        of,
        shipped,
        draft,
        order_document_id=1,
        branch_id=1,
        customer_id=None,
        surcharge=None,
        payment=POLICY.settlement(),
    )
    delivery = body["deliveryDetail"]
    assert isinstance(delivery, dict)
    assert (delivery["receiver"], delivery["contactNumber"]) == ("Trần Thị Mẫu", "0900000001")
    assert unmasked("T******u", "") == ""
    assert is_masked("09•••")


def test_a_customer_without_a_phone_is_sent_without_one() -> None:
    body = customer_body("HRV700", "Mẫu", "", replace(order(), address=Address()), 1001)
    assert body == {"code": "HRV700", "name": "Mẫu", "branchId": 1001, "comments": "Haravan"}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        *((f"12{last}1234567", f"{new}1234567") for last, new in zip("01268", (70, 79, 77, 76, 78), strict=True)),
        *((f"12{last}1234567", f"{new}1234567") for last, new in zip("34579", (83, 84, 85, 81, 82), strict=True)),
        *((f"16{last}1234567", f"3{last}1234567") for last in "23456789"),
        *((f"1{last}1234567", f"{new}1234567") for last, new in (("86", 56), ("88", 58), ("99", 59))),
        ("912345678", "912345678"),
        ("165123456", "165123456"),
        ("2838123456", "2838123456"),
        ("1611234567", "1611234567"),
    ],
)
def test_mobile_numbers_of_eleven_digits_are_those_of_ten_since_2018(old: str, new: str) -> None:
    assert current_number(old) == new
