"""The stock list page by page: the oldest first, nothing concluded from what is missing, no mass change in steps."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from syncd.errors import Transient
from tests.rig import Rig
from tests.stock.kit import (
    ADJUST,
    LEVELS,
    ON_HANDS,
    adjusts,
    available,
    count,
    cure,
    doctor,
    fail,
    free,
    plant,
    reads,
    sell,
    settings,
)
from tests.stock.test_moves import open_big

SKUS = [f"HANG-{number:05d}" for number in range(13, 601)]
PAGE = {number: SKUS[100 * number - 12 + 5 : 100 * number - 12 + 95] for number in range(1, 5)}
"""Products of the second to the fifth page of six."""


@pytest.fixture
def six(tmp_path: Path) -> Iterator[Rig]:
    """Six pages, of which each cycle may read two or three."""
    made = open_big(tmp_path, products=600, gets=500)
    step(made, 6)
    yield made
    made.close()


def step(rig: Rig, pages: int = 2) -> Any:
    """One short cycle that may read so many pages."""
    rig.later(61)
    rig.shop.readings.saved_pages, rig.shop.readings.saved_at = float(pages), rig.clock.monotonic()
    return rig.shop.stock.run()


def test_each_page_has_its_turn_and_a_change_that_nothing_names_is_found(six: Rig) -> None:
    for skus in PAGE.values():
        count(six, skus[0], 7)
    before = reads(six, ON_HANDS)
    seen = []
    for _ in range(3):
        step(six)
        seen.append(sum(available(six, skus[0]) == 7 for skus in PAGE.values()))
    assert reads(six, ON_HANDS) - before == 6
    assert seen == [1, 3, 4], "two pages a cycle; the first and the sixth have none of them"


def test_status_knows_since_when_every_figure_was_read(six: Rig) -> None:
    shown = [six.shop.store.recall("last_full_sweep")]
    for _ in range(4):
        step(six)
        shown.append(six.shop.store.recall("last_full_sweep"))
    assert shown[1] == shown[2] == shown[0], "the oldest pages are still those of the whole reading"
    assert six.clock.now() - datetime.fromisoformat(str(shown[4])) < six.clock.now() - datetime.fromisoformat(
        str(shown[0])
    )


@pytest.mark.parametrize("kind", ["status", "html", "truncate", "garbage_json", "missing_keys", "empty_page"])
def test_a_page_that_fails_publishes_nothing_and_comes_again(six: Rig, kind: str) -> None:
    for number in (1, 2):
        count(six, PAGE[number][0], 7)
    step(six, 1)
    fail(six, kind, ON_HANDS, "kiotviet", nth=2)
    report = step(six, 3)
    assert report.failures
    assert (available(six, PAGE[1][0]), available(six, PAGE[2][0])) == (7, 20)
    six.faults.clear()
    step(six, 1)
    assert available(six, PAGE[2][0]) == 7


def test_a_page_that_lost_rows_is_no_page(six: Rig) -> None:
    doctor(six, "kiotviet", ON_HANDS, lambda payload: payload["data"].pop(3) and None)
    count(six, PAGE[1][0], 7)
    for _ in range(3):
        assert step(six).failures
    assert (available(six, PAGE[1][0]), adjusts(six)) == (20, [])


def test_a_vanished_product_keeps_its_figure_and_its_neighbours_have_their_turn(six: Rig) -> None:
    six.kiotviet.delete_product(six.sandbox.products[PAGE[1][0]])
    count(six, PAGE[2][0], 7)
    for _ in range(4):
        step(six)
    assert (available(six, PAGE[1][0]), available(six, PAGE[2][0])) == (20, 7)


def test_a_list_that_is_not_sorted_is_read_whole(six: Rig) -> None:
    doctor(six, "kiotviet", ON_HANDS, lambda payload: payload["data"].reverse())
    count(six, PAGE[3][0], 7)
    step(six, 1)
    before = reads(six, ON_HANDS)
    step(six, 5)
    assert reads(six, ON_HANDS) == before, "pages of an unsorted list say nothing"
    step(six, 6)
    assert reads(six, ON_HANDS) - before == 6
    assert available(six, PAGE[3][0]) == 7


def test_new_products_at_the_end_make_the_list_longer(six: Rig) -> None:
    six.sandbox.fill(150)
    for _ in range(6):
        step(six)
    assert len(six.shop.readings.rota()) == 8


# --- mass changes in small steps --------------------------------------------------------------------------------------


def test_a_page_that_empties_is_believed_only_after_a_whole_reading(six: Rig) -> None:
    """15 % of the shop: more than the guard allows of a page, less than of the shop."""
    for sku in PAGE[1]:
        count(six, sku, 0)
    step(six)
    assert (available(six, PAGE[1][0]), adjusts(six)) == (20, [])
    step(six, 5)
    assert adjusts(six) == [], "a part is not enough"
    step(six, 6)
    assert available(six, PAGE[1][0]) == 0


def test_pages_that_empty_one_after_the_other_end_in_a_refused_plan(six: Rig) -> None:
    for skus in PAGE.values():
        for sku in skus:
            count(six, sku, 0)
    for _ in range(4):
        assert step(six).refusal == ""
    assert adjusts(six) == []
    report = step(six, 6)
    assert "360" in report.refusal
    assert report.refused == 360
    assert adjusts(six) == []


def test_a_few_of_each_page_add_up(six: Rig) -> None:
    """14 % of each page passes the page's own guard of 15 %; twice in ten minutes it is more than that of the shop."""
    settings(six, max_change_percent=15)
    six.shop.stock.run()
    lowered: list[str] = []
    for first in (0, 30):
        for skus in PAGE.values():
            lowered += skus[first : first + 14]
        for sku in lowered:
            count(six, sku, 1)
        for _ in range(3):
            step(six)
    shown = sum(available(six, sku) == 1 for sku in lowered)
    assert 56 <= shown <= 0.15 * 600 < len(lowered)
    assert "112" not in step(six, 6).refusal, "a whole reading judges what is left by itself"


