"""The verdict: what KiotViet should show for each web order, and what of it it does not."""

from __future__ import annotations

from collections.abc import Iterator

from syncd.core.texts import Text, text
from syncd.demo.sides import Paper, Papers, Sides, WebOrder
from syncd.demo.words import dong


def expected(web: WebOrder) -> tuple[str, str]:
    """The states that KiotViet's order and invoice should be in; empty for none at all."""
    if not web.is_cod or web.cancelled:
        return "", ""
    if web.settled:
        return "Hoàn thành", "Hoàn thành"
    return ("Hoàn thành", "Chưa giao hàng") if web.on_road else ("Phiếu tạm", "")


def disagreements(sides: Sides) -> list[Text]:
    """Everything in which the two sides differ, one sentence each; empty when they agree."""
    found = [
        text("demo_order_fault", order=web.number, what=why)
        for web in sides.web
        for why in order_faults(web, sides.papers[web.id])
    ]
    for shelf in sides.shelves.values():
        if not shelf.agrees:
            wanted = max(0, shelf.sellable - shelf.pending)
            found.append(text("demo_stock_differs", sku=shelf.sku, available=shelf.available, wanted=wanted))
    found += [text("demo_stray", code=code) for code in sides.strays]
    return found


def order_faults(web: WebOrder, papers: Papers) -> list[Text]:
    """In what KiotViet's documents of one web order are not what they should be."""
    order_status, invoice_status = expected(web)
    return [
        *_paper_faults("demo_order_noun", papers.orders, order_status, web),
        *_paper_faults("demo_invoice_noun", papers.invoices, invoice_status, web),
        *_money_faults(papers.invoice, invoice_status, web),
    ]


def _paper_faults(noun: str, papers: tuple[Paper, ...], status: str, web: WebOrder) -> Iterator[Text]:
    live = [paper for paper in papers if paper.live]
    if len(live) != bool(status):
        key = "demo_live_orders" if noun == "demo_order_noun" else "demo_live_invoices"
        yield Text(key, (("found", len(live)), ("wanted", int(bool(status)))))
        return
    for paper in live:
        if paper.status != status:
            yield text("demo_wrong_status", noun=text(noun), code=paper.code, status=paper.status, wanted=status)
        if paper.total != web.total:
            total, wanted = dong(paper.total), dong(web.total)
            yield text("demo_wrong_total", noun=text(noun), code=paper.code, total=total, wanted=wanted)
        if paper.pieces != web.pieces:
            yield text("demo_wrong_goods", noun=text(noun), code=paper.code)


def _money_faults(invoice: Paper | None, status: str, web: WebOrder) -> Iterator[Text]:
    if invoice is None or not invoice.live:
        return
    if status == "Chưa giao hàng" and invoice.to_collect != web.total:
        collects = dong(invoice.to_collect)
        yield text("demo_wrong_collect", code=invoice.code, collects=collects, owed=dong(web.total))
    if status == "Hoàn thành" and invoice.paid != web.total:
        yield text("demo_wrong_paid", code=invoice.code, paid=dong(invoice.paid), owed=dong(web.total))
