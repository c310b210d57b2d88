"""The verdict: what KiotViet should show for each web order, and what of it it does not."""

from __future__ import annotations

from collections.abc import Iterator

from syncd.demo.sides import Paper, Papers, Sides, WebOrder
from syncd.demo.words import dong


def expected(web: WebOrder) -> tuple[str, str]:
    """The states that KiotViet's order and invoice should be in; empty for none at all."""
    if not web.is_cod or web.cancelled:
        return "", ""
    if web.settled:
        return "Hoàn thành", "Hoàn thành"
    return ("Hoàn thành", "Chưa giao hàng") if web.on_road else ("Phiếu tạm", "")


def disagreements(sides: Sides) -> list[str]:
    """Everything in which the two sides differ, one sentence each; empty when they agree."""
    found = [f"{web.number}: {why}" for web in sides.web for why in order_faults(web, sides.papers[web.id])]
    for shelf in sides.shelves.values():
        if not shelf.agrees:
            wanted = max(0, shelf.sellable - shelf.pending)
            found.append(f"{shelf.sku}: Haravan offers {shelf.available} pieces, KiotViet can sell {wanted}")
    found += [f"{code}: belongs to no web order" for code in sides.strays]
    return found


def order_faults(web: WebOrder, papers: Papers) -> list[str]:
    """In what KiotViet's documents of one web order are not what they should be."""
    order_status, invoice_status = expected(web)
    return [
        *_paper_faults("order", papers.orders, order_status, web),
        *_paper_faults("invoice", papers.invoices, invoice_status, web),
        *_money_faults(papers.invoice, invoice_status, web),
    ]


def _paper_faults(noun: str, papers: tuple[Paper, ...], status: str, web: WebOrder) -> Iterator[str]:
    live = [paper for paper in papers if paper.live]
    if len(live) != bool(status):
        yield f"{len(live)} live KiotViet {noun}s instead of {int(bool(status))}"
        return
    for paper in live:
        if paper.status != status:
            yield f"{noun} {paper.code} is {paper.status}, not {status}"
        if paper.total != web.total:
            yield f"{noun} {paper.code} is about {dong(paper.total)}, the web order about {dong(web.total)}"
        if paper.pieces != web.pieces:
            yield f"{noun} {paper.code} has other goods than the web order"


def _money_faults(invoice: Paper | None, status: str, web: WebOrder) -> Iterator[str]:
    if invoice is None or not invoice.live:
        return
    if status == "Chưa giao hàng" and invoice.to_collect != web.total:
        yield f"invoice {invoice.code} collects {dong(invoice.to_collect)}, the buyer owes {dong(web.total)}"
    if status == "Hoàn thành" and invoice.paid != web.total:
        yield f"invoice {invoice.code} has {dong(invoice.paid)} booked, the buyer paid {dong(web.total)}"
