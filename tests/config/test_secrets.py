"""Secrets come from files of their own and show up nowhere else."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from syncd.config import Secret, Settings, load
from syncd.core.problems import Problem
from syncd.errors import ConfigError
from tests.config.conftest import SECRET, TOKEN, write_secret

Edited = Callable[..., Settings]
Problems = Callable[..., tuple[Problem, ...]]


def test_secrets_are_read_from_the_files_beside_the_config(shop: Path) -> None:
    settings = load(shop, credentials_directory=None)
    assert settings.haravan.token.reveal() == TOKEN
    assert settings.kiotviet.client_secret.reveal() == SECRET


def test_a_systemd_credential_of_that_name_comes_first_and_its_mode_is_systemds_business(
    shop: Path, tmp_path: Path
) -> None:
    credentials = tmp_path / "credentials"
    credentials.mkdir()
    write_secret(credentials / "haravan-token", "from-systemd", mode=0o444)
    settings = load(shop, credentials_directory=credentials)
    assert settings.haravan.token.reveal() == "from-systemd"
    assert settings.kiotviet.client_secret.reveal() == SECRET


def test_a_path_never_leads_out_of_the_credentials(shop: Path, tmp_path: Path) -> None:
    (tmp_path / "credentials").mkdir()
    shop.write_text(shop.read_text().replace("token_file: haravan-token", "token_file: ../haravan-token"))
    with pytest.raises(ConfigError, match="no such file"):
        load(shop, credentials_directory=tmp_path / "credentials")


def test_an_absolute_path_is_taken_as_it_is(edited: Edited, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    write_secret(tmp_path / "elsewhere" / "t", "abc")
    settings = edited(("token_file: haravan-token", f"token_file: {tmp_path}/elsewhere/t"))
    assert settings.haravan.token.reveal() == "abc"


def test_a_secret_shows_itself_only_when_asked(shop: Path) -> None:
    settings = load(shop, credentials_directory=None)
    for shown in (repr(settings), str(settings), f"{settings.haravan.token}", settings.fingerprint()):
        assert TOKEN not in shown
        assert SECRET not in shown
    assert Secret("a") == Secret("a")
    assert Secret("a") != Secret("b")


def make_fifo(path: Path) -> None:
    path.unlink()
    os.mkfifo(path, 0o600)


BAD_FILES: list[tuple[Callable[[Path], object], str]] = [
    (lambda path: path.unlink(), "no such file"),
    (lambda path: path.write_text(""), "an empty file"),
    (lambda path: path.write_text("\n \n"), "an empty file"),
    (lambda path: path.write_text("fish\nchips"), "several lines"),
    (lambda path: path.write_text("fish chips"), "spaces"),
    (lambda path: path.write_text("fìsh"), "other characters"),
    (lambda path: path.write_bytes(b"\xff\xfe"), "no text"),
    (lambda path: path.write_text("x" * 70000), "70000 bytes"),
    (lambda path: path.chmod(0o604), "open to everybody (mode 0604)"),
    (lambda path: path.chmod(0o602), "open to everybody (mode 0602)"),
    (lambda path: (path.unlink(), path.mkdir(mode=0o700)), "not a regular file"),
    (make_fifo, "not a regular file"),
    (lambda path: (path.unlink(), path.symlink_to(path)), "symbolic links"),
]


@pytest.mark.parametrize(("spoil", "said"), BAD_FILES)
def test_a_secret_file_that_cannot_be_used_is_named_but_never_quoted(
    shop: Path, problems: Problems, spoil: Callable[[Path], object], said: str
) -> None:
    spoil(shop.parent / "haravan-token")
    (problem,) = problems()
    assert problem.key == "haravan.token_file"
    assert said in str(problem)
    assert "haravan-token" in str(problem)
    assert "fish" not in str(problem)


@pytest.mark.parametrize("mode", [0o600, 0o400, 0o640])
def test_a_secret_file_for_the_owner_and_the_service_group_is_fine(shop: Path, mode: int) -> None:
    (shop.parent / "haravan-token").chmod(mode)
    assert load(shop, credentials_directory=None).haravan.token.reveal() == TOKEN


def test_a_byte_order_mark_is_not_part_of_a_secret(shop: Path) -> None:
    (shop.parent / "haravan-token").write_bytes(b"\xef\xbb\xbfabc\r\n")
    assert load(shop, credentials_directory=None).haravan.token.reveal() == "abc"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("  token_file: haravan-token", f"  token: {TOKEN}"),
        ("  token_file: haravan-token", f"  token_file: {TOKEN}"),
        ("  token_file: haravan-token", f"  token_file: [{TOKEN}]"),
        ("  token_file: haravan-token", f"  token_file: abc/{TOKEN}"),
        ("  token_file: haravan-token", "  token_file: " + TOKEN * 20),
        ("  token_file: haravan-token", f"  token_file: {{a: {TOKEN}}}"),
        ("  token_file: haravan-token", f"  token_file: *{TOKEN}"),
        ("  token_file: haravan-token", f"  token_file: !{TOKEN}"),
        ("  token_file: haravan-token", f"  token_file: !x!{TOKEN}"),
        ("  token_file: haravan-token", f"  token_file: &{TOKEN} b"),
        ("  token_file: haravan-token", f"  token_file: %{TOKEN}"),
        ("  token_file: haravan-token", f"  token_file: '{TOKEN}"),
        ("  client_secret_file: kiotviet-secret", f"  client_secret: {TOKEN}"),
        ("  client_secret_file: kiotviet-secret", f"  password: {TOKEN}"),
        ("haravan:\n", f"haravan: {TOKEN}\nrest:\n"),
        ("base_url: https://apis.haravan.com", f"base_url: https://me:{TOKEN}@apis.haravan.com"),
        ("base_url: https://apis.haravan.com", f"base_url: https://apis.haravan.com/?token={TOKEN}"),
        ("base_url: https://apis.haravan.com", f"base_url: {TOKEN}"),
    ],
)
def test_a_secret_written_into_the_config_by_mistake_is_not_repeated(problems: Problems, old: str, new: str) -> None:
    assert TOKEN not in "\n".join(str(problem) for problem in problems((old, new)))


def test_a_secret_key_in_the_config_is_told_where_it_belongs(problems: Problems) -> None:
    found = problems(("retailer: myshop", f"retailer: myshop\n  client_secret: {SECRET}"))
    assert [problem.key for problem in found] == ["kiotviet.client_secret"]
    assert "put it in a file" in str(found[0].found)
    assert "kiotviet.client_secret_file" in str(found[0].expected)
