"""Both simulated remotes on real sockets, talked to by plain httpx."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import httpx
import pytest

from syncd.clock import ManualClock
from syncd.sandbox.kernel import Fault
from syncd.sandbox.serving import Served
from syncd.sandbox.world import Sandbox
from tests.sandbox.haravan_kit import START

SECONDS = 5.0


class Wire:
    """A served small shop and one client for each side."""

    def __init__(self) -> None:
        self.sandbox = Sandbox.small_shop(ManualClock(START))
        self.served = Served(self.sandbox).start()
        token = {"authorization": f"Bearer {self.sandbox.haravan.token}"}
        self.haravan = httpx.Client(base_url=self.served.haravan_url, headers=token, timeout=SECONDS, trust_env=False)
        self.kiotviet = httpx.Client(base_url=self.served.kiotviet_url, timeout=SECONDS, trust_env=False)

    def close(self) -> None:
        self.haravan.close()
        self.kiotviet.close()
        self.served.stop()

    def tag(self, order_id: int, timeout: float = SECONDS) -> httpx.Response:
        return self.haravan.post(f"/com/orders/{order_id}/tags.json", json={"tags": "a"}, timeout=timeout)

    def order(self) -> int:
        return self.sandbox.haravan.place_order([(self.sandbox.variants["AO-01"], 1)])

    def tags(self, order_id: int) -> object:
        return self.sandbox.haravan.order(order_id)["tags"]


@pytest.fixture
def wire() -> Iterator[Wire]:
    wire = Wire()
    yield wire
    wire.close()


def test_a_client_reads_and_writes_over_one_connection(wire: Wire) -> None:
    order_id = wire.order()
    ports = set()
    for _ in range(3):
        answer = wire.haravan.get("/com/orders.json", params={"order": "updated_at desc", "status": "any"})
        ports.add(answer.extensions["network_stream"].get_extra_info("client_addr"))
        assert [row["id"] for row in answer.json()["orders"]] == [order_id]
    assert wire.tag(order_id).json() == {"tags": "a"}
    assert len(ports) == 1
    assert [call.write for call in wire.sandbox.journal.calls("haravan")] == [False] * 3 + [True]


def test_headers_are_spelt_as_the_real_server_spells_them(wire: Wire) -> None:
    names = [name for name, _ in wire.haravan.get("/com/shop.json").headers.raw]
    assert {b"X-Haravan-Api-Call-Limit", b"Content-Type"} <= set(names)


def test_a_delete_may_carry_a_body(wire: Wire) -> None:
    order_id = wire.order()
    wire.tag(order_id)
    answer = wire.haravan.request("DELETE", f"/com/orders/{order_id}/tags.json", json={"tags": "a"})
    assert answer.json() == {"tags": ""}


def test_a_body_may_come_in_chunks(wire: Wire) -> None:
    order_id = wire.order()
    pieces = iter([b'{"ta', b'gs": "a"}'])
    answer = wire.haravan.post(
        f"/com/orders/{order_id}/tags.json", content=pieces, headers={"content-type": "application/json"}
    )
    assert answer.json() == {"tags": "a"}


def test_kiotviet_gives_tokens_on_the_same_port(wire: Wire) -> None:
    shop = wire.sandbox.kiotviet
    form = {
        "scopes": "PublicApi.Access",
        "grant_type": "client_credentials",
        "client_id": shop.client_id,
        "client_secret": shop.client_secret,
    }
    token = httpx.post(wire.served.token_url, data=form, trust_env=False, timeout=SECONDS).json()["access_token"]
    headers = {"authorization": f"Bearer {token}", "retailer": shop.retailer}
    assert wire.kiotviet.get("/products", headers=headers).json()["total"] == 12
    assert [call.write for call in wire.sandbox.journal.calls("kiotviet")] == [False, False]


@pytest.mark.parametrize(
    ("kind", "error", "effect"),
    [
        ("lose_request", httpx.RemoteProtocolError, False),
        ("lose_answer", httpx.RemoteProtocolError, True),
        ("refuse", httpx.NetworkError, False),
        ("late", httpx.RemoteProtocolError, False),
    ],
)
def test_a_dropped_connection_really_drops(wire: Wire, kind: str, error: type[Exception], effect: bool) -> None:
    order_id = wire.order()
    wire.sandbox.faults.add(Fault(kind, path="tags", seconds=60))
    with pytest.raises(error):
        wire.tag(order_id)
    assert (wire.tags(order_id) == "a") is effect
    assert wire.tag(order_id).is_success


@pytest.mark.parametrize(("kind", "effect"), [("timeout_request", False), ("timeout_answer", True)])
def test_a_silent_remote_is_waited_for_until_the_client_gives_up(wire: Wire, kind: str, effect: bool) -> None:
    order_id = wire.order()
    wire.sandbox.faults.add(Fault(kind, path="tags", seconds=60))
    with pytest.raises(httpx.ReadTimeout):
        wire.tag(order_id, timeout=0.1)
    assert (wire.tags(order_id) == "a") is effect


def test_a_stopped_server_refuses_connections(wire: Wire) -> None:
    port = httpx.URL(wire.served.haravan_url).port
    wire.close()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port or 0), timeout=SECONDS)


def test_a_head_request_gets_no_body(wire: Wire) -> None:
    answer = wire.haravan.head("/com/shop.json")
    assert (answer.status_code, answer.content) == (404, b"")


def test_the_journal_can_be_read_and_cleared_over_http(wire: Wire) -> None:
    wire.haravan.get("/com/shop.json")
    wire.tag(wire.order())
    calls = wire.kiotviet.get("/_sandbox/journal", params={"remote": "haravan", "write": "true"}).json()["calls"]
    assert [(call["method"], call["body"], call["status"]) for call in calls] == [("POST", {"tags": "a"}, 200)]
    wire.kiotviet.delete("/_sandbox/journal")
    assert wire.kiotviet.get("/_sandbox/journal").json() == {"calls": []}


def test_faults_can_be_planted_and_taken_back_over_http(wire: Wire) -> None:
    wire.haravan.post("/_sandbox/faults", json={"kind": "status", "status": 503, "times": 0})
    assert wire.haravan.get("/com/shop.json").status_code == 503
    assert [fault["seen"] for fault in wire.haravan.get("/_sandbox/faults").json()["faults"]] == [1]
    wire.haravan.delete("/_sandbox/faults")
    assert wire.haravan.get("/com/shop.json").status_code == 200
    assert wire.haravan.post("/_sandbox/faults", json={"kind": "rain"}).status_code == 422


def test_switches_can_be_listed_and_turned_over_http(wire: Wire) -> None:
    answer = wire.haravan.post("/_sandbox/switches", json={"haravan.default_status": "any"}).json()
    positions = {row["switch"]: row["position"] for row in answer["switches"]}
    assert positions["haravan.default_status"] == "any" == wire.sandbox.haravan.switches.default_status
    assert positions == wire.sandbox.positions()
    assert wire.haravan.post("/_sandbox/switches", json={"haravan.weather": "any"}).status_code == 422


def test_people_act_over_http(wire: Wire) -> None:
    variant = wire.sandbox.variants["AO-01"]
    order = {"action": "place_order", "args": {"lines": [[variant, 2]], "created_at": "2026-11-20T01:02:03Z"}}
    order_id = wire.haravan.post("/_sandbox/act", json=order).json()["result"]
    assert wire.sandbox.haravan.order(order_id)["created_at"] == "2026-11-20T01:02:03Z"
    product, branch = wire.sandbox.products["AO-01"], wire.sandbox.branches[0]
    stock = {"remote": "kiotviet", "action": "stock", "args": {"product_id": product, "branch_id": branch}}
    assert wire.haravan.post("/_sandbox/act", json=stock).json()["result"] == [20, 0]
    new = {"action": "add_product", "args": {"code": "X", "name": "Mới", "price": 1000, "stock": {str(branch): 3}}}
    product_id = wire.kiotviet.post("/_sandbox/act", json=new).json()["result"]
    assert wire.sandbox.kiotviet.stock(product_id, branch) == (3, 0)


@pytest.mark.parametrize(
    ("act", "complaint"),
    [
        ({"action": "rob"}, "there is no action 'rob'"),
        ({"action": "_answer"}, "there is no action '_answer'"),
        ({"action": "handle"}, "there is no action 'handle'"),
        ({"action": "ship", "args": {"order_id": 1}}, "there is no order 1"),
        ({"action": "ship", "args": {"colour": 1}}, "colour"),
        ({"remote": "shopee", "action": "ship"}, "there is no shop 'shopee'"),
    ],
)
def test_what_cannot_be_done_is_answered_with_the_reason(wire: Wire, act: object, complaint: str) -> None:
    answer = wire.haravan.post("/_sandbox/act", json=act)
    assert answer.status_code == 422
    assert complaint in answer.json()["error"]


def test_the_state_of_either_shop_can_be_read_over_http(wire: Wire) -> None:
    wire.order()
    assert len(wire.haravan.get("/_sandbox/state").json()["orders"]) == 1
    assert len(wire.haravan.get("/_sandbox/state", params={"remote": "kiotviet"}).json()["stock"]) == 12


def test_time_can_be_read_and_moved_over_http(wire: Wire) -> None:
    order_id = wire.order()
    wire.sandbox.faults.add(Fault("late", path="tags", seconds=60))
    with pytest.raises(httpx.RemoteProtocolError):
        wire.tag(order_id)
    assert wire.haravan.get("/_sandbox/clock").json() == {"now": "2026-11-23T03:00:00+00:00"}
    assert wire.haravan.post("/_sandbox/clock", json={"advance": 60}).json() == {"now": "2026-11-23T03:01:00+00:00"}
    assert wire.tags(order_id) == "a"
    assert wire.haravan.post("/_sandbox/clock", json={"advance": -1}).status_code == 422


def test_an_unknown_control_page_is_404(wire: Wire) -> None:
    assert wire.haravan.get("/_sandbox/weather").status_code == 404
