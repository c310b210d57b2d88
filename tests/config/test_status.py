"""The section of the status page: absent unless asked for, and never open to others without a token."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from syncd.config import Secret, Settings, StatusSettings, load
from syncd.core.problems import Problem
from tests.config.conftest import EXAMPLE, write_secret

Edited = Callable[..., Settings]
Problems = Callable[..., tuple[Problem, ...]]
HEAD = "poll:\n"
WORD = "c3RhdHVzLXRva2VuLW9mLWEtc2hvcA"
TOKEN = "token_file: status-token"


@pytest.fixture(autouse=True)
def token(shop: Path) -> None:
    write_secret(shop.parent / "status-token", WORD)


def section(*lines: str) -> tuple[str, str]:
    return HEAD, "".join(f"{line}\n" for line in ("status:", *(f"  {line}" for line in lines))) + HEAD


def test_the_example_shows_no_page(shop: Path) -> None:
    assert load(shop, credentials_directory=None).status is None


def test_the_example_without_its_comment_signs_asks_for_the_token(shop: Path) -> None:
    above, start, below = EXAMPLE.read_text().partition("# status:\n")
    lines, _, rest = (start + below).partition("\n\n")
    shop.write_text(above + "\n".join(line.removeprefix("# ") for line in lines.splitlines()) + "\n\n" + rest)
    assert load(shop, credentials_directory=None).status == StatusSettings("127.0.0.1", 8642, Secret(WORD))


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ([], StatusSettings("127.0.0.1", 8642)),
        (["listen: localhost:1"], StatusSettings("127.0.0.1", 1)),
        (["listen: '[::1]:8642'", "public: true"], StatusSettings("::1", 8642)),
        ([TOKEN], StatusSettings("127.0.0.1", 8642, Secret(WORD))),
        (["listen: 0.0.0.0:8642", "public: true", TOKEN], StatusSettings("0.0.0.0", 8642, Secret(WORD))),
        (["public: true", TOKEN, "listen: 10.0.0.5:80"], StatusSettings("10.0.0.5", 80, Secret(WORD))),
    ],
)
def test_where_the_page_is_and_what_opens_it(edited: Edited, lines: list[str], expected: StatusSettings) -> None:
    assert edited(section(*lines)).status == expected


@pytest.mark.parametrize(
    ("lines", "key", "said"),
    [
        (["listen: 0.0.0.0:8642", "public: true"], "status.token_file", "because other machines reach this page"),
        (["listen: '[::]:8642'", "public: true"], "status.token_file", "found nothing (the key is missing)"),
        (["listen: 0.0.0.0:8642", TOKEN], "status.listen", "only with public: true"),
        (["listen: 127.0.0.1"], "status.listen", "like 127.0.0.1:8643"),
        ([TOKEN + "s"], "status.token_file", "no such file"),
        (["token: abc"], "status.token", "put it in a file"),
        (["public: yes"], "status.public", "true or false"),
        (["port: 8642"], "status.port", "an unknown"),
    ],
)
def test_a_mistake_is_named(problems: Problems, lines: list[str], key: str, said: str) -> None:
    (problem,) = problems(section(*lines))
    assert problem.key == key
    assert said in str(problem)


def test_a_token_that_can_be_guessed_is_refused_and_not_shown(problems: Problems, shop: Path) -> None:
    write_secret(shop.parent / "status-token", "geheim-1234")
    (problem,) = problems(section(TOKEN))
    assert (problem.key, str(problem.expected)) == ("status.token_file", "a token of at least 16 characters")
    assert "geheim" not in str(problem)


def test_a_token_that_everybody_may_read_is_refused(problems: Problems, shop: Path) -> None:
    (shop.parent / "status-token").chmod(0o644)
    (problem,) = problems(section(TOKEN))
    assert "open to everybody" in str(problem.found)


def test_the_page_starts_no_order_over_and_its_token_is_in_no_repr(edited: Edited, shop: Path) -> None:
    before = load(shop, credentials_directory=None).fingerprint()
    settings = edited(section(TOKEN))
    assert settings.fingerprint() == before
    assert WORD not in repr(settings)
