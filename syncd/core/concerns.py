"""What a person must know: one concern each, with its cause and what to do about it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from enum import StrEnum
from types import MappingProxyType

from syncd.core.facts import CycleFacts, Facts, Refusal, Trouble, Waiting
from syncd.core.texts import Text, text

KINDS: Mapping[str, str] = MappingProxyType(
    {
        "held": "An order gets no writes until its cause is gone or a person says retry or ignore.",
        "task": "A person is asked to enter or correct something in KiotViet or Haravan.",
        "credentials_refused": "A side refuses our credentials, or a permission is missing there.",
        "no_good_cycle": "No cycle of orders, or of stock, went well for alerts.no_cycle_minutes.",
        "cycle_stuck": "A cycle runs for more than ten minutes without an end.",
        "plan_refused": "A stock plan would lower too much at once; nothing is published until a person allows it.",
        "budget_spent": "KiotViet's reads of this hour are used up.",
        "drift_returns": "Another program keeps changing the stock that syncd writes.",
        "write_in_doubt": "The answer to a write was lost more than an hour ago, and no read has shown its effect.",
        "config_refused": "A reload was refused because of problems in the config; the old settings go on.",
        "store_unwritable": "Nothing can be recorded, so nothing is written to either side.",
        "store_unreadable": "The database cannot be read.",
        "disk_low": "The disk of the database is nearly full.",
        "second_daemon": "Another syncd was started on the same database and was refused.",
        "webhooks_silent": "Webhooks are configured, but a side has sent none for a day.",
        "tags_not_written": "Tags cannot be written to the orders in Haravan.",
        "alerts_not_sent": "A channel has not taken alerts for a quarter of an hour.",
        "findings": "Whatever the examination found (the kinds of 'syncd check'), as one word for alerts.kinds.",
    }
)
"""Every kind of concern and what it means; names are public."""

REWRITTEN = "stock_rewritten"
"""The code of the task about another writer of stock."""

REJECTED = "rejected"
"""The code of an order that KiotViet refuses."""

WRITE_IN_DOUBT_AFTER = timedelta(hours=1)
STUCK_AFTER = timedelta(minutes=10)
LATELY = timedelta(hours=1)
SILENT_AFTER = timedelta(hours=24)
NOT_SENT_AFTER = timedelta(minutes=15)
LITTLE_SPACE, NO_SPACE, NO_ROOM = 200 * 1024 * 1024, 20 * 1024 * 1024, 1024 * 1024
_MISSED_CYCLES = 3
_SILENT_AT_LEAST = timedelta(hours=1)
_GETS_SHARE = 100
_MOST_PROBLEMS = 3
_VIETNAM = timezone(timedelta(hours=7))
_HINTS = {
    Trouble.NETWORK: "hint_network",
    Trouble.REMOTE: "hint_remote",
    Trouble.BUDGET: "hint_budget",
    Trouble.CREDENTIALS: "hint_credentials",
    Trouble.STORE: "hint_store",
    Trouble.BUG: "hint_bug",
    Trouble.OTHER: "hint_other",
}
_NEW_SECRET = {"haravan": "new_token_haravan", "kiotviet": "new_secret_kiotviet"}
_CYCLES = {"orders": "cycle_orders", "stock": "cycle_stock"}
SIDES = {"haravan": "Haravan", "kiotviet": "KiotViet"}


class Level(StrEnum):
    """How bad it is: an error stops work until somebody acts, a warning may do harm later."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Concern:
    """One thing that a person must know, the same on the terminal, the page, in the log and in an alert.

    `key` is the same as long as it is the same trouble (`held:1001`), `kind` is public (`credentials_refused`). `cause`
    and `remedy` are one or two sentences each. `order` is an order number, `sku` a product's code, if it is about one.
    `code` is that of a hold or task.
    """

    key: str
    kind: str
    level: Level
    cause: Text
    remedy: Text
    since: datetime
    order: str = ""
    sku: str = ""
    code: str = ""


def concerns(facts: Facts, findings: tuple[Concern, ...] = ()) -> tuple[Concern, ...]:
    """What a person must know, errors first, then the oldest first.

    Args:
        facts: How things stand.
        findings: What the examination of settings and machine found; what the facts tell as well is not said twice.
    """
    return in_order((*_all(facts), *(finding for finding in findings if not _is_told(finding, facts))))


