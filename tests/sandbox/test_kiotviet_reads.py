"""Reading the simulated KiotViet: pages, times, nulls, filters that work and filters that only seem to."""

from __future__ import annotations

from typing import Any

import pytest

from tests.sandbox.kiotviet_kit import Kit

LISTS = [
    "/orders",
    "/invoices",
    "/customers",
    "/products",
    "/productOnHands",
    "/branches",
    "/users",
    "/salechannel",
    "/BankAccounts",
    "/surchages",
    "/returns",
    "/transfers",
    "/purchaseorders",
    "/categories",
    "/locations",
    "/pricebooks",
    "/trademark",
    "/suppliers",
    "/cashflow",
    "/webhooks",
    "/vouchercampaign",
    "/ordersuppliers",
    "/customers/group",
    "/attributes/allwithdistinctvalue",
]


@pytest.mark.parametrize("path", LISTS)
def test_every_list_answers_a_page(path: str) -> None:
    answer = Kit().get(path)
    assert answer["pageSize"] == 20
    assert ("data" in answer) == (answer["total"] > 0)
    assert answer["timestamp"].endswith("+07:00")


def test_an_empty_page_has_no_data_member() -> None:
    kit = Kit()
    kit.clock.advance(0.1234)
    assert kit.get("/orders", pageSize=100) == {
        "total": 0,
        "pageSize": 100,
        "timestamp": "2026-11-23T10:00:00.1234000+07:00",
    }
    assert "data" not in kit.get("/products", currentItem=50)


def test_pages_hold_at_most_100_and_start_at_an_offset() -> None:
    kit = Kit()
    for number in range(130):
        kit.shop.add_product(f"SP{number:03d}", f"Hàng {number}", 1000)
    assert len(kit.get("/products")["data"]) == 20
    first = kit.get("/products", pageSize=500, orderBy="id")
    rest = kit.get("/products", pageSize=100, orderBy="id", currentItem=100)
    assert (first["pageSize"], len(first["data"]), len(rest["data"]), rest["total"]) == (100, 100, 32, 132)
    assert len({row["id"] for row in first["data"] + rest["data"]}) == 132


def test_lists_sort_as_asked_and_newest_first_otherwise() -> None:
    kit = Kit()
    ids = [kit.order()["id"] for _ in range(3)]

    def listed(**params: Any) -> list[int]:
        return [row["id"] for row in kit.get("/orders", **params)["data"]]

    assert listed() == ids[::-1]
    assert listed(orderBy="id") == ids
    assert listed(orderBy="createdDate", orderDirection="Desc") == ids[::-1]
    kit.clock.advance(1)
    kit.shop.staff_edit_order(ids[0], description="x")
    assert listed(orderBy="modifiedDate", orderDirection="DESC")[0] == ids[0]


def test_times_are_local_without_zone_and_a_fresh_order_has_no_modified_date() -> None:
    kit = Kit()
    kit.clock.advance(0.167)
    fresh = kit.get(f"/orders/{kit.order()['id']}")
    assert fresh["createdDate"] == "2026-11-23T10:00:00.1670000"
    assert not {"modifiedDate", "payments", "discountRatio", "discount", "customerId"} & fresh.keys()


def test_orders_have_their_three_pascal_case_members() -> None:
    kit = Kit()
    kit.order()
    order = kit.get("/orders")["data"][0]
    assert (order["SaleChannelName"], order["PriceBookId"]) == ("Khác", 0)
    assert "SaleChannelId" in order
    assert "saleChannelId" not in order


def test_delivery_and_payments_come_only_when_asked_for() -> None:
    kit = Kit()
    order = kit.order(orderDelivery={"receiver": "Người mẫu"}, totalPayment=50000)
    bare = kit.get("/orders")["data"][0]
    assert not {"orderDelivery", "payments", "invoiceOrderSurcharges"} & bare.keys()
    full = kit.get("/orders", includeOrderDelivery="true", includePayment=True)["data"][0]
    assert full["orderDelivery"]["receiver"] == "Người mẫu"
    assert full["payments"][0]["amount"] == 50000 == full["totalPayment"]
    assert "orderDelivery" in kit.get(f"/orders/{order['id']}")
    kit.cod_invoice()
    assert "invoiceDelivery" not in kit.get("/invoices")["data"][0]
    row = kit.get("/invoices", includeInvoiceDelivery=True, SaleChannel=True)["data"][0]
    assert (row["invoiceDelivery"]["status"], row["SaleChannel"]["Name"]) == (1, "Khác")


def test_documents_are_found_by_id_and_by_code() -> None:
    kit = Kit()
    order, invoice = kit.order(), kit.cod_invoice()
    assert kit.get(f"/orders/code/{order['code'].lower()}")["id"] == order["id"]
    assert kit.get(f"/invoices/code/{invoice['code']}")["id"] == invoice["id"]
    assert kit.get(f"/invoices/{invoice['id']}")["orderCode"] == ""


