"""The overview's plots, from what the store kept."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from syncd.core.texts import Text, text
from syncd.cycles.budget import REMOTE, StoreGetBudget
from syncd.policies import SHOP_ZONE
from syncd.store.samples import SLOT_SECONDS
from syncd.web import charts, words
from syncd.web.charts import Chart, Frame
from syncd.web.desk import Desk
from syncd.web.visits import Visit

DRIFT_DAYS = 14
_MINUTES = 60
_SPANS = {
    "day": (timedelta(hours=24), timedelta(seconds=SLOT_SECONDS), timedelta(hours=6), "%H:%M"),
    "weeks": (timedelta(days=14), timedelta(hours=2), timedelta(days=3), "%d/%m"),
}
"""How far back, in steps of what width, with labels how far apart."""


class Plots:
    """Draws for one visitor."""

    def __init__(self, desk: Desk) -> None:
        """Read the store of `desk`."""
        self._desk = desk

    def all(self, visit: Visit) -> list[Chart]:
        """Freshness twice, drift, and what KiotViet's hour was spent on."""
        figures, orders = self._freshness(visit)
        return [figures, orders, self._drift(visit), self._gets(visit)]

    def _freshness(self, visit: Visit) -> tuple[Chart, Chart]:
        span, width, _, _ = _SPANS[span_of(visit)]
        begin = visit.now - span
        samples = self._desk.store.samples.since(begin, width=width)
        figures = [(one.at, one.figures_seconds) for one in samples]
        orders = [(one.at, one.orders_seconds) for one in samples]
        return _ages(visit, "figures", text("page_plot_figures"), figures), _ages(
            visit, "orders", text("page_plot_orders"), orders
        )

    def _drift(self, visit: Visit) -> Chart:
        days = self._desk.store.drifts.per_day(visit.now, SHOP_ZONE, DRIFT_DAYS)
        legend = [("stock", visit.say(text("page_stock_word"))), ("documents", visit.say(text("page_documents_word")))]
        columns = [
            [
                (kind, count, f"{one.day:%d/%m}: {count} {word}")
                for (kind, word), count in zip(legend, (one.stock, one.documents), strict=True)
            ]
            for one in days
        ]
        labels = [((place + 0.5) / DRIFT_DAYS, f"{days[place].day:%d/%m}") for place in range(1, DRIFT_DAYS, 4)]
        begin, tell = visit.now - timedelta(days=DRIFT_DAYS - 1), _counting(visit)
        title, totals = text("page_plot_drift"), [one.stock + one.documents for one in days]
        return charts.bars(framed(visit, "drift", title, begin, totals, tell, labels, legend), columns, tell)

    def _gets(self, visit: Visit) -> Chart:
        settings, store, tell = self._desk.settings, self._desk.store, _counting(visit)
        limit = StoreGetBudget(store, settings.kiotviet.gets_per_hour, self._desk.clock).limit()
        made = store.calls_by_minute(REMOTE, visit.now, minutes=_MINUTES)
        first = visit.now - timedelta(minutes=_MINUTES - 1)
        minutes = [f"{(first + timedelta(minutes=place)).astimezone(SHOP_ZONE):%H:%M}" for place in range(_MINUTES)]
        columns = [[("gets", count, f"{minute}: {count}")] for minute, count in zip(minutes, made, strict=True)]
        labels = [((place + 0.5) / _MINUTES, minutes[place]) for place in (3, 21, 39, 56)]
        used = visit.say(text("page_gets_used", used=tell(sum(made)), limit=tell(limit)))
        frame = replace(framed(visit, "gets", text("page_plot_gets"), first, made, tell, labels), caption=used)
        return charts.bars(frame, columns, tell, mark=limit / _MINUTES)


def framed(
    visit: Visit,
    key: str,
    title: Text,
    begin: datetime,
    values: Sequence[float],
    tell: Callable[[float], str],
    labels: Sequence[tuple[float, str]],
    legend: Sequence[tuple[str, str]] = (),
) -> Frame:
    """The frame of a plot of `values` from `begin` until now, which `tell` words."""
    if not values:
        empty = visit.say(text("page_plot_empty"))
        return Frame(key, visit.say(title), empty, empty, labels)
    what = text("page_plot_now", last=tell(values[-1]), most=tell(max(values)))
    begun, until = words.day_and_time(begin), words.day_and_time(visit.now)
    description = text("page_plot_desc", begin=begun, end=until, what=what)
    return Frame(key, visit.say(title), visit.say(what), visit.say(description), labels, legend)


def span_of(visit: Visit) -> str:
    """How far back the visitor wants to see: `day` or `weeks`."""
    asked = visit.asked("span")
    return asked if asked in _SPANS else "day"


def _ages(visit: Visit, key: str, title: Text, ages: Sequence[tuple[datetime, int | None]]) -> Chart:
    """A line of ages in seconds, broken where none was kept."""
    span, width, apart, shape = _SPANS[span_of(visit)]
    begin = before = visit.now - span
    points: list[tuple[float, float | None]] = []
    for at, seconds in ages:
        if at - before > width * 1.5:
            points.append((0, None))
        points.append(((at - begin) / span, seconds))
        before = at
    values = [value for _, value in points if value is not None]
    frame = framed(visit, key, title, begin, values, _aging(visit), _labels(begin, span, apart, shape))
    return charts.curve(frame, points, _aging(visit))


def _aging(visit: Visit) -> Callable[[float], str]:
    return lambda seconds: visit.say(words.age(seconds))


def _counting(visit: Visit) -> Callable[[float], str]:
    return lambda value: words.number(value, visit.language)


def _labels(begin: datetime, span: timedelta, apart: timedelta, shape: str) -> list[tuple[float, str]]:
    """Round hours or midnights of the shop, as far as they lie within the span and are not cut off at its edges."""
    local = begin.astimezone(SHOP_ZONE)
    at = local.replace(hour=0, minute=0, second=0, microsecond=0)
    labels = []
    while at <= local + span:
        place = (at - local) / span
        if 0.03 < place < 0.95:
            labels.append((place, f"{at:{shape}}"))
        at += apart
    return labels
