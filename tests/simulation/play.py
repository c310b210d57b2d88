"""Plays a scenario step by step, with the judge after each, and brings it to its end."""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import cast

import stamina

from syncd.errors import SyncdError
from syncd.sandbox.faults import Fault
from syncd.sandbox.switches import ALL_SWITCHES
from tests.orders.kit import Killed
from tests.simulation.ending import come_to_rest
from tests.simulation.house import House
from tests.simulation.people import Names
from tests.simulation.scenario import ACTS, FAULTS, Scenario, Step
from tests.simulation.witness import Violation

WHERE = (
    ("kiotviet", None),
    ("haravan", None),
    ("kiotviet", "write"),
    ("haravan", "write"),
)
_WRITES = ("POST", "PUT", "DELETE")
_HOURS = (-3600.0, -90.0, 90.0, 3600.0, 7200.0)
_AHEAD_OF_SWITCHES = frozenset({"haravan.stock_mode", "kiotviet.key_case", "kiotviet.orders_reserve"})


@dataclass(slots=True)
class Outcome:
    """What a run came to: a violation or none, what happened in it, and a digest of every call and both shops' ends."""

    seed: int
    violation: Violation | None = None
    story: list[str] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)
    digest: str = ""


def play(scenario: Scenario) -> Outcome:
    """Live through a scenario in a folder of its own."""
    outcome = Outcome(scenario.seed)
    with (
        stamina.set_testing(True, attempts=3),
        tempfile.TemporaryDirectory(dir=_fast_disk()) as folder,
        House(Path(folder), scenario) as house,
    ):
        _live(house, scenario, outcome)
        outcome.story = [line.replace(folder, "…") for line in outcome.story]  # its name is another one in each run
        outcome.digest = _digest(house)
        _count(house, scenario, outcome)
    return outcome


def _fast_disk() -> str | None:
    """Databases that no power cut will test need not be synced to a disk."""
    return "/dev/shm" if Path("/dev/shm").is_dir() else None


def _live(house: House, scenario: Scenario, outcome: Outcome) -> None:
    player = Player(house, outcome)
    try:
        player.prepare(scenario.terms.old_orders)
        for step in scenario.steps:
            house.pass_time(step.wait)
            outcome.story.append(
                f"{house.true_clock.now() + timedelta(hours=7):%d %H:%M:%S} {step.kind} {player.step(step)}"
            )
            house.witness.judge()
        outcome.counts["calls before rest"] = house.calls
        outcome.counts["points before rest"] = house.fuse.passed
        house.spare()
        come_to_rest(house, outcome.story)
    except Violation as violation:
        outcome.violation = violation
    except Exception as error:  # noqa: BLE001 - whatever else comes out of a cycle is a bug, and the seed must be told
        outcome.violation = Violation(6, f"{type(error).__name__}: {error}")
        outcome.violation.__cause__ = error


