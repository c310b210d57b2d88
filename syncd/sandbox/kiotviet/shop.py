"""A KiotViet shop: its public API behind a door, and its people's actions as methods."""

from __future__ import annotations

from syncd.clock import Clock
from syncd.sandbox.http import Request, Response
from syncd.sandbox.kiotviet import ledger
from syncd.sandbox.kiotviet.access import Door
from syncd.sandbox.kiotviet.counter import Counter
from syncd.sandbox.kiotviet.premises import locked
from syncd.sandbox.kiotviet.refusals import Refused
from syncd.sandbox.kiotviet.routes import answer
from syncd.sandbox.kiotviet.switches import KiotVietSwitches
from syncd.sandbox.kiotviet.wire import pascal

TOKEN_PATH = "/connect/token"


class KiotVietShop(Counter):
    """One shop with both KiotViet servers: `base_url` and `token_url` may point at the same place."""

    def __init__(
        self,
        clock: Clock,
        switches: KiotVietSwitches | None = None,
        *,
        retailer: str = "shopmau",
        client_id: str = "0b5f7c1e-5a5d-4c7e-9d53-2f6f5b1c9a01",
        client_secret: str = "sandbox-secret",
    ) -> None:
        """Open an empty shop."""
        super().__init__(clock, switches)
        self.retailer = retailer
        self.client_id = client_id
        self.client_secret = client_secret
        self._door = Door(self._books, retailer, client_id, client_secret)

    @locked
    def handle(self, request: Request) -> Response:
        """Answer one request, changing the shop where the request says so."""
        if request.path.rstrip("/").lower() == TOKEN_PATH and request.method == "POST":
            return self._door.issue(request)
        try:
            self._door.check(request)
            self._door.count(request)
            response = answer(self._books, request)
        except Refused as refused:
            return refused.response()
        if self._books.switches.key_case == "pascal":
            return _in_pascal_case(response)
        return response

    @locked
    def expire_tokens(self) -> None:
        """Make every token given out so far expire now."""
        self._door.expire_all()

    @locked
    def revoke_credentials(self) -> None:
        """Withdraw the client's access: its tokens and its secret stop working."""
        self._door.open = False
        self._door.expire_all()

    @locked
    def restore_credentials(self) -> None:
        """Let the client in again with the same secret."""
        self._door.open = True

    @locked
    def state(self) -> dict[str, object]:
        """Everything a person would look at in the shop's screens, as JSON values."""
        return {
            "settings": dict(self._books.settings),
            "branches": {branch.id: branch.name for branch in self._books.branches.values()},
            "stock": self._stock_table(),
            "orders": self.orders(),
            "invoices": self.invoices(),
            "customers": self.customers(),
        }

    def _stock_table(self) -> list[dict[str, object]]:
        rows: list[dict[str, object]] = []
        for product in self._books.products.values():
            for branch in self._books.branches.values():
                on_hand, reserved = ledger.counted(self._books, product, branch.id)
                rows.append(
                    {
                        "product_id": product.id,
                        "code": product.code,
                        "branch_id": branch.id,
                        "on_hand": on_hand,
                        "reserved": reserved,
                    }
                )
        return rows


def _in_pascal_case(response: Response) -> Response:
    payload = Request("GET", "/", body=response.body).json()
    return Response.of_json(pascal(payload), response.status)
