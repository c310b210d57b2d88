"""Secrets, read from the files that the config names. No message here ever holds a secret, or what may be one."""

from __future__ import annotations

import re
import stat
from dataclasses import dataclass
from pathlib import Path

from syncd.config.settings import Secret

_LARGEST = 64 * 1024
_WORLD = 0o007


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a secret cannot be used: what was expected and what was found."""

    expected: str
    found: str


def read_secret(name: str, directory: Path, credentials: Path | None) -> Secret | Fault:
    """The secret in the systemd credential `name`, else in the file `name` relative to `directory`."""
    credential = _credential(name, credentials)
    path = credential or directory / name
    shown = str(path) if credential or _may_show(name, path) else f"that name, in {directory}"
    try:
        status = path.stat()
        fault = _file_fault(status.st_mode, status.st_size, shown, is_credential=credential is not None)
        return fault or _parse(path.read_bytes(), shown)
    except (FileNotFoundError, NotADirectoryError):
        return Fault("a file that holds the secret", f"no such file: {shown}")
    except OSError as error:
        return Fault("a file that the service may read", f"{shown}: {error.strerror or type(error).__name__}")


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


def _file_fault(mode: int, size: int, shown: str, *, is_credential: bool) -> Fault | None:
    if not stat.S_ISREG(mode):
        return Fault("a file that holds the secret", f"{shown}: not a regular file")
    # systemd guards its credentials by the directory they are in.
    if mode & _WORLD and not is_credential:
        found = f"{shown} is open to everybody (mode {stat.S_IMODE(mode):04o}); run chmod o-rwx on it"
        return Fault("a file that only the service may read", found)
    if size > _LARGEST:
        return Fault("a file that holds the secret alone", f"{shown}: {size} bytes")
    return None


def _parse(content: bytes, shown: str) -> Secret | Fault:
    try:
        value = content.decode("utf-8-sig").strip()
    except UnicodeDecodeError:
        return Fault("a secret in plain text", f"{shown}: bytes that are no text")
    if not value:
        return Fault("a file that holds the secret", f"{shown}: an empty file")
    if len(value.splitlines()) > 1:
        return Fault("one line that is the secret", f"{shown}: several lines")
    if not (value.isascii() and value.isprintable()) or " " in value:
        return Fault("one line of letters, digits and signs", f"{shown}: spaces or other characters in it")
    return Secret(value)