@pytest.mark.parametrize(
    "path",
    [
        "/orders/1",
        "/orders/code/DH9",
        "/invoices/1",
        "/invoices/code/HD9",
        "/customers/1",
        "/customers/code/KH9",
        "/products/1",
        "/products/code/SP9",
        "/categories/9",
        "/webhooks/9",
        "/transfers/9",
        "/purchaseorders/9",
        "/returns/9",
        "/suppliers/9",
        "/pricebooks/9",
    ],
)
def test_what_is_not_there_is_420(path: str) -> None:
    assert Kit().refused("GET", path)["message"]


def test_an_unknown_product_code_gets_the_sentence_that_was_seen() -> None:
    assert Kit().refused("GET", "/products/code/KHONG CO") == {
        "errorCode": "KvValidateProductException",
        "message": "Hàng hóa được chọn không tồn tại hoặc đã bị xóa",
        "errors": [],
    }


def test_documents_can_be_filtered() -> None:
    kit = Kit()
    customer = kit.shop.add_customer("Người mẫu", "0900000001", code="HRV7")
    order = kit.order(customerId=customer, saleChannelId=228306)
    kit.post("/orders", kit.order_body(branchId=kit.second))
    invoice = kit.post("/invoices", kit.invoice_body(orderId=order["id"]))
    for params in (
        {"branchIds": kit.main},
        {"status": 3},
        {"customerIds": customer},
        {"customerCode": "hrv7"},
        {"saleChannelId": 228306},
    ):
        assert [row["id"] for row in kit.get("/orders", **params)["data"]] == [order["id"]], params
    for params in ({"orderId": order["id"]}, {"orderCode": order["code"]}, {"status": 1}, {"customerIds": customer}):
        assert [row["id"] for row in kit.get("/invoices", **params)["data"]] == [invoice["id"]], params
    assert kit.get("/invoices", orderId=1)["total"] == 0


def test_days_and_periods_are_local() -> None:
    kit = Kit()
    kit.order()
    kit.shop.counter_sale(kit.main, [(kit.shirt, 1)])
    for path in ("/orders", "/invoices"):
        assert kit.get(path, createdDate="2026-11-23")["total"] == 1
        assert kit.get(path, createdDate="2026-11-22")["total"] == 0
        assert kit.get(path, toDate="2026-11-23T09:59:59")["total"] == 0
    assert kit.get("/invoices", fromPurchaseDate="2026-11-23T10:00:00", toPurchaseDate="2026-11-23")["total"] == 1
    assert kit.get("/invoices", fromPurchaseDate="2026-11-23T10:00:01")["total"] == 0


def test_filters_that_were_seen_to_be_ignored_are_ignored() -> None:
    kit = Kit()
    kit.order()
    for name in ("fromOrderDate", "lastModifiedTo", "modifiedFrom", "searchTerm"):
        assert kit.get("/orders", **{name: "2030-01-01"})["total"] == 1
    assert kit.get("/productOnHands", code="AO-01")["total"] == 2
    kit.shop.counter_sale(kit.main, [(kit.shirt, 1)])
    assert kit.get("/cashflow", lastModifiedFrom="2030-01-01")["total"] == 1
    assert kit.get("/cashflow", startDate="2026-11-24")["total"] == 0
    kit.shop.purchase(kit.main, [(kit.shirt, 1)])
    assert kit.get("/purchaseorders", lastModifiedFrom="2020-01-01")["total"] == 0


@pytest.mark.parametrize("path", ["/orders", "/invoices", "/products", "/customers", "/returns", "/productOnHands"])
def test_last_modified_from_in_the_future_finds_nothing_where_it_works(path: str) -> None:
    kit = Kit()
    kit.shop.add_customer("Người mẫu")
    kit.order()
    kit.shop.return_goods(kit.shop.counter_sale(kit.main, [(kit.shirt, 1)]))
    assert kit.get(path, lastModifiedFrom="2026-11-23T02:00:00Z")["total"] > 0
    assert kit.get(path, lastModifiedFrom="2027-01-01T00:00:00Z")["total"] == 0


def test_a_query_date_that_is_none_is_400() -> None:
    assert Kit().http.get("/orders", params={"lastModifiedFrom": "gestern"}).status_code == 400


def test_removed_rows_are_named_when_asked_for() -> None:
    kit = Kit()
    kit.shop.delete_product(kit.jeans)
    params = {"lastModifiedFrom": "2026-11-23T09:00:00", "includeRemoveIds": "true"}
    assert kit.get("/products", **params)["removeId"] == [kit.jeans]
    assert "removeId" not in kit.get("/products", lastModifiedFrom="2026-11-23")
    kit.shop.close_branch(kit.second)
    assert kit.get("/branches", **params)["removedIds"] == [kit.second]
    assert kit.get("/users", **params)["removeIds"] == []


def test_settings_are_a_flat_pascal_case_object() -> None:
    assert Kit().get("/settings") == {
        "ManagerCustomerByBranch": False,
        "AllowOrderWhenOutStock": True,
        "AllowSellWhenOrderOutStock": True,
        "AllowSellWhenOutStock": False,
        "SellAllowOrder": True,
    }


