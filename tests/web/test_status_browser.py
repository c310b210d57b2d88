"""The status page in a real browser: nothing is forbidden to it, nothing overflows, and its buttons work.

Pictures of every page are left in build/screenshots.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

import pytest
from playwright.sync_api import Browser, BrowserContext, sync_playwright
from playwright.sync_api import Page as Tab

from syncd.core.concerns import Concern, Level
from syncd.core.texts import text
from tests.architecture import ROOT
from tests.orders.test_holds import stock_up
from tests.rig import Rig
from tests.web.page_kit import TOKEN, Busy, Page, busy_shop, status_page

CHROMIUM = shutil.which("chromium")
PICTURES = ROOT / "build" / "screenshots"
SIZES = {"phone": (390, 844), "desktop": (1280, 900)}

pytestmark = pytest.mark.skipif(
    CHROMIUM is None and not os.environ.get("CI"), reason="there is no chromium here: apt-get install chromium"
)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    assert CHROMIUM, "chromium is missing: apt-get install chromium"
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        yield started
        started.close()


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Busy]:
    """A busy Vietnamese shop with a day of samples."""
    rig = Rig(tmp_path_factory.mktemp("browser"), language="vi")
    busy = busy_shop(rig)
    now, store = rig.clock.now(), rig.shop.store
    for place in range(288):
        seconds = 600 + 40 * (place % 30)
        store.samples.keep(now - timedelta(minutes=5 * place), figures_seconds=seconds, orders_seconds=15 + place % 9)
    for minute in range(60):
        store.count_calls("kiotviet_get", 20 + minute % 17, now - timedelta(minutes=minute))
    for name in ("orders", "stock"):
        store.cycle_ok(name, {}, now)
    yield busy
    rig.close()


@pytest.fixture(scope="module")
def page(shop: Busy) -> Iterator[Page]:
    now = shop.rig.clock.now()
    cause, remedy = text("page_wrong_host"), text("page_token_hint")
    concerns = [Concern("held:1", "held", Level.WARNING, cause, remedy, now - timedelta(hours=3), "#100006")]
    with status_page(shop.rig, concerns=concerns) as made:
        yield made


@dataclass
class Visitor:
    """A tab, and what its console complained of."""

    tab: Tab
    complaints: list[str]

    def open(self, url: str) -> None:
        answer = self.tab.goto(url)
        assert answer is not None
        assert answer.status == 200, url

    def miss(self, url: str, why: str) -> None:
        """Something was not loaded; what the next page interrupted is nobody's fault."""
        if "ERR_ABORTED" not in why:
            self.complaints.append(f"{url} {why}")

    def overflow(self) -> int:
        """How many pixels the page is wider than its window."""
        return int(self.tab.evaluate("document.documentElement.scrollWidth - window.innerWidth"))

    def picture(self, name: str) -> None:
        PICTURES.mkdir(parents=True, exist_ok=True)
        self.tab.screenshot(path=PICTURES / f"{name}.png", full_page=True)


def visitor(context: BrowserContext) -> Visitor:
    found = Visitor(context.new_page(), [])
    found.tab.set_default_timeout(20_000)
    found.tab.on("console", lambda message: found.complaints.append(message.text))
    found.tab.on("pageerror", lambda error: found.complaints.append(str(error)))
    found.tab.on("requestfailed", lambda request: found.miss(request.url, request.failure or ""))
    return found


@pytest.mark.parametrize(("language", "scheme"), [("vi", "light"), ("en", "dark")])
def test_every_page_looks_as_it_should(
    browser: Browser, page: Page, shop: Busy, language: str, scheme: Literal["light", "dark"]
) -> None:
    paths = {
        "overview": "/",
        "weeks": "/?span=weeks",
        "held": "/held",
        "events": "/events",
        "order-held": f"/orders/{shop.unknown[1]}",
        "order-completed": f"/orders/{shop.completed}",
        "ignore": f"/orders/{shop.unknown[1]}/ignore",
        "product": "/stock?q=AO-01",
    }
    with browser.new_context(color_scheme=scheme) as context:
        here = visitor(context)
        here.open(f"{page.url}/?lang={language}")
        for name, path in paths.items():
            here.open(page.url + path)
            assert here.tab.get_attribute("html", "lang") == language
            for size, (width, height) in SIZES.items():
                here.tab.set_viewport_size({"width": width, "height": height})
                assert here.overflow() <= 0, (name, size)
                if (language, size) != ("en", "phone"):
                    here.picture(f"{size}-{language}-{name}")
        assert here.complaints == []


