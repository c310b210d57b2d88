"""The words of an alert: a subject, a text for people, and rows for a program; all in the shop's language."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from syncd.core.concerns import KINDS, Concern, Level, shop_time
from syncd.core.texts import Say, Text, speaker, text

MOST_LISTED = 10
"""Concerns that one message spells out; the rest is counted."""

LONGEST_ITEM = 600
_MOST_ROWS = 50
NEWS, RESOLVED, LIMIT, START, TEST = "concerns", "resolved", "limit", "start_failed", "test"
"""What a message is about; public, as `event` in the body of a webhook."""


@dataclass(frozen=True, slots=True)
class Row:
    """One concern as a program reads it, with its sentences said."""

    key: str
    kind: str
    level: str
    cause: str
    remedy: str
    since: datetime
    order: str = ""
    sku: str = ""


@dataclass(frozen=True, slots=True)
class Message:
    """One message, the same on every channel; its `id` stays the same however often it is sent."""

    id: str
    event: str
    shop: str
    at: datetime
    subject: str
    text: str
    page_url: str = ""
    rows: tuple[Row, ...] = ()


@dataclass(frozen=True, slots=True)
class Sender:
    """In whose name messages are written: the shop, its language, and where its status page is (empty: nowhere)."""

    shop: str
    language: str
    page_url: str = ""

    @property
    def say(self) -> Say:
        """What says sentences in the shop's language."""
        return speaker(self.language)


def news(sender: Sender, fresh: Sequence[Concern], again: Sequence[Concern], now: datetime) -> Message:
    """What is new, and what is still so after a long while."""
    say = sender.say
    both = (*fresh, *again)
    items = [*_items(fresh, say)]
    old = [*_items(again, say)]
    shown, shown_old = items[:MOST_LISTED], old[: max(0, MOST_LISTED - len(items))]
    blocks = [words for _, words in shown]
    if shown_old:
        blocks += [say(text("alert_again")), *(words for _, words in shown_old)]
    left = len(both) - sum(count for count, _ in (*shown, *shown_old))
    if left:
        blocks.append(say(text("alert_more", count=left)))
    rows = tuple(row_of(concern, say) for concern in both[:_MOST_ROWS])
    return _message(sender, NEWS, _subject(sender, both), blocks, now, rows)


def resolved(sender: Sender, gone: Sequence[Row], now: datetime) -> Message:
    """What people were told and need not mind any more."""
    say = sender.say
    lines = [
        say(text("alert_resolved_item", what=_cut(_of_order(row.order, row.cause, say)), since=shop_time(row.since)))
        for row in gone[:MOST_LISTED]
    ]
    if len(gone) > MOST_LISTED:
        lines.append(say(text("alert_more", count=len(gone) - MOST_LISTED)))
    blocks = [say(text("alert_resolved_intro")), "\n".join(lines)]
    subject = say(text("alert_subject_resolved", shop=sender.shop, count=len(gone)))
    return _message(sender, RESOLVED, subject, blocks, now, tuple(gone[:_MOST_ROWS]))


def limit_reached(sender: Sender, most: int, now: datetime) -> Message:
    """There is more than an hour may carry."""
    subject = sender.say(text("alert_subject_limit", shop=sender.shop))
    return _message(sender, LIMIT, subject, [sender.say(text("alert_limit", most=most))], now)


def start_failed(sender: Sender, error: str, now: datetime) -> Message:
    """The daemon could not begin."""
    subject = sender.say(text("alert_subject_start", shop=sender.shop))
    return _message(sender, START, subject, [sender.say(text("alert_start_failed", error=_cut(error)))], now)


def trial(sender: Sender, now: datetime) -> Message:
    """A message that only shows that the way is open."""
    subject = sender.say(text("alert_subject_test", shop=sender.shop))
    return _message(sender, TEST, subject, [sender.say(text("alert_test", shop=sender.shop))], now)


def row_of(concern: Concern, say: Say) -> Row:
    """A concern as a program reads it."""
    return Row(
        key=concern.key,
        kind=concern.kind,
        level=concern.level.value,
        cause=_cut(say(concern.cause)),
        remedy=_cut(say(concern.remedy)),
        since=concern.since,
        order=concern.order,
        sku=concern.sku,
    )


