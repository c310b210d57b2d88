"""The section that opens a port: absent unless asked for, and never open to others by accident."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from syncd.config import Secret, Settings, WebhookSettings, load
from syncd.core.problems import Problem
from tests.config.conftest import EXAMPLE, write_secret

Edited = Callable[..., Settings]
Problems = Callable[..., tuple[Problem, ...]]
SECRET = "TWF1LW1vdC1iaS1tYXQtdGh1"
HEAD = "poll:\n"


@pytest.fixture(autouse=True)
def secrets(shop: Path) -> None:
    for name in ("haravan-webhook-secret", "haravan-verify-token", "kiotviet-webhook-secret"):
        write_secret(shop.parent / name, f"{SECRET}-{name}")


def section(*lines: str) -> tuple[str, str]:
    return HEAD, "".join(f"{line}\n" for line in ("webhooks:", *(f"  {line}" for line in lines))) + HEAD


KIOTVIET, HARAVAN = "kiotviet_secret_file: kiotviet-webhook-secret", "haravan_secret_file: haravan-webhook-secret"
TOKEN = "haravan_verify_token_file: haravan-verify-token"


def test_the_example_listens_nowhere(shop: Path) -> None:
    assert load(shop, credentials_directory=None).webhooks is None


def test_the_example_without_its_comment_signs_listens_to_both(shop: Path) -> None:
    above, start, below = EXAMPLE.read_text().partition("# webhooks:\n")
    section, blank, rest = (start + below).partition("\n\n")
    lines = [line.removeprefix("# ") for line in section.splitlines()]
    shop.write_text(above + "\n".join(lines) + blank + rest)
    assert load(shop, credentials_directory=None).webhooks == WebhookSettings(
        "127.0.0.1",
        8643,
        haravan_secret=Secret(f"{SECRET}-haravan-webhook-secret"),
        haravan_verify_token=Secret(f"{SECRET}-haravan-verify-token"),
        kiotviet_secret=Secret(f"{SECRET}-kiotviet-webhook-secret"),
    )


def test_either_side_alone_is_enough(edited: Edited) -> None:
    assert edited(section(KIOTVIET)).webhooks == WebhookSettings(
        "127.0.0.1", 8643, kiotviet_secret=Secret(f"{SECRET}-kiotviet-webhook-secret")
    )
    settings = edited(("  " + KIOTVIET, "  " + HARAVAN)).webhooks
    assert settings is not None
    assert (settings.kiotviet_secret, settings.haravan_verify_token) == (None, None)
    assert settings.haravan_secret == Secret(f"{SECRET}-haravan-webhook-secret")


@pytest.mark.parametrize(
    ("lines", "listen"),
    [
        (["listen: 127.0.0.1:1"], ("127.0.0.1", 1)),
        (["listen: localhost:65535"], ("127.0.0.1", 65535)),
        (["listen: '[::1]:8643'"], ("::1", 8643)),
        (["listen: 0.0.0.0:8643", "public: true"], ("0.0.0.0", 8643)),
        (["public: true", "listen: '[::]:8643'"], ("::", 8643)),
        (["public: true", "listen: 10.0.0.5:8643"], ("10.0.0.5", 8643)),
    ],
)
def test_where_it_listens(edited: Edited, lines: list[str], listen: tuple[str, int]) -> None:
    settings = edited(section(KIOTVIET, *lines)).webhooks
    assert settings is not None
    assert (settings.host, settings.port) == listen


@pytest.mark.parametrize(
    ("lines", "key", "said"),
    [
        ([], "webhooks.haravan_secret_file", "or kiotviet_secret_file, found nothing (the key is missing)"),
        (["listen: 127.0.0.1:1"], "webhooks.haravan_secret_file", "or kiotviet_secret_file, found nothing"),
        ([KIOTVIET, TOKEN], "webhooks.haravan_secret_file", "that Haravan signs with, found nothing"),
        ([KIOTVIET, "listen: 0.0.0.0:8643"], "webhooks.listen", "only with public: true"),
        ([KIOTVIET, "listen: '[::]:8643'"], "webhooks.listen", "only with public: true"),
        ([KIOTVIET, "listen: 10.0.0.5:8643"], "webhooks.listen", "found '10.0.0.5:8643'"),
        ([KIOTVIET, "listen: '[::ffff:127.0.0.1]:8643'"], "webhooks.listen", "only with public: true"),
        ([KIOTVIET, "public: true", "listen: shop.vn:8643"], "webhooks.listen", "like 127.0.0.1:8643"),
        ([KIOTVIET, "public: true", "listen: ':8643'"], "webhooks.listen", "like 127.0.0.1:8643"),
        ([KIOTVIET, "listen: 127.0.0.1:0"], "webhooks.listen", "like 127.0.0.1:8643"),
        ([KIOTVIET, "listen: 127.0.0.1:65536"], "webhooks.listen", "like 127.0.0.1:8643"),
        ([KIOTVIET, "listen: 127.0.0.1"], "webhooks.listen", "like 127.0.0.1:8643"),
        ([KIOTVIET, "listen: 127.0.0.1:x"], "webhooks.listen", "like 127.0.0.1:8643"),
        ([KIOTVIET, "listen: 8643"], "webhooks.listen", "8643 must be quoted"),
        ([KIOTVIET, "listen:"], "webhooks.listen", "found nothing"),
        ([KIOTVIET, "listen: https://127.0.0.1:1"], "webhooks.listen", "like 127.0.0.1:8643"),
        ([KIOTVIET, "public: yes"], "webhooks.public", "true or false"),
        ([KIOTVIET, "port: 8643"], "webhooks.port", "an unknown"),
        ([KIOTVIET, "kiotviet_secret: abc"], "webhooks.kiotviet_secret", "put it in a file"),
        (["kiotviet_secret_file: missing-file"], "webhooks.kiotviet_secret_file", "no such file"),
        (["kiotviet_secret_file:"], "webhooks.kiotviet_secret_file", "found nothing"),
    ],
)
def test_a_mistake_is_named_with_its_line(
    problems: Problems, shop: Path, lines: list[str], key: str, said: str
) -> None:
    (problem,) = problems(section(*lines))
    assert problem.key == key
    assert said in str(problem)
    about = key.removeprefix("webhooks.").partition(".")[0]
    shown = shop.read_text().splitlines()[(problem.line or 0) - 1]
    assert about in shown or shown == "webhooks:"


@pytest.mark.parametrize("written", ["webhooks: true", "webhooks: [a]"])
def test_what_is_no_section_is_one_problem(problems: Problems, written: str) -> None:
    (problem,) = problems((HEAD, f"{written}\n{HEAD}"))
    assert (problem.key, str(problem.expected)) == ("webhooks", "a map of keys and values")


def test_an_empty_section_is_a_listener_without_a_purpose(problems: Problems) -> None:
    (problem,) = problems((HEAD, f"webhooks:\n{HEAD}"))
    assert problem.key == "webhooks.haravan_secret_file"


def test_a_secret_that_everybody_may_read_is_refused_and_not_shown(problems: Problems, shop: Path) -> None:
    (shop.parent / "kiotviet-webhook-secret").chmod(0o604)
    (problem,) = problems(section(KIOTVIET))
    assert problem.key == "webhooks.kiotviet_secret_file"
    assert "open to everybody" in str(problem.found)
    assert SECRET not in str(problem)


def test_a_systemd_credential_comes_first(shop: Path, tmp_path: Path) -> None:
    (tmp_path / "credentials").mkdir()
    write_secret(tmp_path / "credentials" / "kiotviet-webhook-secret", "from-systemd")
    shop.write_text(shop.read_text().replace(*section(KIOTVIET)))
    settings = load(shop, credentials_directory=tmp_path / "credentials").webhooks
    assert settings is not None
    assert settings.kiotviet_secret == Secret("from-systemd")
    assert "from-systemd" not in repr(settings)


def test_webhooks_start_no_order_over(edited: Edited, shop: Path) -> None:
    before = load(shop, credentials_directory=None).fingerprint()
    assert edited(section(KIOTVIET)).fingerprint() == before
