"""No secret, no telephone number and no address in any log line; ids stay readable."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syncd.logs import redaction as module
from syncd.logs.redaction import MASK, redact, register_secret


@pytest.fixture(autouse=True)
def _forget_secrets() -> Iterator[None]:
    before = module._secrets
    yield
    module._secrets = before


def said(**fields: Any) -> dict[str, Any]:
    return dict(redact(None, "info", {"event": "order_created", **fields}))


@pytest.mark.parametrize(
    "key",
    [
        "token",
        "access_token",
        "Authorization",
        "client_secret",
        "clientSecret",
        "password",
        "phone",
        "contactNumber",
        "phone_number",
        "address",
        "shipping_address",
        "receiver",
        "name",
        "customer_name",
        "fullName",
        "email",
        "note",
        "ward",
    ],
)
@pytest.mark.parametrize("value", ["Nguyễn Thị Hoa", 84912345678, ["x"], {"a": "x"}])
def test_a_field_that_tells_a_secret_or_a_person_is_masked(key: str, value: object) -> None:
    assert said(**{key: value})[key] == MASK
    assert said(payload={"rows": [{key: value}]})["payload"] == {"rows": [{key: MASK}]}


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("order", "100020"),
        ("order_number", "#100020"),
        ("haravan_id", 84912345678),
        ("sku", "0912345678"),
        ("barcode", "8934567890123"),
        ("code", "DH000123456789"),
        ("shop", "my-shop"),
        ("branch_name", "Chi nhánh Quận 1"),
        ("seconds", 0.123456789),
        ("total", Decimal("180000")),
        ("found", False),
        ("phone", None),
        ("reason", "order 1203: SKU 'AO-01-M' is not in KiotViet"),
        ("text", "HRV#84912345678 waits"),
        ("text", "since 2026-11-01 06:37:40"),
        ("text", "took 0.123456789 s of 1084912345678"),
        ("text", "1.234.567.890 dong at 10.0.0.1"),
    ],
)
def test_what_an_admin_searches_for_stays(key: str, value: object) -> None:
    assert said(**{key: value})[key] == value


@pytest.mark.parametrize(
    "phone",
    [
        "0912345678",
        "+84912345678",
        "84912345678",
        "0912 345 678",
        "091.234.5678",
        "0912-345-678",
        "02838123456",
        "+84 912 345 678",
    ],
)
@pytest.mark.parametrize("sentence", ["call {} now", "{}", "({})", "phone={}", "a:{};", "Hoa-{}"])
def test_a_telephone_number_inside_any_text_is_masked(phone: str, sentence: str) -> None:
    assert said(reason=sentence.format(phone))["reason"] == sentence.format(MASK)
    assert phone not in str(said(payload=[{"deep": (sentence.format(phone),)}]))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("write to hoa.le@example.com.vn", f"write to {MASK}"),
        ("Authorization: Bearer abc.def-123", f"Authorization: Bearer {MASK}"),
        ("GET /x?access_token=abc&page=2", f"GET /x?access_token={MASK}&page=2"),
        ("client_secret=abc&scopes=PublicApi.Access", f"client_secret={MASK}&scopes=PublicApi.Access"),
        ('{"access_token": "abc", "expires_in": 1}', f'{{"access_token": "{MASK}", "expires_in": 1}}'),
    ],
)
def test_credentials_and_mail_addresses_inside_a_text_are_masked(text: str, shown: str) -> None:
    assert said(reason=text)["reason"] == shown


def test_a_registered_secret_is_masked_wherever_it_turns_up() -> None:
    register_secret("p/ss+w0rd")
    fields = said(reason="sent p/ss+w0rd", url="https://a.vn/?k=p%2Fss%2Bw0rd", rows=[("p/ss+w0rd",)], sku="p/ss+w0rd")
    assert "w0rd" not in str(fields)


def test_registering_nothing_masks_nothing() -> None:
    register_secret("")
    assert said(reason="fine")["reason"] == "fine"


def test_an_exception_as_a_field_is_one_redacted_line() -> None:
    assert said(cause=ValueError("call\n0912345678"))["cause"] == f"ValueError: call {MASK}"


def test_a_remote_cannot_start_a_line_of_its_own_or_speak_to_the_terminal() -> None:
    assert said(reason="a\nb\r\nc \x1b[31mred\x00")["reason"] == "a b c �[31mred�"
    assert said(exception="a\n  b")["exception"] == "a\n  b"


def test_a_value_nested_without_end_is_cut() -> None:
    loop: list[Any] = []
    loop.append(loop)
    assert "…" in str(said(payload=loop))


_PIECES = st.sampled_from(
    [
        "a@b.vn",
        "@",
        "Bearer x1.y",
        "BASIC ",
        "toKen=",
        "ſecret: ",
        'password": "',
        "0912345678",
        "\r\n",
        "\x1b",
        "…",
        " ",
    ]
)


@given(st.lists(_PIECES | st.text(max_size=4), max_size=8).map("".join))
def test_a_line_that_is_let_through_at_a_look_holds_nothing_to_mask(line: str) -> None:
    masked = module._BEARER.sub(rf"\1 {MASK}", line)
    masked = module._PARAMETER.sub(rf"\1\2{MASK}", masked)
    masked = module._PHONE.sub(MASK, module._EMAIL.sub(MASK, masked))
    masked = module._CONTROL.sub("�", masked.replace("\r\n", "\n"))
    assert module._text(line, lines=False, phones=True) == " ".join(masked.splitlines())
