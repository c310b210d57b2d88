"""One list of events: each that is logged or stored is on it, with the fields its sentence needs, and no other is."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from string import Formatter

import pytest

from syncd.core.events import CONTEXT, KINDS, PREFIX, order_field, told
from syncd.core.lifecycle import State
from syncd.core.texts import LANGUAGES, SENTENCES
from tests.architecture import room, trees

LEVELS = ("debug", "info", "warning", "error", "critical", "exception")
CHOSEN = {
    "cycle_failed": "worker chooses the level by the cause",
    "library_message_logged": "the library chose the level",
}
STORED_BY_NAME = ("append", "_event", "add_event", "keep_done")
NAMED_ELSEWHERE = {f"state_{state.value}" for state in State}
"""Stored as `state_` and the state's name."""


@dataclass(frozen=True)
class Said:
    """One call that logs: where, at what level (empty where that is worked out), what, and with which fields."""

    where: str
    level: str
    event: str
    fields: frozenset[str | None]


def logged() -> Iterator[Said]:
    for module, tree in trees().items():
        if room(module) in ("sandbox", "demo"):
            continue
        for node in ast.walk(tree):
            if not (isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant)):
                continue
            level = level_of(node.func)
            if level is not None:
                fields = frozenset("error" if k.arg == "exc_info" else k.arg for k in node.keywords)
                yield Said(f"{module}:{node.lineno}", level, str(node.args[0].value), fields)


def level_of(func: ast.expr) -> str | None:
    """The level that a call logs at, empty where it is worked out, None where it does not log."""
    if isinstance(func, ast.Attribute) and isinstance(func.value, ast.Name) and func.value.id == "_log":
        return func.attr
    return "" if isinstance(func, ast.Name) and func.id == "tell" else None


CALLS = [said for said in logged() if said.event in KINDS or said.level]


def stored() -> set[str]:
    """Every name that is handed to what stores an event, as far as it stands there or in the same function."""
    found: set[str] = set()
    for module, tree in trees().items():
        if room(module) not in ("store", "cycles", "daemon"):
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value in KINDS:
                found.add(node.value)
    return found


def kept() -> Iterator[tuple[str, str]]:
    """Where an event is stored, and each name that stands there."""
    for module, tree in trees().items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in STORED_BY_NAME:
                for given in (*node.args, *(keyword.value for keyword in node.keywords)):
                    parts = (given.body, given.orelse) if isinstance(given, ast.IfExp) else (given,)
                    names = (part.value for part in parts if isinstance(part, ast.Constant))
                    yield from ((f"{module}:{node.lineno}", name) for name in names if is_name(name))


def is_name(value: object) -> bool:
    return isinstance(value, str) and "_" in value and value.replace("_", "").isalpha()


def test_what_is_stored_is_on_the_list() -> None:
    found = list(kept())
    assert len(found) > 15
    assert [where for where, name in found if name not in KINDS or not KINDS[name].stored] == []


def test_enough_is_seen_of_the_code_for_these_tests_to_mean_something() -> None:
    assert len(CALLS) > 40
    assert {said.level for said in CALLS} >= {"info", "warning", "error"}


@pytest.mark.parametrize("said", CALLS, ids=lambda said: f"{said.where}-{said.event}")
def test_what_is_logged_is_on_the_list_with_its_level_and_just_its_fields(said: Said) -> None:
    kind = KINDS.get(said.event)
    assert kind is not None, f"{said.where}: {said.event} is not in syncd.core.events"
    assert not kind.stored, f"{said.where}: the store tells {said.event} itself"
    assert not said.level or said.event in CHOSEN or (said.level,) == kind.levels
    extra = said.fields - CONTEXT - set(kind.fields)
    missing = set(kind.fields) - said.fields
    if None in said.fields:  # `**fields`: the counts of a cycle, or what a function beside it puts together
        assert extra == {None}
    else:
        assert (extra, missing) == (set(), set())


def test_nothing_on_the_list_is_unused() -> None:
    assert {name for name, kind in KINDS.items() if not kind.stored} - {said.event for said in logged()} - {
        "library_message_logged"
    } == set()
    assert {name for name, kind in KINDS.items() if kind.stored} - stored() - NAMED_ELSEWHERE == set()


def test_each_event_has_a_sentence_that_needs_no_other_field() -> None:
    assert {key.removeprefix(PREFIX) for key in SENTENCES if key.startswith(PREFIX)} == set(KINDS)
    for name, kind in KINDS.items():
        allowed = set(kind.fields) | CONTEXT | ({"detail"} if kind.stored else set())
        needed = {field for _, field, _, _ in Formatter().parse(SENTENCES[PREFIX + name][0]) if field}
        assert needed <= allowed, name


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_sentence_can_be_said(language: str) -> None:
    for name, kind in KINDS.items():
        fields = dict.fromkeys((*kind.fields, "detail", "cycle", "shop"), "x")
        assert "{" not in told(name, fields, language)
        assert told(name, fields, language)


def test_a_sentence_reads_well_for_a_shop_admin() -> None:
    fields = {"order": "100020", "kiotviet": "DH000185", "status": "Phiếu tạm"}
    assert told("order_created", fields, "vi") == (
        "Đơn 100020: đã tạo phiếu đặt hàng DH000185 (Phiếu tạm) trong KiotViet"
    )
    intent = {"order": "100020", "operation": "create_order", "marker": "HRV#7"}
    assert told("intent_recorded", intent, "en") == "Order 100020: about to create the KiotViet order (HRV#7)"
    assert told("stock_shown", {"sku": "AO-01", "location": 1, "available": 3, "wanted": 2}, "vi").startswith(
        "Hàng hoá AO-01: "
    )


def test_an_event_that_is_not_known_or_lacks_a_field_has_no_sentence() -> None:
    assert told("never_heard_of", {}, "vi") == ""
    assert told("order_created", {"order": "1"}, "vi") == ""


@pytest.mark.parametrize("number", ["#100020", " 100020", "100020"])
def test_an_order_is_searched_for_by_its_bare_number(number: str) -> None:
    assert order_field(number) == "100020"
