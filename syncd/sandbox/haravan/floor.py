"""What all desks of a simulated Haravan shop share: its clock, its switches, its memory and one lock."""

from __future__ import annotations

import functools
import threading
from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar, cast

from syncd.clock import Clock
from syncd.sandbox.haravan.order_text import OrderTexts
from syncd.sandbox.haravan.state import Customer, Location, Order, State, Variant
from syncd.sandbox.haravan.switches import HaravanSwitches

M = TypeVar("M", bound=Callable[..., Any])
T = TypeVar("T")

DEFAULT_TOKEN = "haravan-sandbox-token"


class Refusal(ValueError):
    """The shop refuses a request: an HTTP status and a sentence."""

    def __init__(self, status: int, sentence: str) -> None:
        self.status = status
        self.sentence = sentence
        super().__init__(sentence)


class Floor:
    """The part of the shop that every desk stands on."""

    def __init__(self, clock: Clock, switches: HaravanSwitches | None = None, *, token: str = DEFAULT_TOKEN) -> None:
        """Open an empty shop."""
        self.clock = clock
        self.switches = switches or HaravanSwitches()
        self.memory = State()
        self.order_texts = OrderTexts()
        self.token = token
        self.lock = threading.RLock()

    def now(self) -> datetime:
        """The shop's wall clock, UTC."""
        return self.clock.now()

    def find_order(self, order_id: int) -> Order:
        """One order; `Refusal` 404 when there is none such."""
        return _found(self.memory.orders, order_id, "order")

    def find_variant(self, variant_id: int) -> Variant:
        """One variant; `Refusal` 404 when there is none such."""
        return _found(self.memory.variants, variant_id, "variant")

    def find_location(self, location_id: int) -> Location:
        """One location; `Refusal` 404 when there is none such."""
        return _found(self.memory.locations, location_id, "location")

    def find_customer(self, customer_id: int) -> Customer:
        """One customer; `Refusal` 404 when there is none such."""
        return _found(self.memory.customers, customer_id, "customer")

    def primary_location(self) -> Location:
        """Where orders go that name no location."""
        for location in self.memory.locations.values():
            if location.primary:
                return location
        raise Refusal(422, "the shop has no location yet")

    def log_event(self, verb: str, subject: str, subject_id: int, *arguments: str) -> None:
        """Add a line to the shop's event log."""
        self.memory.events.append(
            {
                "id": self.memory.next_id("event"),
                "at": self.now(),
                "verb": verb,
                "subject_type": subject,
                "subject_id": subject_id,
                "arguments": list(arguments),
            }
        )


def action(method: M) -> M:
    """Something a buyer, the staff or a carrier does: runs alone."""

    @functools.wraps(method)
    def alone(self: Floor, *args: Any, **kwargs: Any) -> Any:
        with self.lock:
            return method(self, *args, **kwargs)

    return cast(M, alone)


def _found(rows: dict[int, T], row_id: int, noun: str) -> T:
    if row_id not in rows:
        raise Refusal(404, f"there is no {noun} {row_id}")
    return rows[row_id]
