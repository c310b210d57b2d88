"""Every endpoint that syncd reads or writes, through the real clients, under any single damage to its real answer."""

from __future__ import annotations

import random
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import httpx

from syncd.clients.budget import MemoryGetBudget
from syncd.clients.haravan import HaravanClient
from syncd.clients.kiotviet import KiotVietClient
from syncd.clients.pages import ListQuery
from syncd.clients.transport import encode
from syncd.clock import ManualClock
from syncd.core import documents
from syncd.core.model import AdjustLine, PosInvoice
from syncd.errors import SyncdError
from syncd.sandbox.http import Response
from syncd.wiring import Outside
from tests.core import build
from tests.fuzz.damage import Damage, damaged
from tests.fuzz.days import Days, shop_days
from tests.fuzz.wire import Recorder, Weather, as_httpx, endpoint
from tests.rig import START

LONGEST_SENTENCE = 4_000
_WHEN = START

HaravanCall = Callable[[HaravanClient], object]
KiotVietCall = Callable[[KiotVietClient], object]

HARAVAN: Mapping[str, HaravanCall] = {
    "orders_newest_first": lambda web: web.orders_newest_first(1),
    "orders_by_ids": lambda web: web.orders_by_ids([1, 2]),
    "orders_after": lambda web: web.orders_after(0, _WHEN),
    "orders_count": lambda web: web.orders_count(),
    "products_count": lambda web: web.products_count(),
    "products_after": lambda web: web.products_after(0),
    "products_updated_from": lambda web: web.products_updated_from(_WHEN, 0),
    "locations": lambda web: web.locations(),
    "shop": lambda web: web.shop(),
    "levels": lambda web: web.levels([1], [2, 3]),
    "slips": lambda web: web.slips(1),
    "adjust": lambda web: web.adjust(1, [AdjustLine(2, 3, 4)], "syncd"),
    "add_tags": lambda web: web.add_tags(1, ["syncd"]),
    "remove_tags": lambda web: web.remove_tags(1, ["syncd"]),
}
KIOTVIET: Mapping[str, KiotVietCall] = {
    "settings": lambda pos: pos.settings(),
    "branches": lambda pos: pos.branches(),
    "surcharges": lambda pos: pos.surcharges(),
    "create_surcharge": lambda pos: pos.create_surcharge("THK", "Phí"),
    "order": lambda pos: pos.order(1),
    "orders_page": lambda pos: pos.orders_page(ListQuery()),
    "create_order": lambda pos: pos.create_order({}),
    "cancel_order": lambda pos: pos.cancel_order(1),
    "invoice": lambda pos: pos.invoice(1),
    "invoices_page": lambda pos: pos.invoices_page(ListQuery()),
    "create_invoice": lambda pos: pos.create_invoice({}),
    "update_invoice": lambda pos: pos.update_invoice(1, {}),
    "void_invoice": lambda pos: pos.void_invoice(1),
    "returns_page": lambda pos: pos.returns_page(ListQuery()),
    "transfers_page": lambda pos: pos.transfers_page(ListQuery()),
    "purchases_page": lambda pos: pos.purchases_page(ListQuery()),
    "customer_by_code": lambda pos: pos.customer_by_code("HRV1"),
    "customers_by_phone": lambda pos: pos.customers_by_phone("0900000001"),
    "create_customer": lambda pos: pos.create_customer({}),
    "product": lambda pos: pos.product(1),
    "products_page": lambda pos: pos.products_page(ListQuery()),
    "on_hands_page": lambda pos: pos.on_hands_page(ListQuery()),
    "token": lambda pos: (pos._tokens.renew(pos._tokens.current()), pos.retailer_code(), pos.settings()),
}


