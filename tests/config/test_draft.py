"""A first config is the example with the answers in it, whatever they are."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from syncd.config import Settings, StockLink, load
from syncd.config.draft import CONFIG, EXAMPLE, SECRET, TOKEN, Draft, render, save

MANUAL = Path(__file__).parents[2] / "config.example.yaml"
DRAFT = Draft(
    shop="my-shop",
    database="syncd.db",
    language="vi",
    haravan_url="https://apis.haravan.com",
    retailer="myshop",
    client_id="83a5bcbe-3c39-458c-bdd9-128112cef3f7",
    kiotviet_url="https://public.kiotapi.com",
    token_url="https://id.kiotviet.vn/connect/token",
    since=date(2026, 11, 1),
)


def loaded(folder: Path, draft: Draft) -> Settings:
    path = save(folder, render(draft, EXAMPLE.read_text(encoding="utf-8")), "token-abc", "secret-def")
    return load(path, credentials_directory=None)


def test_the_example_in_the_package_is_the_manual() -> None:
    assert EXAMPLE.read_bytes() == MANUAL.read_bytes(), "cp config.example.yaml syncd/config/example.yaml"


def test_every_comment_of_the_example_is_kept(tmp_path: Path) -> None:
    loaded(tmp_path, DRAFT)
    comments = [line for line in MANUAL.read_text(encoding="utf-8").splitlines() if line.strip().startswith("#")]
    assert [line for line in (tmp_path / CONFIG).read_text().splitlines() if line.strip().startswith("#")] == comments


@pytest.mark.parametrize(
    "links",
    [
        (),
        (StockLink(963414, (1001,), 0),),
        (StockLink(963414, (1001, 1002), 3), StockLink(963415, (1003,), 0)),
    ],
)
def test_links_of_every_number_are_read_back(tmp_path: Path, links: tuple[StockLink, ...]) -> None:
    assert loaded(tmp_path, replace(DRAFT, links=links)).stock.links == links


def test_every_answer_is_read_back(tmp_path: Path) -> None:
    draft = replace(
        DRAFT,
        language="en",
        branch_id=77,
        cod_method="Transfer",
        cod_account_id=8346,
        apply=True,
        haravan_url="http://127.0.0.1:8101",
        kiotviet_url="http://[::1]:8102",
    )
    settings = loaded(tmp_path, draft)
    orders = settings.orders
    assert (settings.shop, settings.language, settings.database) == ("my-shop", "en", tmp_path / "syncd.db")
    assert (orders.branch_id, orders.since, orders.cod_method, orders.cod_account_id) == (
        77,
        date(2026, 11, 1),
        "Transfer",
        8346,
    )
    assert (orders.apply, settings.stock.apply) == (True, True)
    assert settings.haravan.base_url == "http://127.0.0.1:8101"
    assert settings.kiotviet.base_url == "http://[::1]:8102"
    assert settings.haravan.token.reveal() == "token-abc"
    assert settings.kiotviet.client_secret.reveal() == "secret-def"
    assert not loaded(tmp_path, DRAFT).orders.apply


@pytest.mark.parametrize(
    "name",
    [
        "Tiệm \"Hoa\" 'Hồng'",
        "a: b",
        "x # y",
        "- a",
        "{a: b}",
        "no",
        "00123",
        "1:30",
        "2026-11-01",
        "~",
        "null",
        "@shop",
        "%shop",
        "*x",
        "&x",
        "!x",
        "back\\slash",
        "cửa hàng 🌸",
        "a\u00a0b",
        "true",
        "1e5",
    ],
)
def test_a_hostile_name_is_read_back_as_it_was_typed(tmp_path: Path, name: str) -> None:
    assert loaded(tmp_path, replace(DRAFT, shop=name)).shop == name


@settings(max_examples=15)
@given(name=st.text(st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp")), min_size=1, max_size=40))
def test_any_text_that_a_config_may_hold_survives(tmp_path_factory: pytest.TempPathFactory, name: str) -> None:
    if name != name.strip():
        return
    assert loaded(tmp_path_factory.mktemp("draft"), replace(DRAFT, shop=name)).shop == name


def test_secrets_are_for_the_owner_alone_and_the_config_for_all(tmp_path: Path) -> None:
    before = os.umask(0o077)
    try:
        loaded(tmp_path / "new" / "folder", DRAFT)
    finally:
        os.umask(before)
    modes = {path.name: path.stat().st_mode & 0o777 for path in (tmp_path / "new" / "folder").iterdir()}
    assert modes == {CONFIG: 0o644, TOKEN: 0o600, SECRET: 0o600}


def test_whoever_is_interrupted_leaves_no_half_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    loaded(tmp_path, DRAFT)
    before = (tmp_path / CONFIG).read_bytes()

    def interrupt(_: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupt)
    with pytest.raises(KeyboardInterrupt):
        save(tmp_path, "half", "other", "other")
    monkeypatch.undo()
    assert (tmp_path / CONFIG).read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([CONFIG, TOKEN, SECRET])
