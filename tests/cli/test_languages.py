"""A Vietnamese shop reads Vietnamese, an English one English, from the same cycles."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli_kit import Desk, open_desk


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with open_desk(tmp_path) as opened:
        yield opened


def _three_holds(desk: Desk) -> dict[str, str]:
    """Orders held for three reasons: their numbers by hold code."""
    haravan, kiotviet = desk.sandbox.haravan, desk.sandbox.kiotviet
    (desk.sandbox.variants["MOI-01"],) = haravan.add_product("Hàng mới", [{"sku": "MOI-01", "price": 99_000}])
    unknown = desk.place(("MOI-01", 1))
    rejected = desk.place()
    kiotviet.deactivate(desk.sandbox.products["AO-01"])
    edited = desk.place(("NON-01", 1))
    assert desk("once").code == 0
    (document,) = kiotviet.orders()
    kiotviet.staff_cancel_order(document["id"])
    haravan.carrier(edited, haravan.ship(edited), "delivering")
    assert desk("once").code == 0
    held = {"unknown_sku": unknown, "rejected": rejected, "edited_in_kiotviet": edited}
    return {code: haravan.order(order)["order_number"] for code, order in held.items()}


def test_status_tells_a_vietnamese_shop_why_orders_wait_and_what_to_do(desk: Desk) -> None:
    numbers = _three_holds(desk)
    told = {row["code"]: row["reason"] for row in desk("status", "--json").json["held"]}
    assert told["unknown_sku"] == (
        f"Đơn {numbers['unknown_sku']}: mã SKU 'MOI-01' không có trong KiotViet: vui lòng tạo mã hàng này trong "
        "KiotViet, hoặc thêm vào products.links"
    )
    assert told["rejected"].startswith(f"Đơn {numbers['rejected']}: KiotViet từ chối: ")
    assert "ngừng kinh doanh" in told["rejected"], "KiotViet's own sentence"
    assert f"của đơn {numbers['edited_in_kiotviet']} đã bị huỷ trong KiotViet" in told["edited_in_kiotviet"]
    assert "'syncd retry'" in told["edited_in_kiotviet"]
    shown = desk("status").out
    assert all(sentence[:40] in shown for sentence in told.values())
    assert "đơn hàng: " in shown
    assert "đang tạm giữ: 3" in shown
    assert "lý do" in shown
    assert "held" not in shown


def test_explain_tells_a_vietnamese_shop_where_an_order_stands_and_what_comes_next(desk: Desk) -> None:
    order = desk.place()
    desk("once")
    story = desk("explain", str(order), "--json").json
    assert story["reason"] == "đang chờ giao hàng (Chưa giao hàng)"
    assert story["next"] == "tiếp theo: khi Đang giao hàng, hoá đơn được lập trong KiotViet"
    shown = desk("explain", str(order)).out
    assert "đã đặt hàng" in shown
    assert "Trên Haravan:  tổng tiền" in shown
    assert "Trong KiotViet: phiếu đặt hàng mã DH" in shown
    assert story["next"] in shown


@pytest.mark.parametrize(
    ("command", "words"),
    [
        (["once"], "đơn hàng: 1 đã xem, 1 thay đổi, 0 đang tạm giữ"),
        (["plan"], "lệnh ghi sẽ được gửi, chưa gửi lệnh nào"),
        (["reconcile"], "chứng từ: 1 đã so, 1 thay đổi, 0 đang tạm giữ"),
        (["products"], "12 sản phẩm đã nối, trong đó 12 có cập nhật tồn kho"),
    ],
)
def test_summaries_are_in_the_shops_language(desk: Desk, command: list[str], words: str) -> None:
    desk.place()
    outcome = desk(*command)
    assert outcome.code == 0
    assert words in outcome.out


def test_a_refused_stock_plan_and_link_problems_are_told_in_vietnamese(desk: Desk) -> None:
    kiotviet, branch = desk.sandbox.kiotviet, desk.sandbox.branches[0]
    desk("once")
    for product in desk.sandbox.products.values():
        kiotviet.set_stock(product, branch, 1)
    kiotviet.add_product("LE-01", "Hàng lẻ", 10_000, stock={branch: 1})
    refused = desk("once")
    assert "giảm tồn kho của 12 trên 12 sản phẩm đang bán" in refused.err
    assert "ví dụ AO-01 từ 20 còn 1" in refused.err
    assert "giảm tồn kho của 12 trên 12" in " ".join(desk("status").out.split())
    assert "Mã hàng KiotViet LE-01 chưa có trên Haravan" in desk("products", "--json").json["problems"][0]["text"]
    assert "Mã hàng KiotViet LE-01 chưa có trên Haravan" in desk("check").out


def test_retry_and_ignore_answer_in_vietnamese(desk: Desk) -> None:
    order = desk.place()
    desk("once")
    assert "không bị tạm giữ" in desk("retry", str(order)).out
    assert "để nhân viên tự xử lý" in desk("ignore", str(order)).out
    assert desk("explain", str(order), "--json").json["reason"] == "để nhân viên tự xử lý"


def test_a_shop_that_changes_its_language_is_told_anew_once(desk: Desk) -> None:
    numbers = _three_holds(desk)
    desk.edit("language: vi", "language: en")
    for _ in range(3):
        assert desk("once").code == 0
    told = {row["code"]: row["reason"] for row in desk("status", "--json").json["held"]}
    assert "is not in KiotViet: create it there" in told["unknown_sku"]
    assert "was cancelled in KiotViet while Haravan still has the order" in told["edited_in_kiotviet"]
    assert "held: 3" in desk("status").out
    for code in ("unknown_sku", "edited_in_kiotviet"):
        events = [event["event"] for event in desk("explain", numbers[code], "--json").json["events"]]
        assert events.count("order_held") == 2, "once in each language"