class Canned(httpx.BaseTransport):
    """Answers each endpoint as it once did; of what `damage` was asked for, the first answer is changed."""

    def __init__(self, kept: Mapping[str, list[Response]], rng: random.Random) -> None:
        self.kept, self.rng = kept, rng
        self.armed = ""
        self.hit: Damage | None = None
        self.asked: list[str] = []

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        name = endpoint(request.method, request.url.path)
        self.asked.append(name)
        answers = self.kept.get(name)
        if not answers:
            raise AssertionError(f"{name} was never recorded; known: {sorted(self.kept)}")
        response = self.rng.choice(answers) if self.armed else answers[0]
        if self.armed in (name, "any") and self.hit is None:
            self.hit = damaged(self.rng, response)
            response = self.hit.response
        return as_httpx(response, request)


@dataclass
class Outcome:
    """What became of one changed answer: `kind` is a word for it, `fault` empty where all is well."""

    kind: str
    fault: str = ""


@dataclass
class Tally:
    """How many changed answers, by call and by what became of them; and what went wrong, each once."""

    counts: dict[str, Counter[str]] = field(default_factory=dict)
    faults: dict[str, str] = field(default_factory=dict)

    def add(self, name: str, outcome: Outcome, damage: str) -> None:
        self.counts.setdefault(name, Counter())[outcome.kind] += 1
        if outcome.fault:
            self.faults.setdefault(f"{name}: {outcome.fault}", damage)


@cache
def recorded() -> Mapping[str, list[Response]]:
    """The fullest answers of every endpoint in some days of a whole shop."""
    kept: dict[str, list[Response]] = {}

    def outside(days: Days) -> Outside:
        gates = days.rig.sandbox.haravan_gate, days.rig.sandbox.kiotviet_gate
        return Outside(days.rig.clock, *(Recorder(gate, kept) for gate in gates), inline=True)

    with (
        tempfile.TemporaryDirectory(prefix="syncd-fuzz-") as folder,
        shop_days(Path(folder), Weather(random.Random(0))) as days,
    ):
        days.rig.outside = lambda: outside(days)  # type: ignore[method-assign]
        days.live(random.Random(1))
        branch, products = days.rig.branch, days.rig.sandbox.products
        other = days.rig.kiotviet.add_branch("Kho phụ")
        days.rig.kiotviet.transfer(branch, other, [(products["AO-01"], 1)])
        for _ in range(2):
            days.cycle(700)
        web, pos = days.rig.shop.remotes.haravan, days.rig.shop.remotes.kiotviet
        order = days.orders["plain"]
        web.add_tags(order, ["syncd"]), web.remove_tags(order, ["syncd"]), web.orders_after(0, _WHEN)
        web.slips(days.rig.location), web.shop(), pos.customers_by_phone("0900000001")
        pos.transfers_page(ListQuery()), pos.product(products["AO-01"]), web.products_updated_from(_WHEN, 0)
    return kept


def clients(canned: Canned) -> tuple[HaravanClient, KiotVietClient]:
    clock = ManualClock(START)
    web = HaravanClient("https://haravan.test", "token", clock=clock, transport=canned)
    budget = MemoryGetBudget(10**9, clock)
    pos = KiotVietClient(
        "https://kiotviet.test",
        "shop",
        "client",
        "a-client-secret",
        "https://kiotviet.test/connect/token",
        clock=clock,
        budget=budget,
        transport=canned,
    )
    return web, pos


def strike(rng: random.Random, name: str) -> tuple[Outcome, str]:
    """One call whose answer is damaged once."""
    canned = Canned(recorded(), rng)
    web, pos = clients(canned)
    asks = (lambda: HARAVAN[name](web)) if name in HARAVAN else (lambda: KIOTVIET[name](pos))
    if name != "token":
        pos._tokens.token()
    expected = _clean(name)
    canned.armed = "any"
    outcome = judged(asks, expected)
    return outcome, canned.hit.kind if canned.hit else "nothing was asked"


@cache
def _clean(name: str) -> str:
    web, pos = clients(Canned(recorded(), random.Random(0)))
    return repr(HARAVAN[name](web) if name in HARAVAN else KIOTVIET[name](pos))


