"""Each Haravan endpoint: what is asked, and what is made of the answer."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import httpx
import pytest

from syncd.clients.haravan import HaravanClient
from syncd.clock import ManualClock
from syncd.core.model import AdjustLine
from syncd.errors import BadPayload, IncompleteScan, OutcomeUnknown, RateLimited, Rejected, Transient
from tests.clients.answers import START, Script, answer, haravan, ok, sample

LIST = sample("haravan/orders_list.json")


@pytest.mark.parametrize(
    ("ask", "query"),
    [
        (lambda c: c.orders_newest_first(2), {"status": "any", "order": "updated_at desc", "limit": "50", "page": "2"}),
        (lambda c: c.orders_changed_last(9), {"status": "any", "order": "updated_at desc", "limit": "9", "page": "1"}),
        (
            lambda c: c.orders_updated_from(datetime(2026, 5, 4, 9, 30, 5, 999, timezone(timedelta(hours=7))), 1),
            {"status": "any", "updated_at_min": "2026-05-04T02:30:05Z", "limit": "50", "page": "1"},
        ),
        (
            lambda c: c.open_orders(3, "partial"),
            {
                "status": "open",
                "fulfillment_status": "partial",
                "order": "created_at desc",
                "limit": "50",
                "page": "3",
            },
        ),
        (lambda c: c.orders_by_ids([1, 2]), {"ids": "1,2", "status": "any", "limit": "50", "page": "1"}),
    ],
)
def test_orders_are_asked_for_with_every_status_and_the_real_page_size(ask: Any, query: dict[str, str]) -> None:
    script = Script(ok(LIST))
    assert ask(haravan(script)).rows == 3
    assert script.requests[0].url.path == "/com/orders.json"
    assert script.queries() == [query]


def test_more_ids_than_fit_a_page_are_a_mistake_of_the_caller() -> None:
    with pytest.raises(ValueError, match="at most 50"):
        haravan(Script(ok(LIST))).orders_by_ids(range(51))


def test_an_order_by_id_is_unwrapped_and_a_bad_one_named() -> None:
    script = Script(ok(sample("haravan/order_get.json")), ok({"order": {"id": 8100001}}))
    client = haravan(script)
    assert client.order(8100001).financial_status == "paid"
    assert script.requests[0].url.path == "/com/orders/8100001.json"
    with pytest.raises(BadPayload) as raised:
        client.order(8100001)
    assert raised.value.record_id == 8100001


def test_a_count_is_asked_for_with_the_filters_of_its_list() -> None:
    script = Script(ok(sample("haravan/orders_count.json")))
    assert haravan(script).orders_count_updated_from(datetime(2026, 5, 4, 2, 30, 5, tzinfo=UTC)) == 345
    assert script.requests[0].url.path == "/com/orders/count.json"
    assert script.queries() == [{"status": "any", "updated_at_min": "2026-05-04T02:30:05Z"}]


def test_counts_shop_and_locations_are_read() -> None:
    script = Script(
        ok(sample("haravan/orders_count.json")),
        ok(sample("haravan/products_count.json")),
        ok(sample("haravan/shop.json")),
        ok(sample("haravan/locations.json")),
    )
    client = haravan(script)
    assert (client.orders_count(), client.products_count(), client.shop().currency) == (345, 12, "VND")
    assert [item.id for item in client.locations()] == [910001, 910003]
    assert [request.url.path for request in script.requests] == [
        "/com/orders/count.json",
        "/com/products/count.json",
        "/com/shop.json",
        "/com/locations.json",
    ]
    assert script.queries()[0] == {"status": "any"}


def test_locations_are_read_to_the_end_even_where_pages_are_ignored() -> None:
    everything = ok({"locations": [{"id": item} for item in range(1, 61)]})
    assert len(haravan(Script(everything)).locations()) == 60


def test_products_are_walked_by_id_or_by_page() -> None:
    script = Script(ok(sample("haravan/products_list.json")))
    client = haravan(script)
    assert client.products_after(7).last_id == 5100004
    assert client.products_page(2).rows == 4
    fields = "id,title,updated_at,variants"
    assert script.queries() == [
        {"since_id": "7", "limit": "50", "fields": fields},
        {"page": "2", "limit": "50", "fields": fields},
    ]


class Shelf:
    """Answers stock queries the way Haravan does: at most 50 x 50 ids, `cap` rows a page, one bad id refuses all."""

    def __init__(self, pairs: set[tuple[int, int]], cap: int = 250, bad_ids: frozenset[int] = frozenset()) -> None:
        self.pairs, self.cap, self.bad_ids = sorted(pairs), cap, bad_ids
        self.asked: list[tuple[int, int]] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        query = dict(request.url.params)
        locations = [int(item) for item in query["location_ids"].split(",")]
        variants = [int(item) for item in query["variant_ids"].split(",")]
        self.asked.append((len(locations), len(variants)))
        if len(variants) > 50 or len(locations) > 50 or self.bad_ids & set(variants):
            return answer(422, {"errors": "Tối đa chỉ được 50 biến thể"})
        rows = [
            {"id": n, "loc_id": loc, "product_id": 1, "variant_id": var, "qty_onhand": n, "qty_commited": 0}
            for n, (loc, var) in enumerate(self.pairs, start=1)
            if loc in locations and var in variants and n > int(query.get("since_id", 0))
        ]
        return ok({"inventory_locations": rows[: self.cap]})


def stocked(locations: range, variants: range) -> set[tuple[int, int]]:
    return {(location, variant) for location in locations for variant in variants}


@pytest.mark.parametrize(("locations", "variants"), [(1, 120), (5, 90), (60, 7), (250, 3)])
def test_stock_is_asked_for_in_batches_that_haravan_takes(locations: int, variants: int) -> None:
    places, goods = range(1, locations + 1), range(1001, 1001 + variants)
    shelf = Shelf(stocked(places, goods))
    levels = haravan(Script(shelf)).inventory(list(places), list(goods))
    assert {(level.location_id, level.variant_id) for level in levels} == stocked(places, goods)
    assert all(a <= 50 and b <= 50 and a * b <= 200 for a, b in shelf.asked)


@pytest.mark.parametrize("cap", [50, 100])
def test_a_page_that_is_capped_lower_than_promised_loses_nothing(cap: int) -> None:
    shelf = Shelf(stocked(range(1, 5), range(1001, 1051)), cap)
    assert len(haravan(Script(shelf)).inventory([1, 2, 3, 4], list(range(1001, 1051)))) == 200


def test_one_refused_id_costs_only_itself() -> None:
    shelf = Shelf(stocked(range(1, 2), range(1001, 1051)), bad_ids=frozenset({1017}))
    client = haravan(Script(shelf))
    page = client.levels([1], list(range(1001, 1051)))
    assert (len(page.levels), [bad.id for bad in page.bad]) == (49, [1017])
    with pytest.raises(BadPayload, match="Tối đa chỉ được 50 biến thể") as raised:
        client.inventory([1], [1016, 1017])
    assert raised.value.record_id == 1017


def test_a_passing_422_is_only_repeated() -> None:
    script = Script(answer(422, {}), ok(sample("haravan/inventory_locations.json")))
    assert len(haravan(script).inventory([910001], [6100001, 6100002])) == 2
    assert len(script.requests) == 2


def test_rows_that_nobody_asked_for_are_left_out() -> None:
    script = Script(ok(sample("haravan/inventory_locations.json")))
    (level,) = haravan(script).inventory([910001], [6100002, 6100009])
    assert level.available == -15


def test_an_unreadable_stock_row_is_named_and_never_absent() -> None:
    rows = sample("haravan/inventory_locations.json")["inventory_locations"]
    client = haravan(Script(ok({"inventory_locations": [rows[0] | {"qty_onhand": 0.5}, rows[1]]})))
    with pytest.raises(BadPayload) as raised:
        client.inventory([910001], [6100001, 6100002])
    assert raised.value.record_id == 6100001


def test_a_stock_list_that_does_not_end_is_incomplete() -> None:
    def endless(request: httpx.Request) -> httpx.Response:
        start = int(dict(request.url.params).get("since_id", 0))
        row = {"loc_id": 9, "product_id": 1, "variant_id": 9, "qty_onhand": 0, "qty_commited": 0}
        return ok({"inventory_locations": [row | {"id": start + n} for n in range(1, 51)]})

    with pytest.raises(IncompleteScan):
        haravan(Script(endless)).inventory([1], [1])


def test_an_adjustment_adds_differences_and_says_so() -> None:
    script = Script(ok(sample("haravan/adjustorset.json")), ok(sample("haravan/adjustorset_no_change.json")))
    client = haravan(script)
    for _ in range(2):
        client.adjust(910001, [AdjustLine(5100001, 6100001, -3)], "KiotViet sync r42")
    expected = {
        "location_id": 910001,
        "type": "adjust",
        "reason": "newproduct",
        "note": "KiotViet sync r42",
        "tags": "",
        "line_items": [{"product_id": 5100001, "product_variant_id": 6100001, "quantity": -3}],
    }
    assert script.bodies() == [{"inventory": expected}] * 2
    assert script.requests[0].headers["content-type"] == "application/json"
    assert script.requests[0].url.path == "/com/inventories/adjustorset.json"


@pytest.mark.parametrize("payload", [{}, [], {"inventory": None}, {"inventory": "ok"}, None])
def test_an_adjustment_without_a_slip_may_have_happened(payload: object) -> None:
    with pytest.raises(OutcomeUnknown):
        haravan(Script(ok(payload))).adjust(1, [AdjustLine(1, 2, 3)], "")


def test_nothing_to_adjust_sends_nothing_and_too_much_is_a_mistake() -> None:
    script = Script(ok({}))
    haravan(script).adjust(1, [], "")
    assert script.requests == []
    with pytest.raises(ValueError, match="at most 100"):
        haravan(script).adjust(1, [AdjustLine(1, 2, 3)] * 101, "")


def test_slips_come_newest_first() -> None:
    script = Script(ok(sample("haravan/adjustments.json")))
    assert [slip.id for slip in haravan(script).slips(910001)] == [1300009, 1300001]
    assert script.queries() == [{"location_id": "910001", "limit": "50"}]


def test_the_header_slows_the_next_call() -> None:
    clock = ManualClock(START)
    client = haravan(Script(ok({"count": 1}, X_HARAVAN_API_CALL_LIMIT="75/80")), clock)
    client.orders_count()
    assert clock.monotonic() == 0
    client.orders_count()
    assert clock.monotonic() == pytest.approx(16 / 3.5)


def test_a_429_on_a_read_is_waited_out_and_on_a_write_reported() -> None:
    clock = ManualClock(START)
    client = haravan(Script(answer(429, {}, retry_after="2.0"), ok({"count": 1})), clock)
    assert client.orders_count() == 1
    assert clock.monotonic() >= 2.0
    script = Script(answer(429, {}, retry_after="2.0"))
    with pytest.raises(RateLimited):
        haravan(script).adjust(1, [AdjustLine(1, 2, 3)], "")
    assert len(script.requests) == 1


def test_a_long_wait_is_left_to_the_next_cycle() -> None:
    clock = ManualClock(START)
    script = Script(answer(429, {}, retry_after="600"))
    client = haravan(script, clock)
    for _ in range(2):
        with pytest.raises(RateLimited):
            client.orders_count()
    assert (len(script.requests), clock.monotonic()) == (1, 0)


def test_calls_are_counted_with_their_repeats() -> None:
    calls: list[tuple[str, bool]] = []
    script = Script(answer(500, {}), ok({"count": 1}), ok({"inventory": []}))
    client = haravan(script, on_call=lambda remote, write: calls.append((remote, write)))
    client.orders_count()
    client.adjust(1, [AdjustLine(1, 2, 3)], "")
    assert calls == [("haravan", False), ("haravan", False), ("haravan", True)]


def test_a_refused_list_is_rejected_after_three_tries_only_for_422() -> None:
    for status, tries in ((422, 3), (400, 1)):
        script = Script(answer(status, {"errors": "no"}))
        with pytest.raises(Rejected):
            haravan(script).orders_newest_first(1)
        assert len(script.requests) == tries


@pytest.mark.parametrize("payload", [{"orders": None}, {"orders": {}}, {"products": []}, 7])
def test_an_answer_without_its_list_is_a_failed_page(payload: object) -> None:
    with pytest.raises(Transient):
        haravan(Script(ok(payload))).orders_newest_first(1)


def test_a_base_url_may_end_in_a_slash() -> None:
    script = Script(ok({"count": 1}))
    transport = httpx.MockTransport(script)
    client = HaravanClient("http://127.0.0.1:9/hrv/", " t\n", clock=ManualClock(START), transport=transport)
    client.orders_count()
    client.close()
    assert script.requests[0].url.path == "/hrv/com/orders/count.json"
    assert script.requests[0].headers["authorization"] == "Bearer t"


def test_tags_are_added_and_removed_by_one_text_in_the_body_and_the_answer_shows_all() -> None:
    script = Script(ok({"tags": "VIP, KV:DH000185,KV:cần xử lý"}), ok({"tags": "VIP"}))
    client = haravan(script)
    assert client.add_tags(8100001, ["KV:DH000185", "KV:cần xử lý"]) == ("VIP", "KV:DH000185", "KV:cần xử lý")
    assert client.remove_tags(8100001, ["KV:cần xử lý"]) == ("VIP",)
    assert [request.method for request in script.requests] == ["POST", "DELETE"]
    assert {request.url.path for request in script.requests} == {"/com/orders/8100001/tags.json"}
    assert {request.headers["content-type"] for request in script.requests} == {"application/json"}
    assert script.bodies() == [{"tags": "KV:DH000185,KV:cần xử lý"}, {"tags": "KV:cần xử lý"}]


@pytest.mark.parametrize("payload", [{"tags": None}, {"tags": ""}, [], {}])
def test_a_removal_may_be_answered_with_nothing(payload: object) -> None:
    assert haravan(Script(ok(payload))).remove_tags(1, ["KV:A"]) == ()


def test_a_removal_may_be_answered_without_a_body() -> None:
    assert haravan(Script(httpx.Response(200))).remove_tags(1, ["KV:A"]) == ()


@pytest.mark.parametrize("payload", [{}, [], "KV:A", {"tags": ["KV:A"]}, {"order": {}}])
def test_an_addition_that_is_not_answered_with_the_tags_has_no_known_outcome(payload: object) -> None:
    script = Script(ok(payload))
    with pytest.raises(OutcomeUnknown):
        haravan(script).add_tags(1, ["KV:A"])
    assert len(script.requests) == 1, "a write is not repeated by the client"


def test_an_order_without_tags_can_be_given_none() -> None:
    assert haravan(Script(ok({"tags": None}))).add_tags(1, ["KV:A"]) == ()
