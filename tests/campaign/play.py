"""A campaign: rounds of a working shop with troubles, each of which must end in agreement and quiet."""

from __future__ import annotations

import random
import re
import statistics
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.campaign.house import House, open_house, until
from tests.campaign.judge import Judge
from tests.campaign.people import People
from tests.campaign.troubles import TROUBLES, Scene, Trouble

AGREE_SECONDS = 120.0
"""Before a stock figure is raised again whose answer was lost, syncd waits a minute."""

QUIET_SECONDS = 4.0
"""A cycle of each kind each second, a full one each three."""

SETTLED_SECONDS = 1.5
ROUNDS_OF_A_SHOP = 8
"""Then another shop opens, with an hour's quota of its own."""

COLUMNS = (
    "rounds",
    "orders",
    "kills at random",
    "kills at the start",
    "kills before a write",
    "kills after a write",
    "kills while cut off",
    "cuts",
    "healed",
    "server faults",
    "stops in order",
    "restarts",
    "second daemons refused",
    "configs changed",
    "backups killed",
    "backups restored",
    "violations",
)
_HELD_FOR_A_PERSON = frozenset({"returned", "cancelled_after_shipping"})


@dataclass
class Campaign:
    """What was done and found."""

    counts: Counter[str] = field(default_factory=Counter)
    agreed_after: list[float] = field(default_factory=list)
    violations: list[str] = field(default_factory=list)

    def table(self) -> str:
        lines = [f"{name:<26}{self.counts[name]:>8}" for name in COLUMNS]
        if self.agreed_after:
            median, longest = statistics.median(self.agreed_after), max(self.agreed_after)
            lines.append(f"{'agreed after, s':<26}{median:>8.1f} median, {longest:.1f} longest")
        return "\n".join(lines)


def play(
    rounds: int,
    seed: int,
    *,
    tell: Callable[[str], object] = lambda _: None,
    troubles: Sequence[Sequence[Trouble]] = (),
) -> Campaign:
    """Play so many rounds; `troubles` of the first rounds may be given, the others are drawn."""
    campaign, number = Campaign(), 0
    while number < rounds:
        first, last = number, min(rounds, number + ROUNDS_OF_A_SHOP)
        chance = random.Random(f"{seed}/{first}")
        on_return = "hold" if chance.random() < 0.25 else "void_invoice"
        with (
            tempfile.TemporaryDirectory(prefix="syncd-campaign-") as folder,
            open_house(Path(folder), on_return=on_return) as house,
        ):
            shop = Shop(campaign, house, chance, seed, tell)
            for number in range(first, last):
                shop.round(number, troubles[number] if number < len(troubles) else shop.draw())
        number = last
    return campaign


