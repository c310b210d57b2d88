"""Reading Haravan's stock rows: what is shown, what was never stocked, and what only failed to be shown."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from syncd.core.texts import Text, text
from syncd.cycles.catalogue import chunks
from syncd.cycles.ports import Haravan

_AT_ONCE = 500  # of a big shop only the figures are kept, not the rows
_WITNESSES = 5

Pair = tuple[int, int]
"""A location id and a variant id."""


@dataclass(slots=True)
class Levels:
    """What Haravan has available now, by pair.

    `failures` are sentences about rows that cannot be trusted, which are not in `found`; `silent` are the locations
    that showed no row at all, as one does where nothing was ever stocked, or any in a shop without advanced stock.
    Of rows that were missing for the first time `hidden` are the locations where Haravan contradicts itself, `plain`
    those where it does not.
    """

    found: dict[Pair, int] = field(default_factory=dict)
    failures: list[Text] = field(default_factory=list)
    silent: set[int] = field(default_factory=set)
    hidden: set[int] = field(default_factory=set)
    plain: set[int] = field(default_factory=set)


def read_levels(
    haravan: Haravan,
    wanted: Mapping[int, Sequence[int]],
    known: Mapping[Pair, int],
    *,
    believed: Collection[int] = (),
) -> Levels:
    """Haravan's levels of some variants per location.

    A pair without a row was never stocked: 0. But a page that lost its rows looks just the same, and adding to a wrong
    zero would publish everything twice; so absence is believed only when a second reading shows it too, never of a
    pair that is known to have had something, and of one that is not known only where the variant itself agrees.

    Args:
        haravan: The web shop.
        wanted: Variant ids per location id.
        known: What each pair had when it was last read.
        believed: Locations where the variants are not asked, for what they say has contradicted the rows for long.

    Raises:
        Transient, AuthError: Haravan could not be read.
    """
    levels = Levels()
    for location_id, variant_ids in wanted.items():
        absent = _read(haravan, location_id, variant_ids, levels)
        absent = _read(haravan, location_id, absent, levels) if absent else []
        new = [v for v in absent if (location_id, v) not in known] if location_id not in believed else []
        hidden = _hidden(haravan, location_id, new, levels) if new else set()
        absent = [v for v in absent if (location_id, v) not in levels.found]
        if len(absent) == len(variant_ids):
            levels.silent.add(location_id)
        for variant_id in absent:
            if variant_id not in hidden:
                _take_absent((location_id, variant_id), known, levels)
    return levels


def _hidden(haravan: Haravan, location_id: int, absent: Sequence[int], levels: Levels) -> set[int]:
    """Of variants without a row at a location those of which no location shows one, though some say they have stock.

    Rows that show after all are taken. Source: Haravan docs, variants, `inventory_quantity`; in a shop without advanced
    stock there may be no rows at all.
    """
    if not any(map(haravan.variant_total, _witnesses(absent))):
        levels.plain.add(location_id)
        return set()
    everywhere = [location.id for location in haravan.locations()]
    heard = set[int]()
    for some in chunks(absent, _AT_ONCE):
        for level in haravan.levels(everywhere, some).levels:
            heard.add(level.variant_id)
            if level.location_id == location_id:
                levels.found[location_id, level.variant_id] = level.available
    hidden = {variant_id for variant_id in absent if variant_id not in heard}
    (levels.hidden if hidden else levels.plain).add(location_id)
    if hidden:
        levels.failures.append(text("levels_hidden", location=location_id, count=len(hidden)))
    return hidden


def _witnesses(variant_ids: Sequence[int]) -> Sequence[int]:
    """Some of them, from all over the list."""
    return variant_ids[:: max(1, len(variant_ids) // _WITNESSES)][:_WITNESSES]


def _read(haravan: Haravan, location_id: int, variant_ids: Sequence[int], levels: Levels) -> list[int]:
    """Take what is shown; the variants of which nothing was said at all."""
    return [
        absent for some in chunks(variant_ids, _AT_ONCE) for absent in _read_some(haravan, location_id, some, levels)
    ]


def _read_some(haravan: Haravan, location_id: int, variant_ids: Sequence[int], levels: Levels) -> list[int]:
    page = haravan.levels([location_id], variant_ids)
    unreadable = {bad.id for bad in page.bad}
    levels.failures += [text("level_unreadable", variant=str(bad.id), why=bad.reason) for bad in page.bad]
    shown = {level.variant_id: level.available for level in page.levels if level.location_id == location_id}
    levels.found |= {(location_id, variant_id): shown[variant_id] for variant_id in variant_ids if variant_id in shown}
    # a row that does not even name its variant may be any of those not shown
    return [] if None in unreadable else [v for v in variant_ids if v not in shown and v not in unreadable]


def _take_absent(pair: Pair, known: Mapping[Pair, int], levels: Levels) -> None:
    location_id, variant_id = pair
    if known.get(pair, 0) != 0:
        levels.failures.append(text("level_not_shown", variant=variant_id, location=location_id))
    else:
        levels.found[pair] = 0
