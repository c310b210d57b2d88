"""The scenes until noon: the ordinary business of a shop."""

from __future__ import annotations

from datetime import time

from syncd.demo.day import Day, Scene


def _opening(day: Day) -> None:
    miscounted = day.cast.goods[11]
    day.kiotviet.set_stock(day.product(miscounted), day.branch, 17)
    day.tell("shop", f"counted last night (kiểm kho): 17 × {miscounted}, Haravan still offers 20")
    day.syncd()
    day.show(stock=(miscounted,))
    day.aside("At its first start syncd links the products of both sides and compares every figure.")


def _first_order(day: Day) -> None:
    one, two = day.cast.goods[0], day.cast.goods[1]
    cast = day.cast
    day.buy("first", 0, (one, 2), (two, 1), shipping=cast.shipping_vnd, discount=cast.discount_vnd)
    day.syncd()
    day.show("first", stock=(one, two))
    day.aside("Discount and shipping fee are in KiotViet's total. The goods are reserved there, so stock stays equal.")


def _bank_transfer(day: Day) -> None:
    goods = day.cast.goods[2]
    day.buy("transfer", 1, (goods, 2), cod=False)
    day.syncd()
    day.show("transfer", stock=(goods,))
    day.aside("Only COD orders go to KiotViet. These pieces are promised all the same: they stay off the web shop.")


def _counter_sale(day: Day) -> None:
    goods = day.cast.goods[3]
    day.kiotviet.counter_sale(day.branch, [(day.product(goods), 3)])
    day.tell("shop", f"sells 3 × {goods} over the counter in KiotViet")
    day.syncd()
    day.show(stock=(goods,))


def _goods_received(day: Day) -> None:
    one, two = day.cast.goods[0], day.cast.goods[4]
    day.kiotviet.purchase(day.branch, [(day.product(one), 10), (day.product(two), 25)])
    day.tell("shop", f"takes in 10 × {one} and 25 × {two} in KiotViet (nhập hàng)")
    day.syncd()
    day.show(stock=(one, two))


def _pick_up(day: Day) -> None:
    day.send_off("first")
    day.tell("shop", f"books a carrier for {day.number('first')} (Chờ lấy hàng)")
    day.syncd()
    day.stage.clock.sleep(40 * 60)
    day.carrier("first", "delivering")
    day.tell("carrier", "has picked up the parcel (Đang giao hàng)")
    day.syncd()
    day.show("first", stock=day.cast.goods[:2])


def _cancelled(day: Day) -> None:
    goods = day.cast.goods[5]
    day.buy("cancelled", 2, (goods, 1))
    day.syncd()
    day.stage.clock.sleep(10 * 60)
    day.haravan.cancel(day.orders["cancelled"])
    day.tell("buyer", f"thinks better of it; the shop cancels {day.number('cancelled')} in Haravan (Hủy đơn)")
    day.syncd()
    day.show("cancelled", stock=(goods,))


MORNING = (
    Scene(time(8, 0), "The shop opens: is the stock of both sides the same?", _opening),
    Scene(time(8, 40), "A web order, paid on delivery (COD)", _first_order),
    Scene(time(9, 10), "A web order by bank transfer is left alone", _bank_transfer),
    Scene(time(9, 45), "A sale at the counter shows on the web at once", _counter_sale),
    Scene(time(10, 20), "Goods come in", _goods_received),
    Scene(time(10, 50), "The carrier picks up the parcel", _pick_up),
    Scene(time(11, 45), "A buyer cancels before pickup", _cancelled),
)
