"""What the status page shows of a real shop, and what its buttons do to it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from syncd.core.concerns import Concern, Level, concerns
from syncd.core.facts import Facts
from syncd.core.lifecycle import State
from syncd.core.records import Hold
from syncd.core.texts import text
from syncd.web.front import Front
from tests.daemon.conftest import Said
from tests.orders.test_holds import stock_up
from tests.rig import START, Rig
from tests.web.page_kit import TOKEN, Busy, Page, busy_shop, status_page


@pytest.fixture(scope="module")
def yesterday(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Busy]:
    """One busy shop for all tests that do not need to go on with it."""
    rig = Rig(tmp_path_factory.mktemp("busy"))
    yield busy_shop(rig)
    rig.close()


@pytest.fixture
def busy(yesterday: Busy, tmp_path: Path) -> Iterator[Busy]:
    """The same, as a test may change it: with a copy of its store, and empty remotes."""
    yesterday.rig.shop.store.copy_to(tmp_path / "syncd.db")
    rig = Rig(tmp_path)
    rig.clock.advance((yesterday.rig.clock.now() - START).total_seconds())
    yield replace(yesterday, rig=rig)
    rig.close()


@pytest.fixture
def page(busy: Busy, yesterday: Busy, said: Said) -> Iterator[Page]:
    with status_page(busy.rig, index=yesterday.rig.shop.catalogue.known) as made:
        yield made


@pytest.fixture
def living(rig: Rig) -> Busy:
    """A busy shop that goes on."""
    return busy_shop(rig)


def visible(html: str) -> str:
    """The words of a page, on one line."""
    return " ".join(re.sub(r"<[^>]*>", " ", html).split())


def words(page: Page, path: str) -> str:
    return visible(page.text(path))


# --- what is shown ---------------------------------------------------------------------------------------------------


def test_the_overview_tells_where_orders_stand_in_the_words_of_both_systems(page: Page) -> None:
    shown = words(page, "/")
    assert "shipping Haravan: Đang giao hàng KiotViet: hoá đơn Đang xử lý 1" in shown
    assert "ordered Haravan: Chưa giao hàng, Chờ lấy hàng KiotViet: Phiếu tạm 1" in shown
    assert "received Haravan: Chưa giao hàng KiotViet: nothing yet 2 2" in shown, "two of them, both held"
    assert "1 channel pos is not in orders.channels" in shown
    assert "7 orders in all 2 held 1 open tasks 12 linked products 0 figures differ" in shown


def test_the_overview_says_how_long_orders_wait(page: Page, busy: Busy) -> None:
    busy.rig.later(30 * 3600)
    assert "KiotViet: Phiếu tạm 1 1 30 h" in words(page, "/")


def test_what_a_person_must_know_comes_first_with_cause_and_remedy(page: Page) -> None:
    refused = text("page_wrong_token")
    page.concerns.append(
        Concern("credentials:haravan", "credentials", Level.ERROR, refused, text("page_token_hint"), START, "#100001")
    )
    shown = page.text("/")
    assert '<article class="concern error">' in shown
    said = visible(shown)
    assert said.index("What needs you") < said.index("This is not the token.") < said.index("orders in all")
    assert "What to do: The token is in the file that status.token_file names" in said
    assert 'href="/orders?q=%23100001"' in shown


def test_a_quiet_shop_is_told_so(rig: Rig, said: Said) -> None:
    rig.once()
    for name in ("orders", "stock"):
        rig.shop.store.cycle_ok(name, {}, rig.clock.now())
    with status_page(rig) as page:
        assert "Nothing needs you now." in words(page, "/")


def test_a_cycle_that_is_too_old_or_failed_is_told(page: Page, busy: Busy) -> None:
    store = busy.rig.shop.store
    store.cycle_ok("orders", {}, START - timedelta(hours=1))
    store.cycle_failed("stock", "KiotViet: <b>down</b> for 0912345678", START)
    shown = page.text("/")
    assert "orders last good 08:00:00 too old" in visible(shown)
    assert "KiotViet: &lt;b&gt;down&lt;/b&gt; for ***" in shown, "escaped, and without what tells who a buyer is"


def test_plots_say_in_words_what_they_draw(page: Page, busy: Busy) -> None:
    now = busy.rig.clock.now()
    busy.rig.shop.store.samples.keep(now, figures_seconds=900, orders_seconds=15)
    shown = page.text("/")
    assert re.findall(r'<svg[^>]*role="img" aria-labelledby="(\w+)-title \1-desc"', shown) == [
        "figures",
        "orders",
        "drift",
        "gets",
    ]
    assert "from 22/11 09:02 to 23/11 09:02: now 15 min, at most 15 min" in shown
    assert "of 4,000 in this hour" in shown
    assert "no data yet" not in visible(shown)
    assert "from 09/11 09:02" in page.text("/?span=weeks")


def test_held_orders_and_tasks_are_listed_with_reasons(page: Page) -> None:
    shown = words(page, "/held")
    assert "#100006 received · unknown_sku · since 09:00:00" in shown
    assert "SKU &#39;MOI-01&#39; is not in KiotViet" in shown
    assert "#100003 refunded" in shown
    assert "enter a return (Trả hàng) in KiotViet for invoice HD000002" in shown


def test_many_held_orders_are_shown_some_at_a_time(page: Page, busy: Busy) -> None:
    store = busy.rig.shop.store
    for key in range(60):
        row = {"haravan_id": key + 1, "number": f"#{key}", "number_key": str(key), "state": "received"}
        store._t.orders.insert(**row, is_open=True, created_at="", updated_at=START.isoformat()).execute()
        hold = Hold("rejected", "why", START + timedelta(hours=1, seconds=key))
        store.orders.hold(key + 1, State.RECEIVED, hold, look_again_at=None, now=START)
    shown = page.text("/held?code=rejected")
    assert (shown.count('class="card"'), "Retry all 60" in shown) == (50 + 1, True)
    assert 'href="/held?code=rejected&amp;skip=50"' in shown
    assert page.text("/held?code=rejected&skip=50").count('class="card"') == 10 + 1
    assert page.text("/held").count('class="card"') == 50 + 1, "and the task"


def test_an_order_is_found_by_number_or_id_and_tells_its_story(page: Page, busy: Busy) -> None:
    for name in ("%23100003", "100003", str(busy.completed)):
        shown = words(page, f"/orders?q={name}")
        assert "Order #100003 completed" in shown
    assert "order DH000003 invoice HD000002: Hoàn thành" in shown
    story = shown[shown.index("What happened") :]
    told = [
        "received from Haravan, channel web",
        "KiotViet invoice HD000002 (Đang xử lý) was created",
        "enter a return",
    ]
    assert sorted(told, key=story.index) == told


def test_an_ignored_order_says_why(page: Page) -> None:
    assert "channel pos is not in orders.channels next: nothing" in words(page, "/orders?q=100004")


NOT_THERE = ["/orders?q=999", "/orders?q=", "/orders/999", "/orders/x", f"/orders/{10**19}", "/orders/1/ignore"]
NOT_THERE += ["/stock/1", "/stock?q=NONE", "/stock?q=", "/nothing", "/static/x", "/static/..%2fpages.py", "/held/x/y/z"]


def test_what_is_not_there_is_a_sentence(page: Page) -> None:
    for path in NOT_THERE:
        answer = page.http.get(path, follow_redirects=True)
        assert answer.status_code == 404, path
        assert "<h1>Not found</h1>" in answer.text


@pytest.mark.parametrize("name", ["AO-01", "variant"])
def test_a_products_stock_shows_its_formula_and_what_was_published(page: Page, yesterday: Busy, name: str) -> None:
    chosen = str(yesterday.rig.sandbox.variants["AO-01"]) if name == "variant" else name
    shown = words(page, f"/stock?q={chosen}")
    assert "Stock of AO-01" in shown
    assert "In Haravan 11; should be 11 = sellable 14 - pending 3 - safety stock 0" in shown
    assert "09:02:00 14 → 11 11" in shown
    assert "KiotViet" in shown


def test_a_product_that_is_not_linked_says_where_to_look(page: Page, yesterday: Busy) -> None:
    assert "'syncd products' says why" in words(page, f"/stock/{yesterday.rig.sandbox.variants['MOI-01']}").replace(
        "&#39;", "'"
    )


def test_before_the_products_were_read_the_search_says_so(rig: Rig, said: Said) -> None:
    with status_page(rig) as page:
        answer = page.get("/stock?q=AO-01")
    assert answer.status_code == 503
    assert "have not been read yet" in answer.text


def test_events_go_back_page_by_page_to_the_first(page: Page, busy: Busy) -> None:
    for number in range(70):
        busy.rig.shop.store.add_event("stock_written", f"nr {number};", START)
    first = page.text("/events")
    older = re.search(r'rel="next" href="(/events\?before=\d+)"', first)
    assert older
    second = page.text(older[1])
    assert "nr 69;" in first
    assert "nr 20;" in first
    assert "nr 19;" in second
    assert "nr 20;" not in second


# --- language --------------------------------------------------------------------------------------------------------


def test_the_language_is_the_shops_until_a_visitor_chooses_another(page: Page) -> None:
    assert '<html lang="en">' in page.text("/")
    chosen = page.text("/held?code=unknown_sku&lang=vi")
    assert '<html lang="vi">' in chosen
    assert 'href="/held?code=unknown_sku&amp;lang=en"' in chosen
    assert "Đơn tạm giữ" in page.text("/held"), "the choice is kept"
    assert '<html lang="en">' in page.text("/?lang=en")
    assert '<html lang="en">' in page.text("/?lang=xx")


def test_a_vietnamese_page_says_no_english_word_of_ours(tmp_path: Path, said: Said) -> None:
    rig = Rig(tmp_path, language="vi")
    busy = busy_shop(rig)
    with status_page(rig) as page:
        for path in ("/", "/held", "/events", f"/orders/{busy.completed}", "/stock?q=AO-01"):
            found = re.findall(
                r"\b(?:order|orders|held|task|since|next|Retry|Done|stock|Find|now)\b", words(page, path)
            )
            allowed = {"orders"} if "orders.channels" in words(page, path) else set()
            assert set(found) - allowed == set(), path
    rig.close()


# --- nothing personal ------------------------------------------------------------------------------------------------


def test_no_page_tells_who_bought(page: Page, busy: Busy, yesterday: Busy) -> None:
    order = yesterday.rig.haravan.order(busy.completed)
    address = order["shipping_address"]
    personal = [address["phone"], address["address1"], address["last_name"], order["email"]]
    paths = ["/", "/held", "/events", *(f"/orders/{key}" for key in (busy.completed, *busy.unknown)), "/stock?q=AO-01"]
    for path in paths:
        shown = page.text(path)
        assert [value for value in personal if value and value in shown] == []


# --- buttons ---------------------------------------------------------------------------------------------------------


def test_retry_lets_a_held_order_go_on_and_wakes_the_cycle(living: Busy, said: Said) -> None:
    with status_page(living.rig) as page:
        stock_up(living.rig, "MOI-01")
        order_id = living.unknown[0]
        answer = page.press("/held", f"/orders/{order_id}/retry")
        assert (answer.status_code, answer.headers["location"]) == (303, "/held")
        assert living.rig.shop.hints.wants("orders")
        assert "Order #100006 is tried again now" in page.text("/held")
        assert "is tried again now" not in page.text("/held"), "told once"
        living.rig.orders()
        assert living.rig.state(order_id) == "ordered"


def test_retry_on_an_orders_own_page_leads_back_to_it(page: Page, busy: Busy) -> None:
    order_id = busy.unknown[0]
    answer = page.press(f"/orders/{order_id}", f"/orders/{order_id}/retry", order=order_id)
    assert answer.headers["location"] == f"/orders/{order_id}"


def test_retry_all_of_one_code_leaves_the_others_alone(page: Page, busy: Busy) -> None:
    store = busy.rig.shop.store
    store.orders.hold(busy.ordered, State.ORDERED, Hold("rejected", "why", START), look_again_at=None, now=START)
    answer = page.press("/held?code=unknown_sku", "/held/unknown_sku/retry")
    assert answer.status_code == 303
    assert "2 orders held as unknown_sku are tried again now" in page.text("/held")
    asked = {key: store.orders.record(key).retry_asked for key in (*busy.unknown, busy.ordered)}  # type: ignore[union-attr]
    assert asked == {busy.unknown[0]: True, busy.unknown[1]: True, busy.ordered: False}


def test_ignoring_asks_first_and_is_taken_back_by_retry(living: Busy, said: Said) -> None:
    with status_page(living.rig) as page:
        order_id = living.unknown[0]
        asked = words(page, f"/orders/{order_id}/ignore")
        assert "Leave order #100006 to people?" in asked
        assert "syncd never writes anything for this order again" in asked
        assert living.rig.state(order_id) == "received", "looking does nothing"
        page.press(f"/orders/{order_id}/ignore", f"/orders/{order_id}/ignore")
        assert living.rig.state(order_id) == "ignored"
        assert "is left to people" in page.text(f"/orders/{order_id}")
        page.press(f"/orders/{order_id}", f"/orders/{order_id}/retry", order=order_id)
        living.rig.orders()
        assert living.rig.hold(order_id) == "unknown_sku"


def test_done_closes_a_task_once(page: Page, busy: Busy) -> None:
    action = f"/tasks/{busy.task}/done"
    page.press("/held", action)
    assert busy.rig.shop.store.tasks() == []
    shown = page.text("/held")
    assert "is closed." in shown
    form = re.search(r'name="form" value="(\w+)"', shown)
    assert form
    assert page.http.post(action, data={"form": form[1]}).status_code == 303
    assert "was closed already" in page.text("/held")
    assert page.http.post("/tasks/99/done", data={"form": form[1]}).status_code == 404


def test_every_button_is_logged(page: Page, busy: Busy, said: Said) -> None:
    page.press("/held", f"/orders/{busy.unknown[0]}/retry")
    (line,) = said("button_pressed")
    assert (line["button"], line["about"]) == ("retry", "#100006")


# --- trouble ---------------------------------------------------------------------------------------------------------


def test_a_page_that_fails_says_so_without_its_trace(page: Page, said: Said, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page.desk.store, "differing", lambda: 1 / 0)
    answer = page.get("/")
    assert answer.status_code == 500
    assert "the log says why" in answer.text
    assert "ZeroDivisionError" not in answer.text
    assert said("page_failed")
    assert page.get("/events").status_code == 200


def test_a_page_that_fails_still_tells_what_needs_a_person(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    def stumble(*_: object) -> None:
        raise ZeroDivisionError("planted")

    full = concerns(Facts(rig.clock.now(), database="/srv/syncd.db", free_bytes=0))
    monkeypatch.setattr(Front, "_sign_in_form", stumble)
    with status_page(rig, token=TOKEN, concerns=full) as page:
        monkeypatch.setattr(page.desk.store, "differing", stumble)
        answer = page.get("/", authorization=f"Bearer {TOKEN}")
        assert answer.status_code == 500
        assert "less than 20 MB are free on the disk of /srv/syncd.db" in answer.text
        page.http.cookies.clear()
        answer = page.http.get("/", follow_redirects=True)
        assert answer.status_code == 500
        assert "/srv/syncd.db" not in answer.text, "not to strangers"


def test_a_store_that_cannot_be_written_is_told_and_nothing_is_done(page: Page, busy: Busy) -> None:
    database = page.desk.store._db.database
    database.execute_sql("PRAGMA busy_timeout = 1")
    shown = page.text("/held")
    page.desk.store._db.database.init(str(busy.rig.settings.database), pragmas={"busy_timeout": 1}, timeout=0.01)
    form = re.search(r'name="form" value="(\w+)"', shown)
    assert form
    with database.atomic("IMMEDIATE"):
        answer = page.http.post(f"/orders/{busy.unknown[0]}/retry", data={"form": form[1]})
    assert answer.status_code == 503
    assert "cannot be written" in answer.text


def test_no_connection_stays_open_in_a_web_thread(page: Page) -> None:
    for _ in range(3):
        page.text("/")
    page.desk.store.close()
    assert page.rig.settings.database.with_name("syncd.db-wal").exists() is False, "the last connection is gone"


def test_the_settings_of_the_page_are_the_shops(busy: Busy) -> None:
    assert replace(busy.rig.settings, status=None).fingerprint() == busy.rig.settings.fingerprint()
