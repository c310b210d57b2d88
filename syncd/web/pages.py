"""The pages that are looked at, except a product's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from starlette.responses import RedirectResponse, Response

from syncd.core.lifecycle import State
from syncd.core.model import InvoiceStatus
from syncd.core.texts import text
from syncd.cycles import health, progress
from syncd.cycles.order_story import next_step
from syncd.cycles.overview import WAITING
from syncd.policies import cycle_pauses
from syncd.store.events import Event
from syncd.store.reports import Waiting
from syncd.store.rows import moment
from syncd.web import words
from syncd.web.desk import Desk
from syncd.web.front import Front
from syncd.web.plots import Plots, span_of
from syncd.web.visits import Visit, whole

LATE = timedelta(days=1)
ROWS = 50
MOST_TASKS = 50
_LAST_EVENTS = 15


class Pages:
    """Each method answers one address."""

    def __init__(self, desk: Desk, front: Front, plots: Plots) -> None:
        """Read what `desk` has, answer through `front`."""
        self._desk, self._front, self._plots = desk, front, plots

    def overview(self, visit: Visit) -> Response:
        """How things stand."""
        store, index = self._desk.store, self._desk.index()
        counts, held = store.reports.counts(), store.reports.held_counts()
        waiting = store.reports.waiting(visit.now - LATE)
        ignored = sorted(store.reports.ignored_reasons().items(), key=lambda pair: -pair[1])
        return self._front.page(
            "overview",
            visit,
            concerns=self._desk.concerns(),
            total=sum(counts.values()),
            held=sum(held.values()),
            tasks=store.todo.count_open(),
            linked=None if index is None else len(index.by_variant),
            differing=store.differing(),
            states=[_state_row(state.value, counts, held, waiting) for state in State],
            ignored=[(reason, count) for reason, count in ignored if reason],
            backfill=progress.shown(store),
            in_doubt=len(store.intents.in_doubt()),
            cycles=[(name, store.cycle(name)) for name in ("orders", "stock")],
            stale=health.stale(store, cycle_pauses(self._desk.settings), visit.now),
            plots=self._plots.all(visit),
            span=span_of(visit),
            events=_told(store.reports.events(limit=_LAST_EVENTS), visit),
        )

    def held(self, visit: Visit) -> Response:
        """Held orders, of one code where asked, and open tasks."""
        store, code, skip = self._desk.store, visit.asked("code"), visit.number("skip") or 0
        codes: dict[str, int] = {}
        for (held_as, _), count in store.reports.held_counts().items():
            codes[held_as] = codes.get(held_as, 0) + count
        rows = store.reports.held_some(code=code, skip=skip, limit=ROWS + 1)
        return self._front.page(
            "held",
            visit,
            codes=sorted(codes.items()),
            code=code,
            rows=rows[:ROWS],
            skip=skip,
            next_skip=skip + ROWS if len(rows) > ROWS else None,
            tasks=[(task, moment(task.since)) for task in store.todo.open(MOST_TASKS)],
            more_tasks=max(0, store.todo.count_open() - MOST_TASKS),
        )

    def events(self, visit: Visit) -> Response:
        """What happened, the newest first."""
        found = self._desk.store.reports.events(before=visit.number("before"), limit=ROWS + 1)
        older = found[ROWS - 1].seq if len(found) > ROWS else None
        return self._front.page(
            "events", visit, events=_told(found[:ROWS], visit), older=older, before=visit.number("before")
        )

    def find_order(self, visit: Visit) -> Response:
        """To the order of a number or id."""
        name = visit.asked("q")
        found = self._desk.store.orders.find(name) if name else None
        if found is None:
            return self._no_order(visit, name)
        return RedirectResponse(f"/orders/{found}", 303)

    def order(self, visit: Visit) -> Response:
        """One order's story."""
        store, key = self._desk.store, whole(visit.part("id"))
        record = None if key is None else store.orders.record(key)
        if record is None:
            return self._no_order(visit, visit.part("id"))
        state = record.state.value
        return self._front.page(
            "order",
            visit,
            record=record,
            state=state,
            web=text(words.WEB[state]),
            pos=text(words.POS[state]),
            invoices=[(one.code, _invoice_word(one.state)) for one in record.invoices],
            tasks=[_task_row(task) for task in store.todo.of_order(record.haravan_id)],
            next=next_step(record),
            can_ignore=record.state is not State.IGNORED and (record.hold is not None or record.state in WAITING),
            can_retry=record.hold is not None or record.left_to_people,
            events=_told(store.events_of(record.haravan_id), visit),
            dropped_before=_day(store.events.dropped_before(record.haravan_id)),
        )

    def nothing(self, visit: Visit) -> Response:
        """Whatever else is asked for."""
        return self._front.not_found(visit, text("page_no_such_page"))

    def _no_order(self, visit: Visit, name: str) -> Response:
        return self._front.not_found(visit, text("page_no_such_order", name=name or "?"))


def _state_row(
    state: str, counts: Mapping[str, int], held: Mapping[tuple[str, str], int], waiting: Mapping[str, Waiting]
) -> dict[str, object]:
    return {
        "state": state,
        "web": text(words.WEB[state]),
        "pos": text(words.POS[state]),
        "count": counts.get(state, 0),
        "held": sum(count for (_, where), count in held.items() if where == state),
        "waiting": waiting.get(state),
    }


def _told(events: Sequence[Event], visit: Visit) -> list[tuple[Event, datetime, str]]:
    """Each event with its instant and its sentence."""
    return [(one, moment(one.at), words.event(one.event, one.detail, one.fields, visit.language)) for one in events]


def _day(at: str | None) -> str | None:
    return None if at is None else at[:10]


def _invoice_word(state: str) -> object:
    name = InvoiceStatus(state).name.lower()
    return text(words.INVOICES[name]) if name in words.INVOICES else name


def _task_row(task: Any) -> tuple[Any, datetime, datetime | None]:
    closed = moment(task.closed_at) if task.closed_at else None
    return task, moment(task.since), closed
