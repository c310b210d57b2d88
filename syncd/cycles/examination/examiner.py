"""The whole examination: once, told finding by finding, for `syncd check`; again and again beside the daemon's work."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import Final

from syncd.clients.haravan import HaravanClient
from syncd.clients.kiotviet import KiotVietClient
from syncd.clock import Clock
from syncd.config import Settings
from syncd.core.concerns import REJECTED, Concern
from syncd.core.findings import Finding, Grade, concern_of
from syncd.core.orders import OrderPolicy
from syncd.core.products import Index
from syncd.core.texts import Say
from syncd.cycles.budget import StoreGetBudget
from syncd.cycles.catalogue import Catalogue
from syncd.cycles.examination import decisions, goods
from syncd.cycles.examination.haravan import HaravanCheck
from syncd.cycles.examination.kiotviet import KiotVietCheck
from syncd.cycles.examination.machine import MachineCheck
from syncd.cycles.examination.names import Names
from syncd.cycles.examination.troubles import PASSING_KINDS
from syncd.store import Store

LOOK_SECONDS: Final = 3600.0
"""How often both shops are examined while all is well: some ten reads."""
LOOK_AGAIN_SECONDS: Final = 300.0
"""How often while something is wrong, so that what was set right is soon seen to be."""

_UNSAID = PASSING_KINDS | {"credentials_refused"}
"""What the cycles meet and tell by themselves; the side could not be examined."""
_SINCE = "examined_since"


@dataclass(frozen=True, slots=True)
class Subjects:
    """What is examined: both remotes, the products' links, and the store that remembers what was seen before."""

    haravan: HaravanClient
    kiotviet: KiotVietClient
    budget: StoreGetBudget
    catalogue: Catalogue
    store: Store


class Examination:
    """Looks for what would fail later; never writes to either shop."""

    def __init__(
        self,
        subjects: Subjects,
        settings: Settings,
        policy: OrderPolicy,
        machine: MachineCheck,
        clock: Clock,
        say: Say,
        stop: Callable[[], bool],
    ) -> None:
        """Examine nothing yet; `stop` asks whether to end early."""
        self._subjects, self._settings, self._policy = subjects, settings, policy
        self._machine, self._clock, self._stop = machine, clock, stop
        store, names = subjects.store, Names(subjects.store, clock, say)
        self._haravan = HaravanCheck(subjects.haravan, store, settings, policy, clock, names, self._stocked)
        self._kiotviet = KiotVietCheck(subjects.kiotviet, subjects.budget, store, settings, clock, names)
        self._due_at = clock.monotonic()
        self._looked_at, self._looked_mono = clock.now(), -LOOK_AGAIN_SECONDS
        self._found: dict[str, tuple[Finding, ...]] = {}
        self._concerns: tuple[Concern, ...] = ()

    def everything(self) -> Iterator[Finding]:
        """Every finding as soon as it is found; reads both shops, their catalogues too."""
        yield from decisions.findings(self._settings, self._policy, self._clock.now())
        yield from self._machine.about(self._clock.now())
        closed = False
        for finding in chain(self._haravan.findings(), self._kiotviet.findings()):
            closed |= finding.kind in _UNSAID
            yield finding
        yield from self._machine.trouble()
        if not closed:
            yield from goods.of_catalogue(self._subjects.catalogue, self._settings, self._subjects.haravan)

    def concerns(self) -> tuple[Concern, ...]:
        """What a person must know of what `look` found last; safe to ask from any thread."""
        return self._concerns

    def look(self) -> None:
        """Examine the machine, and both shops when it is time.

        Raises:
            StoreUnwritable: What was found could not be remembered.
        """
        if self._clock.monotonic() >= self._due_at or self._is_asked_for():
            self._looked_at, self._looked_mono = self._clock.now(), self._clock.monotonic()
            parts = {"haravan": self._haravan.findings(), "kiotviet": self._kiotviet.findings()}
            well = all([self._look_at(part, found) for part, found in (parts | {"products": self._links()}).items()])
            self._due_at = self._clock.monotonic() + (LOOK_SECONDS if well else LOOK_AGAIN_SECONDS)
        self._look_at("machine", self._machine.trouble())
        self._conclude()

    def _is_asked_for(self) -> bool:
        """Whether KiotViet has refused an order since the last look: a setting that was changed may be why."""
        if self._clock.monotonic() - self._looked_mono < LOOK_AGAIN_SECONDS:
            return False
        holds = (order.hold for order in self._subjects.store.reports.held())
        return any(hold.code == REJECTED and hold.since > self._looked_at for hold in holds)

    def _look_at(self, part: str, findings: Iterable[Finding]) -> bool:
        """Whether all is well there; a part that cannot be examined now keeps what was found before."""
        found = []
        for finding in findings:
            if self._stop() or finding.kind in _UNSAID:
                return False
            found.append(finding)
        self._found[part] = tuple(found)
        return all(finding.level == Grade.OK for finding in found)

    def _links(self) -> Iterator[Finding]:
        index = self._index()
        if index is not None:
            yield from goods.of_links(index)

    def _index(self) -> Index | None:
        """The links, where they are known already: to read both catalogues is the cycles' business."""
        known = self._subjects.store.recall("catalogue_read_at") is not None
        return self._subjects.catalogue.index() if known else None

    def _stocked(self) -> frozenset[int] | None:
        index = self._index()
        return None if index is None else frozenset(link.variant_id for link in index.stocked())

    # --- what it comes to --------------------------------------------------------------------------------------------

    def _conclude(self) -> None:
        """Turn what was found into concerns; how long it has been so outlives a restart."""
        before = self._recall()
        now, since = self._clock.now(), {part: dict(keys) for part, keys in before.items()}
        concerns: list[Concern] = []
        for part, found in self._found.items():
            known = since.get(part, {})
            since[part] = {}
            for finding in found:
                concern = concern_of(finding, _instant(known.get(finding.key)) or now)
                if concern is not None:
                    since[part][concern.key] = concern.since.isoformat()
                    concerns.append(concern)
        self._concerns = tuple({concern.key: concern for concern in concerns}.values())
        kept = {part: keys for part, keys in since.items() if keys}
        if kept != before:
            self._subjects.store.remember(_SINCE, kept)

    def _recall(self) -> dict[str, dict[str, str]]:
        kept = self._subjects.store.recall(_SINCE)
        return kept if isinstance(kept, dict) else {}


def _instant(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
