"""The story of one order is told from the store alone, whatever became of it."""

from __future__ import annotations

from typing import Any

import pytest

from syncd.cycles.order_story import tell
from syncd.sandbox.faults import Fault
from tests.orders.kit import hand_over, settle, whole_life
from tests.rig import Rig


def story(rig: Rig, order_id: int, language: str = "en") -> Any:
    return tell(rig.shop.store, order_id, language)


def test_an_order_that_the_store_does_not_know_has_no_story(rig: Rig) -> None:
    with pytest.raises(LookupError, match="424242"):
        story(rig, 424242)


def test_a_completed_order_tells_its_documents_its_steps_and_its_tasks(rig: Rig) -> None:
    order = rig.place(("AO-01", 2))
    whole_life(rig, order)
    rig.orders()
    rig.haravan.refund(order, amount=50_000)
    settle(rig, 2)
    told = story(rig, order)
    (document,), (invoice,) = rig.kiotviet.orders(), rig.kiotviet.invoices()
    assert (told["state"], told["hold"], told["in_doubt"]) == ("completed", None, [])
    assert told["kiotviet_order"] == {"id": document["id"], "code": document["code"]}
    assert [(one["id"], one["code"], one["state"]) for one in told["invoices"]] == [
        (invoice["id"], invoice["code"], "completed")
    ]
    assert [(task["code"], task["closed_at"], task["how"]) for task in told["tasks"]] == [("refunded", None, None)]
    assert [step["event"] for step in told["events"]][-1] == "task_added"
    assert all(step["text"] for step in told["events"])


def test_a_held_order_says_why_and_what_releases_it(rig: Rig) -> None:
    rig.kiotviet.deactivate(rig.sandbox.products["AO-01"])
    order = rig.place()
    rig.orders()
    told = story(rig, order)
    assert (told["state"], told["hold"]["code"], told["kiotviet_order"]) == ("received", "rejected", None)
    assert told["hold"]["reason"] in told["next"]


def test_a_write_whose_answer_was_lost_is_told_as_what_comes_next(rig: Rig) -> None:
    rig.faults.add(Fault("lose_answer", remote="kiotviet", method="POST", path="/invoices$"))
    order = rig.place()
    hand_over(rig, order)
    rig.orders()
    told = story(rig, order)
    assert [one["operation"] for one in told["in_doubt"]] == ["create_invoice"]
    assert "invoice" in told["next"]
    settle(rig, 3)
    after = story(rig, order)
    assert (after["in_doubt"], after["state"]) == ([], "shipping")
    assert after["next"] != told["next"]
    assert story(rig, order, "vi")["next"] != after["next"]
