"""Who may look at the status page and press its buttons: with a token, without one, through proxies and other sites."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator

import httpx
import pytest

from syncd.clock import ManualClock
from syncd.web.sessions import SESSION_SECONDS, Sessions, Tries
from tests.daemon.conftest import Said
from tests.rig import START, Rig
from tests.web.page_kit import FORM, TOKEN, Page, status_page

PAGES = ["/", "/held", "/events", "/orders?q=1", "/orders/1", "/stock?q=x", "/stock/1", "/orders/1/ignore", "/nothing"]
BUTTONS = ["/orders/1/retry", "/orders/1/ignore", "/held/rejected/retry", "/tasks/1/done"]


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Page, Page]]:
    """A page without a token, and one with."""
    rigs = [Rig(tmp_path_factory.mktemp(name)) for name in ("free", "locked")]
    with status_page(rigs[0]) as free, status_page(rigs[1], token=TOKEN) as locked:
        yield free, locked
    for rig in rigs:
        rig.close()


def fresh(page: Page) -> Page:
    """The page before a new browser: no cookie, no wrong token lately, nobody woken."""
    page.http.cookies.clear()
    page.rig.later(61)
    page.desk.hints.begin("orders")
    return page


@pytest.fixture
def free(pages: tuple[Page, Page], said: Said) -> Page:
    return fresh(pages[0])


@pytest.fixture
def locked(pages: tuple[Page, Page], said: Said) -> Page:
    return fresh(pages[1])


def sign_in(page: Page, token: str = TOKEN, target: str = "", **headers: str) -> httpx.Response:
    shown = page.get(f"/sign-in?next={target}" if target else "/sign-in")
    form = FORM.search(shown.text)
    assert form
    found = re.search(r'name="next" value="([^"]*)"', shown.text)
    assert found
    fields = {"form": form[1], "token": token, "next": found[1]}
    return page.http.post("/sign-in", data=fields, headers=headers)


# --- what every answer forbids ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/", "/nothing", "/sign-in", "/static/status.css"])
def test_every_answer_forbids_scripts_frames_and_foreign_things(locked: Page, path: str) -> None:
    headers = locked.get(path).headers
    assert headers["content-security-policy"] == (
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
        "frame-ancestors 'none'; base-uri 'none'"
    )
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert "server" not in headers
    if path != "/static/status.css":
        assert headers["cache-control"] == "no-store"


def test_a_post_has_the_same_headers(free: Page) -> None:
    assert free.http.post("/tasks/1/done").headers["x-content-type-options"] == "nosniff"


# --- without a token -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost:8642", "[::1]:8642", "127.1.2.3:1", "LOCALHOST"])
def test_this_machine_is_let_in_by_its_own_names(free: Page, host: str) -> None:
    assert free.get("/", host=host).status_code == 200


@pytest.mark.parametrize("host", ["shop.example", "127.0.0.1.evil.example", "10.0.0.5:8642", "[::", "", "localhost.x"])
def test_a_foreign_name_for_this_machine_sees_nothing(free: Page, host: str) -> None:
    answer = free.get("/", host=host)
    assert answer.status_code == 403
    assert "answers only to 127.0.0.1 and localhost" in answer.text
    assert "Where orders stand" not in answer.text


@pytest.mark.parametrize("header", ["x-forwarded-for", "forwarded", "x-real-ip", "x-forwarded-host", "via"])
def test_what_a_proxy_passes_on_needs_a_token(free: Page, header: str) -> None:
    answer = free.get("/", **{header: "203.0.113.7"})
    assert answer.status_code == 403
    assert "set status.token_file first" in answer.text


def test_without_a_token_there_is_no_way_in_to_ask_for(free: Page) -> None:
    assert free.get("/sign-in").headers["location"] == "/"


# --- with a token ----------------------------------------------------------------------------------------------------


def test_every_page_needs_the_token(locked: Page) -> None:
    for path in PAGES:
        answer = locked.get(path)
        assert answer.status_code == 303, path
        assert answer.headers["location"].startswith("/sign-in?next=%2F")
        assert answer.text == ""


def test_every_button_needs_the_token(locked: Page) -> None:
    form = FORM.search(locked.get("/sign-in").text)
    assert form
    for path in BUTTONS:
        answer = locked.http.post(path, data={"form": form[1]})
        assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?next=%2F"), path
    assert not locked.rig.shop.hints.wants("orders")


def test_the_token_opens_the_page_that_was_asked_for_and_stays_out_of_the_cookie(locked: Page) -> None:
    answer = sign_in(locked, target="/events?before=9")
    assert (answer.status_code, answer.headers["location"]) == (303, "/events?before=9")
    cookie = answer.headers["set-cookie"]
    assert TOKEN not in cookie
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    assert "Path=/" in cookie
    assert "Secure" not in cookie
    assert locked.get("/held").status_code == 200


def test_behind_a_certificate_the_cookie_keeps_to_it(locked: Page) -> None:
    assert "Secure" in sign_in(locked, **{"x-forwarded-proto": "https"}).headers["set-cookie"]


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "/\\evil.example", "evil", "/a\nb"])
def test_signing_in_leads_to_no_other_site(locked: Page, target: str) -> None:
    form = FORM.search(locked.get("/sign-in").text)
    assert form
    fields = {"form": form[1], "token": TOKEN, "next": target}
    assert locked.http.post("/sign-in", data=fields).headers["location"] == "/"


@pytest.mark.parametrize("token", ["", "x" * 30, TOKEN[:-1], TOKEN + "x", TOKEN.upper(), "ä" * 20])
def test_another_token_opens_nothing_and_is_not_logged(locked: Page, said: Said, token: str) -> None:
    answer = sign_in(locked, token)
    assert answer.status_code == 403
    assert "This is not the token." in answer.text
    assert locked.get("/held").status_code == 303
    assert said("status_token_refused")
    assert len(token) < 20 or all(token not in str(line) for line in said(""))


def test_after_five_wrong_tokens_even_the_right_one_waits_a_minute(locked: Page) -> None:
    for _ in range(5):
        assert sign_in(locked, "wrong").status_code == 403
    assert sign_in(locked).status_code == 429
    assert locked.get("/held", authorization=f"Bearer {TOKEN}").status_code == 401
    locked.rig.later(61)
    assert sign_in(locked).status_code == 303


def test_who_is_inside_is_not_shut_out_by_who_guesses(locked: Page) -> None:
    sign_in(locked)
    for _ in range(6):
        httpx.get(f"{locked.url}/held", headers={"authorization": "Bearer wrong"}, trust_env=False)
    assert locked.get("/held").status_code == 200


def test_a_program_sends_the_token_itself(locked: Page) -> None:
    assert locked.get("/held", authorization=f"Bearer {TOKEN}").status_code == 200
    assert locked.get("/held", authorization=f"bearer {TOKEN}").status_code == 200
    for wrong in ("Bearer x", f"Basic {TOKEN}", "Bearer", TOKEN):
        answer = locked.get("/held", authorization=wrong, cookie="")
        assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")


def test_a_program_presses_buttons_without_a_form(locked: Page) -> None:
    answer = locked.http.post("/held/rejected/retry", headers={"authorization": f"Bearer {TOKEN}"})
    assert answer.status_code == 303
    assert locked.rig.shop.hints.wants("orders")


def test_the_way_in_looks_as_it_should_without_the_token(locked: Page) -> None:
    shown = locked.get("/sign-in").text
    for path in re.findall(r'(?:href|src)="(/static/[^"]+)"', shown):
        assert locked.get(path).status_code == 200
    assert locked.rig.settings.shop in shown
    assert "/held" not in shown


def test_signing_out_ends_it(locked: Page) -> None:
    sign_in(locked)
    answer = locked.press("/held", "/sign-out")
    assert answer.headers["location"] == "/sign-in"
    assert locked.get("/held").status_code == 303


def test_a_session_ends_after_half_a_day(locked: Page) -> None:
    sign_in(locked)
    locked.rig.later(SESSION_SECONDS - 60)
    assert locked.get("/held").status_code == 200
    locked.rig.later(61)
    assert locked.get("/held").status_code == 303


def test_a_session_outlives_a_restart_but_not_another_token(locked: Page) -> None:
    sign_in(locked)
    cookies = dict(locked.http.cookies)
    for token, status in ((TOKEN, 200), (TOKEN[::-1], 303)):
        with status_page(locked.rig, token=token) as again:
            again.http.cookies.update(cookies)
            assert again.get("/held").status_code == status


def test_a_cookie_that_is_not_ours_is_no_session(locked: Page) -> None:
    sign_in(locked)
    ((name, cookie),) = locked.http.cookies.items()
    kind, key, expires, mac = cookie.split(".")
    forged = [
        f"in.{key}x.{expires}.{mac}",
        f"{kind}.{key}.{int(expires) + 9}.{mac}",
        f"{kind}.{key}.{expires}.{'0' * 64}",
        f"{kind}.{key}.{expires}",
        f"in.{key}.{'9' * 40}.{mac}",
        "in",
        "x" * 4000,
    ]
    for wrong in forged:
        assert httpx.get(f"{locked.url}/held", cookies={name: wrong}, trust_env=False).status_code == 303, wrong


def test_a_visitor_cannot_make_itself_one_who_knows_the_token(locked: Page) -> None:
    locked.get("/sign-in")
    ((name, cookie),) = locked.http.cookies.items()
    assert cookie.startswith("out.")
    forged = {name: cookie.replace("out.", "in.", 1)}
    assert httpx.get(f"{locked.url}/held", cookies=forged, trust_env=False).status_code == 303


# --- programs --------------------------------------------------------------------------------------------------------


def test_metrics_need_the_token_and_health_checks_do_not(locked: Page) -> None:
    assert locked.get("/metrics").status_code == 401
    assert locked.get("/metrics", authorization="Bearer x").status_code == 401
    answer = locked.get("/metrics", authorization=f"Bearer {TOKEN}")
    assert (answer.status_code, "syncd_store_readable 1.0" in answer.text) == (200, True)
    assert locked.get("/healthz").text == "ok\n"
    assert locked.get("/readyz").status_code == 503, "no cycle went well yet"


@pytest.mark.parametrize("path", ["/metrics", "/healthz", "/readyz"])
def test_without_a_token_programs_keep_to_this_machine_too(free: Page, path: str) -> None:
    assert free.get(path).status_code in (200, 503)
    assert free.get(path, host="evil.example").status_code == 403
    assert free.get(path, **{"x-forwarded-for": "203.0.113.7"}).status_code == 403


# --- forged forms ----------------------------------------------------------------------------------------------------


def test_a_button_without_our_form_does_nothing(free: Page) -> None:
    shown = free.text("/held")
    assert "No order is held." in shown
    for form in ("", "0" * 64, "ä"):
        answer = free.http.post("/held/rejected/retry", data={"form": form})
        assert answer.status_code == 403
        assert "nothing was done" in answer.text
    assert free.http.post("/held/rejected/retry").status_code == 403
    assert not free.rig.shop.hints.wants("orders")


def form_of(page: Page) -> str:
    """The form token of this browser's session."""
    found = FORM.search(page.get("/sign-in").text)
    assert found
    return found[1]


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 303),
        ({"sec-fetch-site": "same-origin"}, 303),
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"sec-fetch-site": "same-site"}, 403),
        ({"sec-fetch-site": "none"}, 403),
        ({"origin": "SELF"}, 303),
        ({"origin": "https://evil.example"}, 403),
        ({"origin": "http://127.0.0.1:1"}, 403),
        ({"origin": "null"}, 403),
        ({"sec-fetch-site": "same-origin", "origin": "https://the-proxys-name.example"}, 303),
    ],
)
def test_a_form_counts_only_from_our_own_pages(locked: Page, headers: dict[str, str], status: int) -> None:
    form = form_of(locked)
    sent = {key: locked.url if value == "SELF" else value for key, value in headers.items()}
    answer = locked.http.post("/sign-in", data={"form": form, "token": TOKEN}, headers=sent)
    assert answer.status_code == status


