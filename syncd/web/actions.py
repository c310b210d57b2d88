"""The buttons: what `syncd retry`, `ignore` and `done` do, and the orders cycle is woken at once."""

from __future__ import annotations

from urllib.parse import quote

from starlette.responses import Response

from syncd.core.records import Record
from syncd.core.texts import text
from syncd.logs import get_logger
from syncd.store.tasks import BY_COMMAND
from syncd.web.desk import Desk
from syncd.web.front import Front
from syncd.web.visits import Visit, whole

_HELD = "/held"
_log = get_logger()


class Actions:
    """Each method answers one button, or asks before it."""

    def __init__(self, desk: Desk, front: Front) -> None:
        """Write to the store of `desk`, answer through `front`."""
        self._desk, self._front = desk, front

    def retry(self, visit: Visit) -> Response:
        """Let a held order be tried again now."""
        record = self._record(visit)
        if record is None:
            return self._no_order(visit)
        self._desk.store.orders.ask_retry(record.haravan_id, visit.now)
        self._wake("retry", record.number)
        return self._front.done(visit, text("page_did_retry", order=record.number), _next(visit))

    def retry_all(self, visit: Visit) -> Response:
        """Let every order that is held with one code be tried again now."""
        store, code = self._desk.store, visit.part("code")
        ids = store.reports.held_ids(code)
        for haravan_id in ids:
            store.orders.ask_retry(haravan_id, visit.now)
        self._wake("retry_all", f"{code}: {len(ids)}")
        return self._front.done(visit, text("page_did_retry_all", count=len(ids), code=code), _HELD)

    def confirm_ignore(self, visit: Visit) -> Response:
        """Ask first: it is for good."""
        record = self._record(visit)
        if record is None:
            return self._no_order(visit)
        return self._front.page("ignore", visit, record=record)

    def ignore(self, visit: Visit) -> Response:
        """Leave an order to people."""
        record = self._record(visit)
        if record is None:
            return self._no_order(visit)
        self._desk.store.orders.leave_to_people(record.haravan_id, visit.now)
        self._wake("ignore", record.number)
        return self._front.done(visit, text("page_did_ignore", order=record.number), f"/orders/{record.haravan_id}")

    def done(self, visit: Visit) -> Response:
        """Close a task that a person has done."""
        key = whole(visit.part("id"))
        task = None if key is None else self._desk.store.todo.find(key)
        if task is None:
            return self._front.not_found(visit, text("page_no_such_page"))
        was_open = self._desk.store.todo.close(task.id, BY_COMMAND, visit.now)
        self._wake("done", str(task.id))
        note = text("page_did_done" if was_open else "page_was_done", id=task.id)
        return self._front.done(visit, note, _next(visit))

    def _record(self, visit: Visit) -> Record | None:
        key = whole(visit.part("id"))
        return None if key is None else self._desk.store.orders.record(key)

    def _no_order(self, visit: Visit) -> Response:
        return self._front.not_found(visit, text("page_no_such_order", name=visit.part("id")))

    def _wake(self, button: str, about: str) -> None:
        _log.info("button_pressed", button=button, about=about)
        self._desk.hints.orders()


def _next(visit: Visit) -> str:
    """Back to the order that the button stood at, else to the list."""
    order = whole(visit.form.get("order", ""))
    return _HELD if order is None else f"/orders/{quote(str(order))}"
