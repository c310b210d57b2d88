"""What cycles record for people is in the shop's language, whatever happened; nothing is said in English on the way."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from syncd.core.texts import Text
from syncd.sandbox.faults import Fault
from tests.orders.kit import assert_quiet, hand_over, live_invoices, live_orders, settle, whole_life
from tests.rig import Rig

VIETNAMESE = set("ăâđêôơưáàảãạắằẳẵặấầẩẫậéèẻẽẹếềểễệíìỉĩịóòỏõọốồổỗộớờởỡợúùủũụứừửữựýỳỷỹỵ")


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Rig]:
    """A Vietnamese shop in which a sentence that is not said in its language is a mistake."""

    def english(sentence: Text) -> str:
        raise AssertionError(f"{sentence.key} was said in no language")

    monkeypatch.setattr(Text, "__str__", english)
    made = Rig(tmp_path, language="vi")
    yield made
    made.close()


def _unknown(rig: Rig) -> None:
    (rig.sandbox.variants["MOI-01"],) = rig.haravan.add_product("Hàng mới", [{"sku": "MOI-01", "price": 99_000}])
    rig.place(("MOI-01", 1))
    rig.orders()


def _ambiguous(rig: Rig) -> None:
    rig.haravan.add_product("Áo chép lại", [{"sku": "AO-01", "barcode": "AO-01", "price": 290_000}])
    rig.place()
    rig.orders()


def _no_product(rig: Rig) -> None:
    rig.haravan.place_order([{"variant_id": None, "quantity": 1, "price": 50_000, "title": "Gói quà"}])
    rig.orders()


def _dear(rig: Rig) -> None:
    rig.haravan.corrupt(rig.place(), {"total_price": 333_000})
    rig.orders()


def _refused(rig: Rig) -> None:
    rig.kiotviet.deactivate(rig.sandbox.products["AO-01"])
    rig.place()
    rig.orders()


def _unreadable(rig: Rig) -> None:
    rig.haravan.corrupt(rig.place(), {"line_items": "?"})
    rig.orders()


def _twin(rig: Rig) -> None:
    rig.faults.add(Fault("duplicate", remote="kiotviet", method="POST", path="/orders$"))
    rig.place()
    rig.orders()
    rig.later()
    rig.orders()


def _seen_twin(rig: Rig) -> None:
    rig.faults.add(Fault("late", remote="kiotviet", method="POST", path="/orders$", seconds=300))
    rig.place()
    settle(rig, 6)


def _edited(rig: Rig) -> None:
    order_id = rig.place(("AO-01", 2))
    rig.orders()
    document = live_orders(rig, order_id)[0]["id"]
    rig.kiotviet.staff_edit_order(document, [(rig.sandbox.products["AO-01"], 1)])
    hand_over(rig, order_id)
    rig.later()
    rig.orders()


def _voided(rig: Rig) -> None:
    order_id = rig.place()
    shipment_id = hand_over(rig, order_id)
    rig.orders()
    rig.kiotviet.staff_void_invoice(live_invoices(rig)[0]["id"])
    rig.haravan.carrier(order_id, shipment_id, "delivered")
    rig.haravan.cod(order_id, shipment_id, "codreceipt")
    rig.later()
    rig.orders()


def _brought_back(rig: Rig) -> None:
    order_id = rig.place()
    shipment_id = hand_over(rig, order_id)
    rig.orders()
    for status in ("waitingforreturn", "return"):
        rig.haravan.carrier(order_id, shipment_id, status)
        rig.later()
        rig.orders()


def _withdrawn(rig: Rig) -> None:
    order_id = rig.place()
    hand_over(rig, order_id)
    rig.orders()
    rig.haravan.cancel(order_id)
    rig.later()
    rig.orders()


@pytest.mark.parametrize(
    ("code", "happen"),
    [
        ("unknown_sku", _unknown),
        ("ambiguous_sku", _ambiguous),
        ("unsupported_line", _no_product),
        ("total_mismatch", _dear),
        ("rejected", _refused),
        ("bad_payload", _unreadable),
        ("duplicate_in_kiotviet", _twin),
        ("duplicate_in_kiotviet", _seen_twin),
        ("edited_in_kiotviet", _edited),
        ("edited_in_kiotviet", _voided),
        ("returned", _brought_back),
        ("cancelled_after_shipping", _withdrawn),
    ],
)
def test_every_hold_is_told_in_vietnamese(shop: Rig, code: str, happen: Callable[[Rig], None]) -> None:
    happen(shop)
    (held,) = shop.shop.store.reports.held()
    assert held.hold.code == code
    assert VIETNAMESE & set(held.hold.reason)
    assert held.number.lstrip("#") in held.hold.reason


def test_what_was_returned_after_completion_becomes_a_vietnamese_task(shop: Rig) -> None:
    order_id = shop.place(("AO-01", 2))
    whole_life(shop, order_id)
    shop.orders()
    shop.haravan.refund(order_id, [(shop.haravan.order(order_id)["line_items"][0]["id"], 1)])
    shop.later()
    shop.orders()
    (task,) = shop.shop.store.tasks()
    assert task.text.startswith(
        f"Đơn {task.number} đã hoàn tiền hoặc trả hàng trên Haravan: vui lòng lập phiếu Trả hàng"
    )


def test_an_order_that_is_left_alone_is_counted_with_a_vietnamese_reason(shop: Rig) -> None:
    shop.place(source="pos")
    shop.place(source=None)
    shop.orders()
    reasons = shop.shop.store.reports.ignored_reasons()
    assert reasons == {
        "kênh bán hàng pos không có trong orders.channels": 1,
        "kênh bán hàng (để trống) không có trong orders.channels": 1,
    }


def test_another_language_is_no_endless_news(rig: Rig) -> None:
    (rig.sandbox.variants["MOI-01"],) = rig.haravan.add_product("Hàng mới", [{"sku": "MOI-01", "price": 99_000}])
    order_id = rig.place(("MOI-01", 1))
    rig.orders()
    rig.settings = replace(rig.settings, language="vi")
    rig.reopen()
    reports = []
    for _ in range(4):
        rig.later()
        reports.append(rig.orders().changed)
    assert reports == [1, 0, 0, 0]
    events = [event.event for event in rig.shop.store.events_of(order_id)]
    assert events.count("order_held") == 2
    assert_quiet(rig)
