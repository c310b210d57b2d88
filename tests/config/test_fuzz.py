"""Whatever somebody does to a config file, the answer is settings or named problems, never another exception."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import yaml
from hypothesis import given
from hypothesis import strategies as st

from syncd.config import Settings, load
from syncd.errors import ConfigError
from tests.config.conftest import EXAMPLE, SECRET, TOKEN, write_secret
from tests.config.editor import complaints

VALUES: list[Any] = [
    None,
    True,
    "",
    "no",
    "a: b",
    -1,
    0,
    2**70,
    1.5,
    float("inf"),
    [],
    [None],
    {},
    {"a": 1},
    "\x00",
    "ữ",
]
LINES = EXAMPLE.read_text().splitlines()
SNIPPETS = [
    "\t",
    "- ",
    "  ",
    "#",
    ":",
    "{",
    "[",
    "'",
    '"',
    "&a ",
    "*a",
    "!!int ",
    "---\n",
    "<<: ",
    "? ",
    "|",
    "%",
    "\x07",
]


def attempt(content: str) -> Settings | ConfigError:
    with tempfile.TemporaryDirectory() as directory:
        home = Path(directory)
        write_secret(home / "haravan-token", TOKEN)
        write_secret(home / "kiotviet-secret", SECRET)
        (home / "shop.yaml").write_text(content, encoding="utf-8", errors="surrogatepass", newline="")
        try:
            settings = load(home / "shop.yaml", credentials_directory=None)
            assert complaints(content) == [], "what loads must not be underlined in an editor"
            return settings
        except ConfigError as error:
            return error


def assert_settings_or_problems_with_a_line(content: str) -> None:
    outcome = attempt(content)
    if isinstance(outcome, ConfigError):
        assert outcome.problems
        assert any(problem.line for problem in outcome.problems)
        assert all("\n" not in str(problem) for problem in outcome.problems)
        assert TOKEN not in str(outcome)


def places(node: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    children = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    return [path] + [place for key, child in children for place in places(child, (*path, key))]


PLACES = [place for place in places(yaml.safe_load(EXAMPLE.read_text())) if place]


@given(
    st.lists(
        st.tuples(st.sampled_from(PLACES), st.sampled_from(["drop", "rename", "retype"]), st.sampled_from(VALUES)),
        min_size=1,
        max_size=4,
    )
)
def test_any_node_dropped_renamed_or_retyped(edits: list[tuple[tuple[Any, ...], str, Any]]) -> None:
    tree = yaml.safe_load(EXAMPLE.read_text())
    for place, kind, value in edits:
        apply_edit(tree, place, kind, value)
    assert_settings_or_problems_with_a_line(yaml.safe_dump(tree, allow_unicode=True))


def apply_edit(tree: Any, place: tuple[Any, ...], kind: str, value: Any) -> None:
    for step in place[:-1]:
        if not isinstance(tree, dict | list) or (isinstance(tree, dict) and step not in tree) or not tree:
            return
        tree = tree[step]
    if not isinstance(tree, dict) or place[-1] not in tree:
        return
    old = tree.pop(place[-1])
    if kind == "rename":
        tree[f"{place[-1]}s"] = old
    elif kind == "retype":
        tree[place[-1]] = value


@given(
    st.lists(
        st.tuples(st.integers(0, len(LINES) - 1), st.integers(0, 60), st.sampled_from(["cut", "twice", *SNIPPETS])),
        min_size=1,
        max_size=4,
    )
)
def test_any_line_cut_doubled_or_with_a_stray_character(edits: list[tuple[int, int, str]]) -> None:
    lines = list(LINES)
    for number, column, kind in edits:
        line = lines[number]
        lines[number] = {"cut": line[:column], "twice": f"{line}\n{line}"}.get(
            kind, line[:column] + kind + line[column:]
        )
    assert_settings_or_problems_with_a_line("\n".join(lines))


@given(st.text(max_size=200))
def test_any_text_at_all(content: str) -> None:
    assert_settings_or_problems_with_a_line(content)
