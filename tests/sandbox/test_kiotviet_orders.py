"""Orders in the simulated KiotViet: what is taken, what is refused with which words, and what they reserve."""

from __future__ import annotations

from typing import Any

import pytest

from tests.sandbox.kiotviet_kit import Kit


def test_a_new_order_is_a_draft_that_reserves_and_adds_up() -> None:
    kit = Kit()
    surcharge = kit.post("/surchages", {"name": "Phí vận chuyển", "code": "SHIP", "value": 0})["data"]
    order = kit.order(discount=5000, surchages=[{"id": surcharge["id"], "code": "SHIP", "price": 30000}])
    assert (order["status"], order["statusValue"], order["total"]) == (1, "Phiếu tạm", 2 * 90000 - 5000 + 30000)
    assert order["invoiceOrderSurcharges"][0]["price"] == 30000
    assert order["description"] == "HRV#1 ghi chú"
    assert kit.stock() == (10, 2)


def test_line_discounts_are_per_unit_and_ratios_are_percent() -> None:
    kit = Kit()
    lines = [
        {"productId": kit.shirt, "quantity": 2, "price": 100000, "discount": 10000},
        {"productCode": "quan-01", "quantity": 1, "price": 200000, "discountRatio": 10},
    ]
    assert kit.order(orderDetails=lines)["total"] == 2 * 90000 + 180000
    assert kit.order(discountRatio=50)["total"] == 90000


def test_bodies_are_read_without_case_with_strings_for_numbers_and_unknown_members_ignored() -> None:
    kit = Kit()
    body = {
        "BRANCHID": str(kit.main),
        "Status": 0,
        "Extra": "{}",
        "totalPayment": 0,
        "discount": "0",
        "OrderDetails": [{"ProductCode": "AO-01", "Quantity": "2", "PRICE": "90000"}],
    }
    order = kit.post("/orders", body)
    assert (order["total"], order["status"]) == (180000, 1)


def test_trailing_spaces_of_a_description_are_kept() -> None:
    assert Kit().order(description="DHM1.  ")["description"] == "DHM1.  "


@pytest.mark.parametrize(
    ("change", "code", "message"),
    [
        ({"branchId": 9}, "KvValidateBranchException", "Chi nhánh không tồn tại"),
        ({"branchId": None}, "KvValidateBranchException", "Chi nhánh không tồn tại"),
        ({"saleChannelId": 9}, "KvValidateSaleChannelException", "Kênh bán không tồn tại"),
        ({"soldById": 9}, "KvValidateUserException", "Người bán không tồn tại hoặc đã bị xóa khỏi hệ thống"),
        ({"customerId": 9}, "KvValidateCustomerException", "Khách hàng không hoạt động hoặc đã bị xóa khỏi hệ thống."),
        ({"customerId": -1}, "KvValidateCustomerException", "Có lỗi trong quá trình ghi nhận thông tin khách hàng"),
        ({"purchaseDate": "2026-11-23T10:00:01"}, "KvValidatePurchaseOrderException", "Vượt quá thời gian hiện tại"),
        ({"orderDetails": []}, "KvValidateOrderException", "Chi tiết phiếu không được để trống"),
    ],
)
def test_an_order_that_cannot_be_taken_is_refused_in_words(change: dict[str, Any], code: str, message: str) -> None:
    kit = Kit()
    status = kit.refused("POST", "/orders", kit.order_body(**change))
    assert (status["errorCode"], status["message"]) == (code, message)
    assert kit.shop.orders() == []
    assert kit.stock() == (10, 0)


def test_bad_lines_are_refused_in_words() -> None:
    kit = Kit()
    good = {"productId": kit.shirt, "quantity": 1, "price": 1}

    def message(*lines: dict[str, Any]) -> str:
        return str(kit.refused("POST", "/orders", kit.order_body(orderDetails=list(lines)))["message"])

    assert message(good, good) == "Sản phẩm bị trùng"
    assert message({**good, "quantity": 0}) == "Vui lòng nhập số lượng lớn hơn 0 cho sản phẩm Áo thun"
    assert message({**good, "productId": 5}) == "Hàng hóa được chọn không tồn tại hoặc đã bị xóa"
    kit.shop.deactivate(kit.shirt, kit.main)
    assert message(good).endswith("đã ngừng kinh doanh ở chi nhánh hiện tại: AO-01")
    kit.shop.activate(kit.shirt, kit.main)
    kit.shop.deactivate(kit.shirt)
    assert message(good).endswith("đã ngừng kinh doanh ở chi nhánh hiện tại: AO-01")


