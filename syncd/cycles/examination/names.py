"""What branches and locations were called when they were first seen: another name may mean another shop."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from syncd.clock import Clock
from syncd.core.findings import Finding, warning
from syncd.core.texts import Say, text
from syncd.store import Store
from syncd.store.tasks import SUPERSEDED

_NAMES = "examined_names"


@dataclass(frozen=True, slots=True)
class _Known:
    """The name that counts, the one that is asked about, and how many were: each question is a task of its own."""

    name: str
    about: str = ""
    asked: int = 0


class Names:
    """Compares names with those that the store remembers; a person decides about each that differs, by a task."""

    def __init__(self, store: Store, clock: Clock, say: Say) -> None:
        """Remember in `store`."""
        self._store, self._clock, self._say = store, clock, say

    def compare(self, kind: str, wanted: Mapping[str, int], shown: Mapping[int, str]) -> Iterator[Finding]:
        """A finding for each name that changed; `kind` is `branch` or `location`, `wanted` config key -> id.

        An id that the config does not name any more is forgotten.
        """
        known = self._recall(kind)
        key_of = {row_id: key for key, row_id in reversed(list(wanted.items()))}
        for row_id in known.keys() - key_of.keys():
            self._withdraw(kind, row_id, known.pop(row_id))
        for row_id, key in key_of.items():
            if name := shown.get(row_id, "").strip():
                known[row_id] = self._seen(kind, row_id, known.get(row_id, _Known(name)), name)
                if known[row_id].about:
                    yield self._ask(kind, key, row_id, known[row_id])
        self._remember(kind, known)

    def _seen(self, kind: str, row_id: int, before: _Known, name: str) -> _Known:
        """What is known once `name` was seen; with `about`, where a person must decide."""
        if name == before.name:
            return self._withdraw(kind, row_id, before)
        if name == before.about and self._accepted(kind, row_id, before):
            return _Known(name, asked=before.asked + 1)
        if name == before.about:
            return before
        return replace(self._withdraw(kind, row_id, before), about=name)

    def _ask(self, kind: str, key: str, row_id: int, known: _Known) -> Finding:
        sentence = "check_branch_renamed" if kind == "branch" else "check_location_renamed"
        cause = text(sentence, id=row_id, before=known.name, name=known.about)
        remedy, code = text("check_renamed_remedy", setting=key), f"{kind}_renamed"
        said = self._say(text("check_renamed_task", cause=cause, remedy=remedy))
        self._store.add_task(_task_key(kind, row_id, known), None, "", code, said, self._clock.now())
        return warning(code, key, cause, remedy, str(row_id))

    def _accepted(self, kind: str, row_id: int, known: _Known) -> bool:
        """Whether a person closed the task about it."""
        task = self._store.todo.called(_task_key(kind, row_id, known))
        return task is not None and task.closed_at is not None

    def _withdraw(self, kind: str, row_id: int, known: _Known) -> _Known:
        """Ask no more; what was asked keeps its number."""
        if not known.about:
            return known
        task = self._store.todo.called(_task_key(kind, row_id, known))
        if task is not None and task.closed_at is None:
            self._store.todo.close(task.id, SUPERSEDED, self._clock.now())
        return _Known(known.name, asked=known.asked + 1)

    def _recall(self, kind: str) -> dict[int, _Known]:
        kept: Any = self._store.recall(f"{_NAMES}:{kind}")
        return {int(key): _Known(**row) for key, row in kept.items()} if isinstance(kept, dict) else {}

    def _remember(self, kind: str, known: Mapping[int, _Known]) -> None:
        rows = {str(key): asdict(row) for key, row in known.items()}
        if rows != self._store.recall(f"{_NAMES}:{kind}"):
            self._store.remember(f"{_NAMES}:{kind}", rows)


def _task_key(kind: str, row_id: int, known: _Known) -> str:
    return f"{kind}_renamed:{row_id}:{known.asked}"
