"""The scenes after noon: what goes wrong in a shop's day, and how it ends well."""

from __future__ import annotations

from datetime import time

from syncd.core.texts import text
from syncd.demo.cast import Goods
from syncd.demo.day import Day, Scene
from syncd.sandbox.kernel import Fault

_NEW_GOODS = Goods("HOP-QUA", "Hộp quà Tết", 250_000)


def _unknown_product(day: Day) -> None:
    sandbox = day.stage.sandbox
    (variant_id,) = day.haravan.add_product(_NEW_GOODS.name, [{"sku": _NEW_GOODS.sku, "price": _NEW_GOODS.price}])
    day.haravan.set_stock(variant_id, sandbox.locations[0], 8)
    sandbox.variants[_NEW_GOODS.sku] = variant_id
    day.tell("shop", text("demo_offers", goods=str(_NEW_GOODS)))
    day.buy("unknown", 3, (_NEW_GOODS, 2))
    day.syncd()
    day.stage.clock.sleep(20 * 60)
    product_id = day.kiotviet.add_product(_NEW_GOODS.sku, _NEW_GOODS.name, _NEW_GOODS.price, stock={day.branch: 8})
    sandbox.products[_NEW_GOODS.sku] = product_id
    day.tell("shop", text("demo_creates", sku=_NEW_GOODS.sku))
    day.syncd()
    day.show("unknown", stock=(_NEW_GOODS,))


def _lost_answer(day: Day) -> None:
    goods = day.cast.goods[6]
    day.buy("lost", 4, (goods, 1))
    day.stage.sandbox.faults.add(Fault("lose_answer", remote="kiotviet", method="POST", path="/orders$"))
    day.tell("trouble", text("demo_breaks_down"))
    day.syncd()
    day.aside(text("demo_waits"))
    day.aside(text("demo_keeps_piece"))
    day.syncd(75)
    day.show("lost", stock=(goods,))
    copies = [row for row in day.kiotviet.orders() if f"HRV#{day.orders['lost']}" in str(row.get("description"))]
    day.aside(text("demo_one_copy", order=day.number("lost"), count=len(copies)))


def _bad_weather(day: Day) -> None:
    goods = day.cast.goods[7]
    faults = day.stage.sandbox.faults
    day.buy("storm", 5, (goods, 1))
    day.kiotviet.counter_sale(day.branch, [(day.product(goods), 2)])
    day.tell("shop", text("demo_sells_too", goods=str(goods)))
    faults.add(Fault("rate_limited", remote="haravan", retry_after=10, times=4))
    day.tell("trouble", text("demo_haravan_busy"))
    day.syncd()
    faults.clear()
    faults.add(Fault("status", remote="kiotviet", status=500, times=6))
    day.tell("trouble", text("demo_kiotviet_fails"))
    day.syncd()
    faults.clear()
    day.aside(text("demo_nothing_lost"))
    day.syncd()
    day.show("storm", stock=(goods,))


def _delivered(day: Day) -> None:
    day.carrier("first", "delivered")
    day.money("first", "codpaid")
    day.tell("carrier", text("demo_delivered", order=day.number("first")))
    day.syncd()
    day.show("first")
    day.aside(text("demo_not_paid"))


def _money_received(day: Day) -> None:
    day.money("first", "codreceipt")
    day.tell("shop", text("demo_gets_money", order=day.number("first")))
    day.syncd()
    day.show("first")


def _count(day: Day) -> None:
    goods = day.cast.goods[4]
    day.kiotviet.set_stock(day.product(goods), day.branch, 41)
    day.tell("shop", text("demo_counts", goods=str(goods)))
    day.syncd()
    day.show(stock=(goods,))


def _lost_store(day: Day) -> None:
    day.stage.lose_store()
    day.tell("trouble", text("demo_disk_breaks"))
    day.send_off("lost")
    day.carrier("lost", "delivering")
    day.tell("carrier", text("demo_meanwhile", order=day.number("lost")))
    day.buy("night", 6, (day.cast.goods[8], 1))
    day.stage.clock.sleep(20 * 60)
    day.tell("shop", text("demo_starts_again"))
    day.syncd()
    day.show("lost", "storm", "night", stock=(day.cast.goods[8],))
    day.aside(text("demo_found_again"))


AFTERNOON = (
    Scene(time(13, 0), text("demo_scene_unknown"), _unknown_product),
    Scene(time(14, 10), text("demo_scene_lost"), _lost_answer),
    Scene(time(15, 0), text("demo_scene_weather"), _bad_weather),
    Scene(time(16, 15), text("demo_scene_delivered"), _delivered),
    Scene(time(17, 0), text("demo_scene_money"), _money_received),
    Scene(time(17, 40), text("demo_scene_count"), _count),
    Scene(time(18, 30), text("demo_scene_memory"), _lost_store),
)
