"""A shop's day in a few seconds: the real cycles, clients and store on two simulated shops behind real HTTP."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from rich.console import Console

from syncd.core.texts import text
from syncd.demo.afternoon import AFTERNOON
from syncd.demo.cast import choose_cast
from syncd.demo.closing import close_books
from syncd.demo.day import Day, Scene
from syncd.demo.morning import MORNING
from syncd.demo.sides import look
from syncd.demo.stage import Stage, logs_to
from syncd.demo.teller import Teller
from syncd.sandbox.world import Sandbox

__all__ = ["SCENES", "play"]

SCENES: tuple[Scene, ...] = (*MORNING, *AFTERNOON)
"""The day, in order."""


def play(
    console: Console,
    *,
    language: str = "en",
    seed: int = 1,
    before_comparing: Callable[[Sandbox], object] = lambda sandbox: None,
) -> bool:
    """Play the day on `console`, in `vi` or `en`; True only if both sides agree at the end.

    Needs no config and no account, and leaves nothing behind, except the log where the sides do not agree.

    Args:
        console: Gets colours and progress if it is a terminal, plain lines if not.
        language: What the story is told in, and what the shop of the story reads.
        seed: Chooses people, products and amounts.
        before_comparing: Called with both shops just before they are compared, so that a test can spoil one of them.
    """
    teller = Teller(console, language)
    with tempfile.TemporaryDirectory(prefix="syncd-demo-") as name:
        folder = Path(name)
        try:
            with logs_to(folder / "demo.log"), Stage(folder, language) as stage:
                agree = _perform(Day(stage, choose_cast(seed), teller), before_comparing)
        except KeyboardInterrupt:
            teller.say(text("demo_stopped"))
            return False
        if not agree:
            teller.say(text("demo_log", path=str(_keep(folder / "demo.log"))))
    return agree


def _perform(day: Day, before_comparing: Callable[[Sandbox], object]) -> bool:
    teller = day.teller
    teller.say(text("demo_introduction"))
    with teller.curtain(len(SCENES)):
        for number, scene in enumerate(SCENES, 1):
            day.stage.wait_until(scene.at)
            teller.heading(number, scene.title, day.stage.now)
            scene.play(day)
        last = day.stage.beat()
    before_comparing(day.stage.sandbox)
    agree = close_books(teller, look(day.stage.sandbox), last, day.stage)
    if agree:
        teller.blank()
        teller.say(text("demo_next"))
    return agree


def _keep(log: Path) -> Path:
    """Move the log to where it outlives the play."""
    with tempfile.NamedTemporaryFile(prefix="syncd-demo-", suffix=".log", delete=False) as kept:
        target = Path(kept.name)
    return Path(shutil.copyfile(log, target))
