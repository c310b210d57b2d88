"""Which page of KiotViet's stock list is read next, also where the list got shorter or empty meanwhile."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from syncd.clients.pages import Page
from syncd.core.model import OnHand
from syncd.cycles.rota import ROWS, Rota

AT = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


def page(*ids: int, total: int) -> Page[OnHand]:
    return Page(tuple(OnHand(one, f"SP-{one}", ()) for one in ids), (), total, len(ids), None)


def test_a_page_behind_the_end_of_a_list_that_got_shorter_is_no_page() -> None:
    rota = Rota(3 * ROWS)
    rota.took(0, page(1, 5, total=3 * ROWS), 0.0, AT)
    rota.took(2, page(total=2 * ROWS), 1.0, AT)
    assert (len(rota), rota.oldest(2), rota.oldest_at()) == (2, [0, 1], None)
    rota.took(1, page(7, 9, total=2 * ROWS), 2.0, AT + timedelta(seconds=2))
    assert (rota.oldest(1), rota.oldest_at(), rota.page_of(9)) == ([0], AT, 1)


def test_an_empty_list_has_one_page_that_holds_nothing() -> None:
    rota = Rota()
    rota.took(0, page(total=0), 0.0, AT)
    assert (len(rota), rota.page_of(1), rota.oldest_at(), rota.sorted) == (1, None, None, True)
    rota.took_all([], 1.0, AT)
    assert (len(rota), rota.oldest_at()) == (1, None)
