"""The end of the day: both sides next to each other, row by row."""

from __future__ import annotations

from rich import box
from rich.table import Table
from rich.text import Text

from syncd.core.texts import Say, text
from syncd.core.texts import Text as Sentence
from syncd.demo.compare import disagreements, order_faults
from syncd.demo.sides import Paper, Papers, Shelf, Sides, WebOrder
from syncd.demo.stage import Beat, Stage
from syncd.demo.teller import Teller
from syncd.demo.words import dong
from syncd.errors import Message


def close_books(teller: Teller, sides: Sides, last: Beat, stage: Stage) -> bool:
    """Show both sides and say whether they agree.

    Args:
        teller: Where to show it.
        sides: What both shops show now.
        last: A round of syncd after everything was done, which should have written nothing.
        stage: Whose calls are counted.
    """
    faults = disagreements(sides) + [text("demo_quiet_wrote", path=call.path) for call in last.writes]
    faults += [text("demo_quiet_failed", why=trouble) for trouble in last.troubles]
    teller.blank()
    teller.say(text("demo_orders_title"), "bold")
    teller.show(_orders_table(sides, teller.said))
    teller.blank()
    teller.say(text("demo_stock_title"), "bold")
    teller.show(_stock_table(sides, teller.said))
    teller.say(text("demo_legend"), "dim italic")
    teller.blank()
    for fault in faults:
        teller.line("trouble", text("demo_fault", what=fault))
    teller.say(_totals(sides, stage))
    teller.say(*_verdict(not faults))
    return not faults


def _orders_table(sides: Sides, say: Say) -> Table:
    table = Table(box=box.ROUNDED, show_lines=True)
    table.add_column("Haravan", style="blue")
    table.add_column(say(text("demo_column_carrier")), style="blue")
    table.add_column(say(text("demo_column_order")), style="green")
    table.add_column(say(text("demo_column_invoice")), style="green")
    table.add_column(say(text("demo_column_totals")), justify="right")
    table.add_column(say(text("demo_column_agree")), justify="center")
    for web in sides.web:
        table.add_row(*_order_row(web, sides.papers[web.id], say))
    return table


def _order_row(web: WebOrder, papers: Papers, say: Say) -> tuple[str | Text, ...]:
    return (
        web.number,
        f"{web.carrier}\n{web.money}",
        _paper(papers.order, say(text("demo_none" if web.is_cod else "demo_left_alone"))),
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


def _stock_table(sides: Sides, say: Say) -> Table:
    table = Table(box=box.ROUNDED)
    table.add_column(say(text("demo_column_product")), no_wrap=True)
    for key in ("demo_column_on_hand", "demo_column_reserved", "demo_column_sellable"):
        table.add_column(say(text(key)), justify="right", style="green")
    table.add_column(say(text("demo_column_pending")), justify="right")
    table.add_column(say(text("demo_column_available")), justify="right", style="blue")
    table.add_column(say(text("demo_column_agree")), justify="center")
    for shelf in sides.shelves.values():
        table.add_row(*_shelf_row(shelf))
    return table


def _shelf_row(shelf: Shelf) -> tuple[str | Text, ...]:
    figures = (shelf.on_hand, shelf.reserved, shelf.sellable, shelf.pending, shelf.available)
    return (shelf.sku, *(str(figure) for figure in figures), _mark(shelf.agrees))


def _mark(agrees: bool) -> Text:
    return Text("✓", style="bold green") if agrees else Text("✗", style="bold red")


def _totals(sides: Sides, stage: Stage) -> Message:
    journal = stage.sandbox.journal
    calls = {remote: len(journal.calls(remote)) for remote in ("haravan", "kiotviet")}
    writes = {remote: len(journal.writes(remote)) for remote in ("haravan", "kiotviet")}
    return text(
        "demo_counts_of_calls",
        orders=len(sides.web),
        products=len(sides.shelves),
        haravan=calls["haravan"],
        haravan_writes=writes["haravan"],
        kiotviet=calls["kiotviet"],
        kiotviet_writes=writes["kiotviet"],
    )


def _verdict(agree: bool) -> tuple[Sentence, str]:
    return (text("demo_agree"), "bold green") if agree else (text("demo_disagree"), "bold red")