def judged(ask: Callable[[], object], expected: str) -> Outcome:
    """What a call came to: an error of ours with a sentence, bad rows, or values that can be kept."""
    try:
        value = ask()
    except SyncdError as error:
        return Outcome(f"refused: {type(error).__name__}", wrong_sentence(error))
    except Exception as error:  # noqa: BLE001 - whatever it is, it is what this is after
        return Outcome("CRASH", f"{type(error).__name__}: {str(error)[:100]} {_where(error)}")
    bad = getattr(value, "bad", ())
    fault = next(unkeepable(value), "") or next((f for row in bad if (f := unsayable(row.reason))), "")
    if bad:
        return Outcome("the rest was read", fault)
    return Outcome("no effect" if repr(value) == expected else "read as correct", fault)


def wrong_sentence(error: SyncdError) -> str:
    """What is wrong with what a person would read of an error."""
    said = error.said("en")
    if "Haravan" not in said and "KiotViet" not in said:
        return f"does not name the remote: {said[:200]!r}"
    return unsayable(error.message)


def unsayable(message: Any) -> str:
    """Why a sentence cannot be said, stored or shown."""
    for language in ("vi", "en"):
        said = message if isinstance(message, str) else message.said(language)
        if any("\ud800" <= letter <= "\udfff" for letter in said):
            return f"half a letter in a sentence: {said[:100]!r}"
        if len(said) > LONGEST_SENTENCE:
            return f"a sentence of {len(said)} letters"
        if "0900000001" in said:
            return "a phone number in a sentence"
    return ""


def unkeepable(value: Any, where: str = "") -> Iterator[str]:
    """What in a value SQLite, a log line or the other remote cannot take."""
    match value:
        case str():
            if any("\ud800" <= letter <= "\udfff" for letter in value):
                yield f"half a letter in {where}"
        case bool() | None | datetime() | float():
            return
        case int():
            if not -(2**63) <= value < 2**63:
                yield f"more than 64 bits in {where}"
        case Decimal():
            if not value.is_finite() or value.adjusted() > 30:
                yield f"an endless number in {where}"
        case PosInvoice():
            yield from _parts(value, where)
            yield from _unsendable(value)
        case dict():
            if where.endswith(".raw"):
                return
            for key, item in value.items():
                yield from unkeepable(item, f"{where}[{key if isinstance(key, str) else type(key).__name__}]")
        case tuple() | list() | frozenset():
            for item in value:
                yield from unkeepable(item, where)
        case _ if is_dataclass(value):
            yield from _parts(value, where)
        case _:
            return


def _parts(value: Any, where: str) -> Iterator[str]:
    for part in fields(value):
        yield from unkeepable(getattr(value, part.name), f"{where or type(value).__name__}.{part.name}")


def _unsendable(invoice: PosInvoice) -> Iterator[str]:
    """An invoice is sent back with what its delivery slip said."""
    try:
        encode(documents._settled_delivery(build.order(), invoice.delivery, build.shipment(), Decimal(1)))
    except (ValueError, TypeError, RecursionError, OverflowError, MemoryError) as error:
        yield f"the delivery slip cannot be sent back: {type(error).__name__}"


def _where(error: BaseException) -> str:
    trace, last = error.__traceback__, ""
    while trace is not None:
        code = trace.tb_frame.f_code
        if "/syncd/" in code.co_filename:
            last = f"{code.co_filename.rpartition('/syncd/')[2]}:{trace.tb_lineno}"
        trace = trace.tb_next
    return last


def storm(seeds: range) -> Tally:
    """One changed answer for every call, from each seed."""
    tally = Tally()
    for seed in seeds:
        for name in (*HARAVAN, *KIOTVIET):
            rng = random.Random(f"{seed} {name}")
            outcome, damage = strike(rng, name)
            tally.add(name, outcome, f"seed {seed}: {damage}")
    return tally
