"""A shop with its status page behind a real port, and a browser's manners over plain HTTP."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

import httpx

from syncd.config import Secret, StatusSettings
from syncd.core.concerns import Concern
from syncd.core.products import Index
from syncd.cycles.health import Watched
from syncd.policies import cycle_pauses
from syncd.web.desk import Desk
from syncd.web.listener import Listener
from syncd.web.status import routes
from tests.orders.kit import hand_over, whole_life
from tests.orders.test_holds import new_goods
from tests.rig import Rig
from tests.stock.kit import sell

TOKEN = "c3RhdHVzLXRva2VuLW9mLWEtc2hvcA"
FORM = re.compile(r'name="form" value="(\w+)"')


class Page:
    """One listener on one rig."""

    def __init__(
        self,
        rig: Rig,
        *,
        token: str | None = None,
        concerns: Sequence[Concern] = (),
        index: Callable[[], Index | None] | None = None,
    ) -> None:
        self.rig = rig
        status = StatusSettings("127.0.0.1", 0, None if token is None else Secret(token))
        rig.settings = replace(rig.settings, status=status)
        shop = rig.shop
        self.concerns = list(concerns)
        self.desk = Desk(
            settings=rig.settings,
            status=status,
            store=shop.store,
            hints=shop.hints,
            clock=rig.clock,
            index=index or shop.catalogue.known,
            concerns=lambda: self.concerns,
        )
        self.listener = Listener("127.0.0.1", 0, "status.listen")
        watched = Watched(
            shop=rig.settings.shop,
            language=rig.settings.language,
            store=shop.store,
            clock=rig.clock,
            budget=shop.remotes.budget,
            pauses=cycle_pauses(rig.settings),
            jobs=tuple,
            calls=dict,
            refused=tuple,
            concerns=lambda: self.concerns,
        )
        self.listener.serve(routes(self.desk, watched))
        self.url = self.listener.url
        self.http = httpx.Client(base_url=self.url, timeout=10, trust_env=False)

    def get(self, path: str, **headers: str) -> httpx.Response:
        return self.http.get(path, headers={key.replace("_", "-"): value for key, value in headers.items()})

    def text(self, path: str) -> str:
        """A page that must be there, after what it redirects to."""
        answer = self.http.get(path, follow_redirects=True)
        assert answer.status_code == 200, answer.text
        return answer.text

    def press(self, at: str, action: str, *, headers: dict[str, str] | None = None, **fields: Any) -> httpx.Response:
        """Press a button with this action, as it stands on the page `at`."""
        shown = self.text(at)
        assert f'action="{action}"' in shown
        form = FORM.search(shown)
        assert form
        return self.http.post(action, data={"form": form[1]} | fields, headers=headers or {})

    def close(self) -> None:
        self.http.close()
        self.listener.stop()


@contextmanager
def status_page(rig: Rig, **keywords: Any) -> Iterator[Page]:
    made = Page(rig, **keywords)
    try:
        yield made
    finally:
        made.close()


@dataclass
class Busy:
    """A shop with something of everything: orders by id."""

    rig: Rig
    ordered: int
    shipping: int
    completed: int
    unknown: tuple[int, int]

    @property
    def task(self) -> int:
        """The one open task."""
        (task,) = self.rig.shop.store.tasks()
        return task.id


def busy_shop(rig: Rig) -> Busy:
    """Orders in several states, two held because of a product that KiotViet has not, one task, sold and published."""
    new_goods(rig, "MOI-01")
    ordered, shipping, completed = rig.place(), rig.place(("AO-02", 1)), rig.place(("AO-01", 2))
    rig.place(("AO-01", 1), source="pos")
    rig.place(("AO-01", 1), cod=False)
    hand_over(rig, shipping)
    whole_life(rig, completed)
    unknown = (rig.place(("MOI-01", 1)), rig.place(("MOI-01", 2), ("AO-01", 1)))
    rig.once()
    rig.later()
    rig.haravan.refund(completed, [(rig.haravan.order(completed)["line_items"][0]["id"], 1)])
    sell(rig, "AO-01", 3)
    rig.once()
    return Busy(rig, ordered, shipping, completed, unknown)
