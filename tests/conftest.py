"""What every test lives under: no network but loopback, and random tests that a slow machine does not fail."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import stamina
from hypothesis import HealthCheck, settings

from syncd.logs import redaction, speak
from tests.rig import Rig

# A slow or shared machine must not fail a test; derandomized, so that a red suite is red for everybody.
settings.register_profile("syncd", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("syncd")


# What `pytest --cov` traces, for tracing nearly doubles the time of a test: by themselves these take every branch of
# the core and of the cycles. Where one that costs much took only a few, cheap ones take those.
MEASURED = (
    "core",
    "plan",
    "alerts",
    "examination",
    *(
        f"stock/test_{name}.py"
        for name in ("audit", "catalogue", "figures", "formula", "guards", "hints", "in_weather")
    ),
    *(f"stock/test_{name}.py" for name in ("moves", "rota", "shared_feed", "stock_story", "sweep")),
    *(f"orders/test_{name}.py" for name in ("after_completion", "backfill", "customers", "cycle_in_weather")),
    *(f"orders/test_{name}.py" for name in ("document_audit", "documents", "documents_in_weather", "endless_lists")),
    *(f"orders/test_{name}.py" for name in ("holds", "order_story", "parties_in_doubt", "poll", "promises", "reserve")),
    *(f"orders/test_{name}.py" for name in ("runners", "searches", "tags", "tasks_in_weather", "twins", "two_looks")),
    "orders/test_unshown_writes.py",
    "store/test_budget.py",
    "store/test_retention.py",
    "cli/test_explain_stock.py",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let coverage pause for every test that is not among `MEASURED`."""
    measured = [Path(__file__).parent / name for name in MEASURED]
    for item in items:
        if not any(item.path.is_relative_to(path) for path in measured):
            item.add_marker("no_cover")


def _is_local(host: str) -> bool:
    try:
        return ipaddress.ip_address(host.partition("%")[0]).is_loopback
    except ValueError:
        return host in ("", "localhost")


@pytest.fixture(autouse=True, scope="session")
def _only_loopback() -> Iterator[None]:
    """Refuse every connection that would leave this machine, by name."""
    real_connect, real_connect_ex, real_lookup = socket.socket.connect, socket.socket.connect_ex, socket.getaddrinfo

    def refuse_unless_local(host: str) -> None:
        if not _is_local(host):
            raise AssertionError(f"a test tried to reach {host!r}; tests may use loopback only")

    def guard(sock: socket.socket, address: Any) -> None:
        if sock.family in (socket.AF_INET, socket.AF_INET6):
            refuse_unless_local(str(address[0]))

    def lookup(host: Any, *args: Any, **kwargs: Any) -> Any:
        refuse_unless_local(host.decode() if isinstance(host, bytes) else host or "")
        return real_lookup(host, *args, **kwargs)

    def connect(sock: socket.socket, address: Any) -> None:
        guard(sock, address)
        real_connect(sock, address)

    def connect_ex(sock: socket.socket, address: Any) -> int:
        guard(sock, address)
        return real_connect_ex(sock, address)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", connect)
        patch.setattr(socket.socket, "connect_ex", connect_ex)
        patch.setattr(socket, "getaddrinfo", lookup)
        yield


@pytest.fixture(autouse=True)
def _retry_at_once() -> Iterator[None]:
    """Reads are repeated without the waits between them."""
    with stamina.set_testing(True, attempts=3):
        yield


@pytest.fixture(autouse=True)
def _logs_in_english() -> Iterator[None]:
    """No test inherits the language of the shop before it."""
    speak("en")
    yield
    speak("en")


@pytest.fixture(autouse=True)
def _no_secret_of_another_test() -> Iterator[None]:
    """A short secret of one test would be masked in the words of the next."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(redaction, "_secrets", ())
        yield


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[Rig]:
    """A shop of its own for each test that asks."""
    made = Rig(tmp_path)
    yield made
    made.close()
