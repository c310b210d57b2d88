"""What people are asked to enter in KiotViet once an order was completed."""

from __future__ import annotations

from datetime import datetime

from syncd.core.documents import digest
from syncd.core.edits import links_of
from syncd.core.lifecycle import State
from syncd.core.model import WebOrder
from syncd.core.products import Index
from syncd.core.records import Record
from syncd.core.tasks import after_completion
from syncd.core.texts import Say, Text, text
from syncd.store import Store
from syncd.store.tasks import BY_COMMAND, IN_KIOTVIET


def tell_of_edit(store: Store, record: Record, what: Text, now: datetime, say: Say) -> None:
    """People changed a document of a finished order: told once for each thing that differs."""
    told = say(text("after_completion", what=what))
    key = f"edited:{record.haravan_id}:{digest(str(what))}"
    store.add_task(key, record.haravan_id, record.number, "edited_in_kiotviet", told, now)


def ask(store: Store, order: WebOrder, record: Record, index: Index, state: State, now: datetime, say: Say) -> None:
    """Make the tasks of an order that settles in `state` those that it needs; the same a second time changes nothing.

    That an order replaces another is remembered whatever became of it: the other one's tasks say so when it settles,
    and where it has settled already, the task watch sees to it.
    """
    if order.previous_order_id is not None:
        store.todo.note_exchange(order.previous_order_id, order.number)
    if state is State.COMPLETED:
        done = {task.key: task.about for task in store.todo.of_order(order.id) if task.how in (BY_COMMAND, IN_KIOTVIET)}
        wanted = after_completion(order, record, links_of(order, index), store.todo.replaced_by(order.id), done)
        store.todo.agree(order.id, order.number, wanted, say, now)
