"""`syncd init`: the whole dialogue against a served sandbox, from options, from a person, and from a terminal."""

from __future__ import annotations

import os
import pty
import select
import sys
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from syncd import config
from syncd.cli import cli, run
from syncd.clock import SystemClock
from syncd.config import Settings, StockLink
from syncd.policies import SHOP_ZONE
from syncd.sandbox.serving import Served
from syncd.sandbox.world import Sandbox


@pytest.fixture
def served() -> Iterator[Served]:
    with Served(Sandbox.two_branch_shop(SystemClock())) as made:
        yield made


def urls(served: Served) -> list[str]:
    return [
        f"--haravan-url={served.haravan_url}",
        f"--kiotviet-url={served.kiotviet_url}",
        f"--token-url={served.token_url}",
    ]


def options(served: Served, folder: Path) -> list[str]:
    """Every account by options."""
    shop = served.sandbox
    (folder / "token").write_text(shop.haravan.token + "\n")
    (folder / "secret").write_text(shop.kiotviet.client_secret + "\n")
    return [
        *urls(served),
        f"--dir={folder / 'etc'}",
        f"--haravan-token-from={folder / 'token'}",
        f"--kiotviet-secret-from={folder / 'secret'}",
        f"--retailer={shop.kiotviet.retailer}",
        f"--client-id={shop.kiotviet.client_id}",
    ]


def settings(folder: Path) -> Settings:
    return config.load(folder / "etc" / "config.yaml", credentials_directory=None)


def asked(arguments: list[str], answers: list[str]) -> Result:
    """A person answers, line by line."""
    return CliRunner().invoke(cli, ["init", *arguments], "\n".join([*answers, ""]))


def test_without_questions_the_defaults_are_those_of_a_careful_person(
    served: Served, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["init", "--yes", *options(served, tmp_path)]) == 0
    made, shop = settings(tmp_path), served.sandbox
    assert (made.orders.apply, made.stock.apply, made.language) == (False, False, "vi")
    assert (made.shop, made.kiotviet.retailer) == ("shopmau", "shopmau")
    assert (made.orders.branch_id, made.orders.cod_method) == (shop.branches[0], "Cash")
    assert made.orders.since == datetime.now(SHOP_ZONE).date()
    pairs = zip(shop.locations, shop.branches, strict=True)
    assert made.stock.links == tuple(StockLink(location, (branch,), 0) for location, branch in pairs)
    assert shop.journal.writes() == []
    first = (tmp_path / "etc" / "config.yaml").read_text().splitlines()[0]
    assert Path(first.partition("$schema=")[2]).is_file(), "editors check the file by this schema"
    out = capsys.readouterr().out
    assert f"'syncd check -c {tmp_path / 'etc' / 'config.yaml'}'" in out
    assert "12 trong 12 sản phẩm Haravan đã nối" in out
    assert run(["check", "-c", str(tmp_path / "etc" / "config.yaml")]) == 0
    for secret in (shop.haravan.token, shop.kiotviet.client_secret):
        assert secret not in out
        assert secret not in (tmp_path / "etc" / "config.yaml").read_text()


def test_every_question_can_be_answered_by_an_option(served: Served, tmp_path: Path) -> None:
    shop = served.sandbox
    more = [
        "--language=en",
        '--shop=Tiệm: "Hoa" #1',
        f"--branch={shop.branches[1]}",
        f"--link={shop.locations[0]}={shop.branches[0]},{shop.branches[1]}",
        f"--link={shop.locations[1]}=0",
        "--since=2026-10-01",
        "--cod-method=transfer",
        "--cod-account=8346",
        "--apply",
        "--database=/var/lib/syncd/x.db",
    ]
    assert run(["init", "--yes", *options(served, tmp_path), *more]) == 0
    made = settings(tmp_path)
    assert (made.shop, made.language, str(made.database)) == ('Tiệm: "Hoa" #1', "en", "/var/lib/syncd/x.db")
    assert made.orders.branch_id == shop.branches[1]
    assert made.stock.links == (StockLink(shop.locations[0], tuple(shop.branches), 0),)
    assert (str(made.orders.since), made.orders.cod_method, made.orders.cod_account_id) == (
        "2026-10-01",
        "Transfer",
        8346,
    )
    assert (made.orders.apply, made.stock.apply) == (True, True)


