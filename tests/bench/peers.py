"""Reading KiotViet beside others, on the same simulated shop over sockets: rows a second, and calls a row.

The peers are installed into an environment of their own: the Singer tap `tap-kiotviet` 0.0.1, whose addresses are in
its code and are replaced here, and a loop with `requests`, as a shop's own script would have it. Where they cannot be
installed, only syncd is measured. PyPI has no library that is a client of KiotViet (November 2026); npm's
`kiotviet-client-sdk` could not be installed where this was written, so it is not here.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from syncd.clock import ManualClock
from syncd.sandbox.serving import Served
from syncd.sandbox.world import Sandbox
from tests.bench.figures import Figure

PRODUCTS, ROUNDS = 20_000, 5
_GROUP = "Reading KiotViet's products, over sockets, no latency"
_PEERS = ("tap-kiotviet==0.0.1", "requests")

_OURS = """
import json, sys, time
told = json.loads(sys.argv[1])
from syncd.clients.budget import MemoryGetBudget
from syncd.clients.kiotviet import KiotVietClient
from syncd.clients.pages import ListQuery
from syncd.clients.scans import scan_all
from syncd.clock import SystemClock
client = KiotVietClient(told["base_url"], told["retailer"], told["client_id"], told["client_secret"],
                        told["token_url"], clock=SystemClock(), budget=MemoryGetBudget(5_000, SystemClock()))
began = time.monotonic()
scan = scan_all(lambda at: client.products_page(ListQuery(offset=at, order_by="id")), lambda product: product.id)
print(json.dumps({"rows": len(scan.rows), "seconds": time.monotonic() - began}))
"""
_NAIVE = """
import json, sys, time
import requests
told = json.loads(sys.argv[1])
form = {"scopes": "PublicApi.Access", "grant_type": "client_credentials",
        "client_id": told["client_id"], "client_secret": told["client_secret"]}
token = requests.post(told["token_url"], data=form).json()["access_token"]
headers = {"Retailer": told["retailer"], "Authorization": f"Bearer {token}"}
began, rows, at = time.monotonic(), 0, 0
while True:
    answer = requests.get(told["base_url"] + "/products", headers=headers, params={"pageSize": 100, "currentItem": at})
    page = answer.json().get("data") or []
    rows, at = rows + len(page), at + 100
    if len(page) < 100:
        break
print(json.dumps({"rows": rows, "seconds": time.monotonic() - began}))
"""
_TAP = """
import json, sys, time
told = json.loads(sys.argv[1])
from tap_kiotviet import client
from tap_kiotviet.streams import ProductsStream
from tap_kiotviet.tap import TapKiotViet
client.KiotVietOauth.auth_endpoint = told["token_url"]
client.KiotVietStream.url_base = property(lambda self: told["base_url"] + "/")
ProductsStream.path = "products"
tap = TapKiotViet(config={key: told[key] for key in ("client_id", "client_secret", "retailer")})
stream = ProductsStream(tap=tap)
began = time.monotonic()
rows = sum(1 for _ in stream.get_records(None))
print(json.dumps({"rows": rows, "seconds": time.monotonic() - began}))
"""


def measure(products: int = PRODUCTS) -> Iterator[Figure]:
    """The same list, read to its end by each in turn, some times over; of each the time in the middle."""
    sandbox = Sandbox.small_shop(ManualClock(datetime(2026, 11, 23, 2, 0, tzinfo=UTC)))
    sandbox.fill(products - len(sandbox.products))
    with Served(sandbox) as served, tempfile.TemporaryDirectory() as name:
        readers = {"syncd": (sys.executable, _OURS)}
        if (python := _environment(Path(name))) is not None:
            readers |= {"the Singer tap tap-kiotviet 0.0.1": (python, _TAP), "a loop with requests": (python, _NAIVE)}
        rounds = [
            {reader: _told(sandbox, lambda run=run: _run(*run, served)) for reader, run in readers.items()}
            for _ in range(ROUNDS)
        ]
    peers = {reader: _in_the_middle([each[reader] for each in rounds]) for reader in readers}
    ours = peers.pop("syncd")
    for peer, found in peers.items():
        yield Figure(_GROUP, f"rows per second, {peer}", found["rows"] / found["seconds"], "rows/s")
        yield Figure(_GROUP, f"calls per 1,000 rows, {peer}", 1000 * found["calls"] / found["rows"], "calls")
    naive = peers.get("a loop with requests")
    least = None if naive is None else naive["rows"] / naive["seconds"]
    rate = ours["rows"] / ours["seconds"]
    yield Figure(_GROUP, "rows per second, syncd", rate, "rows/s", least, "a loop with requests", more_is_better=True)
    calls = 1000 * ours["calls"] / ours["rows"]
    yield Figure(_GROUP, "calls per 1,000 rows, syncd", calls, "calls", 1000 / 100 + 1000 / products, "pages of 100")


def _in_the_middle(found: list[dict[str, float]]) -> dict[str, float]:
    return sorted(found, key=lambda each: each["seconds"])[len(found) // 2]


def _told(sandbox: Sandbox, read: Any) -> dict[str, float]:
    """Rows and seconds as the reader says, calls as the shop saw them."""
    sandbox.clock.sleep(3600)
    sandbox.journal.clear()
    found: dict[str, float] = read()
    calls = [call for call in sandbox.journal.calls("kiotviet") if call.method == "GET"]
    return found | {"calls": len(calls)}


def _environment(folder: Path) -> str | None:
    """A Python that has the peers; None where they cannot be installed."""
    subprocess.run([sys.executable, "-m", "venv", str(folder / "peers")], check=True)
    python = str(folder / "peers" / "bin" / "python")
    done = subprocess.run([python, "-m", "pip", "install", "--quiet", *_PEERS], capture_output=True, check=False)
    if done.returncode != 0:
        sys.stderr.write("the peers could not be installed: only syncd is measured\n")
        return None
    return python


def _run(python: str, script: str, served: Served) -> dict[str, float]:
    shop = served.sandbox.kiotviet
    told = {
        "client_id": shop.client_id,
        "client_secret": shop.client_secret,
        "retailer": shop.retailer,
        "base_url": served.kiotviet_url,
        "token_url": served.token_url,
    }
    done = subprocess.run([python, "-c", script, json.dumps(told)], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise AssertionError(done.stderr[-2000:])
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found
