"""`syncd status`: how things stand, from the store alone."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click
from rich.console import Console
from rich.markup import escape

from syncd.cli import FAILED, FINE
from syncd.cli.options import config_option, json_option
from syncd.cli.printing import CYCLE_NAMES, console, print_json, shop_clock, table
from syncd.cli.stores import now, store_of
from syncd.clock import SystemClock
from syncd.config import Settings
from syncd.core.concerns import Concern, Level
from syncd.core.lifecycle import State
from syncd.core.texts import Say, speaker, text
from syncd.cycles.health import stale
from syncd.cycles.kept_products import remembered_index
from syncd.cycles.overview import STATES
from syncd.cycles.progress import shown
from syncd.policies import SHOP_ZONE, cycle_pauses, link_policy
from syncd.store import Store
from syncd.store.keys import PLAN_REFUSED, SWEPT_SINCE, TAGS_ERROR
from syncd.switchboard import concerns_of

_DRIFT_DAYS = 14
_IN_TABLES = ("held", "task")
_COLUMNS = {"reason": "column_reason", "text": "column_text"}


@click.command("status")
@config_option
@json_option
def command(config_path: Path, as_json: bool) -> int:
    """Show orders per state, held orders with reasons, tasks, last good cycles and drift. Exit 1 when stale."""
    with store_of(config_path) as (settings, store):
        concerns = concerns_of(settings, store, SystemClock())
        status = read_status(settings, store) | {"concerns": [_concern(one, settings.language) for one in concerns]}
        late = stale(store, cycle_pauses(settings), now())
    if as_json:
        print_json(status | {"stale": late})
    else:
        _print(console(), status, late, speaker(settings.language))
    return FAILED if late else FINE


def read_status(settings: Settings, store: Store) -> dict[str, object]:
    """What `status --json` promises."""
    counts = store.reports.counts()
    index = remembered_index(store, link_policy(settings))
    return {
        "shop": settings.shop,
        "orders": {state.value: counts.get(state.value, 0) for state in State},
        "ignored": store.reports.ignored_reasons(),
        "backfill": shown(store),
        "held": [
            {
                "haravan_id": held.haravan_id,
                "order_number": held.number,
                "state": held.state,
                "code": held.hold.code,
                "reason": held.hold.reason,
                "since": held.hold.since,
            }
            for held in store.reports.held()
        ],
        "shipped_outside": [
            {"haravan_id": o.haravan_id, "order_number": o.number, "since": o.since}
            for o in store.reports.shipped_outside()
        ],
        "in_doubt": [
            {"haravan_id": d.haravan_id, "operation": d.operation, "marker": d.marker, "since": d.since}
            for d in store.intents.in_doubt()
        ],
        "tasks": [
            {
                "id": t.id,
                "haravan_id": t.haravan_id,
                "order_number": t.number,
                "code": t.code,
                "text": t.text,
                "since": t.since,
            }
            for t in store.tasks()
        ],
        "stock": {
            "linked": len(index.by_variant),
            "unlinked": len(index.known) - len(index.by_variant),
            "drift": store.differing(),
            "drift_per_day": [
                {"day": one.day.isoformat(), "stock": one.stock, "documents": one.documents}
                for one in store.drifts.per_day(now(), SHOP_ZONE, _DRIFT_DAYS)
            ],
            "last_full_sweep": store.recall(SWEPT_SINCE),
            "oldest_figure_seconds": _age(store.recall(SWEPT_SINCE), now()),
            "refused": store.recall(PLAN_REFUSED) or None,
        },
        "events": {"oldest": store.events.oldest_at()},
        "tags": {"enabled": _tagging(settings), "last_error": store.recall(TAGS_ERROR) if _tagging(settings) else None},
        "cycles": {name: _cycle(store, name) for name in ("orders", "stock")},
    }


def _concern(concern: Concern, language: str) -> dict[str, object]:
    """What `status --json` says of one thing that a person must know."""
    return {
        "key": concern.key,
        "kind": concern.kind,
        "level": concern.level.value,
        "cause": concern.cause.said(language),
        "remedy": concern.remedy.said(language),
        "since": concern.since,
        "order_number": concern.order or None,
        "sku": concern.sku or None,
    }


def _age(since: object, at: datetime) -> int | None:
    """Whole seconds since an instant (ISO text); None when there was none yet."""
    return int((at - datetime.fromisoformat(since)).total_seconds()) if isinstance(since, str) else None


def _tagging(settings: Settings) -> bool:
    return settings.orders.tags and settings.orders.apply


def _cycle(store: Store, name: str) -> dict[str, object]:
    cycle = store.cycle(name)
    return {"last_ok": cycle.last_ok, "last_error": cycle.last_error, "last_error_at": cycle.last_error_at}


def _print(out: Console, status: dict[str, object], late: list[str], say: Say) -> None:
    orders, stock, cycles = status["orders"], status["stock"], status["cycles"]
    if not (isinstance(orders, dict) and isinstance(stock, dict) and isinstance(cycles, dict)):
        raise TypeError("status has another shape")
    out.print(f"[bold]{status['shop']}[/bold]")
    _print_concerns(out, status["concerns"], say)
    counts = ", ".join(f"{count} {say(text(STATES[state]))}" for state, count in orders.items() if count)
    out.print(say(text("status_orders", counts=counts or text("status_no_orders"))))
    backfill = status["backfill"]
    if isinstance(backfill, dict):
        out.print(say(text("status_backfill", **backfill)))
    figures = {key: stock[key] for key in ("linked", "unlinked", "drift")}
    age = stock["oldest_figure_seconds"]
    oldest = text("never") if age is None else text("status_age", seconds=age)
    out.print(say(text("status_stock", **figures, swept=oldest)))
    out.print(say(text("status_drift", days=_DRIFT_DAYS, counts=_drifts(stock["drift_per_day"], say))))
    if stock["refused"]:
        out.print(f"[red]{say(text('status_plan_refused'))}[/red] {escape(stock['refused'])}")
    for name, cycle in cycles.items():
        _print_cycle(out, name, cycle, say, late=name in late)
    _print_tags(out, status["tags"], say)
    _print_rows(out, "status_held", status["held"], "reason", say)
    outside = status["shipped_outside"]
    if isinstance(outside, list) and outside:
        numbers = ", ".join(row["order_number"] for row in outside)
        out.print(escape(say(text("status_shipped_outside", orders=numbers))))
    doubts = status["in_doubt"]
    if isinstance(doubts, list) and doubts:
        markers = ", ".join(f"{doubt['operation']} {doubt['marker']}" for doubt in doubts)
        out.print(escape(say(text("status_in_doubt", count=len(doubts), writes=markers))))
    _print_rows(out, "status_tasks", status["tasks"], "text", say)


def _print_concerns(out: Console, rows: object, say: Say) -> None:
    """What needs a person, with what to do; held orders and tasks have tables of their own."""
    others = [row for row in rows if row["kind"] not in _IN_TABLES] if isinstance(rows, list) else []
    if others:
        out.print(f"[bold]{say(text('status_concerns', count=len(others)))}[/bold]")
    for row in others:
        is_error = row["level"] == Level.ERROR
        level = say(text("alert_error" if is_error else "alert_warning"))
        colour = "red" if is_error else "yellow"
        out.print(f"[{colour}]{level}[/{colour}] {escape(row['cause'])}\n    → {escape(row['remedy'])}")


def _print_cycle(out: Console, name: str, cycle: dict[str, object], say: Say, *, late: bool) -> None:
    last = text("status_at", at=shop_clock(str(cycle["last_ok"]))) if cycle["last_ok"] else text("never")
    note = say(text("status_last_error", error=str(cycle["last_error"]))) if cycle["last_error"] else ""
    mark = f" [red]{say(text('status_stale'))}[/red]" if late else ""
    out.print(say(text("status_cycle", cycle=text(CYCLE_NAMES[name]), last=last)) + mark + escape(note))


def _drifts(days: list[dict[str, str | int]], say: Say) -> str:
    """The days on which something differed, the newest first."""
    found = [day for day in reversed(days) if day["stock"] or day["documents"]]
    counts = (text("status_drift_day", **day | {"day": str(day["day"])[5:]}) for day in found)
    return ", ".join(map(say, counts)) or say(text("status_no_drift"))


def _print_tags(out: Console, tags: object, say: Say) -> None:
    if isinstance(tags, dict) and tags["last_error"]:
        out.print(escape(say(text("status_tags", error=tags["last_error"]))))


def _print_rows(out: Console, title: str, rows: object, key: str, say: Say) -> None:
    if isinstance(rows, list) and rows:
        numbered = ("column_task",) if "id" in rows[0] else ()
        columns = (*numbered, "column_order", "column_code", _COLUMNS[key], "column_since")
        shown = table(say(text(title, count=len(rows))), *(say(text(column)) for column in columns))
        for row in rows:
            number = (str(row["id"]),) if numbered else ()
            shown.add_row(
                *number, row["order_number"], row["code"], escape(row[key]), shop_clock(str(row["since"]))[:16]
            )
        out.print(shown)