def _is_told(finding: Concern, facts: Facts) -> bool:
    """Whether the facts tell of it, which is sooner and until it is over: under two keys it would seem to end."""
    lacking = [f":{refusal.permission}" for refusal in facts.refusals if refusal.permission]
    if finding.kind == "scope_missing" and finding.key.endswith(tuple(lacking)):
        return True
    return finding.kind in KINDS or any(task.code == finding.kind for task in facts.tasks)


def in_order(some: Iterable[Concern]) -> tuple[Concern, ...]:
    """Errors first, then the oldest first."""
    return tuple(sorted(some, key=lambda one: (one.level != Level.ERROR, one.since, one.key)))


def _all(facts: Facts) -> Iterator[Concern]:
    yield from map(_held, facts.held)
    yield from map(_task, facts.tasks)
    for refusal in facts.refusals:
        yield _credentials(refusal)
    for cycle in facts.cycles:
        yield from _cycle(facts, cycle)
    yield from _stock_and_quota(facts)
    yield from _lost_writes(facts)
    yield from _machine(facts)
    yield from _daemon(facts)
    yield from _webhooks(facts)
    yield from _channels(facts)


def _held(order: Waiting) -> Concern:
    return Concern(
        f"held:{order.id}",
        "held",
        Level.WARNING,
        text("concern_held", code=order.code, reason=order.said),
        text("remedy_held_rejected" if order.code == REJECTED else "remedy_held", order=order.number),
        order.since,
        order=order.number,
        code=order.code,
    )


def _task(task: Waiting) -> Concern:
    is_drift = task.code == REWRITTEN
    return Concern(
        f"task:{task.id}",
        "drift_returns" if is_drift else "task",
        Level.WARNING,
        text("concern_task", id=task.id, what=task.said),
        text("remedy_drift_returns" if is_drift else "remedy_task", id=task.id),
        task.since,
        order=task.number,
        code=task.code,
    )


def _credentials(refusal: Refusal) -> Concern:
    """The credentials as a whole, or a permission of Haravan's private app; KiotViet's calls have no such names."""
    cause = text("concern_credentials", remote=SIDES.get(refusal.remote, refusal.remote), error=refusal.error)
    remedy = text(_NEW_SECRET.get(refusal.remote, "new_secret_other"))
    if refusal.permission and refusal.remote == "haravan":
        cause = text("concern_permission", permission=refusal.permission, error=refusal.error)
        remedy = text("remedy_permission", permission=refusal.permission)
    kind = "credentials_refused"
    return Concern(f"{kind}:{refusal.remote}", kind, Level.ERROR, cause, remedy, refusal.since)


def _cycle(facts: Facts, cycle: CycleFacts) -> Iterator[Concern]:
    name = text(_CYCLES[cycle.name])
    if cycle.stuck_since is not None and facts.now - cycle.stuck_since >= STUCK_AFTER:
        yield Concern(
            f"cycle_stuck:{cycle.name}",
            "cycle_stuck",
            Level.ERROR,
            text("concern_cycle_stuck", cycle=name, since=shop_time(cycle.stuck_since)),
            text("remedy_cycle_stuck"),
            cycle.stuck_since,
        )
    key = f"no_good_cycle:{cycle.name}"
    quiet_since = _quiet_since(facts, cycle, is_known=key in facts.seen)
    if quiet_since is not None and facts.now - quiet_since >= max(facts.no_cycle_after, _MISSED_CYCLES * cycle.pause):
        last = text("never") if cycle.last_ok is None else shop_time(cycle.last_ok)
        error = text("last_error_was", error=cycle.error) if cycle.error else text("last_error_none")
        yield Concern(
            key,
            "no_good_cycle",
            Level.ERROR,
            text("concern_no_good_cycle", cycle=name, last=last, error=error),
            _hint(facts, cycle),
            quiet_since,
        )


def _hint(facts: Facts, cycle: CycleFacts) -> Text:
    """What to do so that a cycle goes well again."""
    return text(_HINTS[cycle.trouble], hosts=", ".join(facts.hosts)) if cycle.error else text("hint_not_running")


def _quiet_since(facts: Facts, cycle: CycleFacts, *, is_known: bool) -> datetime | None:
    """Since when nothing went well; a daemon that has just begun gets its time, unless it was known before."""
    if cycle.last_ok is None:
        return facts.seen.get(f"no_good_cycle:{cycle.name}", facts.started_at)
    if is_known or facts.started_at is None:
        return cycle.last_ok
    return max(cycle.last_ok, facts.started_at)


