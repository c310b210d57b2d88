"""The scenes until noon: the ordinary business of a shop."""

from __future__ import annotations

from datetime import time

from syncd.core.texts import text
from syncd.demo.day import Day, Scene


def _opening(day: Day) -> None:
    miscounted = day.cast.goods[11]
    day.kiotviet.set_stock(day.product(miscounted), day.branch, 17)
    day.tell("shop", text("demo_counted", goods=str(miscounted)))
    day.syncd()
    day.show(stock=(miscounted,))
    day.aside(text("demo_links"))


def _first_order(day: Day) -> None:
    one, two = day.cast.goods[0], day.cast.goods[1]
    cast = day.cast
    day.buy("first", 0, (one, 2), (two, 1), shipping=cast.shipping_vnd, discount=cast.discount_vnd)
    day.syncd()
    day.show("first", stock=(one, two))
    day.aside(text("demo_totals"))


def _bank_transfer(day: Day) -> None:
    goods = day.cast.goods[2]
    day.buy("transfer", 1, (goods, 2), cod=False)
    day.syncd()
    day.show("transfer", stock=(goods,))
    day.aside(text("demo_promised"))


def _counter_sale(day: Day) -> None:
    goods = day.cast.goods[3]
    day.kiotviet.counter_sale(day.branch, [(day.product(goods), 3)])
    day.tell("shop", text("demo_counter_sale", goods=str(goods)))
    day.syncd()
    day.show(stock=(goods,))


def _goods_received(day: Day) -> None:
    one, two = day.cast.goods[0], day.cast.goods[4]
    day.kiotviet.purchase(day.branch, [(day.product(one), 10), (day.product(two), 25)])
    day.tell("shop", text("demo_goods_in", one=str(one), two=str(two)))
    day.syncd()
    day.show(stock=(one, two))


def _pick_up(day: Day) -> None:
    day.send_off("first")
    day.tell("shop", text("demo_books_carrier", order=day.number("first")))
    day.syncd()
    day.stage.clock.sleep(40 * 60)
    day.carrier("first", "delivering")
    day.tell("carrier", text("demo_picked_up"))
    day.syncd()
    day.show("first", stock=day.cast.goods[:2])


def _cancelled(day: Day) -> None:
    goods = day.cast.goods[5]
    day.buy("cancelled", 2, (goods, 1))
    day.syncd()
    day.stage.clock.sleep(10 * 60)
    day.haravan.cancel(day.orders["cancelled"])
    day.tell("buyer", text("demo_cancels", order=day.number("cancelled")))
    day.syncd()
    day.show("cancelled", stock=(goods,))


MORNING = (
    Scene(time(8, 0), text("demo_scene_opening"), _opening),
    Scene(time(8, 40), text("demo_scene_first"), _first_order),
    Scene(time(9, 10), text("demo_scene_transfer"), _bank_transfer),
    Scene(time(9, 45), text("demo_scene_counter"), _counter_sale),
    Scene(time(10, 20), text("demo_scene_goods_in"), _goods_received),
    Scene(time(10, 50), text("demo_scene_pick_up"), _pick_up),
    Scene(time(11, 45), text("demo_scene_cancelled"), _cancelled),
)
