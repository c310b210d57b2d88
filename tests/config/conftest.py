"""A shop's config as an admin would have it: the shipped example with its two secret files beside it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from syncd.config import Settings, load
from syncd.core.problems import Problem
from syncd.errors import ConfigError
from tests.config.editor import EXAMPLE, complaints

__all__ = ["EXAMPLE", "SECRET", "TOKEN", "write_secret"]

TOKEN = "9f8e7d6c5b4a39281706f5e4d3c2b1a0"
SECRET = "0A1B2C3D4E5F60718293A4B5C6D7E8F9"


def write_secret(path: Path, value: str, mode: int = 0o600) -> None:
    path.write_text(value + "\n")
    path.chmod(mode)


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """The path of a config that loads."""
    write_secret(tmp_path / "haravan-token", TOKEN)
    write_secret(tmp_path / "kiotviet-secret", SECRET)
    path = tmp_path / "shop.yaml"
    path.write_bytes(EXAMPLE.read_bytes())
    return path


@pytest.fixture
def edited(shop: Path) -> Callable[..., Settings]:
    """Load the example after replacing pieces of its text, each of which must be there."""

    def load_edited(*replacements: tuple[str, str]) -> Settings:
        text = shop.read_text()
        for old, new in replacements:
            assert old in text, old
            text = text.replace(old, new, 1)
        shop.write_text(text)
        settings = load(shop, credentials_directory=None)
        assert complaints(text) == [], "what loads must not be underlined in an editor"
        return settings

    return load_edited


@pytest.fixture
def problems(edited: Callable[..., Settings]) -> Callable[..., tuple[Problem, ...]]:
    """The problems of the example after replacing pieces of its text."""

    def problems_of(*replacements: tuple[str, str]) -> tuple[Problem, ...]:
        with pytest.raises(ConfigError) as refused:
            edited(*replacements)
        return refused.value.problems

    return problems_of