def test_styles_and_plots_are_really_drawn(browser: Browser, page: Page) -> None:
    with browser.new_context() as context:
        here = visitor(context)
        here.open(page.url)
        assert here.tab.evaluate("getComputedStyle(document.querySelector('.tiles')).display") == "grid"
        assert here.tab.evaluate("getComputedStyle(document.querySelector('.curve')).fill") == "none"
        sizes = here.tab.evaluate("[...document.querySelectorAll('svg')].map(svg => svg.getBBox().width)")
        assert len(sizes) == 4
        assert all(size > 100 for size in sizes)
        assert here.complaints == []


def test_a_script_that_somebody_smuggled_in_would_not_run(browser: Browser, page: Page) -> None:
    with browser.new_context() as context:
        here = visitor(context)
        here.open(page.url)
        here.tab.evaluate(
            "() => { const s = document.createElement('script'); s.textContent = 'window.ran = 1';"
            " document.body.append(s); document.body.setAttribute('style', 'color: red'); }"
        )
        assert here.tab.evaluate("window.ran") is None
        assert any("Content Security Policy" in said for said in here.complaints)


def test_buttons_are_pressed_for_real(browser: Browser, shop: Busy, page: Page) -> None:
    rig, first = shop.rig, shop.unknown[0]
    with browser.new_context(viewport={"width": 390, "height": 844}) as context:
        here = visitor(context)
        here.open(f"{page.url}/held")
        stock_up(rig, "MOI-01")
        rig.later()
        here.tab.click(f"form[action='/orders/{first}/retry'] button")
        assert "#100006 đang được thử lại" in here.tab.inner_text(".note")
        here.picture("after-retry")
        rig.orders()
        assert rig.state(first) == "ordered"

        here.open(f"{page.url}/held")
        assert here.tab.locator(".card h3", has_text="#100006").count() == 0
        here.tab.click(f".card a[href='/orders/{shop.completed}']")
        here.tab.click("form[action^='/tasks/'] button")
        assert here.tab.url == f"{page.url}/orders/{shop.completed}"
        assert "Đã đóng việc" in here.tab.inner_text(".note")
        assert rig.shop.store.tasks() == []

        here.open(f"{page.url}/orders/{shop.shipping}")
        here.tab.click(f"a[href='/orders/{shop.shipping}/ignore']")
        here.tab.click("button.danger")
        assert here.tab.url == f"{page.url}/orders/{shop.shipping}"
        assert "bỏ qua" in here.tab.inner_text(".badge")
        assert rig.state(shop.shipping) == "ignored"
        assert here.complaints == []


def test_the_search_finds_an_order_and_a_product(browser: Browser, page: Page, shop: Busy) -> None:
    with browser.new_context() as context:
        here = visitor(context)
        here.open(page.url)
        here.tab.fill("#find-order", "#100003")
        here.tab.press("#find-order", "Enter")
        assert here.tab.url == f"{page.url}/orders/{shop.completed}"
        here.tab.fill("#find-product", "AO-01")
        here.tab.press("#find-product", "Enter")
        assert here.tab.url == f"{page.url}/stock/{shop.rig.sandbox.variants['AO-01']}"


def test_the_token_opens_the_page_in_a_browser(browser: Browser, shop: Busy) -> None:
    with status_page(shop.rig, token=TOKEN) as locked, browser.new_context() as context:
        here = visitor(context)
        here.open(f"{locked.url}/events")
        assert here.tab.url.startswith(f"{locked.url}/sign-in?next=")
        here.picture("sign-in")
        here.tab.fill("#token", TOKEN)
        here.tab.click(".sign-in button")
        assert here.tab.url == f"{locked.url}/events"
        assert here.complaints == []
        here.tab.click(".corner button")
        assert here.tab.url == f"{locked.url}/sign-in"


def test_another_site_cannot_press_a_button(browser: Browser, shop: Busy, page: Page) -> None:
    """A page of another origin posts to ours in a browser that was here before."""
    before = len(shop.rig.shop.store.events_of(shop.ordered))
    with browser.new_context() as context:
        here = visitor(context)
        here.open(page.url)
        here.tab.goto(f"data:text/html,<form method=post action='{page.url}/orders/{shop.ordered}/ignore'></form>")
        with here.tab.expect_navigation():
            here.tab.evaluate("document.forms[0].submit()")
        assert "chưa có gì được thực hiện" in here.tab.inner_text("main")
    assert len(shop.rig.shop.store.events_of(shop.ordered)) == before
    assert shop.rig.state(shop.ordered) == "ordered"
