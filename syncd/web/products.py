"""The page of one product's stock: what it is now, and every figure that was published."""

from __future__ import annotations

from starlette.responses import RedirectResponse, Response

from syncd.core.drift import Figure
from syncd.core.products import Index, variants_named
from syncd.core.texts import Text, text
from syncd.cycles.stock_story import ENDINGS, WHY
from syncd.store.history import Publication
from syncd.web import charts, words
from syncd.web.charts import Chart
from syncd.web.desk import Desk
from syncd.web.front import Front
from syncd.web.plots import framed
from syncd.web.visits import Visit, whole


class Products:
    """Each method answers one address."""

    def __init__(self, desk: Desk, front: Front) -> None:
        """Read what `desk` has, answer through `front`."""
        self._desk, self._front = desk, front

    def find(self, visit: Visit) -> Response:
        """To the product of a SKU, barcode, KiotViet code or variant id."""
        name, index = visit.asked("q"), self._desk.index()
        if index is None:
            return self._front.refusal(visit, 503, text("page_not_found"), text("page_no_catalogue"))
        found = variants_named(name, index) if name else ()
        if len(found) == 1:
            return RedirectResponse(f"/stock/{found[0]}", 303)
        if found:
            return self._front.page("products", visit, called=name, variants=found)
        return self._front.not_found(visit, text("page_no_such_product", name=name or "?"))

    def story(self, visit: Visit) -> Response:
        """One variant at each linked location."""
        index, key = self._desk.index(), whole(visit.part("id"))
        link = None if index is None or key is None else index.by_variant.get(key)
        if key is None or (index is not None and link is None and not _is_known(index, key)):
            return self._front.not_found(visit, text("page_no_such_product", name=visit.part("id")))
        figures = self._desk.store.figures([key])
        places = [
            self._place(visit, location.location_id, key, figures.get((location.location_id, key)))
            for location in self._desk.settings.stock.links
        ]
        sku = link.sku if link is not None and link.sku else str(key)
        return self._front.page("product", visit, sku=sku, variant=key, link=link, places=places)

    def _place(self, visit: Visit, location_id: int, variant_id: int, figure: Figure | None) -> dict[str, object]:
        published = self._desk.store.history.of(location_id, variant_id)
        return {
            "location": location_id,
            "figure": figure,
            "rows": [(one, text(ENDINGS[one.outcome]), _whys(one)) for one in published],
            "plot": _plot(visit, location_id, published[::-1]) if published else None,
        }


def _is_known(index: Index, variant_id: int) -> bool:
    return variant_id in index.known


def _whys(published: Publication) -> list[Text]:
    return [text(WHY[code]) for code in published.reason.split("+") if code in WHY]


def _plot(visit: Visit, location_id: int, published: list[Publication]) -> Chart:
    """What was published, each figure until the next; oldest first."""
    begin, now = published[0].at, visit.now
    span = max((now - begin).total_seconds(), 1.0)
    points = [((one.at - begin).total_seconds() / span, float(max(0, one.wanted))) for one in published]
    values = [value for _, value in points]

    def tell(value: float) -> str:
        return words.number(value, visit.language)

    labels = [(0.06, words.day_and_time(begin)), (0.9, words.day_and_time(now))]
    title = text("page_published")
    frame = framed(visit, f"stock-{location_id}", title, begin, values, tell, labels)
    return charts.curve(frame, list(points), tell, steps=True)