def test_what_a_document_names_is_published_while_the_rest_is_doubted(six: Rig) -> None:
    for sku in PAGE[1]:
        count(six, sku, 0)
    step(six)
    sell(six, PAGE[2][0], 2)
    six.later(300)
    step(six, 0)
    assert (available(six, PAGE[2][0]), available(six, PAGE[1][0])) == (18, 20)


def test_a_raise_needs_no_second_reading(six: Rig) -> None:
    for sku in PAGE[1]:
        count(six, sku, 500)
    step(six)
    step(six)
    assert available(six, PAGE[1][0]) == 500


# --- doubt, budget, lateness ------------------------------------------------------------------------------------------


def test_a_figure_whose_write_was_lost_is_read_again_in_the_next_cycle(six: Rig) -> None:
    count(six, PAGE[1][0], 7)
    plant(six, "lose_answer", ADJUST, "haravan")
    step(six)
    before = reads(six, ON_HANDS)
    step(six, 0)
    assert reads(six, ON_HANDS) - before == 1
    assert available(six, PAGE[1][0]) == free(six, PAGE[1][0]) == 7
    assert six.shop.store.intents.in_doubt() == []


@pytest.mark.parametrize(("kind", "path", "remote"), [("status", ON_HANDS, "kiotviet"), ("status", LEVELS, "haravan")])
def test_a_product_that_could_not_be_read_when_it_was_named_is_read_next(
    six: Rig, kind: str, path: str, remote: str
) -> None:
    fail(six, kind, path, remote)
    sell(six, PAGE[2][0], 2)
    six.later(300)
    with suppress(Transient):
        step(six, 0)
    assert available(six, PAGE[2][0]) == 20
    six.faults.clear()
    step(six, 0)
    assert available(six, PAGE[2][0]) == 18


def test_a_product_that_kiotviet_does_not_know_any_more_is_not_asked_for_for_ever(six: Rig) -> None:
    sku = PAGE[3][0]
    sell(six, sku, 2)
    six.kiotviet.delete_product(six.sandbox.products[sku])
    six.later(300)
    step(six, 0)
    before = reads(six, f"/products/{six.sandbox.products[sku]}")
    step(six, 0)
    assert before == reads(six, f"/products/{six.sandbox.products[sku]}") == 1


def test_a_hint_has_its_product_read_again(six: Rig) -> None:
    count(six, PAGE[3][0], 7)
    six.shop.hints.products([six.sandbox.products[PAGE[3][0]]], "webhook stock.update")
    step(six, 0)
    assert available(six, PAGE[3][0]) == 7


def test_stock_that_is_not_read_any_more_is_told(six: Rig) -> None:
    fail(six, "status", ON_HANDS, "kiotviet")
    told: list[str] = []
    for _ in range(60):
        told = step(six, 1).failures
    assert any("last read whole" in failure for failure in told)


def test_a_low_reading_that_is_told_to_stop_publishes_what_it_has(six: Rig) -> None:
    count(six, PAGE[1][0], 7)
    step(six, 1)
    plant(six, "rate_limited", ON_HANDS, "kiotviet", nth=2, retry_after=5)
    with capture_logs() as logs:
        step(six, 3)
    assert available(six, PAGE[1][0]) == 7
    assert [log for log in logs if log["event"] == "sweep_pauses"]
    cure(six)
