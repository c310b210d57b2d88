"""The demo, played whole and in pieces: it tells everything, it leaves nothing behind, and it can fail."""

from __future__ import annotations

import io
import logging
import re
import tempfile
import threading
from collections.abc import Callable, Iterator
from datetime import time
from pathlib import Path

import pytest
import structlog
from rich.console import Console

import syncd.demo
import syncd.demo.teller
from syncd.demo import SCENES, play
from syncd.demo.day import Day, Scene
from syncd.sandbox.kernel import Fault
from syncd.sandbox.world import Sandbox

OPENING, FIRST_ORDER = SCENES[0], SCENES[1]
STATES = ("Phiếu tạm", "Đang giao hàng", "Chưa giao hàng", "Hoàn thành", "Đã hủy", "Đã giao hàng", "Đã nhận tiền")

Spoil = Callable[[Sandbox], object]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where temporary files go, so that a test sees those that were left."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Plays these scenes instead of the whole day."""
    return lambda *scenes: monkeypatch.setattr(syncd.demo, "SCENES", scenes)


def piped(width: int = 100) -> Console:
    return Console(file=io.StringIO(), width=width)


def text_of(console: Console) -> str:
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def spoken(console: Console) -> str:
    """What was said, whatever the width at which it was wrapped."""
    return " ".join(text_of(console).split())


def scene(act: Callable[[Day], object]) -> Scene:
    def run(day: Day) -> None:
        act(day)

    return Scene(time(20, 0), "Something unusual", run)


# --- the whole day ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("width", "seed"), [(80, 1), (120, 7)])
def test_the_day_ends_with_both_sides_equal_and_is_told_in_plain_lines(
    width: int, seed: int, folder: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    console = piped(width)
    assert play(console, seed=seed)
    assert_plain(text_of(console), width)
    assert_told(spoken(console))
    assert "✗" not in text_of(console)
    assert list(folder.iterdir()) == []
    assert capfd.readouterr() == ("", "")


def assert_plain(text: str, width: int) -> None:
    assert not set("\x1b\r\b\a") & set(text)
    lines = text.splitlines()
    assert max(map(len, lines)) <= width
    assert [line for line in lines if line.endswith(" ")] == []


def assert_told(text: str) -> None:
    """Each scene, each state, each mishap and the sum of it all."""
    for part in SCENES:
        assert str(part.title) in text
    for state in STATES:
        assert state in text
    assert "is not in KiotViet: create it there" in text
    assert "and the answer never comes" in text
    assert re.search(r"Orders in KiotViet for #\d+: 1\.", text)
    assert "answers 429" in text
    assert "answered 500" in text
    assert "− 2 pending = 18 · Haravan 18 ✓" in text
    assert re.search(r"\d+ orders, \d+ products\. Haravan: \d+ calls, \d+ of them writes; KiotViet: \d+ calls", text)
    assert "Both sides agree, and one more round wrote nothing." in text
    assert "Traceback" not in text


def test_one_seed_tells_one_story(short: Callable[..., None]) -> None:
    short(OPENING, FIRST_ORDER)
    stories = {}
    for key, seed in (("first", 3), ("again", 3), ("other", 4)):
        console = piped()
        assert play(console, seed=seed)
        stories[key] = text_of(console)
    assert stories["first"] == stories["again"]
    assert stories["first"] != stories["other"]


# --- it can fail -----------------------------------------------------------------------------------------------------


def cancel_in_kiotviet(sandbox: Sandbox) -> None:
    sandbox.kiotviet.staff_cancel_order(sandbox.kiotviet.orders()[0]["id"])


def enter_twice(sandbox: Sandbox) -> None:
    order = sandbox.kiotviet.orders()[0]
    lines = [(line["productId"], line["quantity"]) for line in order["orderDetails"]]
    sandbox.kiotviet.staff_create_order(sandbox.branches[0], lines, description=order["description"])


def take_from_the_shelf(sandbox: Sandbox) -> None:
    sandbox.haravan.staff_adjust(sandbox.locations[0], [(sandbox.variants["AO-01"], -1)])


def sell_over_the_counter(sandbox: Sandbox) -> None:
    sandbox.kiotviet.counter_sale(sandbox.branches[0], [(sandbox.products["AO-02"], 1)])


def pay_in_haravan(sandbox: Sandbox) -> None:
    (order,) = sandbox.haravan.orders()
    parcel = sandbox.haravan.ship(order["id"])
    sandbox.haravan.carrier(order["id"], parcel, "delivered")
    sandbox.haravan.cod(order["id"], parcel, "codreceipt")


def lose_in_haravan(sandbox: Sandbox) -> None:
    sandbox.haravan.delete_order(sandbox.haravan.orders()[0]["id"])


@pytest.mark.parametrize(
    ("spoil", "complaint"),
    [
        (cancel_in_kiotviet, "0 live KiotViet orders instead of 1"),
        (enter_twice, "2 live KiotViet orders instead of 1"),
        (take_from_the_shelf, "AO-01: Haravan offers 19 pieces, KiotViet can sell 20"),
        (sell_over_the_counter, "KiotViet can sell 19"),
        (pay_in_haravan, "0 live KiotViet invoices instead of 1"),
        (lose_in_haravan, "DH000001: belongs to no web order"),
    ],
)
def test_a_side_that_was_tampered_with_is_found_out(
    spoil: Spoil, complaint: str, short: Callable[..., None], folder: Path
) -> None:
    short(OPENING, FIRST_ORDER)
    console = piped()
    assert play(console, before_comparing=spoil) is False
    assert complaint in spoken(console)
    assert "do NOT agree" in text_of(console)
    assert "✗" in text_of(console)
    (log,) = folder.iterdir()
    assert str(log) in text_of(console).replace("\n", "")
    assert '"event": "order_created"' in log.read_text(encoding="utf-8")


def test_work_left_for_the_last_round_is_no_agreement(short: Callable[..., None]) -> None:
    short(OPENING, scene(lambda day: sell_over_the_counter(day.stage.sandbox)))
    console = piped()
    assert play(console) is False
    assert "a last quiet round still wrote" in spoken(console)


def test_a_last_round_that_fails_is_no_agreement(short: Callable[..., None]) -> None:
    fault = Fault("html", remote="kiotviet", path="productOnHands", times=0)
    short(OPENING, scene(lambda day: day.stage.sandbox.faults.add(fault)))
    console = piped()
    assert play(console) is False
    assert "a last quiet round failed" in spoken(console)


# --- its manners -----------------------------------------------------------------------------------------------------


def test_a_terminal_gets_colours_and_progress(short: Callable[..., None], monkeypatch: pytest.MonkeyPatch) -> None:
    short(OPENING, FIRST_ORDER)
    monkeypatch.setattr(syncd.demo.teller, "_PAUSE_SECONDS", 0)
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)
    console = Console(file=io.StringIO(), width=100, force_terminal=True)
    assert play(console)
    assert "\x1b[1m" in text_of(console)
    assert "1/2" in text_of(console)


