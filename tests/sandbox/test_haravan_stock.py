"""How the simulated Haravan's stock moves, for each thing that can happen to an order or a shelf."""

from __future__ import annotations

from tests.sandbox.haravan_kit import Kit


def test_an_order_commits_at_placing_and_leaves_at_shipping() -> None:
    kit = Kit()
    order_id = kit.buy((kit.shirt, 3))
    assert kit.figures() == (10, 3, 7)
    kit.shop.confirm(order_id)
    assert kit.figures() == (10, 3, 7)
    parcel_id = kit.shop.ship(order_id)
    assert kit.figures() == (7, 0, 7)
    for status in ("picking", "delivering", "delivered"):
        kit.shop.carrier(order_id, parcel_id, status)
    kit.shop.cod(order_id, parcel_id, "codreceipt")
    kit.shop.close(order_id)
    assert kit.figures() == (7, 0, 7)


def test_available_may_go_below_nothing() -> None:
    kit = Kit()
    kit.buy((kit.shirt, 12))
    assert kit.figures() == (10, 12, -2)


def test_cancelling_before_shipping_frees_the_goods() -> None:
    kit = Kit()
    kit.shop.cancel(kit.buy((kit.shirt, 3)))
    assert kit.figures() == (10, 0, 10)
    kit.shop.cancel(kit.buy((kit.shirt, 3)), restock=True)
    assert kit.figures() == (10, 0, 10)


def test_cancelling_after_shipping_brings_goods_back_only_with_restock() -> None:
    kit = Kit()
    lost, back = kit.buy((kit.shirt, 3)), kit.buy((kit.shirt, 2))
    kit.shop.ship(lost)
    kit.shop.ship(back)
    kit.shop.cancel(lost)
    assert kit.figures() == (5, 0, 5)
    kit.shop.cancel(back, restock=True, keep_fulfillments=True)
    assert kit.figures() == (7, 0, 7)


def test_cancelling_a_half_shipped_order_restocks_the_shipped_half_and_frees_the_other() -> None:
    kit = Kit()
    order_id = kit.buy((kit.shirt, 4))
    kit.shop.ship(order_id, [(kit.line_ids(order_id)[0], 1)])
    assert kit.figures() == (9, 3, 6)
    kit.shop.cancel(order_id, restock=True)
    assert kit.figures() == (10, 0, 10)


def test_a_cancelled_shipment_puts_its_goods_back_under_the_order() -> None:
    kit = Kit()
    order_id = kit.buy((kit.shirt, 3))
    first = kit.shop.ship(order_id)
    kit.shop.carrier(order_id, first, "cancel")
    assert kit.figures() == (10, 3, 7)
    kit.shop.ship(order_id)
    assert kit.figures() == (7, 0, 7)


def test_a_carrier_cancelling_a_parcel_of_a_cancelled_order_returns_nothing_twice() -> None:
    kit = Kit()
    order_id = kit.buy((kit.shirt, 3))
    parcel_id = kit.shop.ship(order_id)
    kit.shop.cancel(order_id, restock=True, keep_fulfillments=True)
    kit.shop.carrier(order_id, parcel_id, "cancel")
    assert kit.figures() == (10, 0, 10)


def test_a_parcel_on_its_way_back_changes_nothing_until_the_staff_restocks() -> None:
    kit = Kit()
    order_id = kit.buy((kit.shirt, 3))
    parcel_id = kit.shop.ship(order_id)
    for status in ("delivering", "waitingforreturn", "return"):
        kit.shop.carrier(order_id, parcel_id, status)
    assert kit.figures() == (7, 0, 7)
    kit.shop.cancel(order_id, restock=True)
    assert kit.figures() == (10, 0, 10)


def test_a_refund_with_restock_puts_delivered_goods_back() -> None:
    kit = Kit()
    order_id = kit.buy((kit.shirt, 3))
    kit.shop.ship(order_id)
    line_id = kit.line_ids(order_id)[0]
    kit.shop.refund(order_id, [(line_id, 1)], restock=True, amount=100_000)
    assert kit.figures() == (8, 0, 8)
    kit.shop.refund(order_id, [(line_id, 1)], restock=False)
    assert kit.figures() == (8, 0, 8)
    kit.shop.cancel(order_id, restock=True)
    assert kit.figures() == (9, 0, 9)


def test_a_refund_of_goods_not_shipped_strikes_them_from_the_order() -> None:
    kit = Kit()
    order_id = kit.buy((kit.shirt, 3))
    kit.shop.refund(order_id, [(kit.line_ids(order_id)[0], 2)], restock=True)
    assert kit.figures() == (10, 1, 9)
    kit.shop.ship(order_id)
    assert kit.figures() == (9, 0, 9)


def test_an_order_of_another_location_commits_there() -> None:
    kit = Kit()
    kit.shop.set_stock(kit.shirt, kit.second, 4)
    order_id = kit.buy((kit.shirt, 1), location_id=kit.second)
    assert kit.figures(location_id=kit.second) == (4, 1, 3)
    kit.shop.assign(order_id, kit.main)
    assert kit.figures(location_id=kit.second) == (4, 0, 4)
    assert kit.figures() == (10, 1, 9)
    kit.shop.ship(order_id, location_id=kit.second)
    assert kit.figures(location_id=kit.second) == (3, 0, 3)
    assert kit.figures() == (10, 0, 10)