def test_a_purchase_date_with_a_zone_is_stored_in_local_time() -> None:
    assert Kit().order(purchaseDate="2026-11-23T02:30:00Z")["purchaseDate"] == "2026-11-23T09:30:00.0000000"


@pytest.mark.parametrize(
    ("setting", "member", "message"),
    [
        ("SellAllowOrder", {}, "Thiết lập “Cho phép đặt hàng” đang không được bật."),
        ("UseDelivery", {"orderDelivery": {}}, "Thiết lập “Sử dụng tính năng giao hàng” đang không được bật"),
        (
            "ChangeSaleTime",
            {"purchaseDate": "2026-11-23T09:00:00"},
            "Thiết lập “Không cho phép thay đổi thời gian bán hàng” đang không được bật",
        ),
        ("UseSurcharges", {"surchages": [{"id": 1, "price": 1}]}, "Chưa bật thu khác trong thiết lập cửa hàng"),
    ],
)
def test_a_setting_that_is_off_is_named(setting: str, member: dict[str, Any], message: str) -> None:
    kit = Kit()
    kit.shop.setting(setting, False)
    assert kit.refused("POST", "/orders", kit.order_body(**member))["message"] == message
    kit.shop.setting(setting, True)


def test_delivery_can_be_required_on_orders() -> None:
    kit = Kit()
    kit.shop.setting("RequireOrderDelivery", True)
    kit.refused("POST", "/orders", kit.order_body())
    assert kit.order(orderDelivery={"receiver": "Người mẫu"})["usingCod"] is True


def test_orders_beyond_the_stock_follow_the_setting() -> None:
    kit = Kit()
    kit.order(11)
    assert kit.stock() == (10, 11)
    kit.shop.setting("AllowOrderWhenOutStock", False)
    kit.refused("POST", "/orders", kit.order_body(1))


def test_a_put_changes_what_is_reserved() -> None:
    kit = Kit()
    order = kit.order(2)
    kit.clock.advance(5)
    changed = kit.put(f"/orders/{order['id']}", kit.order_body(5))
    assert changed["total"] == 450000
    assert changed["modifiedDate"] == "2026-11-23T10:00:05.0000000"
    assert kit.stock() == (10, 5)


def test_a_refused_put_changes_nothing() -> None:
    kit = Kit()
    order = kit.order(2)
    before = kit.shop.orders()
    kit.refused("PUT", f"/orders/{order['id']}", kit.order_body(5, saleChannelId=9))
    kit.refused("PUT", f"/orders/{order['id']}", kit.order_body(50, makeInvoice=True))
    assert kit.shop.orders() == before
    assert kit.stock() == (10, 2)


def test_deleting_an_order_cancels_it_and_lets_the_goods_go() -> None:
    kit = Kit()
    order = kit.order(totalPayment=1000)
    assert kit.delete(f"/orders/{order['id']}", IsVoidPayment="true") == {"message": "Xóa dữ liệu thành công"}
    again = kit.get(f"/orders/{order['id']}")
    assert (again["status"], again["statusValue"], again["totalPayment"]) == (4, "Đã hủy", 0)
    assert kit.stock() == (10, 0)
    assert kit.refused("DELETE", f"/orders/{order['id']}")["message"] == "Trạng thái đơn hàng không hợp lệ"
    kit.refused("PUT", f"/orders/{order['id']}", kit.order_body())


def test_deposits_stay_unless_voided() -> None:
    kit = Kit()
    order = kit.order(totalPayment=1000)
    kit.delete(f"/orders/{order['id']}")
    assert kit.get(f"/orders/{order['id']}")["totalPayment"] == 1000


@pytest.mark.parametrize("by_post", [True, False])
def test_make_invoice_turns_the_order_into_a_paid_invoice(by_post: bool) -> None:
    kit = Kit()
    if by_post:
        order = kit.order(makeInvoice=True)
    else:
        order = kit.put(f"/orders/{kit.order()['id']}", kit.order_body(makeInvoice=True))
    assert (order["status"], order["statusValue"]) == (3, "Hoàn thành")
    invoice = kit.get(f"/invoices/{order['invoiceId']}")
    assert (invoice["code"], invoice["status"], invoice["totalPayment"]) == (order["invoiceCode"], 1, 180000)
    assert kit.stock() == (8, 0)


