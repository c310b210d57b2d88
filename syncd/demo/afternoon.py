"""The scenes after noon: what goes wrong in a shop's day, and how it ends well."""

from __future__ import annotations

from datetime import time

from syncd.demo.cast import Goods
from syncd.demo.day import Day, Scene
from syncd.sandbox.kernel import Fault

_NEW_GOODS = Goods("HOP-QUA", "Hộp quà Tết", 250_000)


def _unknown_product(day: Day) -> None:
    sandbox = day.stage.sandbox
    (variant_id,) = day.haravan.add_product(_NEW_GOODS.name, [{"sku": _NEW_GOODS.sku, "price": _NEW_GOODS.price}])
    day.haravan.set_stock(variant_id, sandbox.locations[0], 8)
    sandbox.variants[_NEW_GOODS.sku] = variant_id
    day.tell("shop", f"offers {_NEW_GOODS} on the web, 8 pieces, and forgets KiotViet")
    day.buy("unknown", 3, (_NEW_GOODS, 2))
    day.syncd()
    day.stage.clock.sleep(20 * 60)
    product_id = day.kiotviet.add_product(_NEW_GOODS.sku, _NEW_GOODS.name, _NEW_GOODS.price, stock={day.branch: 8})
    sandbox.products[_NEW_GOODS.sku] = product_id
    day.tell("shop", f"reads that and creates {_NEW_GOODS.sku} in KiotViet, 8 pieces")
    day.syncd()
    day.show("unknown", stock=(_NEW_GOODS,))


def _lost_answer(day: Day) -> None:
    goods = day.cast.goods[6]
    day.buy("lost", 4, (goods, 1))
    day.stage.sandbox.faults.add(Fault("lose_answer", remote="kiotviet", method="POST", path="/orders$"))
    day.tell("trouble", "the internet breaks down just while KiotViet answers")
    day.syncd()
    day.aside("Did KiotViet get it or not? syncd does not send again: it waits a minute, then looks for the order.")
    day.aside("Until then it keeps the piece off the web, rather once too often than sold twice.")
    day.syncd(75)
    day.show("lost", stock=(goods,))
    copies = [row for row in day.kiotviet.orders() if f"HRV#{day.orders['lost']}" in str(row.get("description"))]
    day.aside(f"Orders in KiotViet for {day.number('lost')}: {len(copies)}. Found by its number, not entered twice.")


def _bad_weather(day: Day) -> None:
    goods = day.cast.goods[7]
    faults = day.stage.sandbox.faults
    day.buy("storm", 5, (goods, 1))
    day.kiotviet.counter_sale(day.branch, [(day.product(goods), 2)])
    day.tell("shop", f"sells 2 × {goods} over the counter at the same time")
    faults.add(Fault("rate_limited", remote="haravan", retry_after=10, times=4))
    day.tell("trouble", "Haravan is busy and answers 429 Too Many Requests")
    day.syncd()
    faults.clear()
    faults.add(Fault("status", remote="kiotviet", status=500, times=6))
    day.tell("trouble", "Haravan is back, but now KiotViet answers 500 Internal Server Error")
    day.syncd()
    faults.clear()
    day.aside("Nothing was lost: as soon as both answer again, the next round does what was left.")
    day.syncd()
    day.show("storm", stock=(goods,))


def _delivered(day: Day) -> None:
    day.carrier("first", "delivered")
    day.money("first", "codpaid")
    day.tell("carrier", f"has delivered {day.number('first')} (Đã giao hàng) and keeps the money for now (Đã thu hộ)")
    day.syncd()
    day.show("first")
    day.aside("Delivered is not paid: the invoice stays open until the money has reached the shop.")


def _money_received(day: Day) -> None:
    day.money("first", "codreceipt")
    day.tell("shop", f"gets the money of {day.number('first')} from the carrier (Đã nhận tiền)")
    day.syncd()
    day.show("first")


def _count(day: Day) -> None:
    goods = day.cast.goods[4]
    day.kiotviet.set_stock(day.product(goods), day.branch, 41)
    day.tell("shop", f"counts {goods} (kiểm kho): 41 and not 45")
    day.syncd()
    day.show(stock=(goods,))


def _lost_store(day: Day) -> None:
    day.stage.lose_store()
    day.tell("trouble", "the disk of the server breaks: everything that syncd remembered is gone")
    day.send_off("lost")
    day.carrier("lost", "delivering")
    day.tell("carrier", f"meanwhile picks up {day.number('lost')} (Đang giao hàng)")
    day.buy("night", 6, (day.cast.goods[8], 1))
    day.stage.clock.sleep(20 * 60)
    day.tell("shop", "starts syncd again with an empty store")
    day.syncd()
    day.show("lost", "storm", "night", stock=(day.cast.goods[8],))
    day.aside("KiotViet's documents carry the numbers of their web orders: they are found again, none is made twice.")


AFTERNOON = (
    Scene(time(13, 0), "A product that KiotViet does not have", _unknown_product),
    Scene(time(14, 10), "An answer is lost on the way", _lost_answer),
    Scene(time(15, 0), "Both sides fail for a moment", _bad_weather),
    Scene(time(16, 15), "Delivered, but the carrier has the money", _delivered),
    Scene(time(17, 0), "The money arrives", _money_received),
    Scene(time(17, 40), "A count lowers the stock", _count),
    Scene(time(18, 30), "The server loses its memory", _lost_store),
)
