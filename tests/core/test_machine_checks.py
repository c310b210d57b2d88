"""The machine by what it shows: which clock and which disk are well, and what an admin is told of the others."""

from __future__ import annotations

import pytest

from syncd.core.concerns import LITTLE_SPACE, NO_SPACE, Level
from syncd.core.findings import concern_of
from syncd.core.machine_checks import of_clock, of_disk
from tests.core.build import NOW


@pytest.mark.parametrize(
    ("offsets", "expected"),
    [
        ({}, []),
        ({"haravan": 3.0}, [("ok", "3 s")]),
        ({"haravan": -120.0}, [("ok", "120 s")]),
        ({"haravan": 121.0}, [("warning", "2 min ahead")]),
        ({"kiotviet": -121.0}, [("warning", "2 min behind")]),
        ({"haravan": 601.0}, [("error", "10 min ahead")]),
        ({"haravan": 900.0, "kiotviet": 2.0}, [("ok", "KiotViet")]),
        ({"haravan": 900.0, "kiotviet": -7200.0}, [("error", "15 min ahead")]),
    ],
)
def test_a_clock_is_off_where_both_remotes_say_so(offsets: dict[str, float], expected: list[tuple[str, str]]) -> None:
    found = [*of_clock(offsets)]
    assert [finding.level for finding in found] == [level for level, _ in expected]
    for finding, (_, words) in zip(found, expected, strict=True):
        assert words in str(finding.cause)


@pytest.mark.parametrize(
    ("free", "level"),
    [
        (LITTLE_SPACE, "ok"),
        (LITTLE_SPACE - 1, "warning"),
        (NO_SPACE, "warning"),
        (NO_SPACE - 1, "error"),
    ],
)
def test_a_disk_is_told_of_before_it_is_full(free: int, level: str) -> None:
    found = of_disk(free, "/var/lib/syncd")
    assert found.level == level
    assert "/var/lib/syncd" in str(found.cause)


def test_what_is_well_is_no_concern_and_what_is_not_is_one_as_bad_as_found() -> None:
    fine, low, none = (of_disk(free, "/srv") for free in (LITTLE_SPACE, NO_SPACE, 0))
    assert concern_of(fine, NOW) is None
    told = [concern_of(finding, NOW) for finding in (low, none)]
    assert [(one.level, one.kind) for one in told if one] == [(Level.WARNING, "disk_low"), (Level.ERROR, "disk_low")]
    assert {one.key for one in told if one} == {"disk_low:disk"}, "the same trouble, though it became worse"