def test_a_stopped_play_leaves_nothing_behind(short: Callable[..., None], folder: Path) -> None:
    def interrupt(day: Day) -> None:
        raise KeyboardInterrupt

    short(OPENING, scene(interrupt), FIRST_ORDER)
    console = piped()
    assert play(console) is False
    assert "Stopped. Nothing is left behind." in text_of(console)
    assert str(FIRST_ORDER.title) not in text_of(console)
    assert list(folder.iterdir()) == []
    assert "sandbox" not in {thread.name for thread in threading.enumerate()}


@pytest.fixture
def listener() -> Iterator[logging.Handler]:
    handler = logging.NullHandler()
    logging.getLogger().addHandler(handler)
    yield handler
    logging.getLogger().removeHandler(handler)


def test_logs_go_where_they_went_before(short: Callable[..., None], listener: logging.Handler) -> None:
    short(OPENING)
    before, handlers = structlog.get_config(), list(logging.getLogger().handlers)
    assert listener in handlers
    assert play(piped())
    assert structlog.get_config() == before
    assert logging.getLogger().handlers == handlers


# --- in Vietnamese ---------------------------------------------------------------------------------------------------


def test_the_same_day_is_told_in_vietnamese(short: Callable[..., None]) -> None:
    unknown = next(part for part in SCENES if str(part.title) == "A product that KiotViet does not have")
    short(OPENING, FIRST_ORDER, unknown)
    console = piped(width=110)
    assert play(console, language="vi")
    told = spoken(console)
    assert "Cửa hàng mở cửa: tồn kho hai bên có khớp không?" in told
    assert "mã SKU 'HOP-QUA' không có trong KiotViet" in told, "syncd's own words are in the shop's language too"
    assert "Hai bên khớp nhau, và chạy thêm một vòng không ghi gì." in told
    for english in ("orders", "shop opens", "Both sides", "on hand", "enters", "creates"):
        assert english not in told
