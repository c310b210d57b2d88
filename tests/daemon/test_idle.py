"""What the daemon itself costs when nothing happens: ten minutes of the sandbox's time, both quotas enforced."""

from __future__ import annotations

from collections import Counter
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from syncd.daemon.flags import Flags
from syncd.daemon.supervisor import Supervisor
from syncd.store import Store
from syncd.wiring import Outside, Shop, open_shop
from tests.daemon.kit import until
from tests.rig import Rig

MINUTES = 10
STEP = 15
HARAVAN_SIZE, HARAVAN_PER_SECOND = 80, 4
KIOTVIET_PER_HOUR = 4000


class RealTower:
    """The real supervisor with the real shop, on the rig's clock."""

    def __init__(self, rig: Rig) -> None:
        self._rig = rig
        self.supervisor = Supervisor(lambda: rig.settings, self._open, rig.clock, {}, Flags())

    def _open(self, settings: Any, outside: Outside) -> Shop:
        travel = self._rig.outside()
        return open_shop(
            settings,
            Outside(
                clock=self._rig.clock,
                haravan_transport=travel.haravan_transport,
                kiotviet_transport=travel.kiotviet_transport,
                inline=True,
                stop=outside.stop,
            ),
        )

    def run_for(self, seconds: int) -> None:
        """Let time pass in steps of the orders cycle, and wait each time for every cycle that is due."""
        store = Store(self._rig.settings.database)
        began = self._rig.clock.now()
        for passed in range(0, seconds, STEP):
            stock_too = passed % self._rig.settings.poll.stock_seconds == 0
            names = ("orders", "stock") if stock_too else ("orders",)
            until(partial(self._have_run, store, names), each=self.supervisor.tick)
            self._rig.clock.advance(STEP)
        assert (self._rig.clock.now() - began).total_seconds() == seconds
        store.close()

    def _have_run(self, store: Store, names: tuple[str, ...]) -> bool:
        now = self._rig.clock.now()
        idle = not any(worker.pulse().running for worker in self.supervisor._station.workers)
        return idle and all(store.cycle(name).last_ok == now for name in names)


@pytest.mark.parametrize("products", [12, 1000])
def test_ten_idle_minutes_of_the_daemon_stay_inside_both_budgets(tmp_path: Path, products: int) -> None:
    rig = Rig(tmp_path)
    rig.sandbox.fill(products - 12)
    for _ in range(20):
        rig.place()
    rig.once()
    rig.close()
    rig.later(3600)
    rig.journal.clear()
    tower = RealTower(rig)
    tower.supervisor.open()
    tower.supervisor._timetable.start()
    try:
        tower.run_for(MINUTES * 60)
    finally:
        tower.supervisor._shut_down()
    calls = [call for call in rig.journal.calls() if "token" not in call.path]
    found = Counter(call.remote for call in calls)
    assert rig.journal.writes() == []
    assert not [call for call in calls if call.status == 429]
    assert 0 < found["haravan"] <= HARAVAN_SIZE + MINUTES * 60 * HARAVAN_PER_SECOND
    assert 0 < found["kiotviet"] <= KIOTVIET_PER_HOUR * MINUTES / 60
    print(f"{MINUTES} idle minutes of the daemon, {products} products, 20 open orders: {dict(found)}")  # noqa: T201
