"""The end of the day: both sides next to each other, row by row."""

from __future__ import annotations

from rich import box
from rich.table import Table
from rich.text import Text

from syncd.demo.compare import disagreements, order_faults
from syncd.demo.sides import Paper, Papers, Shelf, Sides, WebOrder
from syncd.demo.stage import Beat, Stage
from syncd.demo.teller import Teller
from syncd.demo.words import dong

_LEGEND = Text(
    "Haravan should offer what is sellable less what is pending: promised on the web and not reserved in KiotViet.",
    style="dim italic",
)


def close_books(teller: Teller, sides: Sides, last: Beat, stage: Stage) -> bool:
    """Show both sides and say whether they agree.

    Args:
        teller: Where to show it.
        sides: What both shops show now.
        last: A round of syncd after everything was done, which should have written nothing.
        stage: Whose calls are counted.
    """
    faults = disagreements(sides) + [f"a last quiet round still wrote: {call.path}" for call in last.writes]
    faults += [f"a last quiet round failed: {trouble}" for trouble in last.troubles]
    teller.blank()
    teller.say(Text("Orders at the end of the day", style="bold"))
    teller.show(_orders_table(sides))
    teller.blank()
    teller.say(Text("Stock at the end of the day", style="bold"))
    teller.show(_stock_table(sides))
    teller.say(_LEGEND)
    teller.blank()
    for fault in faults:
        teller.line("trouble", f"✗ {fault}")
    teller.say(_totals(sides, stage))
    teller.say(_verdict(not faults))
    return not faults


def _orders_table(sides: Sides) -> Table:
    table = Table(box=box.ROUNDED, show_lines=True)
    table.add_column("Haravan", style="blue")
    table.add_column("carrier\nmoney", style="blue")
    table.add_column("KiotViet\norder", style="green")
    table.add_column("invoice", style="green")
    table.add_column("totals\nof both", justify="right")
    table.add_column("agree", justify="center")
    for web in sides.web:
        table.add_row(*_order_row(web, sides.papers[web.id]))
    return table


def _order_row(web: WebOrder, papers: Papers) -> tuple[str | Text, ...]:
    return (
        web.number,
        f"{web.carrier}\n{web.money}",
        _paper(papers.order, "none" if web.is_cod else "left alone\nchuyển khoản"),
        _paper(papers.invoice, ""),
        _totals_of(web, papers),
        _mark(not order_faults(web, papers)),
    )


def _paper(paper: Paper | None, otherwise: str) -> str:
    return otherwise if paper is None else f"{paper.code}\n{paper.status}"


def _totals_of(web: WebOrder, papers: Papers) -> str:
    """The total of Haravan over that of the foremost document."""
    paper = papers.invoice or papers.order
    return dong(web.total) + ("" if paper is None else f"\n{dong(paper.total)}")


def _stock_table(sides: Sides) -> Table:
    table = Table(box=box.ROUNDED)
    table.add_column("\nproduct", no_wrap=True)
    for name in ("KiotViet\non hand", "\nreserved", "\nsellable"):
        table.add_column(name, justify="right", style="green")
    table.add_column("\npending", justify="right")
    table.add_column("Haravan\navailable", justify="right", style="blue")
    table.add_column("agree", justify="center")
    for shelf in sides.shelves.values():
        table.add_row(*_shelf_row(shelf))
    return table


def _shelf_row(shelf: Shelf) -> tuple[str | Text, ...]:
    figures = (shelf.on_hand, shelf.reserved, shelf.sellable, shelf.pending, shelf.available)
    return (shelf.sku, *(str(figure) for figure in figures), _mark(shelf.agrees))


def _mark(agrees: bool) -> Text:
    return Text("✓", style="bold green") if agrees else Text("✗", style="bold red")


def _totals(sides: Sides, stage: Stage) -> str:
    journal = stage.sandbox.journal
    calls = {remote: len(journal.calls(remote)) for remote in ("haravan", "kiotviet")}
    writes = {remote: len(journal.writes(remote)) for remote in ("haravan", "kiotviet")}
    return (
        f"{len(sides.web)} orders, {len(sides.shelves)} products. "
        f"Haravan: {calls['haravan']} calls, {writes['haravan']} of them writes; "
        f"KiotViet: {calls['kiotviet']} calls, {writes['kiotviet']} of them writes."
    )


def _verdict(agree: bool) -> Text:
    if agree:
        return Text("Both sides agree, and one more round wrote nothing.", style="bold green")
    return Text("The two sides do NOT agree.", style="bold red")