class Shop:
    """One shop for some rounds."""

    def __init__(
        self, campaign: Campaign, house: House, chance: random.Random, seed: int, tell: Callable[[str], object]
    ) -> None:
        """Start its daemon."""
        self.campaign, self.house, self.seed, self._tell = campaign, house, seed, tell
        # of their own, so that a seed draws the same troubles however many things happen meanwhile
        self.people = People(house.sandbox, random.Random(chance.random()))
        self.judge = Judge(house, self.people)
        self.scene = Scene(house, self.people, chance, campaign.counts, [], self.judge.broken)
        house.start()

    def draw(self) -> list[Trouble]:
        count = self.scene.chance.choice([1, 1, 2, 3])
        return self.scene.chance.choices(list(TROUBLES), list(TROUBLES.values()), k=count)

    def round(self, number: int, troubles: Sequence[Trouble]) -> None:
        """Troubles, then fair weather, agreement, a quiet span, and the verdict."""
        self.scene.said.clear()
        self.people.said.clear()
        placed, began = len(self.people.orders), time.monotonic()
        self.people.live(0.5)
        for trouble in troubles:
            trouble(self.scene)
            self.people.live(self.scene.chance.uniform(0, 1))
        self.scene.up()
        self.house.heal()
        healed = time.monotonic()
        found = self._comes_to_rest()
        agreed = time.monotonic() - healed
        found += self._quiet() if not found else []
        found += self._logs() + list(self.judge.broken)
        self.judge.broken.clear()
        counts = self.campaign.counts
        counts.update({"rounds": 1, "orders": len(self.people.orders) - placed, "violations": len(found)})
        if found:
            self._accuse(number, found)
        else:
            self.campaign.agreed_after.append(agreed)
        what = "; ".join(self.scene.said)
        self._tell(f"{number}: {what}: agreed after {agreed:.1f} s, {time.monotonic() - began:.0f} s in all")

    def _comes_to_rest(self) -> list[str]:
        """Wait until both sides agree and nothing was written for a moment; what differs when the time is over."""
        end = time.monotonic() + AGREE_SECONDS
        while until(lambda: not self.judge.apart(), end - time.monotonic(), pause=0.2):
            before = self._writes()
            time.sleep(SETTLED_SECONDS)
            if self._writes() == before and not self.judge.apart():
                return []
        return [f"not within {AGREE_SECONDS:.0f} s: {what}" for what in self.judge.apart()] or ["it never rests"]

    def _quiet(self) -> list[str]:
        """Nothing is written while nobody does anything; meanwhile the admin asks how things are."""
        before, end = self._writes(), time.monotonic() + QUIET_SECONDS
        found = self._status()
        time.sleep(max(0.0, end - time.monotonic()))
        written = self.house.sandbox.journal.writes()[before:]
        found += [f"written in a quiet span: {call.method} {call.path} {call.body}" for call in written]
        return found + self.judge.apart()

    def _writes(self) -> int:
        return len(self.house.sandbox.journal.writes())

    def _status(self) -> list[str]:
        code, said = self.house.status()
        if code != 0:
            return [f"status ended with {code}: {str(said)[:300]}"]
        found = []
        if sum(said["orders"].values()) != len(self.people.orders):
            found.append(f"status counts {said['orders']}, there are {len(self.people.orders)}")
        if said["in_doubt"]:
            found.append(f"in doubt: {said['in_doubt']}")
        return found + [word for row in said["held"] if (word := self._wrong_hold(row))]

    def _wrong_hold(self, row: dict[str, Any]) -> str:
        mine = self.people.orders[row["haravan_id"]]
        allowed = mine.touched or row["code"] in _HELD_FOR_A_PERSON
        return "" if allowed else f"order {mine.id} is held as {row['code']}: {row['reason']}"

    def _logs(self) -> list[str]:
        """No traceback, nothing private, and each line is what a log reader expects; only a killed line may be torn."""
        found = []
        for path in self.house.logs:
            words = path.read_text(encoding="utf-8", errors="replace")
            found += [f"a traceback in {path.name}: {words[-1500:]}"] * ("Traceback" in words)
            found += [f"{secret!r} in {path.name}" for secret in self.people.private if secret in words]
            path.write_text("", encoding="utf-8") if path != self.house.logs[-1] else None
        return found

    def _accuse(self, number: int, found: list[str]) -> None:
        lines = [f"seed {self.seed}, round {number}, on_return {self.house.on_return}:"]
        lines += [f"  ! {what}" for what in found]
        lines += [f"  - {what}" for what in (*self.scene.said, *self.people.said)]
        lines += [f"  {told}" for told in self._explained(found)]
        self.campaign.violations.append("\n".join(lines))
        self._tell(self.campaign.violations[-1])

    def _explained(self, found: list[str]) -> list[str]:
        """What syncd itself says of the orders that are wrong, and what its log does."""
        wrong = {word for what in found for word in re.findall(r"order (\d{6,})", what)}
        log = self.house.logs[-1].read_text(encoding="utf-8", errors="replace").splitlines()
        goods = {word for what in found for word in re.findall(r"s: (\S+) at \d+: ", what)}
        told = [self.house.ask("explain", "--stock", sku, "--json") for sku in sorted(goods)[:3]]
        for order in sorted(wrong)[:3]:
            told.append(self.house.ask("explain", "--json", order))
            told += [line for line in log if order in line][-5:]
        return told
