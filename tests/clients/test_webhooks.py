"""What is believed of a webhook: only what is signed, and never more than a hint."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syncd.clients.webhooks import Heard, Refused, challenge, from_haravan, from_kiotviet, is_signed
from tests.clients.answers import SAMPLES

SECRET = "TWF1LW1vdC1iaS1tYXQtdGh1"


def digest(body: bytes, secret: str = SECRET) -> bytes:
    return hmac.new(secret.encode(), body, hashlib.sha256).digest()


def based(body: bytes, secret: str = SECRET) -> str:
    return base64.b64encode(digest(body, secret)).decode()


def kiotviet(payload: Any) -> Heard | Refused:
    """What a signed payload says."""
    body = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
    return from_kiotviet({"X-Hub-Signature": digest(body).hex()}, body, SECRET)


def haravan(topic: str, body: bytes = b'{"id": 1}') -> Heard | Refused:
    return from_haravan({"X-Haravan-Topic": topic, "X-Haravan-HmacSha256": based(body)}, body, SECRET)


def notification(action: str, *data: Any) -> dict[str, Any]:
    return {"Action": f"{action}.500000001", "Data": list(data)}


# --- signatures ------------------------------------------------------------------------------------------------------

BODY = '{"Tên": "Áo thun"}'.encode()
HEX, BASE64 = digest(BODY).hex(), based(BODY)


@pytest.mark.parametrize(
    "claimed",
    [
        HEX,
        HEX.upper(),
        f"sha256={HEX}",
        f"SHA256={HEX}",
        f"sha1={HEX}",
        f" sha256={HEX} ",
        BASE64,
        BASE64.rstrip("="),
        f"sha256={BASE64}",
        f"sha1={BASE64}",
    ],
)
def test_every_spelling_that_was_seen_is_a_signature(claimed: str) -> None:
    assert is_signed(BODY, SECRET, claimed)


@pytest.mark.parametrize(
    "claimed",
    [
        "",
        "sha256=",
        HEX[:-1],
        HEX[1:],
        f"{HEX}0",
        f"sha256=sha256={HEX}",
        f"md5={HEX}",
        BASE64[:-2],
        BASE64.swapcase(),
        digest(BODY, "another secret").hex(),
        digest(BODY + b" ").hex(),
        hmac.new(SECRET.encode(), BODY, hashlib.sha1).hexdigest(),
        hashlib.sha256(BODY).hexdigest(),
        "ÿ" * 64,
        "\udc80" * 64,
        "0" * 100_000,
    ],
)
def test_anything_else_is_none(claimed: str) -> None:
    assert not is_signed(BODY, SECRET, claimed)


def test_a_changed_byte_breaks_the_signature() -> None:
    assert not any(is_signed(BODY[:at] + b"~" + BODY[at + 1 :], SECRET, HEX) for at in range(len(BODY)))


def test_secrets_are_compared_in_constant_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hmac, "compare_digest", lambda given, known: False)
    assert not is_signed(BODY, SECRET, HEX)
    assert not is_signed(BODY, SECRET, BASE64)
    assert challenge({"hub.verify_token": "t", "hub.challenge": "c"}, "t") is None


@pytest.mark.parametrize("spell", [str.lower, str.upper, str.title])
def test_header_names_have_no_case(spell: Callable[[str], str]) -> None:
    assert from_kiotviet({spell("X-Hub-Signature"): digest(b"{}").hex()}, b"{}", SECRET) == Heard()
    headers = {spell("X-Haravan-HmacSha256"): based(b"{}"), spell("X-Haravan-Topic"): "orders/create"}
    assert from_haravan(headers, b"{}", SECRET) == Heard(orders=True)


def test_the_signature_of_one_system_is_none_of_the_other() -> None:
    body = (SAMPLES / "kiotviet/webhook_stock_update.json").read_bytes()
    assert from_kiotviet({"X-Haravan-HmacSha256": based(body)}, body, SECRET) == Refused("unsigned")
    assert from_haravan({"X-Hub-Signature": digest(body).hex()}, body, SECRET) == Refused("unsigned")


def test_a_body_is_not_read_before_its_signature_is_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("syncd.clients.webhooks.decode", lambda body: pytest.fail("was read"))
    assert from_kiotviet({"X-Hub-Signature": "0" * 64}, b"[" * 100_000, SECRET) == Refused("wrong_signature")
    assert from_haravan({}, b"{}", SECRET) == Refused("unsigned")


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"\xff\xfe", b"[]", b"null", b'"text"', b"1", b"[" * 100_000, b'{"a":' * 100_000, BODY[:-1]],
)
def test_signed_garbage_is_refused(body: bytes) -> None:
    assert kiotviet(body) == Refused("unreadable")
    assert haravan("orders/create", body) == Refused("unreadable")


# --- what KiotViet says ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("action", "products", "orders"),
    [
        ("stock_update", {"webhook stock.update": (9010,)}, False),
        ("product_update", {"webhook product.update": (9010,)}, False),
        ("order_update", {"webhook order.update": (8178468,)}, True),
        ("invoice_update", {"webhook invoice.update": (8178468,)}, True),
        ("product_delete", {}, False),
    ],
)
def test_what_each_action_names(action: str, products: dict[str, tuple[int, ...]], orders: bool) -> None:
    assert kiotviet((SAMPLES / f"kiotviet/webhook_{action}.json").read_bytes()) == Heard(products, orders)


def test_all_notifications_are_read_not_just_the_first() -> None:
    lines = [{"ProductId": 3}, {"ProductId": 4}, {"ProductId": 3}]
    payload = {
        "Id": "4f0f2c52",
        "Attempt": 2,
        "Notifications": [
            notification("customer.update", {"Id": 77}),
            notification("stock.update", {"ProductId": 1}, {"ProductId": 2}),
            notification("invoice.update", {"Id": 5, "InvoiceDetails": lines}),
            notification("stock.update", {"ProductId": 2}, {"ProductId": 9}),
        ],
    }
    assert kiotviet(payload) == Heard({"webhook stock.update": (1, 2, 9), "webhook invoice.update": (3, 4)}, True)


def test_keys_come_in_several_spellings() -> None:
    payload = {"notifications": [{"action": "Stock.Update", "data": [{"productId": 1}, {"PRODUCTID": "2"}]}]}
    assert kiotviet(payload) == Heard({"webhook stock.update": (1, 2)})


@pytest.mark.parametrize("value", ["null", "true", "0", "-5", str(2**63), "1.5", '""', '"x"', "[]", "{}", "NaN"])
def test_an_id_that_is_none_is_passed_over(value: str) -> None:
    data = f'[{{"ProductId": {value}}}, {value}, {{"ProductId": 7}}]'
    body = f'{{"Notifications": [{{"Action": "stock.update.5", "Data": {data}}}]}}'
    assert kiotviet(body.encode()) == Heard({"webhook stock.update": (7,)})


def test_an_absurd_number_spoils_its_own_record_only() -> None:
    body = '{"Notifications": [{"Action": "stock.update", "Data": [{"ProductId": %s}, {"ProductId": 7}]}]}'
    assert kiotviet((body % ("9" * 5000)).encode()) == Heard({"webhook stock.update": (7,)})


@pytest.mark.parametrize(
    "payload",
    [
        {},
        {"RemoveId": [9010]},
        {"Notifications": None},
        {"Notifications": {"Action": "stock.update"}},
        {"Notifications": [None, 5, [], {"Action": None}, {"Action": 7, "Data": [1]}]},
        {"Notifications": [{"Action": "stock.update", "Data": {"ProductId": 1}}]},
        {"Notifications": [notification("stock.delete", {"ProductId": 1})]},
        {"Notifications": [notification("pricebook.update", {"Id": 1})]},
    ],
)
def test_a_signed_payload_that_names_nothing_is_genuine(payload: Any) -> None:
    assert kiotviet(payload) == Heard()


def test_an_order_without_readable_lines_is_still_a_reason_to_look_at_orders() -> None:
    payload = {"Notifications": [notification("order.update", {"Id": 1, "OrderDetails": "?"})]}
    assert kiotviet(payload) == Heard(orders=True)


# --- what Haravan says -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("topic", "orders"),
    [
        ("orders/create", True),
        ("orders/updated", True),
        ("orders/update", True),
        ("orders/paid", True),
        ("orders/fulfilled", True),
        ("orders/cancelled", True),
        ("orders/delete", True),
        (" Orders/Create ", True),
        ("products/update", False),
        ("inventorylocationbalances/update", False),
        ("inventorytransaction/create", False),
        ("app/uninstalled", False),
        ("orders", False),
        ("", False),
    ],
)
def test_which_topics_are_worth_a_look_at_orders(topic: str, orders: bool) -> None:
    assert haravan(topic) == Heard(orders=orders)


@pytest.mark.parametrize(
    ("query", "token", "answer"),
    [
        ({"hub.verify_token": "t", "hub.challenge": "42"}, "t", "42"),
        ({"hub.verify_token": "t"}, "t", ""),
        ({"hub.verify_token": "T", "hub.challenge": "42"}, "t", None),
        ({"hub.challenge": "42"}, "t", None),
        ({"hub.verify_token": "", "hub.challenge": "42"}, None, None),
        ({"hub.verify_token": "ÿ", "hub.challenge": "42"}, "t", None),
        ({"hub.verify_token": "t", "hub.challenge": "4" * 1001}, "t", None),
    ],
)
def test_the_handshake_gives_the_challenge_back_to_who_knows_the_token(
    query: dict[str, str], token: str | None, answer: str | None
) -> None:
    assert challenge(query, token) == answer


# --- whatever comes --------------------------------------------------------------------------------------------------

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["Notifications", "Action", "Data", "ProductId", "productid", "OrderDetails", "Id"]), inner
        )
    ),
    max_leaves=20,
)
actions = st.sampled_from(["stock.update.5", "order.update.5", "invoice.update", "product.update.5", "product.delete"])
notifications = st.fixed_dictionaries({"Action": actions | json_values, "Data": json_values})
payloads = json_values | st.fixed_dictionaries({"Notifications": st.lists(notifications | json_values, max_size=4)})


@given(payloads)
def test_no_signed_payload_raises_and_every_id_that_comes_out_is_one(payload: Any) -> None:
    heard = kiotviet(payload)
    if isinstance(heard, Heard):
        assert all(0 < key < 2**63 for ids in heard.products.values() for key in ids)
    assert haravan("orders/create", json.dumps(payload).encode()) in (Heard(orders=True), Refused("unreadable"))


@given(st.binary(max_size=200), st.dictionaries(st.text(max_size=30), st.text(max_size=80), max_size=4), st.text())
def test_no_bytes_and_no_headers_raise_or_are_believed(body: bytes, headers: dict[str, str], claimed: str) -> None:
    for signed in (headers, headers | {"X-Hub-Signature": claimed, "X-Haravan-HmacSha256": claimed}):
        assert isinstance(from_kiotviet(signed, body, SECRET), Refused)
        assert isinstance(from_haravan(signed, body, SECRET), Refused)
    assert challenge(headers | {"hub.verify_token": claimed}, SECRET) is None


@given(st.binary(max_size=200))
def test_no_signed_bytes_raise(body: bytes) -> None:
    assert isinstance(kiotviet(body), Heard | Refused)
    assert isinstance(haravan("orders/create", body), Heard | Refused)