def test_a_person_may_be_wrong_about_everything_once(served: Served, tmp_path: Path) -> None:
    shop = served.sandbox
    kiotviet = shop.kiotviet
    result = asked(
        [*urls(served), f"--dir={tmp_path / 'etc'}"],
        [
            "xx",
            "en",
            "wrong-token",
            "a token with blanks",
            shop.haravan.token,
            *("shopmau.kiotviet.vn", kiotviet.client_id, "wrong-secret", "my shop"),
            *("shopmau.kiotviet.vn", kiotviet.client_id, kiotviet.client_secret, "my shop"),
            *("9", "2"),
            *("7", "1,2"),
            "0",
            *("tomorrow", "2026-11-02"),
            *("card", "Transfer"),
            "1",
            "y",
        ],
    )
    assert result.exit_code == 0, result.output
    made = settings(tmp_path)
    assert made.orders.branch_id == shop.branches[1]
    assert made.stock.links == (StockLink(shop.locations[0], tuple(shop.branches), 0),)
    assert (made.shop, str(made.orders.since), made.orders.cod_account_id) == ("my shop", "2026-11-02", 8346)
    assert not made.orders.apply
    said = result.output
    for words in (
        "please choose from the list",
        "copy the token of the app again",
        "copy client id and secret (Mã bảo mật) again",
        "Please try again.",
        "a date like 2026-11-01 is needed",
        "12 of 12 Haravan variants are linked",
    ):
        assert words in said
    for secret in (shop.haravan.token, kiotviet.client_secret, "wrong-token", "wrong-secret"):
        assert secret not in said


@pytest.mark.parametrize("stop_after", [1, 5, 10])
def test_whoever_stops_half_way_leaves_nothing(served: Served, tmp_path: Path, stop_after: int) -> None:
    kiotviet = served.sandbox.kiotviet
    answers = ["vi", served.sandbox.haravan.token, "shopmau", kiotviet.client_id, kiotviet.client_secret, ""]
    answers = [*answers, "1", "1", "2", "2026-11-02", "Cash"]
    result = asked([*urls(served), f"--dir={tmp_path / 'etc'}"], answers[:stop_after])
    assert isinstance(result.exception, click.Abort | SystemExit)
    assert not (tmp_path / "etc").exists()


def test_nothing_is_replaced_without_force(served: Served, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["init", "--yes", *options(served, tmp_path)]
    (tmp_path / "etc").mkdir()
    (tmp_path / "etc" / "haravan-token").write_text("old")
    assert run(arguments) == 2
    assert "--force" in capsys.readouterr().err
    assert [path.name for path in (tmp_path / "etc").iterdir()] == ["haravan-token"]
    assert run([*arguments, "--force"]) == 0
    assert settings(tmp_path).haravan.token.reveal() == served.sandbox.haravan.token


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ("--retailer=khac", "shopmau"),
        ("--branch=77", "--branch"),
        ("--since=soon", "--since"),
        ("--link=1", "--link"),
        ("--haravan-token-from=/nonexistent", "--haravan-token-from"),
    ],
)
def test_a_wrong_option_is_named_and_nothing_is_written(
    served: Served, tmp_path: Path, capsys: pytest.CaptureFixture[str], wrong: str, words: str
) -> None:
    assert run(["init", "--yes", *options(served, tmp_path), wrong]) == 2
    assert words in capsys.readouterr().err
    assert not (tmp_path / "etc").exists()


def test_what_only_a_person_knows_is_named_when_nobody_can_be_asked(
    served: Served, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["init", "--yes", *urls(served), f"--dir={tmp_path / 'etc'}"]) == 2
    assert "--haravan-token-from" in capsys.readouterr().err


def test_product_matches_are_shown_with_examples(
    served: Served, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shop = served.sandbox
    shop.haravan.change_variant(shop.variants["AO-01"], sku="AO 01", barcode="")
    shop.haravan.add_product("Nón khác", [{"sku": "NON-MOI", "barcode": "NON-01", "price": 1}])
    assert run(["init", "--yes", "--language=en", *options(served, tmp_path)]) == 0
    out = capsys.readouterr().out
    assert "10 of 13 Haravan variants" in out
    assert "AO 01" in out
    assert "NON-01" in out


def test_on_a_terminal_secrets_are_typed_unseen(served: Served, tmp_path: Path) -> None:
    shop = served.sandbox
    kiotviet = shop.kiotviet
    answers = [
        "en",
        shop.haravan.token,
        "shopmau",
        kiotviet.client_id,
        kiotviet.client_secret,
        "",
        "",
        "",
        "",
        "",
        "",
        "",
    ]
    line = [sys.executable, "-m", "syncd", "init", *urls(served), f"--dir={tmp_path / 'etc'}"]
    pid, terminal = pty.fork()
    if pid == 0:
        os.execv(line[0], line)
    said, deadline = b"", time.monotonic() + 60
    while time.monotonic() < deadline:
        ready, _, _ = select.select([terminal], [], [], 0.2)
        try:
            chunk = os.read(terminal, 65536) if ready else None
        except OSError:
            break
        said += chunk or b""
        if chunk is None and answers and said.rstrip().endswith((b":", b"?", b"]", b"]:")):
            os.write(terminal, answers.pop(0).encode() + b"\n")
            said += b"\n"
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0, said.decode()
    assert shop.haravan.token.encode() not in said
    assert kiotviet.client_secret.encode() not in said
    assert settings(tmp_path).orders.branch_id == shop.branches[0]
