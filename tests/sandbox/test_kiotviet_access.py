"""The door of the simulated KiotViet: tokens, the shop code, the hourly budget, unknown paths."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest

from tests.sandbox.kiotviet_kit import Kit


def _claims(token: str) -> dict[str, Any]:
    body = token.split(".")[1]
    return dict(json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4))))


def test_a_token_says_which_shop_it_is_for_and_how_long_it_lives() -> None:
    kit = Kit()
    answer = kit.sign_in().json()
    claims = _claims(answer["access_token"])
    assert answer["token_type"] == "Bearer"
    assert answer["scope"] == "PublicApi.Access"
    assert answer["expires_in"] == 86400 == claims["exp"] - claims["nbf"]
    assert claims["client_RetailerCode"] == kit.shop.retailer
    assert {"client_id", "client_RetailerId", "client_UserId", "client_SensitiveApi", "scope"} <= claims.keys()


def test_wrong_credentials_get_invalid_client() -> None:
    kit = Kit()
    form = {"grant_type": "client_credentials", "client_id": kit.shop.client_id, "client_secret": "nope"}
    answer = kit.http.post("/connect/token", data=form)
    assert (answer.status_code, answer.json()) == (400, {"error": "invalid_client"})


def test_a_token_is_no_good_after_its_time() -> None:
    kit = Kit()
    kit.clock.advance(86399)
    assert kit.http.get("/branches").status_code == 200
    kit.clock.advance(1)
    answer = kit.http.get("/branches")
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "jwt"
    assert answer.json()["responseStatus"]["errorCode"] == "TokenException"


@pytest.mark.parametrize("headers", [{"Retailer": ""}, {"Retailer": "othershop"}, {"Authorization": "Bearer x.y.z"}])
def test_a_call_without_shop_code_or_with_a_wrong_token_is_refused(headers: dict[str, str]) -> None:
    assert Kit().http.get("/orders", headers=headers).status_code == 401


def test_expired_tokens_can_be_renewed_at_once() -> None:
    kit = Kit()
    kit.shop.expire_tokens()
    assert kit.http.get("/settings").status_code == 401
    kit.sign_in()
    assert kit.http.get("/settings").status_code == 200


def test_revoked_credentials_work_again_once_restored() -> None:
    kit = Kit()
    kit.shop.revoke_credentials()
    assert kit.http.get("/settings").status_code == 401
    assert kit.sign_in().json() == {"error": "invalid_client"}
    kit.shop.restore_credentials()
    assert kit.sign_in().status_code == 200
    assert kit.http.get("/settings").status_code == 200


def test_the_5001st_get_of_an_hour_is_refused_but_writes_are_not_counted() -> None:
    kit = Kit()
    for _ in range(5000):
        kit.http.get("/settings")
    answer = kit.http.get("/settings")
    assert (answer.status_code, answer.json()["responseStatus"]["errorCode"]) == (429, "RateLimited")
    assert int(answer.headers["retry-after"]) == 3600
    kit.order()
    kit.clock.advance(3600)
    assert kit.http.get("/settings").status_code == 200


def test_paths_are_read_without_case_and_unknown_ones_are_404() -> None:
    kit = Kit()
    assert kit.http.get("/ProductONHands/").status_code == 200
    assert kit.http.get("/employees").status_code == 404
    assert kit.http.delete("/branches").status_code == 405


@pytest.mark.parametrize("body", [b"{", b"[]", b'"x"', b"\xff"])
def test_a_body_that_is_no_object_is_400(body: bytes) -> None:
    assert Kit().http.post("/orders", content=body).status_code == 400


def test_a_number_that_is_none_is_400() -> None:
    kit = Kit()
    assert kit.http.post("/orders", json=kit.order_body(branchId="abc")).status_code == 400
    assert kit.http.post("/orders", content=b'{"branchId": NaN}').status_code == 400
    assert kit.http.get("/orders/abc").status_code == 400


@pytest.mark.parametrize("scope", [{"scope": "PublicApi.Access"}, {"scopes": "PublicApi.Access"}, {}])
def test_clients_that_name_the_scope_differently_get_a_token(scope: dict[str, str]) -> None:
    kit = Kit()
    secrets = {"client_id": kit.shop.client_id, "client_secret": kit.shop.client_secret}
    form = {"grant_type": "client_credentials", **secrets, **scope}
    assert kit.http.post("/connect/token", data=form).status_code == 200


def test_a_client_that_counts_pages_from_the_total_reads_every_row_once() -> None:
    kit = Kit()
    for number in range(230):
        kit.shop.add_product(f"SP{number:03d}", f"Hàng {number}", 1000)
    rows: list[int] = []
    offset = 0
    while True:
        page = kit.get("/products", pageSize=100, currentItem=offset, orderBy="modifiedDate", orderDirection="asc")
        rows += [row["id"] for row in page["data"]]
        if -(-page["total"] // 100) <= offset // 100 + 1:
            break
        offset += 100
    assert len(rows) == len(set(rows)) == 232
