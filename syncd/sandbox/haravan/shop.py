"""The simulated Haravan shop: an API in front, people and carriers behind."""

from __future__ import annotations

from typing import Any

from syncd.clock import Clock
from syncd.sandbox.haravan import order_routes, product_routes, progress_routes, shop_routes, stock_routes
from syncd.sandbox.haravan.bucket import RETRY_AFTER, Bucket
from syncd.sandbox.haravan.catalogue import CatalogueDesk
from syncd.sandbox.haravan.catalogue_payload import level_payload, location_payload, product_payload, slip_payload
from syncd.sandbox.haravan.floor import DEFAULT_TOKEN, Refusal, action
from syncd.sandbox.haravan.order_payload import order_payload
from syncd.sandbox.haravan.orders import OrderDesk
from syncd.sandbox.haravan.routing import Route, Routes
from syncd.sandbox.haravan.switches import HaravanSwitches
from syncd.sandbox.http import Request, Response

ALL_SCOPES = frozenset(
    {
        "com.write_orders",
        "com.write_products",
        "com.write_inventories",
        "com.write_customers",
        "com.read_shop",
    }
)

HICCUP_EVERY = 7


class HaravanShop(CatalogueDesk, OrderDesk):
    """A whole shop: `handle` is its API, everything else is what buyers, staff and carriers do.

    Source: Haravan Omni API documentation; where it is silent or observed to be wrong, see `HaravanSwitches`.
    """

    def __init__(self, clock: Clock, switches: HaravanSwitches | None = None, *, token: str = DEFAULT_TOKEN) -> None:
        """Open an empty shop whose API knows one token with all permissions."""
        super().__init__(clock, switches, token=token)
        self.scopes: set[str] = set(ALL_SCOPES)
        self._tokens = {token}
        self._bucket = Bucket(clock)
        self._lists_asked = 0
        self._routes: Routes[Any] = Routes()
        for module in (order_routes, progress_routes, product_routes, stock_routes, shop_routes):
            self._routes.extend(module.ROUTES)

    @action
    def handle(self, request: Request) -> Response:
        """Answer one API request."""
        if not self._bucket.pour(shared=self.switches.shared_bucket == "shared"):
            return self._signed(_error(429, "Exceeded the call limit"), {"retry-after": RETRY_AFTER})
        try:
            response = self._answer(request)
        except Refusal as refusal:
            response = _error(refusal.status, refusal.sentence)
        return self._signed(response, {})

    @action
    def revoke_token(self) -> None:
        """The owner deletes the private app: every call is answered 401."""
        self._tokens.clear()

    @action
    def restore_token(self, token: str | None = None) -> None:
        """The owner makes a token known again, or another one."""
        self._tokens = {token or self.token}

    @action
    def deny(self, scope: str) -> None:
        """Untick a permission, such as `com.write_orders`; reading stays if only writing is unticked."""
        self.scopes.discard(scope)
        if ".write_" in scope:
            self.scopes.add(scope.replace(".write_", ".read_"))

    @action
    def grant(self, scope: str) -> None:
        """Tick a permission."""
        self.scopes.add(scope)

    @action
    def change_shop(self, **changes: Any) -> None:
        """Change what the shop's own page says, such as `currency` or `timezone`."""
        self.memory.shop.update(changes)

    @action
    def order(self, order_id: int) -> dict[str, Any]:
        """One order as the API would send it."""
        return order_payload(self.find_order(order_id), self.memory, self.switches)

    @action
    def orders(self) -> list[dict[str, Any]]:
        """All orders, oldest first, as the API would send them."""
        return [order_payload(order, self.memory, self.switches) for order in self.memory.orders.values()]

    @action
    def slips(self) -> list[dict[str, Any]]:
        """All adjustment slips, oldest first."""
        return [slip_payload(slip, self.memory) for slip in self.memory.slips.values()]

    @action
    def state(self) -> dict[str, object]:
        """All that the admin pages show."""
        memory = self.memory
        return {
            "locations": [location_payload(location) for location in memory.locations.values()],
            "products": [product_payload(product, memory, self.switches) for product in memory.products.values()],
            "levels": [level_payload(level) for level in memory.levels.values()],
            "adjustments": self.slips(),
            "orders": self.orders(),
        }

    def _answer(self, request: Request) -> Response:
        self._check_token(request)
        route, ids = self._routes.find(request)
        self._check_scope(route.scope)
        if request.method in ("POST", "PUT") and request.body and not _is_json(request):
            raise Refusal(400, "Bad Request: Content-Type must be application/json")
        return self._hiccup(route) or self._handled(route, request, ids)

    def _handled(self, route: Route[Any], request: Request, ids: tuple[int, ...]) -> Response:
        try:
            return route.handler(self, request, ids)
        except Refusal:
            raise
        except (ValueError, TypeError, LookupError, AttributeError, ArithmeticError) as error:
            if request.method == "GET":
                raise
            # A body of the right outline with the wrong things in it.
            raise Refusal(400, f"Bad Request: {error}") from error

    def _check_token(self, request: Request) -> None:
        kind, _, token = request.headers.get("authorization", "").partition(" ")
        if kind.lower() != "bearer" or token.strip() not in self._tokens:
            raise Refusal(401, "Unauthorized")

    def _check_scope(self, scope: str) -> None:
        if scope not in self.scopes and scope.replace(".read_", ".write_") not in self.scopes:
            raise Refusal(403, f"Forbidden: missing scope {scope}")

    def _hiccup(self, route: Route[Any]) -> Response | None:
        if not route.listing or self.switches.hiccups == "none":
            return None
        self._lists_asked += 1
        if self._lists_asked % HICCUP_EVERY:
            return None
        if self.switches.hiccups == "error_422":
            raise Refusal(422, "Unprocessable Entity")
        noun = route.pattern.pattern.split("/")[-1].partition("\\")[0]
        return Response.of_json({noun: []})

    def _signed(self, response: Response, extra: dict[str, str]) -> Response:
        limit = {"x-haravan-api-call-limit": self._bucket.header}
        return Response(response.status, response.body, {**response.headers, **limit, **extra})


def _is_json(request: Request) -> bool:
    return request.headers.get("content-type", "").partition(";")[0].strip().lower() == "application/json"


def _error(status: int, sentence: str) -> Response:
    return Response.of_json({"errors": sentence}, status)
