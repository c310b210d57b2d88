"""The page of tasks: one per key, told what is wanted now, closed once and for a reason."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from syncd.core.tasks import About, Goods, ReturnOf, Wanted
from syncd.core.texts import speaker, text
from syncd.store import Store
from syncd.store.tasks import BY_COMMAND, IN_KIOTVIET, SUPERSEDED, Task
from tests.core.build import NOW

ORDER, SAY = 5001, speaker("en")


def wanted(number: int = 1, pieces: int = 1, code: str = "refunded", kind: str = "refund") -> Wanted:
    goods = Goods(201, "SP-1", Decimal(pieces), Decimal(3))
    about = About((ReturnOf(71, 6071, "HD71", (goods,)),), Decimal(50_000), NOW)
    said = text("task_goods", code=code, pieces=f"{pieces} × SP-1")
    return Wanted(f"{kind}:{ORDER}:{number}", code, said, about)


def agree(store: Store, *tasks: Wanted) -> list[str]:
    return store.todo.agree(ORDER, "#100020", tasks, SAY, NOW)


def only(store: Store) -> Task:
    (task,) = store.todo.of_order(ORDER)
    return task


def events(store: Store) -> list[str]:
    return [event.event for event in store.events_of(ORDER)]


def test_a_task_comes_back_as_it_was_asked(store: Store) -> None:
    assert agree(store, wanted()) == ["refunded"]
    task = only(store)
    assert task == store.todo.find(task.id) == store.tasks()[0]
    assert (task.about, task.haravan_id, task.number) == (wanted().about, ORDER, "#100020")
    assert (task.closed_at, task.how) == (None, "")


def test_the_same_wish_changes_nothing_and_another_changes_the_open_task(store: Store) -> None:
    agree(store, wanted())
    assert agree(store, wanted()) == []
    assert agree(store, wanted(pieces=2, code="exchanged")) == []
    assert (only(store).code, only(store).about) == ("exchanged", wanted(pieces=2).about)
    assert events(store) == ["task_added", "task_changed"]


def test_a_closed_task_stays_closed_and_goes_on_counting_for_its_own_pieces(store: Store) -> None:
    agree(store, wanted(pieces=2))
    assert store.todo.close(only(store).id, IN_KIOTVIET, NOW + timedelta(hours=1))
    assert not store.todo.close(only(store).id, BY_COMMAND, NOW)
    assert agree(store, wanted(pieces=1)) == []
    assert (only(store).how, only(store).about.returns[0].goods[0].quantity) == (IN_KIOTVIET, Decimal(1))
    assert only(store).closed_at == (NOW + timedelta(hours=1)).isoformat(timespec="microseconds")
    assert events(store) == ["task_added", "task_closed"]


def test_what_is_wanted_no_more_is_closed_and_asked_for_again_when_it_is(store: Store) -> None:
    agree(store, wanted())
    for _ in range(2):
        agree(store)
    assert (only(store).how, store.tasks()) == (SUPERSEDED, [])
    assert agree(store, wanted()) == ["refunded"]
    assert (only(store).how, only(store).closed_at) == ("", None)
    assert events(store) == ["task_added", "task_closed", "task_added"]


def test_tasks_of_another_kind_or_order_are_left_alone(store: Store) -> None:
    store.add_task(f"twin:{ORDER}", ORDER, "#100020", "duplicate_in_kiotviet", "two of them", NOW)
    store.add_task("refund:7:1", 7, "#7", "refunded", "another order", NOW, wanted().about)
    agree(store)
    assert [task.code for task in store.tasks()] == ["duplicate_in_kiotviet", "refunded"]
    assert [task.about for task in store.tasks()] == [About(), wanted().about]


def test_a_task_that_was_written_before_it_had_a_subject_is_read_and_closed(store: Store) -> None:
    store.add_task(f"refund:{ORDER}:1", ORDER, "#100020", "refunded", "enter it", NOW)
    store._t.tasks.update(about="").execute()
    assert only(store).about == About()
    store._t.tasks.update(closed_at="2026-11-23").execute()
    assert only(store).how == BY_COMMAND


def test_an_exchange_is_remembered_and_told_once(store: Store) -> None:
    for _ in range(2):
        store.todo.note_exchange(ORDER, "#100021")
    assert (store.todo.replaced_by(ORDER), store.todo.exchanges_to_tell()) == ("#100021", [ORDER])
    store.todo.exchange_told(ORDER)
    store.todo.note_exchange(ORDER, "#100021")
    assert (store.todo.replaced_by(ORDER), store.todo.exchanges_to_tell()) == ("#100021", [])
    assert store.todo.replaced_by(1) == ""


def test_an_unknown_task_cannot_be_closed(store: Store) -> None:
    assert not store.todo.close(77, BY_COMMAND, NOW)
    assert store.todo.find(77) is None