def _items(concerns: Sequence[Concern], say: Say) -> Iterator[tuple[int, str]]:
    """Each block of a message, errors first, with the number of concerns in it: orders held for one reason are one."""
    ordered = sorted(concerns, key=lambda one: (one.level != Level.ERROR, one.kind, one.code, one.since, one.key))
    for (kind, code), group in groupby(ordered, key=lambda one: (one.kind, one.code)):
        members = list(group)
        if kind == "held" and len(members) > 1:
            yield len(members), _item(members[0], _holds(members, code, say), text("remedy_holds"), say)
        else:
            yield from ((1, _item(one, _of_order(one.order, say(one.cause), say), one.remedy, say)) for one in members)


def _holds(members: Sequence[Concern], code: str, say: Say) -> str:
    orders: str | Text = ", ".join(one.order for one in members[:MOST_LISTED])
    if len(members) > MOST_LISTED:
        orders = text("alert_orders_more", orders=str(orders), count=len(members) - MOST_LISTED)
    return say(text("alert_holds", count=len(members), code=code, orders=orders, example=members[0].cause))


def _item(concern: Concern, what: str, remedy: Text, say: Say) -> str:
    level = text("alert_error" if concern.level == Level.ERROR else "alert_warning")
    return say(text("alert_item", level=level, what=_cut(what), remedy=_cut(say(remedy))))


def _of_order(order: str, cause: str, say: Say) -> str:
    """A cause that names its order, as most of them do by themselves."""
    return cause if not order or order in cause else say(text("alert_of_order", order=order, cause=cause))


def _subject(sender: Sender, concerns: Sequence[Concern]) -> str:
    kinds = {concern.kind if concern.kind in KINDS else "findings" for concern in concerns}
    if len(concerns) == 1 or (len(kinds) == 1 and kinds != {"held"} and kinds != {"task"}):
        what = text(_SUBJECTS[kinds.pop()])
        return sender.say(text("alert_subject_one", shop=sender.shop, what=what))
    return sender.say(text("alert_subject_some", shop=sender.shop, count=len(concerns)))


def _message(
    sender: Sender, event: str, subject: str, blocks: Sequence[str], now: datetime, rows: tuple[Row, ...] = ()
) -> Message:
    page = [sender.say(text("alert_page", url=sender.page_url))] if sender.page_url else []
    body = "\n\n".join([*blocks, *page])
    named = "\n".join((sender.shop, event, now.isoformat(), body))
    name = hashlib.sha256(named.encode()).hexdigest()[:32]
    return Message(name, event, sender.shop, now, " ".join(subject.split()), body, sender.page_url, rows)


def _cut(words: str) -> str:
    """One line, and no longer than people read."""
    line = " ".join(words.split())
    return line if len(line) <= LONGEST_ITEM else line[: LONGEST_ITEM - 1].rstrip() + "…"


_SUBJECTS = {
    "held": "alert_kind_held",
    "task": "alert_kind_task",
    "credentials_refused": "alert_kind_credentials_refused",
    "no_good_cycle": "alert_kind_no_good_cycle",
    "cycle_stuck": "alert_kind_cycle_stuck",
    "plan_refused": "alert_kind_plan_refused",
    "budget_spent": "alert_kind_budget_spent",
    "drift_returns": "alert_kind_drift_returns",
    "write_in_doubt": "alert_kind_write_in_doubt",
    "config_refused": "alert_kind_config_refused",
    "store_unwritable": "alert_kind_store_unwritable",
    "store_unreadable": "alert_kind_store_unreadable",
    "disk_low": "alert_kind_disk_low",
    "second_daemon": "alert_kind_second_daemon",
    "webhooks_silent": "alert_kind_webhooks_silent",
    "tags_not_written": "alert_kind_tags_not_written",
    "alerts_not_sent": "alert_kind_alerts_not_sent",
    "findings": "alert_kind_findings",
}
