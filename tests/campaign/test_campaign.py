"""A campaign of a few rounds: real processes, real sockets, SIGKILL around a write, a cut network."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.campaign.house import House, open_house
from tests.campaign.judge import Judge
from tests.campaign.people import People
from tests.campaign.play import play
from tests.campaign.troubles import cut_and_kill, kill_after_a_write

SEED = 6


def test_nothing_is_lost_or_doubled_by_a_kill_after_a_write_and_a_cut_network() -> None:
    campaign = play(1, SEED, troubles=[[kill_after_a_write, cut_and_kill]])
    assert campaign.violations == [], "\n".join(campaign.violations)
    done = campaign.counts
    assert (done["rounds"], done["cuts"], done["healed"], done["kills while cut off"]) == (1, 1, 1, 1)
    assert done["kills after a write"] + done["kills at random"] == 1
    assert done["orders"] > 1


# --- the judge sees what is wrong ------------------------------------------------------------------------------------


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with open_house(tmp_path) as made:
        yield made


def test_a_judge_misses_an_order_a_piece_and_a_double(house: House) -> None:
    people = People(house.sandbox, random.Random(SEED))
    judge = Judge(house, people)
    assert judge.apart() == []
    while all(placed.touched for placed in people.orders.values()):
        people.order()
    placed = next(placed for placed in people.orders.values() if not placed.touched)
    assert f"order {placed.id}: 0 live orders" in judge.apart()
    lines = [(house.sandbox.products[line["sku"]], line["quantity"]) for line in _lines(house, placed.id)]
    for _ in range(2):
        house.sandbox.kiotviet.staff_create_order(house.sandbox.branches[0], lines, f"HRV#{placed.id} ")
    assert any("2 live KiotViet orders" in what for what in judge.apart())
    house.sandbox.haravan.staff_adjust(house.sandbox.locations[1], [(house.sandbox.variants["AO-01"], -1)])
    assert any(what.startswith("AO-01 at") for what in judge.apart())


@pytest.mark.parametrize("on_return", ["hold", "void_invoice"])
def test_an_order_cancelled_on_the_road_is_left_to_people_only_where_they_said_so(
    tmp_path: Path, on_return: str
) -> None:
    with open_house(tmp_path, on_return=on_return) as house:
        people = People(house.sandbox, random.Random(SEED))
        judge = Judge(house, people)
        while all(placed.touched for placed in people.orders.values()):
            people.order()
        order_id = next(placed.id for placed in people.orders.values() if not placed.touched)
        lines = [(house.sandbox.products[line["sku"]], line["quantity"]) for line in _lines(house, order_id)]
        house.sandbox.kiotviet.staff_create_order(house.sandbox.branches[0], lines, f"HRV#{order_id} ")
        parcel = house.sandbox.haravan.ship(order_id)
        house.sandbox.haravan.carrier(order_id, parcel, "delivering")
        house.sandbox.haravan.cancel(order_id)
        gone = f"order {order_id}: 1 orders and 0 invoices live, it is gone"
        assert (gone in judge.apart()) is (on_return != "hold")


def _lines(house: House, order_id: int) -> list[dict[str, object]]:
    return list(house.sandbox.haravan.order(order_id)["line_items"])
