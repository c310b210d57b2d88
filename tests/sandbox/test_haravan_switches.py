"""Every open question about Haravan: both answers change what a client sees."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from syncd.sandbox.haravan import HaravanSwitches
from syncd.sandbox.haravan.stock_routes import FOREIGN_NOTE
from syncd.sandbox.switches import ALL_SWITCHES, find_switch, parse_switch, switch_table
from tests.sandbox.haravan_kit import Kit

OURS = [known for known in ALL_SWITCHES if known.remote == "haravan"]


def test_there_is_a_switch_for_each_of_the_23_open_questions() -> None:
    assert {int(known.item) for known in OURS} == set(range(1, 24))


def test_every_position_of_every_switch_is_tried_in_this_module() -> None:
    tried = {
        (keyword.arg, keyword.value.value)
        for node in ast.walk(ast.parse(Path(__file__).read_text("utf-8")))
        if isinstance(node, ast.Call)
        for keyword in node.keywords
        if isinstance(keyword.value, ast.Constant)
    }
    wanted = {(known.name, position) for known in OURS for position in known.positions}
    assert wanted - tried == set()


def test_the_first_position_is_the_default() -> None:
    assert HaravanSwitches().positions() == {known.name: known.default for known in OURS}


def test_a_switch_is_named_by_remote_and_name() -> None:
    assert parse_switch("haravan.filter_clock=utc") == ("haravan", "filter_clock", "utc")
    assert find_switch("haravan.set_means").positions == ("on_hand", "available")
    assert len({key for key, *_ in switch_table()}) == len(ALL_SWITCHES)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("haravan.filter_clock", "not of the form"),
        ("haravan.clock=utc", "there is no switch 'haravan.clock'"),
        ("haravan.filter_clock=mars", "has no position 'mars'; it has local, utc"),
    ],
)
def test_a_misspelt_switch_is_refused_with_what_there_is(text: str, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        parse_switch(text)


def test_a_board_refuses_unknown_names_and_positions() -> None:
    with pytest.raises(ValueError, match="has no position 'mars'"):
        HaravanSwitches(filter_clock="mars")
    with pytest.raises(ValueError, match="there is no switch 'clock'"):
        HaravanSwitches().turned(clock="utc")


def test_filter_clock() -> None:
    # The order is from 03:00Z, which is 10:00 in the shop.
    local, utc = Kit(filter_clock="local"), Kit(filter_clock="utc")
    for kit in (local, utc):
        kit.buy()
    for bound, seen_local, seen_utc in (
        ("2026-11-23T03:30:00Z", 1, 0),
        ("2026-11-23T10:30:00", 0, 0),
        ("2026-11-23T09:30:00+07:00", 1, 1),
    ):
        assert len(local.order_ids(updated_at_min=bound)) == seen_local
        assert len(utc.order_ids(updated_at_min=bound)) == seen_utc
    assert len(local.order_ids(created_at_max="2026-11-23T03:30:00Z")) == 0
    assert len(utc.order_ids(created_at_max="2026-11-23T03:30:00Z")) == 1


def test_default_status() -> None:
    seen = {}
    for kit in (Kit(default_status="open"), Kit(default_status="any")):
        kit.shop.cancel(kit.buy())
        seen[kit.shop.switches.default_status] = len(kit.order_ids())
    assert seen == {"open": 0, "any": 1}


def test_progress_moves_order() -> None:
    for kit in (Kit(progress_moves_order="moves"), Kit(progress_moves_order="stays")):
        moves = kit.shop.switches.progress_moves_order == "moves"
        order_id = kit.buy()
        parcel_id = kit.shop.ship(order_id)
        for progress in (
            lambda kit=kit, ids=(order_id, parcel_id): kit.shop.carrier(*ids, "delivering"),
            lambda kit=kit, ids=(order_id, parcel_id): kit.shop.cod(*ids, "codpaid"),
            lambda kit=kit, ids=(order_id, parcel_id): kit.shop.mark_paid(ids[0], 1_000),
        ):
            before = kit.shop.order(order_id)
            kit.clock.advance(60)
            progress()
            after = kit.shop.order(order_id)
            assert (after["updated_at"] > before["updated_at"]) is moves
            assert after != before


def test_cod_receipt() -> None:
    seen = {}
    for kit in (Kit(cod_receipt="both"), Kit(cod_receipt="cod_only"), Kit(cod_receipt="paid_only")):
        order_id = kit.buy()
        kit.shop.cod(order_id, kit.shop.ship(order_id), "codreceipt")
        order = kit.shop.order(order_id)
        code = order["fulfillments"][0]["carrier_cod_status_code"]
        seen[kit.shop.switches.cod_receipt] = (code, order["financial_status"])
    assert seen == {
        "both": ("codreceipt", "paid"),
        "cod_only": ("codreceipt", "pending"),
        "paid_only": ("codpending", "paid"),
    }


def test_stock_moves_product() -> None:
    for kit in (Kit(stock_moves_product="stays"), Kit(stock_moves_product="moves")):
        before = kit.get(f"products/{kit.product_of(kit.shirt)}")["product"]
        kit.adjust(1)
        after = kit.get(f"products/{kit.product_of(kit.shirt)}")["product"]
        moved = kit.shop.switches.stock_moves_product == "moves"
        assert (after["updated_at"] > before["updated_at"]) is moved
        assert (after["variants"][0]["updated_at"] > before["variants"][0]["updated_at"]) is moved


def test_stock_mode() -> None:
    advanced, basic = Kit(stock_mode="advanced"), Kit(stock_mode="basic")
    assert len(advanced.get("inventory_locations")["inventory_locations"]) == 2
    assert basic.get("inventory_locations")["inventory_locations"] == []
    assert advanced.get(f"variants/{advanced.shirt}")["variant"]["inventory_advance"]["qty_onhand"] == 10
    variant = basic.get(f"variants/{basic.shirt}")["variant"]
    assert (variant["inventory_advance"], variant["inventory_quantity"]) == (None, 10)
    assert basic.refused("POST", "inventories/adjustorset", basic.adjustment((basic.shirt, 1))) == 422


def test_set_means() -> None:
    seen = {}
    for kit in (Kit(set_means="on_hand"), Kit(set_means="available")):
        kit.buy((kit.shirt, 4))
        kit.adjust(7, "set")
        seen[kit.shop.switches.set_means] = kit.figures()
        kit.adjust(1)
        assert kit.figures()[2] == seen[kit.shop.switches.set_means][2] + 1
    assert seen == {"on_hand": (7, 4, 3), "available": (11, 4, 7)}


def test_commits_at() -> None:
    placed, confirmed = Kit(commits_at="placed"), Kit(commits_at="confirmed")
    for kit, waiting in ((placed, (10, 3, 7)), (confirmed, (10, 0, 10))):
        order_id = kit.buy((kit.shirt, 3))
        assert kit.figures() == waiting
        kit.shop.confirm(order_id)
        assert kit.figures() == (10, 3, 7)
        kit.shop.ship(order_id)
        assert kit.figures() == (7, 0, 7)
        kit.shop.ship(kit.buy((kit.shirt, 1)))
        assert kit.figures() == (6, 0, 6)


def test_leaves_at() -> None:
    shipment, pickup = Kit(leaves_at="shipment"), Kit(leaves_at="pickup")
    for kit, waiting in ((shipment, (7, 0, 7)), (pickup, (10, 3, 7))):
        order_id = kit.buy((kit.shirt, 3))
        parcel_id = kit.shop.ship(order_id)
        assert kit.figures() == waiting
        kit.shop.carrier(order_id, parcel_id, "delivering")
        assert kit.figures() == (7, 0, 7)


def test_goods_that_were_never_picked_up_are_free_again_when_the_order_is_cancelled() -> None:
    kit = Kit(leaves_at="pickup")
    order_id = kit.buy((kit.shirt, 3))
    kit.shop.ship(order_id)
    kit.shop.cancel(order_id, restock=True)
    assert kit.figures() == (10, 0, 10)


def test_bad_line() -> None:
    seen = {}
    for kit in (Kit(bad_line="refuses_all"), Kit(bad_line="skips_line"), Kit(bad_line="stops_midway")):
        body = kit.adjustment((kit.shirt, 1), (999, 1), (kit.jeans, 1))
        status = kit.call("POST", "inventories/adjustorset", body).status_code
        seen[kit.shop.switches.bad_line] = (status, kit.figures()[0], kit.figures(kit.jeans)[0])
    assert seen == {"refuses_all": (422, 10, 5), "skips_line": (200, 11, 6), "stops_midway": (422, 11, 5)}


def test_close_answer() -> None:
    seen = {}
    for kit in (Kit(close_answer="stale"), Kit(close_answer="fresh")):
        order_id = kit.buy()
        answer = kit.send("POST", f"orders/{order_id}/close", {})["order"]
        seen[kit.shop.switches.close_answer] = answer["closed_status"]
        assert kit.shop.order(order_id)["closed_status"] == "closed"
    assert seen == {"stale": "unclosed", "fresh": "closed"}


def test_note_attributes() -> None:
    seen = {}
    for kit in (Kit(note_attributes="replace"), Kit(note_attributes="merge")):
        path = f"orders/{kit.buy()}"
        for name, value in (("a", "1"), ("b", "2")):
            body = {"order": {"note_attributes": [{"name": name, "value": value}]}}
            order = kit.send("PUT", path, body)["order"]
        seen[kit.shop.switches.note_attributes] = [row["name"] for row in order["note_attributes"]]
    assert seen == {"replace": ["b"], "merge": ["a", "b"]}


def test_put_missing_keys() -> None:
    seen = {}
    for kit in (Kit(put_missing_keys="kept"), Kit(put_missing_keys="cleared")):
        path = f"orders/{kit.buy(note='gọi trước')}"
        order = kit.send("PUT", path, {"order": {"note_attributes": [{"name": "a", "value": "1"}]}})["order"]
        assert len(order["note_attributes"]) == 1
        seen[kit.shop.switches.put_missing_keys] = order["note"]
    assert seen == {"kept": "gọi trước", "cleared": None}


def test_tag_cleanup() -> None:
    seen = {}
    long = ",".join(f"tag-number-{position}" for position in range(10))
    for kit in (Kit(tag_cleanup="as_sent"), Kit(tag_cleanup="lowered"), Kit(tag_cleanup="cut")):
        path = f"orders/{kit.buy(tags='VIP')}/tags"
        first = kit.send("POST", path, {"tags": "Gấp"})["tags"]
        seen[kit.shop.switches.tag_cleanup] = (first, len(kit.send("POST", path, {"tags": long})["tags"]) > 100)
    assert seen == {"as_sent": ("VIP,Gấp", True), "lowered": ("vip,gấp", True), "cut": ("VIP,Gấp", False)}


def test_unit_lines() -> None:
    seen = {}
    for kit in (Kit(unit_lines="unit"), Kit(unit_lines="base")):
        units = [{"unit": "lốc", "sku": "NUOC-LOC", "ratio": 6, "price": 60_000}]
        (water,) = kit.shop.add_product("Nước suối", [{"sku": "NUOC", "price": 11_000, "units": units}])
        kit.shop.set_stock(water, kit.main, 20)
        order = kit.shop.order(kit.buy({"variant_id": water, "quantity": 2, "unit": "lốc"}))
        (line,) = order["line_items"]
        assert kit.figures(water) == (20, 12, 8)
        assert order["total_line_items_price"] == 120_000
        seen[kit.shop.switches.unit_lines] = (line["sku"], line["quantity"], line["price"])
        unit = kit.get(f"variants/{water}")["variant"]["variant_units"][0]
        assert (unit["ratio"], unit["sku"], unit["base"]) == (6, "NUOC-LOC", False)
    assert seen == {"unit": ("NUOC-LOC", 2, 60_000), "base": ("NUOC", 12, 10_000)}


def test_shipping_coupon() -> None:
    seen = {}
    for kit in (
        Kit(shipping_coupon="in_discounts"),
        Kit(shipping_coupon="in_shipping_line"),
        Kit(shipping_coupon="beside"),
    ):
        coupon = {"code": "FREESHIP", "amount": 20_000, "type": "shipping"}
        order = kit.shop.order(kit.buy(discount_codes=[coupon, {"code": "GIAM", "amount": 5_000}]))
        shipping = order["shipping_lines"][0]["price"]
        seen[kit.shop.switches.shipping_coupon] = (order["total_discounts"], shipping, order["total_price"])
        assert [code["type"] for code in order["discount_codes"]] == ["shipping", None]
    assert seen == {
        "in_discounts": (25_000, 30_000, 105_000),
        "in_shipping_line": (5_000, 10_000, 105_000),
        "beside": (5_000, 30_000, 105_000),
    }


def test_tax_total() -> None:
    seen = {}
    for kit in (Kit(tax_total="on_top"), Kit(tax_total="in_prices")):
        order = kit.shop.order(kit.buy(tax=9_000, shipping=0))
        seen[kit.shop.switches.tax_total] = order["total_price"] - order["total_line_items_price"]
        assert (order["total_tax"], order["taxes_included"]) == (9_000, False)
        said = kit.shop.order(kit.buy(tax=9_000, shipping=0, taxes_included=True))
        assert (said["taxes_included"], said["total_price"]) == (True, said["total_line_items_price"])
    assert seen == {"on_top": 9_000, "in_prices": 0}


def test_subtotal() -> None:
    seen = {}
    for kit in (Kit(subtotal="before_discount"), Kit(subtotal="after_discount")):
        order = kit.shop.order(kit.buy(discount=5_000))
        seen[kit.shop.switches.subtotal] = order["total_line_items_price"] - order["subtotal_price"]
    assert seen == {"before_discount": 0, "after_discount": 5_000}


def test_an_order_of_nothing_is_paid_at_once() -> None:
    kit = Kit()
    assert kit.shop.order(kit.buy(shipping=0, discount=100_000))["financial_status"] == "paid"


def test_foreign_slips() -> None:
    seen = {}
    for kit in (Kit(foreign_slips="off"), Kit(foreign_slips="slips"), Kit(foreign_slips="sets_back")):
        kit.adjust(4, note="ours")
        notes = [slip["note"] for slip in kit.get("inventories/adjustments")["adjustments"]]
        seen[kit.shop.switches.foreign_slips] = (notes, kit.figures()[0])
    assert seen == {
        "off": (["ours"], 14),
        "slips": ([FOREIGN_NOTE, "ours"], 15),
        "sets_back": ([FOREIGN_NOTE, "ours"], 10),
    }


def test_line_sku() -> None:
    seen = {}
    for kit in (Kit(line_sku="carried"), Kit(line_sku="null")):
        line = kit.shop.order(kit.buy())["line_items"][0]
        seen[kit.shop.switches.line_sku] = (line["sku"], line["barcode"], line["variant_id"] == kit.shirt)
    assert seen == {"carried": ("AO-01", "AO-01", True), "null": (None, None, True)}


def test_duplicate_skus() -> None:
    seen = {}
    for kit in (Kit(duplicate_skus="accepted"), Kit(duplicate_skus="refused")):
        path = f"products/{kit.product_of(kit.jeans)}/variants"
        created = kit.call("POST", path, {"variant": {"sku": "AO-01", "option1": "M"}}).status_code
        changed = kit.call("PUT", f"variants/{kit.jeans}", {"variant": {"sku": "AO-01"}}).status_code
        seen[kit.shop.switches.duplicate_skus] = (created, changed)
    assert seen == {"accepted": (201, 200), "refused": (422, 422)}


def test_page_cap() -> None:
    seen = {}
    for kit in (Kit(page_cap="50"), Kit(page_cap="250")):
        for _ in range(60):
            kit.buy()
        seen[kit.shop.switches.page_cap] = (len(kit.order_ids(limit=250)), len(kit.order_ids()))
    assert seen == {"50": (50, 50), "250": (60, 50)}


def test_sort_honoured() -> None:
    for kit in (Kit(sort_honoured="yes"), Kit(sort_honoured="no")):
        first, second = kit.buy(), kit.buy()
        kit.clock.advance(60)
        kit.shop.edit_note(first, "đổi ý")
        honoured = kit.shop.switches.sort_honoured == "yes"
        assert kit.order_ids(order="updated_at desc") == ([first, second] if honoured else [second, first])


def test_invisible_order() -> None:
    seen = {}
    for kit in (Kit(invisible_order="never"), Kit(invisible_order="when_new"), Kit(invisible_order="when_changed")):
        order_id = kit.buy()
        new = kit.call("GET", f"orders/{order_id}").status_code
        kit.clock.advance(60)
        old = kit.call("GET", f"orders/{order_id}").status_code
        kit.shop.edit_note(order_id, "đổi ý")
        seen[kit.shop.switches.invisible_order] = (new, old, kit.call("GET", f"orders/{order_id}").status_code)
        assert kit.order_ids() == [order_id]
    assert seen == {"never": (200, 200, 200), "when_new": (404, 200, 200), "when_changed": (404, 200, 404)}


def test_status_spelling() -> None:
    seen = {}
    for kit in (
        Kit(status_spelling="samples"),
        Kit(status_spelling="underscored"),
        Kit(status_spelling="joined"),
    ):
        order_id = kit.buy()
        kit.shop.mark_paid(order_id, 1_000)
        new = kit.shop.order(order_id)
        kit.shop.carrier(order_id, kit.shop.ship(order_id), "waitingforreturn")
        kit.shop.refund(order_id, amount=500)
        later = kit.shop.order(order_id)
        seen[kit.shop.switches.status_spelling] = (
            new["financial_status"],
            new["fulfillment_status"],
            new["gateway_code"],
            later["financial_status"],
            later["fulfillments"][0]["carrier_status_code"],
        )
    assert seen == {
        "samples": ("partiallypaid", "notfulfilled", "COD", "partially_refunded", "waitingforreturn"),
        "underscored": ("partially_paid", None, "cod", "partially_refunded", "waiting_for_return"),
        "joined": ("partiallypaid", "notfulfilled", "cod", "partiallyrefunded", "waitingforreturn"),
    }


def test_deposit_cod() -> None:
    seen = {}
    for kit in (Kit(deposit_cod="rest"), Kit(deposit_cod="full")):
        order_id = kit.buy()
        kit.shop.mark_paid(order_id, 50_000)
        kit.shop.ship(order_id)
        seen[kit.shop.switches.deposit_cod] = kit.shop.order(order_id)["fulfillments"][0]["cod_amount"]
    assert seen == {"rest": 80_000, "full": 130_000}


def test_hiccups() -> None:
    seen = {}
    for kit in (Kit(hiccups="none"), Kit(hiccups="error_422"), Kit(hiccups="empty_page")):
        kit.buy()
        answers = [kit.call("GET", "orders") for _ in range(8)]
        assert kit.call("GET", "shop").status_code == 200
        seen[kit.shop.switches.hiccups] = [
            len(answer.json()["orders"]) if answer.is_success else answer.status_code for answer in answers
        ]
    assert seen == {"none": [1] * 8, "error_422": [1] * 6 + [422, 1], "empty_page": [1] * 6 + [0, 1]}


def test_shared_bucket() -> None:
    seen = {}
    for kit in (Kit(shared_bucket="own"), Kit(shared_bucket="shared")):
        first = kit.http.get("/shop.json").headers["x-haravan-api-call-limit"]
        answered = 1
        while kit.http.get("/shop.json").status_code == 200:
            answered += 1
        kit.clock.advance(2.0)
        while kit.http.get("/shop.json").status_code == 200:
            answered += 1
        seen[kit.shop.switches.shared_bucket] = (first, answered)
    assert seen == {"own": ("1/80", 88), "shared": ("41/80", 42)}


def test_fulfillment_order() -> None:
    seen = {}
    for kit in (
        Kit(fulfillment_order="oldest_first"),
        Kit(fulfillment_order="newest_first"),
        Kit(fulfillment_order="without_cancelled"),
    ):
        order_id = kit.buy()
        kit.shop.carrier(order_id, kit.shop.ship(order_id), "cancel")
        kit.shop.ship(order_id)
        parcels = kit.get(f"orders/{order_id}/fulfillments")["fulfillments"]
        assert parcels == kit.shop.order(order_id)["fulfillments"]
        seen[kit.shop.switches.fulfillment_order] = [parcel["carrier_status_code"] for parcel in parcels]
    assert seen == {
        "oldest_first": ["cancel", "readytopick"],
        "newest_first": ["readytopick", "cancel"],
        "without_cancelled": ["readytopick"],
    }


def test_switches_can_be_turned_while_the_shop_is_open() -> None:
    kit = Kit()
    kit.shop.cancel(kit.buy())
    kit.shop.switches = kit.shop.switches.turned(default_status="any")
    assert len(kit.order_ids()) == 1
