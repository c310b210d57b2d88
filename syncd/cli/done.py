"""`syncd done`: close tasks that people have done."""

from __future__ import annotations

from pathlib import Path

import click

from syncd.cli import FINE
from syncd.cli.options import config_option, json_option, tasks_argument
from syncd.cli.printing import print_json, shop_clock
from syncd.cli.stores import now, store_of
from syncd.cli.usage import Misuse
from syncd.core.texts import text
from syncd.store import Store
from syncd.store.tasks import BY_COMMAND, Task


@click.command("done")
@config_option
@json_option
@tasks_argument
def command(config_path: Path, tasks: tuple[int, ...], as_json: bool) -> int:
    """Close tasks that people have done, by their numbers as 'syncd status' shows them. Works while the daemon runs."""
    with store_of(config_path) as (settings, store):
        chosen = [_open_task(store, task_id) for task_id in dict.fromkeys(tasks)]
        for task in chosen:
            store.todo.close(task.id, BY_COMMAND, now())
    if as_json:
        print_json({"done": [{"id": t.id, "order_number": t.number, "code": t.code} for t in chosen]})
    for task in chosen if not as_json else ():
        note = text("task_done", id=task.id, order=task.number or "-", code=task.code)
        click.echo(note.said(settings.language))
    return FINE


def _open_task(store: Store, task_id: int) -> Task:
    """An open task, looked up before any is closed, so that a mistyped number closes nothing.

    Raises:
        Misuse: There is no such task, or it is closed.
    """
    task = store.todo.find(task_id)
    if task is None:
        raise Misuse(text("usage_task_unknown", id=task_id))
    if task.closed_at is not None:
        raise Misuse(
            text("usage_task_closed", id=task_id, order=task.number or "-", at=shop_clock(task.closed_at)[:16])
        )
    return task
