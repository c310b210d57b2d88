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
from syncd.core.texts import text
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
    content = _read(path, problems)
    root = None if content is None else parse(content, problems)
    if root is None or is_nothing(root):
        return _refuse(problems, empty=content is not None)
    settings = Schema(path.absolute(), problems, credentials_directory, secrets=secrets).settings(root)
    if found := problems.sorted():
        raise ConfigError(found)
    return settings


def _refuse(problems: Problems, *, empty: bool) -> Settings:
    if empty and not problems.sorted():
        problems.add(1, "", text("cfg_settings"), text("cfg_empty_file"))
    raise ConfigError(problems.sorted())


def _read(path: Path, problems: Problems) -> str | None:
    try:
        if path.exists() and not path.is_file():
            found = text("cfg_directory") if path.is_dir() else text("cfg_no_file")
            problems.add(None, "", text("cfg_file"), found)
            return None
        content = path.read_bytes()
        if len(content) > _LARGEST:
            problems.add(None, "", text("cfg_config_file"), text("cfg_bytes", count=len(content)))
            return None
        return content.decode("utf-8-sig")
    except FileNotFoundError:
        problems.add(None, "", text("cfg_config_file_example"), text("cfg_no_such_file"))
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        byte = f"0x{error.object[error.start]:02x}"
        problems.add(line, "", text("cfg_utf8"), text("cfg_byte", byte=byte))
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else None
        problems.add(None, "", text("cfg_readable_file"), reason or text("cfg_name_unusable"))
    return None
