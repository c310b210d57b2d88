"""A plan follows what KiotViet shows where that is incomplete, long or asked for again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.orders.kit import hand_over
from tests.plan.test_plan import operations
from tests.rig import Rig
from tests.stock.kit import ON_HANDS, doctor, ship


def test_a_figure_that_kiotviet_does_not_know_is_not_planned_either(rig: Rig) -> None:
    rig.once()
    rig.place(("AO-01", 2))

    def forget(payload: dict[str, Any]) -> None:
        for row in payload["data"]:
            for branch in row["inventories"]:
                branch["onhand"] = None

    doctor(rig, "kiotviet", ON_HANDS, forget)
    assert "adjust_stock" not in operations(rig)


def test_an_order_that_moves_on_while_a_plan_is_made_goes_on_from_what_was_planned(rig: Rig) -> None:
    order = rig.place(("AO-01", 2), shipping=0)
    with rig.plan() as shop:
        assert shop.planned is not None
        shop.orders.run(full=True)
        shipment = ship(rig, order)
        rig.later()
        shop.orders.run(full=True)
        rig.haravan.carrier(order, shipment, "delivered")
        rig.haravan.cod(order, shipment, "codreceipt")
        rig.later()
        shop.orders.run(full=True)
        shown = [write.operation for write in shop.planned.writes]
    assert shown == ["create_customer", "create_order", "create_invoice", "complete_invoice"]


def test_the_invoices_of_an_order_are_found_behind_those_of_a_busy_counter(tmp_path: Path) -> None:
    """A KiotViet that ignores the filter shows every invoice since, page after page."""
    rig = Rig(tmp_path, switches={"kiotviet_ignored_filter": "orderId"})
    order = rig.place(("AO-01", 1))
    rig.once()
    ship(rig, order)
    rig.once()
    for _ in range(101):
        rig.kiotviet.counter_sale(rig.branch, [(rig.sandbox.products["NON-01"], "0.01")])
    (parcel,) = rig.haravan.order(order)["fulfillments"]
    rig.haravan.carrier(order, parcel["id"], "delivered")
    rig.haravan.cod(order, parcel["id"], "codreceipt")
    assert [name for name in operations(rig) if name != "adjust_stock"] == ["complete_invoice"]
    rig.close()


def test_an_invoice_that_does_not_name_its_order_can_be_planned_to_be_voided(tmp_path: Path) -> None:
    rig = Rig(tmp_path, on_return="void_invoice")
    order = rig.place(("AO-01", 2))
    shipment = hand_over(rig, order)
    rig.once()
    rig.haravan.carrier(order, shipment, "return")

    def unname(payload: dict[str, Any]) -> None:
        for row in payload.get("data", [payload]):
            row.pop("orderId", None)
            row.pop("orderCode", None)

    doctor(rig, "kiotviet", "/invoices", unname)
    assert "void_invoice" in operations(rig)
    rig.close()