def test_untracked_goods_have_no_figures() -> None:
    kit = Kit()
    (gift,) = kit.shop.add_product("Thiệp", [{"tracked": False, "price": 5_000}])
    order_id = kit.buy((gift, 2))
    kit.shop.ship(order_id)
    assert kit.shop.level(gift, kit.main) == {"on_hand": 0, "committed": 0, "incoming": 0, "available": 0}
    payload = kit.get(f"variants/{gift}")["variant"]
    assert (payload["inventory_management"], payload["inventory_advance"]) == (None, None)
    assert kit.refused("POST", "inventories/adjustorset", kit.adjustment((gift, 1))) == 422


def test_a_deleted_order_gives_its_goods_free_and_is_gone() -> None:
    kit = Kit()
    order_id = kit.buy((kit.shirt, 3))
    kit.shop.delete_order(order_id)
    assert kit.figures() == (10, 0, 10)
    assert kit.refused("GET", f"orders/{order_id}") == 404
    assert kit.order_ids(status="any") == []


def test_ordering_again_moves_the_claim_to_the_new_order() -> None:
    kit = Kit()
    old_id = kit.buy((kit.shirt, 3), discount=10_000)
    new_id = kit.shop.reorder(old_id)
    old, new = kit.shop.order(old_id), kit.shop.order(new_id)
    assert kit.figures() == (10, 3, 7)
    assert old["cancelled_at"] is not None
    assert (new["prev_order_id"], new["prev_order_number"]) == (old_id, old["order_number"])
    assert new["total_price"] == old["total_price"]


def test_goods_on_their_way_in_are_not_available() -> None:
    kit = Kit()
    kit.shop.expect_stock(kit.shirt, kit.main, 6)
    (row,) = kit.get("inventory_locations", location_ids=kit.main, variant_ids=kit.shirt)["inventory_locations"]
    assert (row["qty_incoming"], row["qty_available"]) == (6, 10)


def test_moving_goods_between_locations_keeps_their_sum() -> None:
    kit = Kit()
    kit.shop.move_stock(kit.shirt, kit.main, kit.second, 4)
    assert (kit.figures()[0], kit.figures(location_id=kit.second)[0]) == (6, 4)
    variant = kit.get(f"variants/{kit.shirt}")["variant"]
    assert variant["inventory_advance"] == {"qty_available": 10, "qty_onhand": 10, "qty_commited": 0, "qty_incoming": 0}


def test_adjust_adds_and_says_what_it_did() -> None:
    kit = Kit()
    kit.buy((kit.shirt, 3))
    slip = kit.adjust(-2, note="KiotViet sync", tags="")["inventory"]
    assert kit.figures() == (8, 3, 5)
    assert (slip["total_quantity"], slip["note"], slip["reason"]) == (-2, "KiotViet sync", "newproduct")
    assert kit.get(f"inventories/adjustments/{slip['id']}")["adjustment"]["adjust_number"] == slip["adjust_number"]


def test_adjust_is_the_default_type() -> None:
    kit = Kit()
    kit.send("POST", "inventories/adjustorset", kit.adjustment((kit.shirt, 5)))
    assert kit.figures()[0] == 15


def test_a_call_that_changes_nothing_answers_a_list_and_leaves_no_slip() -> None:
    kit = Kit()
    assert kit.adjust(10, "set") == {"inventory": []}
    assert kit.adjust(0) == {"inventory": []}
    assert kit.shop.slips() == []


def test_a_variant_gets_its_first_row_by_adjusting_it() -> None:
    kit = Kit()
    body = kit.adjustment((kit.jeans, 4), location_id=kit.second)
    kit.send("POST", "inventories/adjustorset", body)
    assert kit.figures(kit.jeans, kit.second) == (4, 0, 4)


def test_bad_headings_and_bad_lines_are_refused() -> None:
    kit = Kit()
    good = (kit.shirt, 1)
    bad_bodies = [
        kit.adjustment(good, type="replace"),
        kit.adjustment(good, reason="vì thích"),
        kit.adjustment(good, location_id=1),
        kit.adjustment(),
        kit.adjustment(*[good] * 201),
        kit.adjustment(good, (999, 1)),
        {"inventory": {"location_id": kit.main, "line_items": [{"product_id": 1, "product_variant_id": kit.shirt}]}},
    ]
    for body in bad_bodies:
        assert kit.refused("POST", "inventories/adjustorset", body) == 422
    fraction = kit.adjustment(good)
    fraction["inventory"]["line_items"][0]["quantity"] = 1.5
    assert kit.refused("POST", "inventories/adjustorset", fraction) == 422
    assert kit.figures() == (10, 0, 10)
    assert (
        kit.send("POST", "inventories/adjustorset", kit.adjustment(*[good] * 200))["inventory"]["total_quantity"] == 200
    )


def test_a_deleted_variant_takes_its_rows_along() -> None:
    kit = Kit()
    order_id = kit.buy((kit.shirt, 1))
    kit.send("DELETE", f"products/{kit.product_of(kit.shirt)}")
    assert kit.refused("GET", f"variants/{kit.shirt}") == 404
    assert kit.get("inventory_locations", variant_ids=kit.shirt)["inventory_locations"] == []
    kit.shop.cancel(order_id)
