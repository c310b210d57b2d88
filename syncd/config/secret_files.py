"""Secrets, read from the files that the config names. No message here ever holds a secret, or what may be one."""

from __future__ import annotations

import re
import stat
from dataclasses import dataclass
from pathlib import Path

from syncd.config.settings import Secret
from syncd.core.texts import text
from syncd.errors import Message

_LARGEST = 64 * 1024
_WORLD = 0o007


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a secret cannot be used: what was expected and what was found."""

    expected: Message
    found: Message


def read_secret(name: str, directory: Path, credentials: Path | None) -> Secret | Fault:
    """The secret in the systemd credential `name`, else in the file `name` relative to `directory`."""
    credential = _credential(name, credentials)
    path = credential or directory / name
    may_show = credential is not None or _may_show(name, path)
    shown: Message = str(path) if may_show else text("cfg_that_name", directory=str(directory))
    try:
        status = path.stat()
        fault = _file_fault(status.st_mode, status.st_size, shown, is_credential=credential is not None)
        return fault or _parse(path.read_bytes(), shown)
    except (FileNotFoundError, NotADirectoryError):
        return Fault(text("cfg_secret"), text("cfg_secret_missing", path=shown))
    except OSError as error:
        return _fault("cfg_secret_readable", shown, error.strerror or type(error).__name__)


def _credential(name: str, credentials: Path | None) -> Path | None:
    if credentials is None or "/" in name or name in (".", ".."):
        return None
    try:
        return credentials / name if (credentials / name).exists() else None
    except (OSError, ValueError):
        return None


def _may_show(name: str, path: Path) -> bool:
    """Whether a file name is one, rather than the secret itself that somebody pasted in its place."""
    try:
        is_path = path.exists() or ("/" in name and path.parent.is_dir())
    except (OSError, ValueError):
        return False
    return is_path or bool(re.fullmatch(r"[a-z._/-]{1,60}", name))


def _file_fault(mode: int, size: int, shown: Message, *, is_credential: bool) -> Fault | None:
    if not stat.S_ISREG(mode):
        return _fault("cfg_secret", shown, text("cfg_not_regular"))
    # systemd guards its credentials by the directory they are in.
    if mode & _WORLD and not is_credential:
        found = text("cfg_secret_open", path=shown, mode=f"{stat.S_IMODE(mode):04o}")
        return Fault(text("cfg_secret_guarded"), found)
    if size > _LARGEST:
        return _fault("cfg_secret_alone", shown, text("cfg_bytes", count=size))
    return None


def _fault(expected: str, shown: Message, what: Message) -> Fault:
    return Fault(text(expected), text("cfg_secret_found", path=shown, what=what))


def _parse(content: bytes, shown: Message) -> Secret | Fault:
    try:
        value = content.decode("utf-8-sig").strip()
    except UnicodeDecodeError:
        return _fault("cfg_secret_plain", shown, text("cfg_no_text"))
    if not value:
        return _fault("cfg_secret", shown, text("cfg_empty_file"))
    if len(value.splitlines()) > 1:
        return _fault("cfg_secret_line", shown, text("cfg_several_lines"))
    if not (value.isascii() and value.isprintable()) or " " in value:
        return _fault("cfg_secret_signs", shown, text("cfg_secret_spaces"))
    return Secret(value)
