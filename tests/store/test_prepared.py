"""A statement that is built once says what peewee's query says: on any store, for any values, for any number of ids."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from syncd.store import Store
from syncd.store.prepared import AT_ONCE, Among, Statement, all_given, columns_of, given, whole
from syncd.store.tables import IntentRow, MetaRow, OrderRow

FIND = Statement(lambda: MetaRow.select(MetaRow.value).where(MetaRow.key == given("key")))
FULL_ORDER: dict[str, Any] = {
    "haravan_id": 7,
    "number": "#100020",
    "number_key": "100020",
    "state": "received",
    "is_open": True,
    "created_at": "2026-11-23",
    "updated_at": "2026-11-23",
    "kv_id": 2**40,
    "searched": True,
    "hold_code": "rejected",
    "hold_reason": "Hàng hoá 'ngừng kinh doanh'; DROP TABLE orders",
}


def keep(store: Store, *numbers: int) -> None:
    for number in numbers:
        store.remember(str(number), number)


def test_a_statement_is_built_once_and_run_on_any_store_with_any_values(tmp_path: Path) -> None:
    built: list[object] = []

    def build() -> Any:
        built.append(1)
        return MetaRow.select(MetaRow.value).where((MetaRow.key == given("key")) & (MetaRow.key != "none"))

    statement = Statement(build)
    first, second = Store(tmp_path / "first.db"), Store(tmp_path / "second.db")
    first.remember("one", "in the first")
    second.remember("one", "in the second")
    found = [statement.row(store._db, key=key) for store in (first, second) for key in ("one", "none", "o'ne")]
    assert found == [('"in the first"',), None, None, ('"in the second"',), None, None]
    assert len(built) == 1
    first.close()
    second.close()


def test_a_value_that_was_not_given_is_an_error_and_not_a_null(store: Store) -> None:
    with pytest.raises(KeyError, match="key"):
        FIND.rows(store._db, keys="one")


@pytest.mark.parametrize("count", [0, 1, 2, 3, 5, AT_ONCE, AT_ONCE + 1])
def test_each_of_many_ids_is_found_once(store: Store, count: int) -> None:
    some = Among(lambda ids: MetaRow.select(MetaRow.key).where(MetaRow.key.in_(ids)))
    with store._db.write():
        keep(store, *range(AT_ONCE + 3))
    found = [int(key) for (key,) in some.rows(store._db, (str(number) for number in range(count)))]
    assert sorted(found) == list(range(count))


def test_a_change_of_many_ids_leaves_the_others_alone(store: Store) -> None:
    change = Among(lambda ids: MetaRow.update(value=given("value")).where(MetaRow.key.in_(ids)))
    keep(store, 1, 2, 3, 4, 5)
    with store._db.write():
        change.run(store._db, ["1", "2", "4"], value="0")
    assert [store.recall(str(number)) for number in range(1, 6)] == [0, 0, 3, 0, 5]


def test_so_many_ids_take_few_texts() -> None:
    some = Among(lambda ids: MetaRow.select(MetaRow.key).where(MetaRow.key.in_(ids)))
    sizes = {len(named) for count in range(1, 1500) for _, named in some._portions(list(range(count)))}
    assert sizes == {2**power for power in range(10)}


def test_a_whole_row_is_what_peewee_reads(store: Store) -> None:
    store._t.orders.create(**FULL_ORDER)
    read = Statement(lambda: OrderRow.select().where(OrderRow.haravan_id == given("haravan_id")))
    columns = read.row(store._db, haravan_id=7)
    assert columns is not None
    ours, theirs = whole(OrderRow, columns), store._t.orders.get_by_id(7)
    assert columns_of(ours) == columns_of(theirs)
    assert {name: type(value) for name, value in columns_of(ours).items()} == {
        name: type(value) for name, value in columns_of(theirs).items()
    }
    assert (ours.is_open, ours.left_to_people, ours.hold_reason) == (True, False, FULL_ORDER["hold_reason"])


def test_a_new_row_is_written_with_the_defaults_of_its_table(store: Store) -> None:
    add = Statement(lambda: OrderRow.insert(**all_given(OrderRow)))
    with store._db.write():
        add.run(store._db, **columns_of(OrderRow(**FULL_ORDER)))
        store._t.orders.create(**FULL_ORDER | {"haravan_id": 8})
    ours, theirs = (columns_of(store._t.orders.get_by_id(key)) | {"haravan_id": 0} for key in (7, 8))
    assert ours == theirs


def test_what_a_statement_leaves_out_has_the_default_of_its_table(store: Store) -> None:
    add = Statement(lambda: IntentRow.insert(operation=given("operation"), subject="7", at="2026-11-23"))
    with store._db.write():
        add.run(store._db, operation="create_order")
    row = store._t.intents.get()
    assert (row.clean_scans, row.marker, row.result_id) == (0, "", None)
