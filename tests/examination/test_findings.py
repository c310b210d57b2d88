"""Each trouble, planted in either simulated shop, is found and comes with what to do about it."""

from __future__ import annotations

import socket
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from syncd.config import HaravanSettings, Secret, StockLink
from syncd.core.findings import Grade
from syncd.core.texts import LANGUAGES
from syncd.sandbox.faults import Fault
from syncd.sandbox.serving import Served
from tests.examination.kit import examined, settings, troubles
from tests.rig import Rig


def unlinked(rig: Rig) -> None:
    for variant in rig.sandbox.variants.values():
        rig.haravan.change_variant(variant, sku=f"khac-{variant}", barcode="")


def share_a_code(rig: Rig) -> None:
    rig.haravan.add_product("Áo khác", [{"sku": "AO-MOI", "barcode": "AO-01", "price": 1}])


def other_connector(rig: Rig) -> None:
    for sku in ("AO-01", "NON-01", "TUI-01"):
        rig.haravan.staff_adjust(rig.location, [(rig.sandbox.variants[sku], 1)], "App KiotViet")


def other_orders(rig: Rig) -> None:
    rig.kiotviet.staff_create_order(rig.branch, [(rig.sandbox.products["AO-01"], 1)], description="Haravan #100999")


def orders_by_number(rig: Rig) -> None:
    number = rig.haravan.order(rig.place())["order_number"]
    rig.orders()
    rig.kiotviet.staff_create_order(rig.branch, [(rig.sandbox.products["AO-01"], 1)], description=f"Đơn {number}")


def sell_reserved(rig: Rig) -> None:
    rig.kiotviet.setting("AllowSellWhenOrderOutStock", False)


def no_stock_rows(rig: Rig) -> None:
    rig.haravan.memory.levels.clear()


def old_order(rig: Rig) -> None:
    settings(rig, "orders", since=date(2026, 1, 1))
    rig.place(created_at=rig.clock.now() - timedelta(days=90))


def feed_twice(rig: Rig) -> None:
    other = rig.haravan.add_location("Kho 2")
    settings(rig, "stock", links=(StockLink(rig.location, (rig.branch,), 0), StockLink(other, (rig.branch,), 0)))


def another_shop(rig: Rig) -> None:
    settings(rig, "kiotviet", retailer="cuahangkhac")


def wrong_secret(rig: Rig) -> None:
    settings(rig, "kiotviet", client_secret=Secret("sai"))


def receive_elsewhere(rig: Rig) -> None:
    settings(rig, "orders", branch_id=rig.kiotviet.add_branch("Kho online"))


PLANTED: dict[str, tuple[str, Callable[[Rig], object]]] = {
    "credentials_refused": ("error", lambda rig: rig.haravan.revoke_token()),
    "currency": ("error", lambda rig: rig.haravan.change_shop(currency="USD")),
    "shop_timezone": ("warning", lambda rig: rig.haravan.change_shop(timezone="(GMT+09:00) Tokyo")),
    "location_missing": ("error", lambda rig: settings(rig, "stock", links=(StockLink(888, (rig.branch,), 0),))),
    "location_transit": ("error", lambda rig: rig.haravan.change_location(rig.location, kind="ontheroad")),
    "location_unavailable": ("warning", lambda rig: rig.haravan.change_location(rig.location, unavailable=True)),
    "branch_missing": ("error", lambda rig: rig.kiotviet.close_branch(rig.branch)),
    "retailer_mismatch": ("error", another_shop),
    "order_feature_off": ("error", lambda rig: rig.kiotviet.setting("SellAllowOrder", False)),
    "order_out_of_stock_off": ("warning", lambda rig: rig.kiotviet.setting("AllowOrderWhenOutStock", False)),
    "sell_reserved_off": ("warning", sell_reserved),
    "surcharge_feature_off": ("error", lambda rig: rig.kiotviet.setting("UseSurcharges", False)),
    "surcharge_value": ("warning", lambda rig: rig.kiotviet.add_surcharge("THKSHIPPINGWEB", "Phí", value=30_000)),
    "bank_account_missing": ("error", lambda rig: settings(rig, "orders", cod_method="Transfer", cod_account_id=5)),
    "other_stock_writer": ("warning", other_connector),
    "other_order_writer": ("warning", other_orders),
    "nothing_linked": ("warning", unlinked),
    "duplicate_codes": ("warning", share_a_code),
    "no_stock_rows": ("warning", no_stock_rows),
    "old_orders": ("warning", old_order),
    "since_in_future": ("warning", lambda rig: settings(rig, "orders", since=date(2027, 1, 1))),
    "orders_only_watched": ("warning", lambda rig: settings(rig, "orders", apply=False)),
    "stock_only_watched": ("warning", lambda rig: settings(rig, "stock", apply=False)),
    "tags_without_apply": ("warning", lambda rig: settings(rig, "orders", apply=False, tags=True)),
    "no_stock_links": ("warning", lambda rig: settings(rig, "stock", links=())),
    "branch_feeds_several": ("warning", feed_twice),
    "receiving_branch_elsewhere": ("warning", receive_elsewhere),
}


def test_nothing_is_wrong_with_a_shop_that_is_in_order(rig: Rig) -> None:
    assert troubles(rig) == {}
    rig.once()
    assert troubles(rig) == {}
    assert rig.shop.examination.concerns() == ()


