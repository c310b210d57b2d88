"""Nothing that a person reads is English only: what is raised, printed and explained comes from the catalogue.

`tests/core/test_texts.py` finds whole sentences wherever they stand; this finds single words where only people read.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache

import pytest

from syncd.core.texts import SENTENCES
from tests.architecture import room, trees

NAMES = {"Haravan", "KiotViet", "COD", "bold", "red", "dim", "italic", "syncd", "none"}
"""The same in every language, and the names of styles."""
FAMILY = "SyncdError"
PRINTING = {"echo", "print", "aside", "heading", "add_column", "write_text", "write_paragraph", "table"}
TYPED = re.compile(r"(Haravan|KiotViet|) ?(GET|POST|PUT|DELETE|curl).*|[a-z_]+: [A-Za-z]+", re.DOTALL)
"""Calls, and lines of a config file."""
MODULES = {module: tree for module, tree in trees().items() if room(module) != "sandbox"}


@cache
def _calls(module: str) -> tuple[ast.Call, ...]:
    return tuple(node for node in ast.walk(MODULES[module]) if isinstance(node, ast.Call))


def _name(call: ast.Call) -> str:
    return ast.unparse(call.func).rpartition(".")[2]


def _words(node: ast.AST) -> list[str]:
    """The words that stand in an argument itself, not in a call inside it: what a call gives is looked at there."""
    if isinstance(node, ast.JoinedStr):
        text = "".join(str(part.value) for part in node.values if isinstance(part, ast.Constant))
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        text = node.value
    elif isinstance(node, ast.IfExp):
        return [*_words(node.body), *_words(node.orelse)]
    elif isinstance(node, ast.BinOp):
        return [*_words(node.left), *_words(node.right)]
    else:
        return []
    return [] if TYPED.fullmatch(text) else [word for word in re.findall(r"[^\W\d_]{2,}", text) if word not in NAMES]


@cache
def _family() -> set[str]:
    """The names of all classes of errors that are told to people, wherever they are defined."""
    bases: dict[str, set[str]] = {}
    for tree in MODULES.values():
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef):
                bases.setdefault(node.name, set()).update(map(ast.unparse, node.bases))
    family = {FAMILY, "Misuse"}
    while more := {name for name, parents in bases.items() if parents & family} - family:
        family |= more
    return family


def _raised(module: str) -> Iterator[ast.Call]:
    """What a module makes of the family; a class of its own that only has the same name is another one."""
    own = {
        node.name: {*map(ast.unparse, node.bases)} for node in MODULES[module].body if isinstance(node, ast.ClassDef)
    }
    told = _family() - {name for name, bases in own.items() if not bases & _family()}
    return (call for call in _calls(module) if _name(call) in told)


def test_the_family_of_errors_is_found() -> None:
    assert {"RateLimited", "IncompleteScan", "TokenRefused", "Waiting", "Suppressed", "TooMuch"} <= _family()
    assert sum(1 for module in MODULES for _ in _raised(module)) > 60


@pytest.mark.parametrize("module", MODULES)
def test_an_error_for_people_carries_a_sentence_of_the_catalogue(module: str) -> None:
    bare = [ast.unparse(call) for call in _raised(module) for argument in call.args if _words(argument)]
    assert bare == []


@pytest.mark.parametrize("module", [name for name in MODULES if room(name) in ("config", "core")])
def test_a_problem_of_the_config_is_told_in_sentences_of_the_catalogue(module: str) -> None:
    """The key comes first; what was expected and what was found are the last two arguments, or `what`."""
    told = [
        argument
        for call in _calls(module)
        if _name(call) in ("add", "wrong", "node", "Problem", "Fault")
        for argument in call.args[1:][-2:]
    ]
    told += [word.value for call in _calls(module) for word in call.keywords if word.arg == "what"]
    assert [ast.unparse(argument) for argument in told if _words(argument)] == []


@pytest.mark.parametrize("module", [name for name in MODULES if room(name) in ("cli", "demo", "daemon", "web")])
def test_what_is_printed_comes_from_the_catalogue(module: str) -> None:
    bare = [
        ast.unparse(call)
        for call in _calls(module)
        if _name(call) in PRINTING
        for argument in call.args
        if _words(argument)
    ]
    assert bare == []


@pytest.mark.parametrize("module", [name for name in MODULES if room(name) == "cli"])
def test_an_option_is_explained_by_a_sentence_of_the_catalogue(module: str) -> None:
    asked = [call for call in _calls(module) if ast.unparse(call.func) in ("click.option", "click.version_option")]
    helps = [word.value for call in asked for word in call.keywords if word.arg == "help"]
    assert all(isinstance(value, ast.Constant) and value.value in SENTENCES for value in helps)
    unexplained = [call for call in asked if "help" not in {word.arg for word in call.keywords}]
    assert [ast.unparse(call) for call in unexplained] == []


NOUNS = {"Fields": 1, "called": 0, "_named": 1, "records": 1, "record_or_none": 1}
"""Which argument of a call names what a record is."""


def test_what_a_record_is_called_is_in_the_catalogue() -> None:
    found = [
        call.args[NOUNS[_name(call)]]
        for module in MODULES
        if room(module) == "clients"
        for call in _calls(module)
        if _name(call) in NOUNS and len(call.args) > NOUNS[_name(call)]
    ]
    nouns = {f"noun_{node.value}" for node in found if isinstance(node, ast.Constant)}
    assert len(nouns) > 30
    assert nouns - SENTENCES.keys() == set()
