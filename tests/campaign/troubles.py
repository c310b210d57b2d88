"""What goes wrong in a round while people go on: each trouble is one function of the round."""

from __future__ import annotations

import signal
import sqlite3
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from syncd.sandbox.kernel import Fault
from tests.campaign.house import PATIENCE_SECONDS, REFUSED, House, until
from tests.campaign.people import People
from tests.campaign.wire import CUTS

REMOTES = ("haravan", "kiotviet")
_SERVER_FAULTS = ("status", "status_after", "lose_request", "lose_answer", "html_after", "truncate", "garbage_json")
_TRAP_SECONDS = 15.0
_LONGER_THAN_A_CALL = 22.0


@dataclass
class Scene:
    """One shop with its people, and what was done to it: `counts` for the table, `said` for who wants to know why."""

    house: House
    people: People
    chance: Random
    counts: Counter[str]
    said: list[str]
    broken: list[str]
    backups: list[Path] = field(default_factory=list)

    def say(self, what: str, *counted: str) -> None:
        self.said.append(what)
        self.counts.update(counted)

    def expect(self, what: bool, otherwise: str) -> None:
        """Note a violation unless `what`."""
        if not what:
            self.broken.append(otherwise)

    def restart(self) -> None:
        self.house.start()
        self.counts["restarts"] += 1

    def up(self) -> None:
        """The daemon runs; where it ended by itself, that is a violation."""
        if not self.house.is_alive:
            code = self.house.daemon.returncode if self.house.daemon else None
            self.expect(code is None, f"the daemon ended by itself with {code}")
            self.restart()


Trouble = Callable[[Scene], None]


def kill_at_random(scene: Scene) -> None:
    scene.up()
    seconds = scene.chance.uniform(0, 3)
    scene.people.live(seconds)
    _kill(scene, f"kill after {seconds:.2f} s", "kills at random")


def kill_at_the_start(scene: Scene) -> None:
    scene.up()
    scene.house.kill()
    scene.restart()
    seconds = scene.chance.uniform(0, 2)
    scene.people.live(seconds)
    _kill(scene, f"kill {seconds:.2f} s after the start", "kills at the start")


def kill_before_a_write(scene: Scene) -> None:
    _trap(scene, "before")


def kill_after_a_write(scene: Scene) -> None:
    _trap(scene, "after")


def _trap(scene: Scene, when: str) -> None:
    scene.up()
    house, nth = scene.house, scene.chance.choice([1, 1, 2, 3, 5])
    house.trap.set(when, nth, house.kill)
    for _ in range(round(_TRAP_SECONDS / 0.25)):
        scene.people.live(0.25)
        if house.trap.sprung:
            break
    house.trap.take_away()
    if house.trap.sprung:
        scene.say(f"kill {house.trap.sprung} ({nth}.)", f"kills {when} a write")
        scene.restart()
    else:
        _kill(scene, f"no {nth}. write came; kill", "kills at random")


def _kill(scene: Scene, said: str, counted: str) -> None:
    scene.up()
    scene.house.kill()
    scene.say(said, counted)
    scene.restart()


def stop_in_order(scene: Scene) -> None:
    scene.up()
    scene.people.live(scene.chance.uniform(0, 2))
    code = scene.house.stop()
    scene.say("SIGTERM", "stops in order")
    # who is told to go before it has begun goes as any process does
    began = "daemon_started" in scene.house.logs[-1].read_text(encoding="utf-8")
    scene.expect(code == 0 if began else code in (0, -signal.SIGTERM), f"SIGTERM ended the daemon with {code}")
    scene.restart()


def cut(scene: Scene) -> None:
    _cut(scene, scene.chance.uniform(0.5, 4))


def long_black_hole(scene: Scene) -> None:
    """Longer than a call waits for its answer."""
    _cut(scene, _LONGER_THAN_A_CALL, "black_hole")


def cut_and_kill(scene: Scene) -> None:
    _cut(scene, scene.chance.uniform(0.5, 2), kill=True)


