"""A branch or location that changed its name is asked about once, until a person decides."""

from __future__ import annotations

from syncd.store.tasks import BY_COMMAND, SUPERSEDED, Task
from tests.examination.kit import settings, troubles
from tests.rig import Rig


def look(rig: Rig) -> list[str]:
    rig.later(3600)
    rig.shop.examination.look()
    return sorted(concern.kind for concern in rig.shop.examination.concerns())


def tasks(rig: Rig) -> list[Task]:
    return rig.shop.store.tasks()


def test_a_renamed_branch_becomes_a_task_that_done_closes_for_good(rig: Rig) -> None:
    assert look(rig) == []
    rig.kiotviet.rename_branch(rig.branch, "Cửa hàng Quận 3")
    assert look(rig) == ["branch_renamed"]
    assert look(rig) == ["branch_renamed"]
    (task,) = tasks(rig)
    assert task.code == "branch_renamed"
    for words in (str(rig.branch), "Cửa hàng Quận 1", "Cửa hàng Quận 3", "orders.branch_id", "'syncd done'"):
        assert words in task.text
    rig.shop.store.todo.close(task.id, BY_COMMAND, rig.clock.now())
    assert look(rig) == []
    rig.reopen()
    assert look(rig) == []
    assert tasks(rig) == []


def test_a_name_that_comes_back_takes_its_question_back(rig: Rig) -> None:
    look(rig)
    rig.kiotviet.rename_branch(rig.branch, "Khác")
    look(rig)
    (task,) = tasks(rig)
    rig.kiotviet.rename_branch(rig.branch, "Cửa hàng Quận 1")
    assert look(rig) == []
    closed = rig.shop.store.todo.find(task.id)
    assert closed is not None
    assert closed.how == SUPERSEDED
    rig.kiotviet.rename_branch(rig.branch, "Khác")
    assert look(rig) == ["branch_renamed"]
    assert len(tasks(rig)) == 1


def test_a_second_name_while_the_first_is_asked_about_is_asked_about_too(rig: Rig) -> None:
    look(rig)
    for name in ("Hai", "Ba"):
        rig.kiotviet.rename_branch(rig.branch, name)
        assert look(rig) == ["branch_renamed"]
    (task,) = tasks(rig)
    assert "now called Ba" in task.text


def test_accepting_one_name_accepts_no_other(rig: Rig) -> None:
    look(rig)
    rig.kiotviet.rename_branch(rig.branch, "Hai")
    look(rig)
    rig.shop.store.todo.close(tasks(rig)[0].id, BY_COMMAND, rig.clock.now())
    rig.kiotviet.rename_branch(rig.branch, "Ba")
    assert look(rig) == ["branch_renamed"]


def test_a_renamed_location_is_asked_about_as_well_and_check_shows_it(rig: Rig) -> None:
    look(rig)
    rig.haravan.change_location(rig.location, name="Kho mới")
    assert troubles(rig)["location_renamed"].check == "stock.links[0].location_id"
    assert look(rig) == ["location_renamed"]


def test_a_branch_that_the_config_names_no_more_is_asked_about_no_more(rig: Rig) -> None:
    look(rig)
    other = rig.kiotviet.add_branch("Kho online")
    rig.kiotviet.rename_branch(rig.branch, "Khác")
    look(rig)
    assert len(tasks(rig)) == 1
    settings(rig, "orders", branch_id=other)
    settings(rig, "stock", links=())
    look(rig)
    assert tasks(rig) == []
