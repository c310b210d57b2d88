"""The figures of a reading: what was read, what is inactive, and what is only known to be sold somewhere."""

from __future__ import annotations

import pytest

from syncd.core.model import BranchStock
from syncd.cycles.sweep import Reader, Rows
from tests.rig import Rig


def reader(rig: Rig) -> Reader:
    shop = rig.shop
    return Reader(shop.remotes.kiotviet, shop.catalogue, shop.store, rig.clock)


def test_a_reading_shows_what_it_read_and_of_units_only_where_they_are_sold(rig: Rig) -> None:
    base = rig.sandbox.products["AO-01"]
    pack = rig.kiotviet.add_product("AO-01-LO", "Lốc", 1, unit="Lốc", master_unit_id=base, conversion=6)
    rig.kiotviet.deactivate(pack, rig.branch)
    rig.shop.catalogue.refresh()
    found, reads = Rows(), reader(rig)
    reads.product(base, found, "documents")
    figures = reads.read(found, frozenset({rig.branch})).figures
    assert (list(figures), len(figures)) == ([base], 1)
    assert figures[base][rig.branch].on_hand == 20
    assert figures[pack] == {rig.branch: BranchStock(rig.branch, None, None, active=False)}
    for stranger in (rig.sandbox.products["AO-02"], 424242):
        with pytest.raises(KeyError):
            figures[stranger]


def test_the_whole_list_is_every_product_once(rig: Rig) -> None:
    rig.shop.catalogue.refresh()
    reads = reader(rig)
    figures = reads.read(reads.whole("full"), frozenset({rig.branch})).figures
    assert dict(figures).keys() == set(rig.sandbox.products.values())