def _cut(scene: Scene, seconds: float, mode: str = "", *, kill: bool = False) -> None:
    scene.up()
    mode = mode or scene.chance.choice(CUTS)
    remotes = scene.chance.choice([REMOTES, REMOTES[:1], REMOTES[1:]])
    scene.people.live(scene.chance.uniform(0, 1))
    for remote in remotes:
        scene.house.wires[remote].cut(mode)
    scene.say(f"{mode} of {' and '.join(remotes)} for {seconds:.1f} s", "cuts")
    scene.people.live(seconds)
    if kill:
        _kill(scene, "kill meanwhile", "kills while cut off")
        scene.people.live(scene.chance.uniform(0, 3))
    for remote in remotes:
        scene.house.wires[remote].heal()
    scene.counts["healed"] += 1


def server_faults(scene: Scene) -> None:
    scene.up()
    kind, remote = scene.chance.choice(_SERVER_FAULTS), scene.chance.choice([None, *REMOTES])
    method = scene.chance.choice([None, "POST", "PUT", "GET"])
    scene.house.sandbox.faults.add(
        Fault(kind, remote=remote, method=method, path=r"^(?!.*token)", times=0, status=scene.chance.choice([500, 503]))
    )
    seconds = scene.chance.uniform(0.5, 4)
    scene.say(f"{kind} of {method or 'each call'} at {remote or 'both'} for {seconds:.1f} s", "server faults")
    scene.people.live(seconds)
    scene.house.sandbox.faults.clear()


def two_at_once(scene: Scene) -> None:
    """Two daemons are started together; one must refuse, the other work."""
    house = scene.house
    if house.is_alive:
        house.kill()
    pair = (house.run(), house.run())
    house.daemon = pair[0]
    until(lambda: any(one.poll() is not None for one in pair), PATIENCE_SECONDS)
    ended = [one for one in pair if one.poll() is not None]
    codes = [one.returncode for one in ended]
    scene.expect(codes == [REFUSED], f"of two daemons started at once, these ended: {codes}")
    house.daemon = next((one for one in pair if one.poll() is None), pair[0])
    scene.say("two daemons at once", "second daemons refused")
    scene.counts["restarts"] += 1
    scene.people.live(0.5)


def other_config(scene: Scene) -> None:
    """Another safety stock, by a reload or a restart."""
    scene.up()
    pieces = scene.chance.choice([0, 1, 2, 3])
    scene.house.edit_safety(pieces)
    scene.say(f"safety stock {pieces}", "configs changed")
    scene.house.kill()
    scene.restart()


def kill_a_backup(scene: Scene) -> None:
    """A backup that is killed leaves a whole file or none; the next one is good, and kept for later."""
    target = scene.house.folder / f"backup-{len(scene.backups)}-{scene.chance.randrange(10**9)}.db"
    seconds = scene.chance.uniform(0, 1.2)
    if not until(scene.house.database.exists, PATIENCE_SECONDS):
        return
    child = scene.house.backup(target)
    scene.people.live(seconds)
    if child.poll() is None:
        child.kill()
        scene.say(f"kill a backup after {seconds:.2f} s", "backups killed")
    child.wait(PATIENCE_SECONDS)
    scene.expect(not target.exists() or _is_whole(target), f"a killed backup left a broken file after {seconds:.2f} s")
    target.unlink(missing_ok=True)
    code = scene.house.backup(target).wait(PATIENCE_SECONDS)
    scene.expect(code == 0 and _is_whole(target), f"a backup ended with {code}")
    if code == 0:
        scene.backups.append(target)


def restore_a_backup(scene: Scene) -> None:
    """The database of some rounds ago."""
    if not scene.backups:
        kill_a_backup(scene)
        return
    scene.up()
    scene.house.kill()
    copy = scene.chance.choice(scene.backups)
    scene.house.restore(copy)
    scene.say(f"restore {copy.name}, {len(scene.backups)} kept", "backups restored")
    scene.restart()


def _is_whole(path: Path) -> bool:
    try:
        with closing(sqlite3.connect(path)) as opened:
            return bool(opened.execute("PRAGMA integrity_check").fetchone() == ("ok",))
    except sqlite3.Error:
        return False


TROUBLES: dict[Trouble, int] = {
    kill_at_random: 5,
    kill_at_the_start: 2,
    kill_before_a_write: 5,
    kill_after_a_write: 6,
    stop_in_order: 1,
    cut: 5,
    cut_and_kill: 3,
    long_black_hole: 1,
    server_faults: 4,
    two_at_once: 1,
    other_config: 1,
    kill_a_backup: 2,
    restore_a_backup: 1,
}
"""How often each comes; only the proportions count."""
