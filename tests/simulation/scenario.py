"""A run as a value: how the two shops are, how syncd is set, and what happens one after another. Made from a seed."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace

from syncd.sandbox.switches import ALL_SWITCHES

OPENS, CLOSES = 7 * 3600, 22 * 3600
DAY = 24 * 3600

ACTS = {
    "place": 24,
    "advance": 60,
    "advance_twice": 10,
    "carrier": 8,
    "cancel": 5,
    "ship_part": 5,
    "cod": 4,
    "mark_paid": 2,
    "refund": 3,
    "annotate": 3,
    "readdress": 2,
    "archive": 2,
    "confirm": 2,
    "reorder": 1,
    "retrack": 2,
    "delete": 1,
    "hand_count": 3,
    "odd_data": 2,
    "mend_data": 3,
    "sell": 12,
    "purchase": 7,
    "transfer": 4,
    "count": 5,
    "take_back": 3,
    "clerk_order": 2,
    "clerk_edits": 2,
    "clerk_cancels": 2,
    "clerk_confirms": 1,
    "clerk_completes": 1,
    "clerk_invoices": 1,
    "clerk_voids": 1,
    "clerk_edits_invoice": 1,
    "retry": 3,
    "ignore": 1,
}
"""What people and carriers do, by how often."""

FAULTS = {
    "lose_request": 5,
    "lose_answer": 12,
    "refuse": 3,
    "timeout_request": 4,
    "timeout_answer": 8,
    "late": 8,
    "duplicate": 2,
    "status": 4,
    "status_after": 6,
    "html": 3,
    "html_after": 4,
    "rate_limited": 5,
    "unauthorized": 2,
    "forbidden": 2,
    "truncate": 5,
    "garbage_json": 4,
    "missing_keys": 4,
    "empty_page": 6,
    "short_page": 6,
    "moved_rows": 5,
    "stale": 8,
}
"""What may befall one call, by how often."""

TROUBLES = {
    "expire_tokens": 4,
    "revoke": 2,
    "deny": 2,
    "fill_disk": 3,
    "backup": 5,
    "restore": 2,
    "lose_store": 1,
    "second_daemon": 2,
    "configure": 4,
    "step_clock": 3,
    "restart": 5,
    "plan": 1,
    "force": 2,
    "switch": 1,
    "rush": 2,
}
"""What else goes wrong or is done to syncd itself, by how often."""


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happens `wait` seconds after the step before; what `numbers` mean depends on the kind."""

    kind: str
    numbers: tuple[int, ...] = ()
    wait: int = 0

    def __str__(self) -> str:
        """As it stands in a story."""
        return f"+{self.wait}s {self.kind}({', '.join(map(str, self.numbers))})"


@dataclass(frozen=True, slots=True)
class Terms:
    """How the shop is when syncd is installed."""

    two_branches: bool = False
    on_return: str = "hold"
    payments: str = "cod"
    tags: bool = False
    safety_stock: int = 0
    old_orders: int = 0
    many_orders: int = 500
    language: str = "en"
    page: int = 50
    gets_per_hour: int = 4000


@dataclass(frozen=True, slots=True)
class Lean:
    """What happens more often than chance has it: shops made for one kind of trouble.

    `acts` are ten times as frequent, a share `meanwhile` of them in the middle of a cycle, before one of its first
    `soon` calls; `faults` befall one of the next `reach` calls at `where`, and with `troubles` they take the place of
    all others; `terms` and `switches` are as they say.
    """

    acts: tuple[str, ...] = ()
    meanwhile: float = 0.15
    soon: int = 12
    faults: tuple[str, ...] = ()
    where: int = 0
    reach: int = 2
    troubles: tuple[str, ...] = ()
    terms: tuple[tuple[str, object], ...] = ()
    switches: tuple[tuple[str, str], ...] = ()

    @property
    def is_stormy(self) -> bool:
        """Whether it leans towards trouble."""
        return bool(self.faults or self.troubles)


@dataclass(frozen=True, slots=True)
class Scenario:
    """A whole run; the same value gives the same run to the byte. `switches` are those out of their first position."""

    seed: int
    days: int
    switches: tuple[tuple[str, str], ...]
    terms: Terms
    steps: tuple[Step, ...]

    def with_steps(self, steps: tuple[Step, ...]) -> Scenario:
        """The same shop with another course of events."""
        return replace(self, steps=steps)


