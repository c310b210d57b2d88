"""What the status page is made from."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from syncd.clock import Clock
from syncd.config import Settings, StatusSettings
from syncd.core.concerns import Concern
from syncd.core.products import Index
from syncd.cycles.hints import Hints
from syncd.store import Store


@dataclass(frozen=True, slots=True)
class Desk:
    """A shop as its page sees it.

    `status` is the page's own section, `hints` wake a cycle after a button was pressed, `index` gives the links of
    products, None before they were read, and `concerns` what a person must know now.
    """

    settings: Settings
    status: StatusSettings
    store: Store
    hints: Hints
    clock: Clock
    index: Callable[[], Index | None]
    concerns: Callable[[], Sequence[Concern]]
