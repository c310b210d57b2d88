"""A problem of a file is one line that says where, which key, what was expected and what was found."""

from __future__ import annotations

import pytest

from syncd.core.problems import Problem


@pytest.mark.parametrize(
    ("line", "key", "begins"),
    [(14, "orders.since", "config.yaml:14: orders.since: "), (None, "", "config.yaml: the file: ")],
)
def test_a_problem_begins_with_its_place(line: int | None, key: str, begins: str) -> None:
    said = str(Problem("config.yaml", line, key, "a date", "'soon'"))
    assert said.startswith(begins)
    assert "a date" in said
    assert "'soon'" in said
