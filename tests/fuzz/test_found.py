"""What the fuzzer found, each as small as it can be told."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from syncd.cycles import orders
from tests.fuzz.damage import Spot
from tests.fuzz.days import FuzzedRig
from tests.fuzz.wire import Weather
from tests.orders.kit import live_orders


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[FuzzedRig]:
    made = FuzzedRig(tmp_path, Weather(random.Random(0)))
    yield made
    made.close()


def damage(rig: FuzzedRig, record_id: int, key: str, token: str) -> None:
    """From now on that value of that record is something else."""
    rig.weather.spot = Spot(
        record_id, tuple(int(part) if part.isdigit() else part for part in key.split(".")), token, True
    )


def poll(rig: FuzzedRig) -> None:
    rig.later(20)
    rig.shop.orders.run()


def test_an_order_from_the_future_hides_no_other(rig: FuzzedRig) -> None:
    """The cursor would have stood in the year 2199, and what did not fit the first page would never have been read."""
    first = rig.place()
    damage(rig, first, "updated_at", '"2199-01-01T00:00:00Z"')
    poll(rig)
    placed = [rig.place(("NON-01", 1)) for _ in range(orders.PAGE + 5)]
    poll(rig)
    assert [order for order in placed if rig.state(order) != "ordered"] == []


def test_a_document_from_the_future_hides_no_other(rig: FuzzedRig) -> None:
    first, second = rig.place(), rig.place()
    poll(rig)
    documents = {order: live_orders(rig, order)[0]["id"] for order in (first, second)}
    damage(rig, documents[first], "modifiedDate", '"2199-01-01T00:00:00"')
    rig.kiotviet.staff_confirm_order(documents[first])
    poll(rig)
    rig.weather.clear()
    rig.later(3600)
    poll(rig)
    rig.kiotviet.staff_edit_order(documents[second], [(rig.sandbox.products["AO-02"], 3)])
    for _ in range(3):
        poll(rig)
    assert rig.hold(second) == "edited_in_kiotviet"


@pytest.mark.parametrize("stock_reads_first", [False, True])
@pytest.mark.parametrize("ended", [False, True])
def test_an_order_that_could_not_be_read_once_is_read_again(
    rig: FuzzedRig, ended: bool, stock_reads_first: bool
) -> None:
    order = rig.place()
    poll(rig)
    if ended:
        rig.haravan.cancel(order)
    poll(rig)
    state = rig.state(order)
    damage(rig, order, "total_price", "[]")
    rig.haravan.add_tags(order, "vip")
    poll(rig)
    assert (rig.state(order), rig.hold(order)) == (state, "bad_payload")
    rig.later(3600)
    rig.place()
    poll(rig)
    rig.weather.clear()
    if stock_reads_first:
        rig.shop.orders.look()
    rig.later(3600)
    poll(rig)
    assert (rig.state(order), rig.hold(order)) == (state, "")


@pytest.mark.parametrize(("description", "proves"), [("Khách quen", True), ("HRV#{order}", False), ("", False)])
def test_a_document_that_cannot_be_read_stops_only_whose_it_may_be(
    rig: FuzzedRig, description: str, proves: bool
) -> None:
    """A row that says whose it is proves of all other orders that KiotViet does not have them."""
    order = rig.place()
    words, lines = description.format(order=order), [(rig.sandbox.products["AO-02"], 1)]
    damage(rig, rig.kiotviet.staff_create_order(rig.branch, lines, words), "total", "[]")
    poll(rig)
    assert rig.hold(order) == ("" if proves else "outcome_unknown")
    assert len(live_orders(rig)) == 1 + proves


@pytest.mark.parametrize(
    ("record", "key", "token"),
    [("stock", "inventories.0.onhand", "1e21"), ("product", "conversionValue", "1e-20")],
)
def test_a_figure_beyond_counting_costs_only_its_own_product(rig: FuzzedRig, record: str, key: str, token: str) -> None:
    """It did not fit the store's 64 bits, so that no stock of any product was published."""
    base, goods = rig.sandbox.products["AO-01"], rig.kiotviet.add_product
    pack = goods("LOC", "Lốc 6", 58_000, unit="lốc", master_unit_id=base, conversion=6)
    (rig.sandbox.variants["LOC"],) = rig.haravan.add_product("Lốc", [{"sku": "LOC", "barcode": "LOC", "price": 58_000}])
    damage(rig, base if record == "stock" else pack, key, token)
    rig.kiotviet.counter_sale(rig.branch, [(rig.sandbox.products["AO-02"], 3)])
    assert rig.stock().failures == []
    assert rig.available("AO-02") == 17


@pytest.mark.parametrize(
    "token", ['"\\ud800"', '[["\\udfff"]]', "[" * 900 + "]" * 900, '{"\\ud800": "\\ud83d"}', '"A\\u0000B"']
)
def test_a_refusal_in_odd_words_holds_its_order_and_can_be_told(rig: FuzzedRig, token: str) -> None:
    order = rig.place()
    rig.weather.refuse("POST /orders", 420, f'{{"responseStatus": {{"errorCode": {token}, "message": {token}}}}}')
    poll(rig)
    assert rig.hold(order) == "rejected"
    rig.weather.clear()
    rig.later(3700)
    poll(rig)
    assert (rig.state(order), rig.hold(order)) == ("ordered", "")
