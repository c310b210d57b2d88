"""Plays one fault from the planting to the resolved alert, and keeps what people were told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from tests.faults.house import House, open_house
from tests.faults.planted import Planted
from tests.rig import START

_WELL_MINUTES = 2.0
"""Until the first cycles and looks have gone well."""
_LONGER_MINUTES = 2.0


@dataclass(frozen=True)
class Told:
    """What was read on each surface; what was left of it afterwards, on page and terminal, and the last message."""

    surfaces: Mapping[str, str]
    left: frozenset[str]
    page_after: str
    status_after: str
    resolved: str


def play(fault: Planted, folder: Path, language: str) -> Told:
    """Plant the fault in a house of its own, let the daemon notice and tell, mend it, and let it tell that too."""
    start = datetime.now(UTC) if fault.at_real_time else START
    with open_house(folder, language, start=start) as house:
        if fault.early:
            fault.plant(house)
        house.start()
        house.live(_WELL_MINUTES)
        if not fault.early:
            fault.plant(house)
        if fault.leap:
            house.sleep(fault.leap)
        house.live_until(lambda: house.was_told(set(fault.kinds), "concerns"))
        house.live(_LONGER_MINUTES)
        assert house.alert(set(fault.kinds), "resolved") == "", "nothing is over yet"
        surfaces = _surfaces(house, fault)
        fault.mend(house)
        house.live_until(lambda: house.was_told(set(fault.kinds), "resolved"))
        left = frozenset(house.kinds)
        return Told(surfaces, left, house.page(), house.terminal("status"), house.alert(set(fault.kinds), "resolved"))


def _surfaces(house: House, fault: Planted) -> dict[str, str]:
    kinds = set(fault.kinds)
    refused = house.alert_of_refused_start()
    return ({"alert of a refused start": refused} if refused else {}) | {
        "terminal": fault.terminal(house),
        "log": house.log(kinds),
        "page": house.page(),
        "alert": house.alert(kinds),
    }