def _stock_and_quota(facts: Facts) -> Iterator[Concern]:
    if facts.plan_refused:
        cause = text("concern_plan_refused", why=facts.plan_refused)
        yield _plain(facts, "plan_refused", Level.ERROR, cause, text("remedy_plan_refused"))
    # nobody spends the very last one: each minute gives some back
    if facts.gets_left is not None and facts.gets_left < max(1, facts.gets_per_hour // _GETS_SHARE):
        cause = text("concern_budget_spent", limit=facts.gets_per_hour)
        yield _plain(facts, "budget_spent", Level.WARNING, cause, text("remedy_budget_spent"))
    if facts.tags_error:
        cause = text("concern_tags", why=facts.tags_error)
        yield _plain(facts, "tags_not_written", Level.WARNING, cause, text("remedy_tags"))


def _lost_writes(facts: Facts) -> Iterator[Concern]:
    for lost in facts.lost_writes:
        if facts.now - lost.since >= WRITE_IN_DOUBT_AFTER:
            yield Concern(
                f"write_in_doubt:{lost.operation}:{lost.marker}",
                "write_in_doubt",
                Level.WARNING,
                text("concern_in_doubt", operation=lost.operation, marker=lost.marker, since=shop_time(lost.since)),
                text("remedy_in_doubt", marker=lost.marker),
                lost.since,
            )


def _machine(facts: Facts) -> Iterator[Concern]:
    # with no room at all nothing can be read either, and the file is as good as ever
    if facts.unreadable and (facts.free_bytes is None or facts.free_bytes >= NO_ROOM):
        cause = text("concern_store_unreadable", database=facts.database, why=facts.unreadable)
        yield _plain(facts, "store_unreadable", Level.ERROR, cause, text("remedy_store_unreadable"))
    if facts.unwritable:
        cause = text("concern_store_unwritable", why=facts.unwritable)
        remedy = text("remedy_store_unwritable", database=facts.database)
        yield _plain(facts, "store_unwritable", Level.ERROR, cause, remedy)
    if facts.free_bytes is not None and facts.free_bytes < LITTLE_SPACE:
        level, least = (Level.ERROR, NO_SPACE) if facts.free_bytes < NO_SPACE else (Level.WARNING, LITTLE_SPACE)
        cause = text("concern_disk_low", database=facts.database, megabytes=least // 1024**2)
        yield _plain(facts, "disk_low", level, cause, text("remedy_disk_low"))


def _daemon(facts: Facts) -> Iterator[Concern]:
    if facts.config is not None:
        said, more = facts.config.problems[:_MOST_PROBLEMS], len(facts.config.problems) - _MOST_PROBLEMS
        cause = text("concern_config_refused", problems="; ".join(said) + (f"; +{more}" if more > 0 else ""))
        kind = "config_refused"
        yield Concern(kind, kind, Level.WARNING, cause, text("remedy_config_refused"), facts.config.since)
    knock = facts.knock
    if knock is not None and timedelta() <= facts.now - knock.at < LATELY:
        cause = text("concern_second_daemon", pid=knock.pid, at=shop_time(knock.at), database=facts.database)
        yield Concern("second_daemon", "second_daemon", Level.WARNING, cause, text("remedy_second_daemon"), knock.at)


def _webhooks(facts: Facts) -> Iterator[Concern]:
    """A side that sends nothing although there was something to say."""
    moved = facts.order_moved_at
    for silence in facts.silences:
        had_news = moved is not None and moved - silence.since >= _SILENT_AT_LEAST
        if had_news and facts.now - silence.since >= SILENT_AFTER:
            yield Concern(
                f"webhooks_silent:{silence.side}",
                "webhooks_silent",
                Level.WARNING,
                text("concern_webhooks_silent", side=SIDES[silence.side], since=shop_time(silence.since)),
                text("remedy_webhooks_silent", path=f"/webhooks/{silence.side}"),
                silence.since,
            )


def _channels(facts: Facts) -> Iterator[Concern]:
    for fault in facts.channels:
        if facts.now - fault.since >= NOT_SENT_AFTER:
            yield Concern(
                f"alerts_not_sent:{fault.channel}",
                "alerts_not_sent",
                Level.WARNING,
                text("concern_alerts_not_sent", channel=fault.channel, error=fault.error),
                text("remedy_alerts_not_sent"),
                fault.since,
            )


def _plain(facts: Facts, kind: str, level: Level, cause: Text, remedy: Text) -> Concern:
    """A concern of which there is one; it is as old as it is known."""
    return Concern(kind, kind, level, cause, remedy, facts.seen.get(kind, facts.now))


def shop_time(at: datetime) -> str:
    """An instant as the shop's people read it."""
    return f"{at.astimezone(_VIETNAM):%Y-%m-%d %H:%M} (+07)"
