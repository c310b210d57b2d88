"""A store that cannot record what would be done: nothing is done, loudly, and it goes on by itself."""

from __future__ import annotations

import pytest

from syncd.errors import StoreUnwritable
from tests.rig import Rig
from tests.stock.kit import available, sell, ship


def fill_up(rig: Rig, spare: int = 0) -> None:
    """The disk is full but for `spare` pages."""
    store = rig.shop.store
    database = store._db.database
    database.execute_sql(f"PRAGMA max_page_count = {int(database.pragma('page_count'))}")
    text = "x" * 4000
    while text:
        try:
            store.add_event("filler", text, rig.clock.now())
        except StoreUnwritable:
            text = text[: len(text) // 2]
    if spare:
        database.execute_sql(f"PRAGMA max_page_count = {int(database.pragma('page_count')) + spare}")


def make_room(rig: Rig) -> None:
    rig.shop.store._db.database.execute_sql("PRAGMA max_page_count = 1000000")


def refuse_writes(rig: Rig, refuse: bool) -> None:
    rig.shop.store._db.database.execute_sql(f"PRAGMA query_only = {int(refuse)}")


def test_a_read_only_store_ends_both_cycles_before_any_call(rig: Rig) -> None:
    rig.once()
    rig.place(("AO-01", 2))
    sell(rig, "AO-02", 1)
    refuse_writes(rig, True)
    before = len(rig.journal.calls())
    with pytest.raises(StoreUnwritable):
        rig.orders()
    with pytest.raises(StoreUnwritable):
        rig.stock()
    assert len(rig.journal.calls()) == before
    refuse_writes(rig, False)
    rig.once()
    assert (len(rig.kiotviet.orders()), available(rig, "AO-02")) == (1, 19)


@pytest.mark.parametrize("spare", [0, 1, 2, 3, 5, 8, 13])
def test_a_disk_that_fills_up_at_any_point_leaves_no_write_unrecorded(rig: Rig, spare: int) -> None:
    rig.sandbox.fill(90)
    rig.once()
    for number in range(6):
        rig.place((list(rig.sandbox.variants)[number], 1))
    for sku in list(rig.sandbox.products)[20:60]:
        rig.kiotviet.set_stock(rig.sandbox.products[sku], rig.branch, 30)
    fill_up(rig, spare)
    sent = len(rig.writes())
    for cycle in (rig.orders, rig.stock):
        try:
            cycle()
        except StoreUnwritable:
            continue
    recorded = rig.shop.store._db.database.execute_sql("SELECT count(*) FROM events WHERE event = 'intent_recorded'")
    assert len(rig.writes()) - sent <= recorded.fetchone()[0], "each write has its intent"
    make_room(rig)
    for _ in range(5):
        rig.later(120)
        rig.once()
    assert len(rig.kiotviet.orders()) == 6
    assert {available(rig, sku) for sku in list(rig.sandbox.products)[20:60]} == {30}
    before = len(rig.writes())
    rig.once()
    assert len(rig.writes()) == before


def test_a_store_that_fails_between_two_orders_sends_nothing_more(rig: Rig) -> None:
    rig.place(("AO-01", 1))
    rig.once()
    orders = [rig.place(("AO-02", 1)) for _ in range(3)]

    def fail_after_the_first(remote: str, request: object) -> None:
        if len(rig.kiotviet.orders()) == 2:
            refuse_writes(rig, True)

    rig.sandbox.kiotviet_gate.after_effect.append(fail_after_the_first)
    with pytest.raises(StoreUnwritable):
        rig.orders()
    rig.sandbox.kiotviet_gate.after_effect.clear()
    assert len(rig.kiotviet.orders()) == 2
    refuse_writes(rig, False)
    for _ in range(4):
        rig.later(90)
        rig.orders()
    assert len(rig.kiotviet.orders()) == 4
    assert {rig.state(order) for order in orders} == {"ordered"}


def test_no_secret_and_no_buyer_is_in_the_store(rig: Rig) -> None:
    order = rig.place(
        ("AO-01", 1),
        buyer={"first_name": "Ngọc", "last_name": "Trần Thị", "phone": "0912345678", "email": "ngoc@example.com"},
    )
    ship(rig, order)
    rig.once()
    rig.close()
    files = b"".join(path.read_bytes() for path in rig.folder.glob("syncd.db*"))
    secrets = [rig.haravan.token, rig.kiotviet.client_secret, rig.kiotviet.client_id, "0912345678", "ngoc@example.com"]
    assert [text for text in secrets if text.encode() in files] == []