@pytest.mark.parametrize("kind", sorted(PLANTED))
def test_a_planted_trouble_is_found_with_what_to_do(rig: Rig, kind: str) -> None:
    level, plant = PLANTED[kind]
    plant(rig)
    found = troubles(rig)[kind]
    assert found.level.value == level
    assert found.remedy is not None
    for language in LANGUAGES:
        assert found.cause.said(language)
        assert found.remedy.said(language)
    assert [f"{call.method} {call.path}" for call in rig.journal.writes() if "orders" not in call.path][:3] == []


@pytest.mark.parametrize("scope", ["com.read_shop", "com.write_orders", "com.write_products", "com.write_inventories"])
def test_a_missing_permission_is_named_and_the_rest_is_examined(rig: Rig, scope: str) -> None:
    rig.haravan.deny(scope)
    rig.haravan.deny(scope.replace("write", "read"))
    found = examined(rig)
    lacking = {finding.subject for finding in found if finding.kind == "scope_missing"}
    assert lacking == {scope.replace("write", "read")}
    assert len([finding for finding in found if finding.kind == "scope_missing"]) == 1
    assert all(scope.replace("write", "read") in str(f.remedy) for f in found if f.kind == "scope_missing")
    assert any(finding.check == "orders.branch_id" for finding in found)


def test_a_side_that_refuses_us_does_not_stop_the_other(rig: Rig) -> None:
    wrong_secret(rig)
    found = examined(rig)
    (refused,) = [finding for finding in found if finding.kind == "credentials_refused" and finding.check == "KiotViet"]
    assert "client_secret_file" in str(refused.remedy)
    assert any(finding.check == "Haravan products" and finding.level == Grade.OK for finding in found)


def test_a_withdrawn_token_is_no_missing_permission(rig: Rig) -> None:
    rig.haravan.revoke_token()
    kinds = [finding.kind for finding in examined(rig)]
    assert kinds.count("credentials_refused") == 1
    assert "scope_missing" not in kinds


def test_our_own_orders_are_no_other_programs_whatever_buyers_write(rig: Rig) -> None:
    rig.place(note="mua trên Haravan, đơn #100001")
    rig.orders()
    assert len(rig.kiotviet.orders()) == 1
    assert "other_order_writer" not in troubles(rig)


def test_orders_that_cannot_even_be_listed_mean_that_the_feature_is_off(rig: Rig) -> None:
    rig.faults.add(Fault("status", remote="kiotviet", path="^/orders", status=420, times=0))
    assert troubles(rig)["order_feature_off"].level == Grade.ERROR


@pytest.mark.parametrize("position", ["all_calls", "writes_only"])
def test_an_order_feature_that_is_off_is_told_once(rig: Rig, position: str) -> None:
    rig.sandbox.turn(kiotviet_closed_feature=position)
    rig.kiotviet.setting("SellAllowOrder", False)
    assert [finding.kind for finding in examined(rig)].count("order_feature_off") == 1


def test_an_order_of_another_app_is_known_by_the_number_of_a_web_order(rig: Rig) -> None:
    orders_by_number(rig)
    assert "other_order_writer" in troubles(rig)


def test_a_few_corrections_by_hand_are_no_other_program(rig: Rig) -> None:
    for sku in ("AO-01", "NON-01"):
        rig.haravan.staff_adjust(rig.location, [(rig.sandbox.variants[sku], 1)], "kiểm kê")
    assert "other_stock_writer" not in troubles(rig)


def test_slips_of_long_ago_are_no_news(rig: Rig) -> None:
    other_connector(rig)
    rig.later(25 * 3600)
    assert "other_stock_writer" not in troubles(rig)


def test_spent_reads_of_others_are_told_apart_from_our_own(rig: Rig) -> None:
    rig.faults.add(Fault("rate_limited", remote="kiotviet", method="GET", times=0))
    found = troubles(rig)["rate_limited"]
    assert (found.level, "KiotViet" in str(found.remedy)) == (Grade.WARNING, True)


def test_an_inactive_surcharge_is_not_listed_and_check_says_what_to_do(rig: Rig) -> None:
    rig.kiotviet.add_surcharge("THKSHIPPINGWEB", "Phí", active=False)
    (found,) = [finding for finding in examined(rig) if finding.check == "orders.shipping_surcharge_code"]
    assert "activate it" in str(found.cause)


def test_a_page_between_us_and_the_api_is_named_as_such(rig: Rig) -> None:
    rig.faults.add(Fault("html", remote="haravan", times=0))
    found = troubles(rig)
    assert "proxy" in str(found["odd_answer"].remedy)
    assert found["odd_answer"].check == "Haravan"


def at_address(rig: Rig, url: str) -> None:
    rig.close()
    rig.settings = replace(rig.settings, haravan=HaravanSettings(url, Secret("x")))
    outside = rig.outside
    rig.outside = lambda: replace(outside(), haravan_transport=None)  # type: ignore[method-assign]


def test_a_closed_port_a_plain_server_and_an_unknown_name_are_told_apart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rig = Rig(tmp_path)
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    at_address(rig, f"http://127.0.0.1:{port}")
    assert "unreachable" in troubles(rig)
    with Served(rig.sandbox) as served:
        rig.close()
        rig.settings = replace(rig.settings, haravan=HaravanSettings(f"https{served.haravan_url[4:]}", Secret("x")))
        found = troubles(rig)["tls_failed"]
    assert "clock" in str(found.remedy)

    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    with monkeypatch.context() as patch:
        patch.setattr(socket, "getaddrinfo", unknown)
        rig.close()
        found = troubles(rig)["name_unknown"]
    assert "DNS" in str(found.remedy)
    assert "haravan.base_url" in str(found.remedy)
    rig.close()
