"""What the status listener answers."""

from __future__ import annotations

from starlette.routing import BaseRoute

from syncd.cycles.health import Watched
from syncd.web import metrics
from syncd.web.actions import Actions
from syncd.web.desk import Desk
from syncd.web.front import Front
from syncd.web.pages import Pages
from syncd.web.plots import Plots
from syncd.web.products import Products

__all__ = ["Desk", "routes"]

_CHECKS = ("/healthz", "/readyz")


def routes(desk: Desk, watched: Watched) -> list[BaseRoute]:
    """Every address, the most particular first: what programs ask, then the pages, which answer all that is left over.

    Health checks need no token, because whoever restarts a service can seldom send one; they name no order.
    """
    front = Front(desk)
    return [
        *(front.guards(route, is_open=route.path in _CHECKS) for route in metrics.routes(watched)),
        *_pages(desk, front),
    ]


def _pages(desk: Desk, front: Front) -> list[BaseRoute]:
    pages, products, actions = Pages(desk, front, Plots(desk)), Products(desk, front), Actions(desk, front)
    return [
        *front.open_routes(),
        front.shows("/", pages.overview),
        front.shows("/held", pages.held),
        front.shows("/events", pages.events),
        front.shows("/orders", pages.find_order),
        front.shows("/orders/{id}", pages.order),
        front.shows("/orders/{id}/ignore", actions.confirm_ignore),
        front.does("/orders/{id}/ignore", actions.ignore),
        front.does("/orders/{id}/retry", actions.retry),
        front.does("/held/{code}/retry", actions.retry_all),
        front.does("/tasks/{id}/done", actions.done),
        front.shows("/stock", products.find),
        front.shows("/stock/{id}", products.story),
        front.shows("/{path:path}", pages.nothing),
    ]
