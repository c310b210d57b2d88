"""What does not concern one order alone: old pages, lists, links and credentials that fail in the middle of a cycle."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from syncd.cycles.orders import policy_counts
from syncd.cycles.progress import progress_of
from syncd.errors import AuthError, RateLimited
from syncd.sandbox.faults import Fault
from tests.orders.kit import assert_quiet, live_orders, try_cycle
from tests.orders.test_backfill import below_the_newest, to_the_end
from tests.rig import Rig

HARAVAN_PRODUCTS, HARAVAN_COUNT = "/com/products", "orders/count"


def refuse(rig: Rig, remote: str, path: str, status: int = 503) -> None:
    rig.faults.add(Fault("status", remote=remote, method="GET", path=path, status=status, times=0))


def begin_at(rig: Rig, since: date) -> None:
    """An admin changes `orders.since`."""
    rig.close()
    rig.settings = replace(rig.settings, orders=replace(rig.settings.orders, since=since))
    rig.later()


def test_old_orders_wait_until_the_products_can_be_read_and_other_settings_begin_them_anew(tmp_path: Path) -> None:
    rig = Rig(tmp_path, many_orders=20)
    old = below_the_newest(rig, 3)
    refuse(rig, "haravan", HARAVAN_PRODUCTS)
    report = rig.orders()
    assert report.failures
    progress = progress_of(rig.shop.store)
    assert progress is not None
    assert (progress.after, [rig.state(order_id) for order_id in old]) == (0, ["received"] * 3)
    begin_at(rig, date(2026, 11, 20))
    rig.orders()
    assert progress_of(rig.shop.store) is None, "there is nothing old for these settings"
    begin_at(rig, date(2026, 11, 1))
    assert rig.orders().failures
    assert progress_of(rig.shop.store) is not None
    rig.faults.clear()
    to_the_end(rig, 3)
    assert [rig.state(order_id) for order_id in old] == ["ordered"] * 3
    rig.close()


def test_an_old_page_with_a_row_that_has_no_id_is_not_passed(tmp_path: Path) -> None:
    rig = Rig(tmp_path, many_orders=20)
    first, second = below_the_newest(rig, 2)
    rig.haravan.corrupt(first, {"id": "không rõ"})
    assert "no readable id" in str(rig.orders().failures)
    progress = progress_of(rig.shop.store)
    assert progress is not None
    assert (progress.after, rig.state(second)) == (0, "ordered")
    rig.haravan.corrupt(first, {})
    to_the_end(rig, 3)
    assert (rig.state(first), progress_of(rig.shop.store)) == ("ordered", None)
    rig.close()


def test_where_haravan_does_not_count_or_shows_no_time_old_orders_are_news_like_any(tmp_path: Path) -> None:
    rig = Rig(tmp_path, many_orders=0)
    order_id = rig.place()
    rig.haravan.corrupt(order_id, {"updated_at": "hôm qua"})
    rig.orders()
    assert (rig.hold(order_id), progress_of(rig.shop.store)) == ("bad_payload", None)
    rig.haravan.corrupt(order_id, {})
    rig.lose_store()
    refuse(rig, "haravan", HARAVAN_COUNT, status=422)
    rig.later()
    assert rig.orders().failures == []
    assert (rig.state(order_id), progress_of(rig.shop.store)) == ("ordered", None)
    rig.close()


@pytest.mark.parametrize(("kind", "error"), [("unauthorized", AuthError), ("rate_limited", RateLimited)])
def test_a_kiotviet_that_refuses_to_show_its_documents_ends_the_cycle(
    rig: Rig, kind: str, error: type[Exception]
) -> None:
    rig.place()
    rig.orders()
    rig.faults.add(Fault(kind, remote="kiotviet", method="GET", path="^/orders$", times=0))
    rig.later()
    assert isinstance(try_cycle(rig), error)


def test_products_that_cannot_be_read_hold_only_the_order_that_needs_them(rig: Rig) -> None:
    rig.once()
    (variant,) = rig.haravan.add_product("Hàng mới", [{"sku": "MOI-01", "price": 10_000}])
    held, good = rig.haravan.place_order([(variant, 1)]), rig.place()
    rig.later(3600)
    refuse(rig, "haravan", HARAVAN_PRODUCTS)
    report = rig.orders()
    assert (report.failures, policy_counts(report)) == ([], {"seen": 2, "changed": 2, "held": 1})
    assert (rig.hold(held), rig.state(good)) == ("unknown_sku", "ordered")
    assert len(live_orders(rig)) == 1


def test_a_count_that_never_fits_is_believed_after_half_an_hour_and_forgotten_once_it_fits(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    rig.place(source="pos")
    haravan = rig.shop.remotes.haravan
    real, more = haravan.orders_count, [2]
    monkeypatch.setattr(haravan, "orders_count", lambda: real() + more[0])
    for seconds in (180,) * 9 + (179,):
        assert rig.orders().failures
        rig.later(seconds)
    assert rig.orders().failures
    more[0] = 3
    rig.later(1)
    assert rig.orders().failures, "another difference is another doubt"
    rig.later(1800)
    for _ in range(9):
        assert rig.orders().failures, "two looks that agree are a coincidence"
    assert rig.orders().failures == []
    assert rig.shop.store.recall("orders_cursor") is not None
    more[0] = 0
    assert rig.orders().failures == []
    assert_quiet(rig)
