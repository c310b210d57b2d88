"""Says in the journal what the store keeps of an order's or the shop's story: the same names, details and order."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from contextvars import Context
from typing import Protocol

import structlog

from syncd.core.events import KINDS, order_field


class Step(Protocol):
    """One stored event, as the store gives it."""

    @property
    def seq(self) -> int:
        """Its number, which never comes back."""
        ...

    @property
    def event(self) -> str:
        """Its name."""
        ...

    @property
    def detail(self) -> str:
        """What happened, in words."""
        ...

    @property
    def haravan_id(self) -> int | None:
        """The order that it is about, if it is about one."""
        ...

    @property
    def number(self) -> str:
        """That order's number."""
        ...

    @property
    def fields(self) -> Mapping[str, str]:
        """Words to search for."""
        ...


def teller(shop: str) -> Callable[[Step], None]:
    """What says one stored event in the journal."""
    log = structlog.get_logger(shop=shop)

    def tell(step: Step) -> None:
        whose: dict[str, object] = {}
        if step.haravan_id is not None:
            whose = {"order": order_field(step.number) or str(step.haravan_id), "haravan_id": step.haravan_id}
        # said with no context: what happened to one order may be told in the middle of another one's work
        fields = {"seq": step.seq, "detail": step.detail, **whose, **step.fields}
        Context().run(lambda: log.log(_level(step.event), step.event, **fields))

    return tell


def _level(event: str) -> int:
    name = KINDS[event].levels[0] if event in KINDS else "info"
    return logging.getLevelNamesMapping()[name.upper()]