def test_products_show_inventories_and_materials_when_asked_for() -> None:
    kit = Kit()
    combo = kit.shop.add_product("COMBO", "Bộ áo quần", 300000, kind=1, formula=[(kit.shirt, 2), (kit.jeans, 1)])
    assert "inventories" not in kit.get("/products")["data"][0]
    rows = {row["id"]: row for row in kit.get("/products", includeInventory=True, includeMaterial="true")["data"]}
    first = rows[kit.shirt]["inventories"][0]
    assert (first["branchId"], first["onHand"], first["reserved"], first["isActive"]) == (kit.main, 10, 0, True)
    assert [formula["materialCode"] for formula in rows[combo]["productFormulas"]] == ["AO-01", "QUAN-01"]
    assert "inventories" not in rows[combo]
    only = kit.get("/products", includeInventory=True, branchIds=kit.second, name="áo thun")["data"]
    assert [len(row["inventories"]) for row in only] == [1]


def test_products_can_be_filtered_by_kind_activity_and_unit() -> None:
    kit = Kit()
    box = kit.shop.add_product("AO-THUNG", "Áo thun", 900000, unit="Thùng", master_unit_id=kit.shirt, conversion=10)
    kit.shop.add_product("DV", "Gói quà", 5000, kind=3)
    kit.shop.deactivate(kit.jeans)
    assert [row["code"] for row in kit.get("/products", productType=3)["data"]] == ["DV"]
    assert [row["id"] for row in kit.get("/products", isActive="false")["data"]] == [kit.jeans]
    assert [row["id"] for row in kit.get("/products", masterUnitId=kit.shirt)["data"]] == [box]
    assert kit.get(f"/products/{kit.shirt}")["units"][0]["conversionValue"] == 10
    assert kit.get("/products/code/AO-THUNG")["fullName"] == "Áo thun (Thùng)"


def test_codes_with_spaces_and_slashes_are_found() -> None:
    kit = Kit()
    wanted = kit.shop.add_product("AO 1/2", "Áo", 1)
    assert kit.get("/products/code/AO%201%2F2")["id"] == wanted


def test_products_can_be_entered_changed_and_deleted_over_the_api() -> None:
    kit = Kit()
    body = {"code": "MU", "name": "Mũ", "basePrice": 50000, "inventories": [{"branchId": kit.main, "onHand": 3}]}
    made = kit.post("/products", body)
    assert kit.stock(made["id"]) == (3, 0)
    assert kit.put(f"/products/{made['id']}", {"basePrice": 60000})["basePrice"] == 60000
    assert "đã tồn tại" in kit.refused("POST", "/products", body)["message"]
    unknown = kit.refused("POST", "/products", {"name": "Mũ", "categoryId": 5})
    assert unknown["message"] == "Nhóm hàng được chọn không tồn tại hoặc đã bị xóa khỏi hệ thống"
    assert kit.delete(f"/products/{made['id']}") == {"message": "Xóa dữ liệu thành công"}


def test_webhooks_and_categories_can_be_kept() -> None:
    kit = Kit()
    sent = {"Webhook": {"Type": "stock.update", "Url": "https://example.invalid/x", "IsActive": True}}
    hook = kit.post("/webhooks", sent)
    assert kit.get(f"/webhooks/{hook['id']}")["type"] == "stock.update"
    kit.delete(f"/webhooks/{hook['id']}")
    assert kit.get("/webhooks")["total"] == 0
    made = kit.post("/categories", {"categoryName": "Áo"})["data"]
    assert kit.get(f"/categories/{made['categoryId']}")["categoryName"] == "Áo"
    assert kit.get("/pricebooks/21")["total"] == 2
    assert kit.get("/suppliers/301")["code"] == "NCC000001"


def test_transfers_purchases_and_returns_can_be_read() -> None:
    kit = Kit()
    transfer = kit.shop.transfer(kit.main, kit.second, [(kit.shirt, 3)], received=False)
    row = kit.get("/transfers", fromBranchIds=kit.main, status=2)["data"][0]
    assert row["transferDetails"][0]["sendQuantity"] == 3
    assert row["transferDetails"][0]["recieveQuantity"] == 0
    kit.shop.receive_transfer(transfer)
    assert kit.get(f"/transfers/{transfer}")["transferDetails"][0]["recieveQuantity"] == 3
    purchase = kit.shop.purchase(kit.main, [(kit.shirt, 5)])
    assert kit.get(f"/purchaseorders/{purchase}")["status"] == 3
    returned = kit.shop.return_goods(kit.shop.counter_sale(kit.main, [(kit.shirt, 2)]))
    assert kit.get(f"/returns/{returned}")["statusValue"] == "Đã trả"
    assert kit.get("/returns", branchIds=kit.main)["data"][0]["returnDetails"][0]["quantity"] == 2
