"""How the play reaches the person at the terminal: colours and a progress bar there, plain lines when piped."""

from __future__ import annotations

import time as real_time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from rich.console import Console, RenderableType
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn
from rich.text import Text

from syncd.core.texts import speaker, text
from syncd.errors import Message

SMALLEST_WIDTH, LARGEST_WIDTH = 40, 110
_INDENT = 18
_STYLES = {
    "buyer": "magenta",
    "shop": "yellow",
    "carrier": "yellow",
    "trouble": "bold red",
    "syncd": "bold cyan",
    "Haravan": "blue",
    "KiotViet": "green",
    "stock": "white",
}
_NAMES = {
    "buyer": "demo_buyer",
    "shop": "demo_shop",
    "carrier": "demo_carrier",
    "trouble": "demo_trouble",
    "stock": "demo_stock",
}
_MARKS = {"✓": "bold green", "✗": "bold red"}
_PAUSE_SECONDS = 0.3


class Teller:
    """Prints who did what and when, one hanging paragraph each."""

    def __init__(self, console: Console, language: str = "en") -> None:
        """Write to `console` in `vi` or `en`; a width beyond what reads well is not used."""
        self._console = console
        self.language, self.said = language, speaker(language)
        self._progress: Progress | None = None
        self.width = max(SMALLEST_WIDTH, min(console.width, LARGEST_WIDTH))

    @contextmanager
    def curtain(self, scenes: int) -> Iterator[None]:
        """Show how far the play is while it lasts, on a terminal only."""
        if not self._console.is_terminal or self._console.is_dumb_terminal:
            yield
            return
        columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(24), MofNCompleteColumn())
        with Progress(*columns, console=self._console, transient=True) as progress:
            progress.add_task("", total=scenes)
            self._progress = progress
            try:
                yield
            finally:
                self._progress = None

    def heading(self, number: int, title: Message, now: datetime) -> None:
        """A new scene begins; on a terminal after a short pause, so that the last one can be read."""
        said = self.said(title)
        if self._progress is not None:
            real_time.sleep(_PAUSE_SECONDS)
            self._progress.update(self._progress.task_ids[0], completed=number - 1, description=said)
        self.blank()
        self._print(Text.assemble((f"{now:%H:%M}", "bold"), f"  {number:>2}  ", (said, "bold underline")))

    def line(self, who: str, what: Message, now: datetime | None = None) -> None:
        """Who did or shows what; `now` is left out where the line above said it."""
        style = _STYLES.get(who, "")
        said = Text(self.said(what), style="bold red" if who == "trouble" else "")
        for mark, colour in _MARKS.items():
            said.highlight_words([mark], colour)
        clock = Text(f"{now:%H:%M:%S}" if now else " " * 8, style="dim")
        self._hang(Text.assemble(clock, " ", (f"{self._name(who):<8}", style), " "), said)

    def aside(self, what: Message) -> None:
        """Why something is as it is."""
        self._hang(Text(" " * _INDENT), Text(self.said(what), style="dim italic"))

    def say(self, what: Message, style: str = "") -> None:
        """A paragraph over the whole width."""
        for line in Text(self.said(what), style=style).wrap(self._console, self.width):
            line.rstrip()
            self._print(line)

    def show(self, table: RenderableType) -> None:
        """Anything else, such as a table."""
        self._print(table)

    def blank(self) -> None:
        """An empty line."""
        self._console.print()

    def _name(self, who: str) -> str:
        return self.said(text(_NAMES[who])) if who in _NAMES else who

    def _hang(self, head: Text, body: Text) -> None:
        """A paragraph beside its head, built by hand so that no line is padded with blanks."""
        for line in body.wrap(self._console, self.width - _INDENT):
            line.rstrip()
            self._print(Text.assemble(head, line))
            head = Text(" " * _INDENT)

    def _print(self, shown: RenderableType) -> None:
        self._console.print(shown, width=self.width, highlight=False)
