"""The life of an order: every state, every legal move and the reason for each, as one table that `transitions` guards.

The state is derived from what both sides show; this table only says which steps between two derived states exist, so a
wrong derivation stops loudly instead of moving a document backwards.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from transitions import Machine, MachineError


class State(StrEnum):
    """Where a Haravan order stands in KiotViet."""

    RECEIVED = "received"
    ORDERED = "ordered"
    SHIPPING = "shipping"
    COMPLETED = "completed"
    CANCELLED = "cancelled"
    RETURNING = "returning"
    RETURNED = "returned"
    IGNORED = "ignored"


FINAL = frozenset({State.COMPLETED, State.CANCELLED, State.IGNORED})
_NEVER_PASSED = frozenset({State.RETURNING, State.RETURNED})
_BY_PERSON = frozenset({"left_to_people"})


@dataclass(frozen=True, slots=True)
class Move:
    """One legal step and the story behind it."""

    trigger: str
    source: State
    target: State
    reason: str


_S = State
MOVES: tuple[Move, ...] = (
    Move(
        "order_written", _S.RECEIVED, _S.ORDERED, "KiotViet shows the order (Phiếu tạm), created or found by its marker"
    ),
    Move("filtered_out", _S.RECEIVED, _S.IGNORED, "not a web order, not COD, or older than orders.since"),
    Move("admitted", _S.IGNORED, _S.RECEIVED, "the order or the settings changed: it is eligible after all"),
    Move("withdrawn", _S.RECEIVED, _S.CANCELLED, "cancelled on the web before KiotViet had it"),
    Move("order_cancelled", _S.ORDERED, _S.CANCELLED, "cancelled on the web before the carrier had it"),
    Move("shipped", _S.ORDERED, _S.SHIPPING, "the carrier has it: an invoice (Chưa giao hàng) exists"),
    Move("settled", _S.SHIPPING, _S.COMPLETED, "everything delivered and paid: each invoice is Hoàn thành"),
    Move("turned_back", _S.ORDERED, _S.RETURNING, "the carrier is bringing it back before we had an invoice"),
    Move("turned_back", _S.SHIPPING, _S.RETURNING, "the carrier is bringing it back (Chờ chuyển hoàn)"),
    Move("back_with_us", _S.RETURNING, _S.ORDERED, "not on its way back any more and never invoiced"),
    Move("back_with_us", _S.RETURNED, _S.ORDERED, "shipped anew and never invoiced"),
    Move("back_on_road", _S.RETURNING, _S.SHIPPING, "the carrier tries again"),
    Move("came_back", _S.ORDERED, _S.RETURNED, "returned or cancelled after hand-over, no invoice yet"),
    Move("came_back", _S.SHIPPING, _S.RETURNED, "returned (Chuyển hoàn) or cancelled after hand-over"),
    Move("came_back", _S.RETURNING, _S.RETURNED, "the parcel is back in the shop"),
    Move("turned_back", _S.RETURNED, _S.RETURNING, "the carrier took its last word back: still on its way"),
    Move("shipped_again", _S.RETURNED, _S.SHIPPING, "Haravan shows it on the road again"),
    Move("order_cancelled", _S.RETURNING, _S.CANCELLED, "cancelled on the web and nothing was invoiced"),
    Move("order_cancelled", _S.RETURNED, _S.CANCELLED, "cancelled on the web, and it had not left the shop after all"),
    Move("left_to_people", _S.RECEIVED, _S.IGNORED, "a person said: leave this order to us"),
    Move("left_to_people", _S.ORDERED, _S.IGNORED, "a person said: leave this order to us"),
    Move("left_to_people", _S.SHIPPING, _S.IGNORED, "a person said: leave this order to us"),
    Move("left_to_people", _S.RETURNING, _S.IGNORED, "a person said: leave this order to us"),
    Move("left_to_people", _S.RETURNED, _S.IGNORED, "a person said: leave this order to us"),
)


class IllegalMove(AssertionError):
    """A step that the table does not have: our own mistake, never a shop's."""


@dataclass(slots=True)
class _Draft:
    """A throw-away model: the shared machine never keeps one."""

    state: str


MACHINE = Machine(
    model=None,
    states=[state.value for state in State],
    transitions=[[move.trigger, move.source.value, move.target.value] for move in MOVES],
    initial=State.RECEIVED.value,
    auto_transitions=False,
    send_event=True,
)


def advance(state: State, trigger: str) -> State:
    """The state after `trigger`.

    Raises:
        IllegalMove: The table has no such step from `state`.
    """
    draft = _Draft(state.value)
    try:
        MACHINE.events[trigger].trigger(draft)
    except (KeyError, MachineError) as error:
        raise IllegalMove(f"{state.value}: no step {trigger!r}") from error
    return State(draft.state)


def route(source: State, target: State) -> tuple[Move, ...]:
    """The shortest chain of legal moves from `source` to `target`; empty when they are equal.

    A return may be where a chain starts or ends, never a stop on the way: through it a shipped order would become an
    unshipped one.

    Raises:
        IllegalMove: There is no chain.
    """
    chains: list[tuple[State, tuple[Move, ...]]] = [(source, ())]
    seen = {source}
    for state, chain in chains:
        if state is target:
            return chain
        if chain and state in _NEVER_PASSED:
            continue
        for move in MOVES:
            if move.source is state and move.target not in seen and move.trigger not in _BY_PERSON:
                seen.add(move.target)
                chains.append((move.target, (*chain, move)))
    raise IllegalMove(f"{source.value}: no way to {target.value}")


def settle_into(current: State, target: State) -> State:
    """The state to record when `target` was derived: itself where legal moves lead there, else the current one.

    A carrier that goes back (`delivered`, then `delivering`) moves nothing back.
    """
    try:
        chain = route(current, target)
    except IllegalMove:
        return current
    for move in chain:
        current = advance(current, move.trigger)
    return current


def mermaid() -> str:
    """The table as a Mermaid state diagram, for the README."""
    lines = ["stateDiagram-v2", f"    [*] --> {State.RECEIVED.value}"]
    lines += [f"    {move.source.value} --> {move.target.value}: {move.trigger}" for move in MOVES]
    lines += [f"    {state.value} --> [*]" for state in State if state in FINAL]
    return "\n".join(lines)


def move_table() -> str:
    """The table as Markdown, for the README."""
    rows = [f"| {move.source.value} | {move.target.value} | {move.reason} |" for move in MOVES]
    return "\n".join(["| from | to | because |", "| --- | --- | --- |", *rows])