class Player:
    """Does what each step says."""

    def __init__(self, house: House, outcome: Outcome) -> None:
        """Play in a house."""
        self._house, self._outcome = house, outcome

    def prepare(self, old_orders: int) -> None:
        """Some days before syncd came, people had bought already."""
        web, sandbox = self._house.rig.haravan, self._house.rig.sandbox
        for k in range(old_orders):
            at = self._house.true_clock.now() - timedelta(days=5, hours=-k)
            self._house.placed.append(
                web.place_order(
                    [(sandbox.variants[self._house.skus[k % 6]], 1)], created_at=at, source="web" if k % 4 else "pos"
                )
            )

    def step(self, step: Step) -> str:
        """Do it; what happened, in words. A command of syncd's may die like a cycle."""
        try:
            if step.kind in ACTS:
                return self._house.people.act(step.kind, cast(Names, step.numbers))
            deed: Callable[..., str] = getattr(self, f"_{step.kind}")
            return deed(*step.numbers)
        except Killed:
            self._house.die()
            self._outcome.counts["kills"] += 1
            return f"died {self._house.fuse.where}"

    def _meanwhile(self, ahead: int, act: int, *numbers: int) -> str:
        kind = list(ACTS)[act]
        self._house.before_call(ahead, lambda: self._house.people.act(kind, cast(Names, numbers)))
        return f"before call {ahead}: {kind}{numbers}"

    # --- syncd's own work ---------------------------------------------------------------------------------------------

    def _orders(self) -> str:
        return self._cycle("orders", lambda: self._house.rig.shop.orders.run())

    def _stock(self) -> str:
        return self._cycle("stock", lambda: self._house.rig.shop.stock.turn(reconcile=False))

    def _morning(self) -> str:
        first = self._cycle("orders", lambda: self._house.rig.shop.orders.run(full=True, audit=True))
        return f"{first}; {self._cycle('stock', lambda: self._house.rig.shop.stock.turn(reconcile=True))}"

    def _evening(self) -> str:
        return f"{self._orders()}; {self._stock()}"

    def _night(self) -> str:
        return self._orders()

    def _cycle(self, kind: str, run: Callable[[], object]) -> str:
        kills = self._house.kills
        error = self._house.cycle(run)
        self._outcome.counts[f"{kind} cycles"] += 1
        if self._house.kills > kills:
            self._outcome.counts["kills"] += 1
            return f"died {self._house.fuse.where}"
        return "" if error is None else f"{type(error).__name__}: {error}"

    # --- weather and power --------------------------------------------------------------------------------------------

    def _fault(self, kind: int, where: int, nth: int, times: int, seconds: int) -> str:
        name = list(FAULTS)[kind]
        remote, only = WHERE[where]
        after = min(25 + seconds, 55)
        method = (
            _WRITES[seconds % 3] if only and name not in ("stale", "empty_page", "short_page", "moved_rows") else None
        )
        if name in ("late", "duplicate") and method is None:
            method = "POST"
        if name == "stale":
            method, after = "GET", min(after, 40)
        waits = float(seconds % 7) if seconds % 2 else None
        self._house.rig.faults.add(
            Fault(name, remote, method, None, nth, times, float(after), (500, 502, 503, 504, 408)[seconds % 5], waits)
        )
        self._outcome.faults[name] += 1
        return f"{name} at {remote} {method or 'any'}, call {nth} and {times - 1} more"

    def _fault_at(self, kind: int, at: int) -> str:
        """One fault at the so many-th call of all."""
        name = list(FAULTS)[kind]
        self._house.rig.faults.add(Fault(name, nth=at, seconds=40.0, retry_after=3.0, status=503))
        self._outcome.faults[name] += 1
        return f"{name} at call {at}"

    def _kill(self, point: int) -> str:
        self._house.kill_at(point)
        return f"at point {point}"

    # --- what happens to syncd and its machine ------------------------------------------------------------------------

    def _expire_tokens(self, *_: int) -> str:
        self._house.rig.kiotviet.expire_tokens()
        self._outcome.faults["token expired"] += 1
        return ""

    def _revoke(self, which: int, *_: int) -> str:
        haravan, kiotviet = self._house.rig.haravan, self._house.rig.kiotviet
        (haravan.revoke_token if which % 2 else kiotviet.revoke_credentials)()
        self._outcome.faults["credentials revoked"] += 1
        failed = [self._orders(), self._stock()]
        self._house.true_clock.advance(300)
        haravan.restore_token()
        kiotviet.restore_credentials()
        return f"{failed}, then restored"

    def _deny(self, which: int, *_: int) -> str:
        scope = ("com.write_orders", "com.write_products", "com.write_inventories")[which % 3]
        self._house.rig.haravan.deny(scope)
        self._outcome.faults["permission denied"] += 1
        failed = [self._orders(), self._stock()]
        self._house.rig.haravan.grant(scope)
        return f"{scope}: {failed}, then granted"

    def _fill_disk(self, *_: int) -> str:
        self._outcome.faults["disk full"] += 1
        self._house.fill_disk(True)
        failed = [self._orders(), self._stock()]
        self._house.true_clock.advance(60)
        failed.append(self._orders())
        self._house.fill_disk(False)
        return f"{failed}, then there is room"

    def _backup(self, *_: int) -> str:
        return "" if self._house.back_up() else "not running"

    def _restore(self, *_: int) -> str:
        if not self._house.restore():
            return "no copy"
        self._outcome.faults["older store restored"] += 1
        self._forget_counts()
        return ""

    def _lose_store(self, *_: int) -> str:
        self._outcome.faults["store lost"] += 1
        self._house.lose_store()
        self._forget_counts()
        return ""

    def _forget_counts(self) -> None:
        """What the last hour's calls were is lost with the store that counted them."""
        self._house.witness.forgiven_gets = True

    def _second_daemon(self, *_: int) -> str:
        self._outcome.faults["second daemon"] += 1
        if not self._house.second_daemon_is_refused():
            raise Violation(1, "a second daemon was not refused")
        return "refused"

    def _restart(self, *_: int) -> str:
        self._outcome.faults["restart"] += 1
        self._house.stop()
        return ""

    def _configure(self, what: int, value: int, *_: int) -> str:
        self._outcome.faults["config changed"] += 1
        settings = self._house.settings
        if what % 4 == 0:
            self._house.configure(orders=replace(settings.orders, on_return=("hold", "void_invoice")[value % 2]))
            return f"on_return {self._house.settings.orders.on_return}"
        if what % 4 == 1:
            links = tuple(replace(link, safety_stock=(0, 1, 3)[value % 3]) for link in settings.stock.links)
            self._house.configure(stock=replace(settings.stock, links=links))
            return f"safety stock {links[0].safety_stock}"
        if what % 4 == 2:
            self._house.configure(orders=replace(settings.orders, tags=not settings.orders.tags))
            return f"tags {self._house.settings.orders.tags}"
        return self._only_show()

    def _only_show(self) -> str:
        """For some cycles nothing may be written."""
        settings = self._house.settings
        dry = {"orders": replace(settings.orders, apply=False), "stock": replace(settings.stock, apply=False)}
        self._house.configure(**dry)
        self._house.dry = True
        told = [self._orders(), self._stock()]
        self._house.dry = False
        self._house.configure(orders=settings.orders, stock=settings.stock)
        return f"only shown: {told}"

    def _step_clock(self, how: int, *_: int) -> str:
        self._outcome.faults["clock stepped"] += 1
        seconds = _HOURS[how % len(_HOURS)]
        self._house.clock.set_ahead(seconds)
        self._house.witness.forgiven_gets = True
        told = [self._orders(), self._stock()]
        self._house.true_clock.advance(600)
        told += [self._orders()]
        self._house.clock.set_ahead(0)
        return f"{seconds:+.0f} s: {told}, then right again"

    def _rush(self, *_: int) -> str:
        """Somebody hints at news again and again."""
        self._outcome.faults["rush"] += 1
        told = []
        for _ in range(12):
            told += [self._orders(), self._stock()]
            self._house.true_clock.advance(20)
        return f"{[word for word in told if word]}"

    def _plan(self, *_: int) -> str:
        self._outcome.faults["plan"] += 1
        self._house.start()
        before = len(self._house.rig.journal.writes())
        told = []
        self._house.spare()
        self._house.listen(quiet=True)
        with self._house.rig.plan() as plan:
            for run in (lambda: plan.orders.run(full=True), lambda: plan.stock.run(full=True)):
                try:
                    run()
                except SyncdError as error:
                    told.append(str(error))
        self._house.listen()
        if len(self._house.rig.journal.writes()) != before:
            raise Violation(7, f"plan sent {self._house.rig.writes()[before:]}")
        return f"{told}"

    def _force(self, *_: int) -> str:
        return self._cycle("stock", lambda: self._house.rig.shop.stock.run(full=True, force=True))

    def _switch(self, which: int, position: int, *_: int) -> str:
        """The remote turns out to behave differently from one moment to the next."""
        switch = ALL_SWITCHES[which % len(ALL_SWITCHES)]
        if switch.key in _AHEAD_OF_SWITCHES:
            return ""
        chosen = switch.positions[position % len(switch.positions)]
        self._house.rig.sandbox.turn(f"{switch.key}={chosen}")
        self._outcome.faults["switch turned"] += 1
        return f"{switch.key}={chosen}"


def _count(house: House, scenario: Scenario, outcome: Outcome) -> None:
    outcome.counts["shop-days"] += scenario.days
    outcome.counts["orders"] += len(house.placed)
    outcome.counts["calls"] += len(house.rig.journal.calls())
    outcome.counts["adjustments"] += house.witness.adjusted
    outcome.counts["KiotViet documents"] += len(house.documents())
    fired = Counter(call.fault for call in house.rig.journal.calls() if call.fault)
    outcome.counts["faults that hit"] += sum(fired.values())


def _digest(house: House) -> str:
    """Of every call as it was sent and answered, and of how both shops stand."""
    calls = [
        (str(call.at), call.remote, call.method, call.path, call.query, repr(call.body), call.status, call.fault)
        for call in house.rig.journal.calls()
    ]
    ends = [house.rig.haravan.state(), house.rig.kiotviet.state()]
    told = json.dumps([calls, ends], ensure_ascii=False, default=str, sort_keys=True)
    return hashlib.sha256(told.encode()).hexdigest()