def test_make_invoice_of_sold_out_goods_leaves_no_order_behind() -> None:
    kit = Kit()
    refused = kit.refused("POST", "/orders", kit.order_body(11, makeInvoice=True))
    assert refused["message"] == "Thiết lập “Cho phép bán hàng khi hết tồn kho” đang không được bật"
    assert (kit.shop.orders(), kit.stock()) == ([], (10, 0))


def test_customers_are_found_by_id_by_code_or_made() -> None:
    kit = Kit()
    known = kit.shop.add_customer("Người mẫu", "0900000001", code="HRV1")
    assert kit.order(customerId=known)["customerCode"] == "HRV1"
    assert kit.order(customer={"id": known})["customerId"] == known
    assert kit.order(customer={"code": "hrv1", "name": "Khác"})["customerId"] == known
    made = kit.order(customer={"name": "Khách mới", "contactNumber": "0900000002"})
    assert made["customerCode"] == "KH000001"
    assert len(kit.shop.customers()) == 2


def test_customers_of_another_branch_are_refused_where_branches_keep_their_own() -> None:
    kit = Kit()
    other = kit.shop.add_customer("Người mẫu", branch_id=kit.second)
    assert kit.order(customerId=other)["customerId"] == other
    kit.shop.setting("ManagerCustomerByBranch", True)
    refused = kit.refused("POST", "/orders", kit.order_body(customerId=other))
    assert refused["message"] == "Khách hàng không thuộc chi nhánh hiện tại."


def test_customers_over_the_api() -> None:
    kit = Kit()
    body = {"code": "HRV1", "name": "Người mẫu", "contactNumber": "0900000001", "branchId": kit.second}
    made = kit.post("/customers", body)
    assert made["data"]["branchId"] == kit.second
    assert made["data"]["id"] > 10**9
    customer = made["data"]
    taken = kit.refused("POST", "/customers", body)
    assert (taken["errorCode"], taken["message"]) == ("KvValidateCustomerException", "Mã khách hàng HRV1 đã tồn tại")
    kit.post("/customers", {**body, "code": "HRV12"})
    assert kit.get("/customers", code="HRV1")["total"] == 2
    assert kit.get("/customers", contactNumber="0900000001", name="mẫu")["total"] == 2
    assert kit.get("/customers/code/hrv1")["id"] == customer["id"]
    changed = kit.put(f"/customers/{customer['id']}", {"contactNumber": "0900000009"})["data"]
    assert (changed["contactNumber"], changed["name"]) == ("0900000009", "Người mẫu")
    kit.delete(f"/customers/{customer['id']}")
    assert kit.refused("GET", f"/customers/{customer['id']}")["errorCode"] == "KvValidateCustomerException"
    assert kit.refused("POST", "/customers", {"code": "X"})["message"] == "Tên khách hàng không được để trống"


def test_an_inactive_surcharge_is_not_listed_yet_its_code_is_taken() -> None:
    kit = Kit()
    made = kit.post("/surchages", {"name": "Phí", "code": "SHIP", "value": 0})
    assert made["message"] == "Thông tin thu khác được cập nhật thành công"
    path = f"/surchages/{made['data']['id']}"
    assert kit.put(path, {"name": "Phí giao", "value": 1000})["data"]["surchargeName"] == "Phí giao"
    kit.post(f"{path}/activesurchage", {"isActive": False})
    assert kit.get("/surchages", pageSize=100)["total"] == 0
    kit.refused("POST", "/surchages", {"name": "Phí", "code": "ship"})
    kit.refused("POST", "/orders", kit.order_body(surchages=[{"code": "SHIP", "price": 1}]))
    kit.post(f"{path}/activesurchage", {"isActive": True})
    assert kit.order(surchages=[{"code": "SHIP"}])["total"] == 181000
    kit.shop.setting("UseSurcharges", False)
    assert kit.refused("GET", "/surchages")["message"] == "Chưa bật thu khác trong thiết lập cửa hàng"
