"""`syncd act`: something happens in a sandbox, and never in a real shop."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli_kit import Desk, open_desk


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with open_desk(tmp_path) as opened:
        opened.edit("language: vi", "language: en")
        yield opened


def test_an_order_is_placed_shipped_delivered_and_paid(desk: Desk) -> None:
    assert desk("act", "order", "AO-01", "NON-01").out == "#100001: ordered, AO-01, NON-01\n"
    (order,) = desk.sandbox.haravan.orders()
    assert [line["sku"] for line in order["line_items"]] == ["AO-01", "NON-01"]
    for action, shown in (("ship", "delivering"), ("deliver", "delivered"), ("pay", "delivered")):
        assert desk("act", action, "#100001").code == 0
        (parcel,) = desk.sandbox.haravan.order(order["id"])["fulfillments"]
        assert parcel["carrier_status_code"] == shown
    assert parcel["carrier_cod_status_code"] == "codreceipt"


def test_what_does_not_exist_is_named_with_what_does(desk: Desk) -> None:
    wrong_sku, wrong_order = desk("act", "order", "KHONG-CO"), desk("act", "ship", "#7")
    assert (wrong_sku.code, wrong_order.code) == (2, 2)
    assert "AO-01" in wrong_sku.err
    assert "#7" in wrong_order.err


def test_a_real_shop_is_never_asked(desk: Desk) -> None:
    desk.edit(desk.served.haravan_url, "https://apis.haravan.com")
    outcome = desk("act", "order", "AO-01")
    assert outcome.code == 2
    assert "no 'syncd sandbox' at https://apis.haravan.com" in outcome.err


def test_a_sandbox_that_is_gone_is_told(desk: Desk) -> None:
    desk.served.stop()
    assert desk("act", "order", "AO-01").code == 2
