"""What the templates say is in the catalogue, and they hold nothing that the page's policy forbids."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from jinja2 import Environment, nodes

from syncd.core.texts import SENTENCES
from tests.architecture import SOURCE, TEMPLATES
from tests.core.test_texts import names_of

PATHS = sorted(TEMPLATES.glob("*.html"))
CSS = (SOURCE / "web" / "static" / "status.css").read_text()


def calls(path: Path) -> Iterator[tuple[str, set[str]]]:
    """Every sentence that a template says, with the fields that it gives."""
    tree = Environment().parse(path.read_text())
    for call in tree.find_all(nodes.Call):
        if isinstance(call.node, nodes.Name) and call.node.name == "t":
            assert isinstance(call.args[0], nodes.Const), "a key stands where it is said"
            yield call.args[0].value, {keyword.key for keyword in call.kwargs}


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_every_sentence_exists_and_gets_its_fields(path: Path) -> None:
    assert [key for key, given in calls(path) if key not in SENTENCES or names_of(SENTENCES[key][0]) != given] == []


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_no_word_stands_in_a_template(path: Path) -> None:
    bare = re.sub(r"{#.*?#}|{%.*?%}|{{.*?}}|<[^>]*>|&\w+;", " ", path.read_text(), flags=re.DOTALL)
    assert set(re.findall(r"\w+", bare)) <= {"syncd"}


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_no_script_no_style_and_nothing_from_elsewhere(path: Path) -> None:
    found = path.read_text()
    assert re.findall(r"(?i)<script|\son\w+\s*=|\sstyle\s*=|<style|javascript:|https?://|\|\s*safe", found) == []


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_every_form_that_does_something_carries_the_form_token(path: Path) -> None:
    forms = re.findall(r"<form[^>]*post.*?</form>", path.read_text(), flags=re.DOTALL)
    assert all('name="form" value="{{ visit.form_token }}"' in form for form in forms)


def test_the_style_loads_nothing() -> None:
    assert re.findall(r"url\(|@import|https?:", CSS) == []
