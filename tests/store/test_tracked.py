"""Which of our orders KiotViet's documents belong to, and whether they are invoiced: one question about all of them."""

from __future__ import annotations

from syncd.core.model import InvoiceStatus
from syncd.store import Store

CANCELLED, PROCESSING = InvoiceStatus.CANCELLED.value, InvoiceStatus.PROCESSING.value

ORDER = {"number": "#1", "number_key": "1", "state": "ordered", "is_open": True, "created_at": "", "updated_at": ""}


def keep(
    store: Store, haravan_id: int, kv_id: int | None, code: str = "", *states: str, seen_seq: int | None = 7
) -> None:
    """An order, its document in KiotViet, and an invoice of each of these states; with no `seen_seq` long missed."""
    store._t.orders.create(haravan_id=haravan_id, kv_id=kv_id, kv_code=code, **ORDER)
    for number, state in enumerate(states):
        key = haravan_id * 10 + number
        store._t.invoices.create(
            shipment_id=key, haravan_id=haravan_id, kv_id=key, code="HD", state=state, kv_seq=seen_seq
        )


def test_an_order_is_invoiced_by_an_invoice_of_its_own_that_kiotviet_counts(store: Store) -> None:
    keep(store, 1, 101, "DH1")
    keep(store, 2, 102, "DH2", CANCELLED)
    keep(store, 3, 103, "DH3", CANCELLED, PROCESSING)
    keep(store, 4, 104, "DH4", PROCESSING, PROCESSING)
    keep(store, 5, None)
    keep(store, 6, 106, "DH6", PROCESSING, seen_seq=None)
    found = store.orders.tracked(kv_ids=[101, 102, 103, 106, 999], codes=["DH4", "DH1", ""])
    assert {order.haravan_id: order.invoiced for order in found} == {1: False, 2: False, 3: True, 4: True, 6: False}
    assert [order.kv_id for order in store.orders.tracked(codes=["DH3"])] == [103]
    assert store.orders.tracked() == []
