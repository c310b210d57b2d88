"""What stands behind the play: both shops on loopback, a config file as an admin writes it, and a real syncd on it."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from types import TracebackType
from typing import Self

import structlog

from syncd import logs
from syncd.clock import ManualClock
from syncd.config import Settings, load
from syncd.cycles.orders import OrdersReport
from syncd.cycles.stock import StockReport
from syncd.errors import SyncdError
from syncd.policies import SHOP_ZONE
from syncd.sandbox.kernel import Call
from syncd.sandbox.serving import Served
from syncd.sandbox.world import Sandbox
from syncd.wiring import Outside, Shop, open_shop

TODAY = date(2026, 11, 23)
BEAT_SECONDS = 15
"""How long the daemon waits between two looks."""

_CONFIG = """\
shop: demo
language: {language}
database: syncd.db
haravan:
  token_file: haravan-token
  base_url: {haravan_url}
kiotviet:
  retailer: {retailer}
  client_id: {client_id}
  client_secret_file: kiotviet-secret
  base_url: {kiotviet_url}
  token_url: {token_url}
orders:
  branch_id: {branch_id}
  since: {since}
stock:
  links:
    - {{location_id: {location_id}, branch_ids: [{branch_id}], safety_stock: 0}}
"""


@dataclass(frozen=True, slots=True)
class Beat:
    """What one round of both cycles did: its calls, and what went wrong in words for the admin."""

    calls: tuple[Call, ...]
    troubles: tuple[str, ...]

    @property
    def writes(self) -> tuple[Call, ...]:
        """The calls that asked for a change."""
        return tuple(call for call in self.calls if call.write)

    @property
    def reads(self) -> int:
        """How many calls only looked."""
        return len(self.calls) - len(self.writes)


class Stage:
    """A sandbox on real sockets and a syncd that works on it, both on one clock that the play moves.

    `folder` holds the config, the secrets and the store; whoever made it removes it.
    """

    def __init__(self, folder: Path, language: str = "en") -> None:
        """Build both shops; nothing is served yet."""
        self.folder, self.language = folder, language
        self.clock = ManualClock(at(time(7, 55)))
        self.sandbox = Sandbox.small_shop(self.clock)
        self._served = Served(self.sandbox)
        self._shop: Shop | None = None
        self._settings: Settings | None = None
        self._full = True

    @property
    def now(self) -> datetime:
        """The time of day in the shop."""
        return self.clock.now().astimezone(SHOP_ZONE)

    @property
    def shop(self) -> Shop:
        """The running syncd; opened on its store when it is not."""
        if self._shop is None:
            outside = Outside(clock=self.clock, inline=True)
            self._shop = open_shop(self._settings or self._load(), outside)
            self._full = True
        return self._shop

    def wait_until(self, moment: time) -> None:
        """Let time pass until it is `moment` today; not at all when that is over."""
        self.clock.sleep((at(moment) - self.clock.now()).total_seconds())

    def beat(self, seconds: float = BEAT_SECONDS) -> Beat:
        """Let `seconds` pass, then run both cycles as the daemon does: what fails waits for the next round."""
        self.clock.sleep(seconds)
        before = len(self.sandbox.journal.calls())
        shop, full = self.shop, self._full
        troubles = [
            *self._troubles(lambda: shop.orders.run(full=full)),
            *self._troubles(lambda: shop.stock.run(full=full)),
        ]
        self._full = bool(troubles) and full
        return Beat(tuple(self.sandbox.journal.calls()[before:]), tuple(dict.fromkeys(troubles)))

    def lose_store(self) -> None:
        """Stop syncd and throw its store away, as a broken disk does."""
        self._stop_shop()
        for path in self.folder.glob("syncd.db*"):
            path.unlink()

    def __enter__(self) -> Self:
        """Serve both shops."""
        self._served.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop syncd, then the shops."""
        self._stop_shop()
        self._served.stop()

    def _troubles(self, cycle: Callable[[], OrdersReport | StockReport]) -> list[str]:
        try:
            return cycle().failures
        except SyncdError as error:
            return [error.said(self.language)]

    def _stop_shop(self) -> None:
        if self._shop is not None:
            self._shop.close()
            self._shop = None

    def _load(self) -> Settings:
        """The settings, read from a file as for any other shop."""
        haravan, kiotviet = self.sandbox.haravan, self.sandbox.kiotviet
        text = _CONFIG.format(
            language=self.language,
            haravan_url=self._served.haravan_url,
            kiotviet_url=self._served.kiotviet_url,
            token_url=self._served.token_url,
            retailer=kiotviet.retailer,
            client_id=kiotviet.client_id,
            branch_id=self.sandbox.branches[0],
            location_id=self.sandbox.locations[0],
            since=TODAY.isoformat(),
        )
        _write_secret(self.folder / "haravan-token", haravan.token)
        _write_secret(self.folder / "kiotviet-secret", kiotviet.client_secret)
        path = self.folder / "config.yaml"
        path.write_text(text, encoding="utf-8")
        self._settings = load(path, credentials_directory=None)
        return self._settings


def at(moment: time) -> datetime:
    """A time of today in the shop."""
    return datetime.combine(TODAY, moment, SHOP_ZONE)


@contextmanager
def logs_to(path: Path) -> Iterator[None]:
    """Send every log line to a file instead of between the lines of the play, and put the old way back after it."""
    root = logging.getLogger()
    settings, handlers, level = structlog.get_config(), list(root.handlers), root.level
    with path.open("w", encoding="utf-8") as stream:
        logs.configure(stream=stream, environ={})
        try:
            yield
        finally:
            structlog.configure(**settings)
            root.handlers[:] = handlers
            root.setLevel(level)


def _write_secret(path: Path, secret: str) -> None:
    path.touch(mode=0o600)
    path.write_text(secret, encoding="utf-8")