def draw(seed: int, days: int = 4, lean: Lean | None = None) -> Scenario:
    """The scenario of a seed."""
    lean = lean or Lean()
    dice = random.Random(seed)
    terms = Terms(
        two_branches=dice.random() < 0.35,
        on_return=dice.choice(["hold", "void_invoice"]),
        payments=dice.choice(["cod", "cod", "any"]),
        tags=dice.random() < 0.25,
        safety_stock=dice.choice([0, 0, 0, 2]),
        old_orders=dice.choice([0, 0, 0, 4, 9]),
        many_orders=dice.choice([500, 500, 3]),
        language=dice.choice(["en", "vi"]),
        page=dice.choice([50, 50, 50, 4]),
        gets_per_hour=dice.choice([4000, 4000, 4000, 4000, 4000, 4000, 4000, 120]),
    )
    weather = dice.choice(["calm", "breeze", "breeze", "storm"])
    trade = dice.choice(["sleepy", "sleepy", "quiet", "quiet", "steady", "brisk"])
    terms = replace(terms, **dict(lean.terms))  # type: ignore[arg-type]
    weather = "storm" if lean.is_stormy else weather
    trade = trade if lean == Lean() else "brisk"
    steps = [step for day in range(days) for step in _day(dice, weather, trade, lean, first=day == 0)]
    switches = dict(_switches(dice)) | dict(lean.switches)
    return Scenario(seed, days, tuple(switches.items()), terms, tuple(steps))


def _switches(dice: random.Random) -> tuple[tuple[str, str], ...]:
    """A few of them turned, in a third of the shops none; over many seeds each stands in each of its positions."""
    chance = dice.choice([0.0, 0.05, 0.12])
    turned = [switch for switch in ALL_SWITCHES if dice.random() < chance]
    return tuple((switch.key, dice.choice(switch.positions[1:])) for switch in turned)


def _day(dice: random.Random, weather: str, trade: str, lean: Lean, *, first: bool) -> Iterator[Step]:
    """From the morning's full comparison to the next morning."""
    moments = sorted(_moments(dice, weather, trade, lean), key=lambda moment: moment[0])
    passed = 0
    yield Step("morning", wait=0 if first else OPENS)
    for at, step in moments:
        wait = at - passed - OPENS if at - OPENS > passed else 0
        yield replace(step, wait=wait)
        passed += wait
    if trade != "sleepy":
        yield Step("evening", wait=max(0, CLOSES - OPENS - passed))
        passed = CLOSES - OPENS
    yield Step("night", wait=DAY - OPENS - passed)


def _moments(dice: random.Random, weather: str, trade: str, lean: Lean) -> Iterator[tuple[int, Step]]:
    acts = {name: 10 * often if name in lean.acts else often for name, often in ACTS.items()}
    least, most = {"sleepy": (1, 3), "quiet": (2, 6), "steady": (5, 11), "brisk": (8, 18)}[trade]
    for _ in range(dice.randint(least, most)):
        at = dice.randrange(OPENS, CLOSES)
        step = Step(_pick(dice, acts), _numbers(dice))
        if dice.random() < lean.meanwhile:
            # while a cycle is under way, before its n-th call
            step = Step("meanwhile", (dice.randint(1, lean.soon), _index(step.kind), *step.numbers))
        yield at, step
        yield from _looks(dice, at, 0.55)
    for _ in range(dice.randint(0, 1) if trade == "sleepy" else dice.randint(1, 3)):
        yield from _looks(dice, dice.randrange(OPENS, CLOSES), 1.0)
    storms = {"calm": 0, "breeze": dice.randint(0, 2), "storm": dice.randint(2, 6)}[weather]
    for _ in range(storms):
        at = dice.randrange(OPENS, CLOSES)
        yield at, _trouble(dice, lean)
        # trouble is worst where there is something to write
        yield at, Step(dice.choice(["place", "advance", "advance"]), _numbers(dice))
        pause = dice.choice([20, 70, 70])
        for again in range(dice.randint(1, 3)):
            yield from _looks(dice, at + 1 + pause * again, 1.0)


def _looks(dice: random.Random, at: int, chance: float) -> Iterator[tuple[int, Step]]:
    if dice.random() < chance:
        yield at + dice.randint(1, 15), Step("orders")
        if dice.random() < 0.5:
            yield at + dice.randint(16, 45), Step("stock")


def _trouble(dice: random.Random, lean: Lean) -> Step:
    if lean.is_stormy:
        name = dice.choice([*lean.faults, *lean.troubles])
        if name in TROUBLES:
            return Step(name, _numbers(dice))
        numbers = (
            list(FAULTS).index(name),
            lean.where,
            dice.randint(1, lean.reach),
            dice.randint(1, 3),
            3 * dice.randrange(20),
        )
        return Step("fault", numbers)
    kind = dice.random()
    if kind < 0.5:
        fault = list(FAULTS).index(_pick(dice, FAULTS))
        return Step(
            "fault", (fault, dice.randrange(4), dice.randint(1, 9), dice.choice([1, 1, 1, 2, 4]), dice.randrange(60))
        )
    if kind < 0.75:
        return Step("kill", (dice.choice([dice.randint(1, 30), dice.randint(1, 160)]),))
    return Step(_pick(dice, TROUBLES), _numbers(dice))


def _pick(dice: random.Random, weights: dict[str, int]) -> str:
    return dice.choices(list(weights), list(weights.values()))[0]


def _numbers(dice: random.Random) -> tuple[int, ...]:
    return tuple(dice.randrange(1000) for _ in range(4))


def _index(act: str) -> int:
    return list(ACTS).index(act)
