"""YAML in, frozen settings out, or every problem at once."""

from __future__ import annotations

from pathlib import Path

from syncd.config.schema import Schema
from syncd.config.settings import (
    AlertSettings,
    HaravanSettings,
    HookSettings,
    KiotVietSettings,
    MailSettings,
    OrderSettings,
    PollSettings,
    ProductSettings,
    Secret,
    Settings,
    StatusSettings,
    StockLink,
    StockSettings,
    TelegramSettings,
    WebhookSettings,
)
from syncd.config.tree import Problems, parse
from syncd.config.values import is_nothing
from syncd.errors import ConfigError

__all__ = [
    "SCHEMA",
    "AlertSettings",
    "HaravanSettings",
    "HookSettings",
    "KiotVietSettings",
    "MailSettings",
    "OrderSettings",
    "PollSettings",
    "ProductSettings",
    "Secret",
    "Settings",
    "StatusSettings",
    "StockLink",
    "StockSettings",
    "TelegramSettings",
    "WebhookSettings",
    "load",
]

SCHEMA = Path(__file__).with_name("syncd.schema.json")
"""The same keys and rules as JSON Schema, for editors."""

_LARGEST = 1024 * 1024


def load(path: Path, *, credentials_directory: Path | None, secrets: bool = True) -> Settings:
    """The checked settings in the file at `path`.

    Secrets come from `credentials_directory` (systemd's $CREDENTIALS_DIRECTORY) where a credential has the name that
    the file gives, else from files relative to the config file; without `secrets` they are empty and no such file is
    read.

    Raises:
        ConfigError: With all problems that were found, not just the first.
    """
    problems = Problems(str(path))
    text = _read(path, problems)
    root = None if text is None else parse(text, problems)
    if root is None or is_nothing(root):
        return _refuse(problems, empty=text is not None)
    settings = Schema(path.absolute(), problems, credentials_directory, secrets=secrets).settings(root)
    if found := problems.sorted():
        raise ConfigError(found)
    return settings


def _refuse(problems: Problems, *, empty: bool) -> Settings:
    if empty and not problems.sorted():
        problems.add(1, "", "a shop's settings (see config.example.yaml)", "an empty file")
    raise ConfigError(problems.sorted())


def _read(path: Path, problems: Problems) -> str | None:
    try:
        if path.exists() and not path.is_file():
            problems.add(None, "", "a file", "a directory" if path.is_dir() else "something that is no file")
            return None
        content = path.read_bytes()
        if len(content) > _LARGEST:
            problems.add(None, "", "a config file", f"{len(content)} bytes")
            return None
        return content.decode("utf-8-sig")
    except FileNotFoundError:
        problems.add(None, "", "a config file (see config.example.yaml)", "no such file")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        problems.add(line, "", "text in UTF-8", f"the byte 0x{error.object[error.start]:02x}")
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else None
        problems.add(None, "", "a readable file", reason or "a name that is not usable")
    return None
