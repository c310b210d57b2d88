"""Ten planted faults: terminal, journal, status page and alert name the cause and the remedy, until it is mended."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.faults.planted import TEN
from tests.faults.told import play

IN_ENGLISH = ("wrong_secret", "missing_scope", "blocked_network", "clock_off")
"""Enough to know that nothing is said in one language alone; `python -m tests.faults en` shows them all."""


@pytest.mark.parametrize(
    ("name", "language"), [*((name, "vi") for name in TEN), *((name, "en") for name in IN_ENGLISH)]
)
def test_every_surface_names_cause_and_remedy_until_it_is_mended(name: str, language: str, tmp_path: Path) -> None:
    fault = TEN[name]
    told = play(fault, tmp_path, language)
    missing = [
        (surface, word)
        for surface, read in told.surfaces.items()
        for word in fault.expected(surface, language)
        if word.lower() not in read.lower()
    ]
    assert missing == [], told.surfaces
    assert (told.left, told.page_after) == (frozenset(), "")
    assert [word for word in fault.words[language].remedy if word.lower() in told.status_after.lower()] == []
    assert fault.words[language].cause[0].lower() in told.resolved.lower()
