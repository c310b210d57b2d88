"""The simulation itself: one seed is one run, the judge sees what it should, and what breaks is told short."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from syncd.sandbox.faults import KINDS
from syncd.sandbox.switches import ALL_SWITCHES
from tests.simulation import every_call
from tests.simulation.campaign import Tally, shrink, story
from tests.simulation.mutants import MUTANTS, Mutant, hunt
from tests.simulation.people import People
from tests.simulation.play import Outcome, Player, play
from tests.simulation.scenario import ACTS, FAULTS, TROUBLES, Scenario, Step, Terms, draw
from tests.simulation.witness import Violation

ROOT = Path(__file__).parents[2]
STORMY = 2003


@pytest.mark.parametrize("seed", [STORMY, 2004])
def test_a_day_of_a_shop_keeps_every_promise(seed: int) -> None:
    outcome = play(draw(seed, days=1))
    assert outcome.violation is None, story(draw(seed, days=1), outcome)


def test_the_same_seed_is_the_same_run_to_the_byte_in_every_process() -> None:
    here = play(draw(STORMY, days=1)).digest
    imports = "from tests.simulation.play import play; from tests.simulation.scenario import draw"
    program = f"{imports}; print(play(draw({STORMY}, days=1)).digest)"
    other = {**os.environ, "PYTHONHASHSEED": "7"}
    told = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, env=other, capture_output=True, text=True, timeout=120, check=True
    )
    assert told.stdout.split() == [here]
    assert play(draw(STORMY + 1, days=1)).digest != here


def test_a_seed_tells_the_same_story_in_each_run() -> None:
    scenario = draw(43, days=2)
    full = scenario.with_steps((*scenario.steps, Step("place", (0, 0, 0, 0), 60), Step("fill_disk", wait=5)))
    first, second = play(full).story, play(full).story
    assert any("disk is full" in line for line in first)
    assert first == second


def test_seeds_turn_every_switch_to_every_position_and_bring_every_kind_of_event() -> None:
    scenarios = [draw(seed, days=2) for seed in range(1, 700)]
    turned = {turn for scenario in scenarios for turn in scenario.switches}
    assert turned == {(switch.key, position) for switch in ALL_SWITCHES for position in switch.positions[1:]}
    kinds = {step.kind for scenario in scenarios for step in scenario.steps}
    assert set(ACTS) | set(TROUBLES) <= kinds
    assert {"kill", "fault", "meanwhile"} <= kinds
    planted = {step.numbers[0] for scenario in scenarios for step in scenario.steps if step.kind == "fault"}
    assert planted == set(range(len(FAULTS)))


def test_every_kind_of_event_can_be_played_and_every_fault_of_the_sandbox_is_among_them() -> None:
    assert all(hasattr(People, f"_{kind}") for kind in ACTS)
    assert all(hasattr(Player, f"_{kind}") for kind in TROUBLES)
    assert set(FAULTS) == KINDS


def test_what_breaks_a_promise_is_told_with_no_step_too_many() -> None:
    def run(scenario: Scenario) -> Outcome:
        kinds = [step.kind for step in scenario.steps]
        passed = sum(step.wait for step in scenario.steps)
        broken = "kill" in kinds and "restore" in kinds[kinds.index("kill") :] and passed >= 100
        return Outcome(1, Violation(1, "twice") if broken else None, story=kinds)

    steps = [Step("orders", wait=10) for _ in range(40)]
    steps[7], steps[31] = Step("kill", (3,), 10), Step("restore", wait=10)
    whole = Scenario(1, 1, (), Terms(), tuple(steps))
    short, outcome = shrink(whole, run)
    assert [step.kind for step in short.steps] == ["kill", "restore"]
    assert "seed 1: [1] twice" in story(short, outcome)
    with pytest.raises(ValueError, match="nothing is broken"):
        shrink(whole.with_steps(()), run)


def test_a_violation_is_counted_and_told(capsys: pytest.CaptureFixture[str]) -> None:
    tally = Tally()
    tally.add(Outcome(4, Violation(6, "no agreement")), draw(4, days=1))
    assert tally.violations == [(4, "[6] no agreement")]
    assert next(line for line in tally.lines() if line.startswith("violations")).split() == ["violations", "1"]


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_a_deliberate_bug_still_fits_the_code_that_it_changes(mutant: Mutant) -> None:
    hunt(mutant, seeds=1, days=2)


@pytest.mark.parametrize("name", ["safety stock is forgotten", "an address in the log"])
def test_the_judge_sees_a_deliberate_bug(name: str) -> None:
    mutant = next(mutant for mutant in MUTANTS if mutant.name == name)
    finding = hunt(mutant, seeds=12, first=1, days=2)
    assert finding.fired in mutant.breaks


def test_a_fault_or_a_death_at_any_call_of_a_day_leaves_both_sides_in_agreement() -> None:
    """A few of them; `python -m tests.simulation --every-call` goes through all."""
    tried = []
    for trial in every_call.trials(stride=1100, offset=200):
        outcome = every_call.run(trial)
        assert outcome.violation is None, (trial.what, trial.at, str(outcome.violation))
        tried.append(trial.what)
    assert len(tried) > 2


def test_the_command_prints_the_table_and_writes_the_figures(tmp_path: Path) -> None:
    figures = tmp_path / "figures.json"
    told = subprocess.run(
        [sys.executable, "-m", "tests.simulation", "--seeds", "2", "--days", "1", "--jobs", "1", "--json", figures],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    assert told.returncode == 0, told.stdout + told.stderr
    lines = {" ".join(line.split()[:-1]): line.split()[-1] for line in told.stdout.splitlines()}
    assert (lines["shop-days"], lines["violations"]) == ("2", "0")
    assert json.loads(figures.read_text("utf-8"))["counts"]["shop-days"] == 2