def test_the_form_of_another_browser_does_not_count(locked: Page) -> None:
    theirs = form_of(locked)
    locked.http.cookies.clear()
    form_of(locked)
    assert locked.http.post("/sign-in", data={"form": theirs, "token": TOKEN}).status_code == 403


def test_a_form_that_is_too_long_is_no_form(locked: Page) -> None:
    form = form_of(locked)
    fields = {"form": form, "token": TOKEN, "next": "/" + "x" * 20_000}
    assert locked.http.post("/sign-in", data=fields).status_code == 403


def test_looking_never_does_anything(free: Page) -> None:
    for path in BUTTONS:
        if not path.endswith("/ignore"):
            assert free.get(path).status_code == 404
    assert free.http.post("/held").status_code == 405


# --- the parts -------------------------------------------------------------------------------------------------------


def test_tries_are_counted_per_caller_and_only_lately() -> None:
    clock = ManualClock(START)
    tries = Tries(clock)
    for _ in range(5):
        tries.count("a")
    assert (tries.are_left("a"), tries.are_left("b")) == (False, True)
    clock.advance(61)
    assert tries.are_left("a")


def test_many_callers_take_no_memory() -> None:
    clock = ManualClock(START)
    tries = Tries(clock)
    for number in range(5000):
        clock.advance(1)
        tries.count(f"10.0.0.{number}")
    assert len(tries._wrong) <= 1001


def test_without_a_token_none_is_right_and_keys_differ_from_start_to_start() -> None:
    clock = ManualClock(START)
    first, second = Sessions(None, clock), Sessions(None, clock)
    assert not first.is_token("")
    assert second.of_cookie(first.cookie(first.begin(inside=True))) is None


def test_many_visitors_at_once_each_get_their_page(free: Page) -> None:
    answers: list[int] = []

    def visit() -> None:
        answers.extend(httpx.get(free.url, trust_env=False, timeout=30).status_code for _ in range(3))

    threads = [threading.Thread(target=visit) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [200] * 24
