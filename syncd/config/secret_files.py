"""Secrets, read from the files that the config names. No message here ever holds a secret, or what may be one."""

from __future__ import annotations

import re
import stat
from pathlib import Path

from syncd.config.settings import Secret

_LARGEST = 64 * 1024
_WORLD = 0o007


class SecretFault(Exception):
    """A secret cannot be used: what was expected and what was found."""

    def __init__(self, expected: str, found: str) -> None:
        """Keep both halves of a problem."""
        self.expected = expected
        self.found = found
        super().__init__(f"{expected}; {found}")


def read_secret(name: str, directory: Path, credentials: Path | None) -> Secret:
    """The secret in the systemd credential `name`, else in the file `name` relative to `directory`.

    Raises:
        SecretFault: It is missing, not a readable file, open to everybody, or holds no single line.
    """
    credential = _credential(name, credentials)
    path = credential or directory / name
    shown = str(path) if credential or _may_show(name, path) else f"that name, in {directory}"
    try:
        status = path.stat()
        _check_file(status.st_mode, status.st_size, shown, is_credential=credential is not None)
        return _parse(path.read_bytes(), shown)
    except (FileNotFoundError, NotADirectoryError) as error:
        raise SecretFault("a file that holds the secret", f"no such file: {shown}") from error
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else "not a usable name"
        raise SecretFault("a file that the service may read", f"{shown}: {reason}") from error


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


def _check_file(mode: int, size: int, shown: str, *, is_credential: bool) -> None:
    if not stat.S_ISREG(mode):
        raise SecretFault("a file that holds the secret", f"{shown}: not a regular file")
    # systemd guards its credentials by the directory they are in.
    if mode & _WORLD and not is_credential:
        found = f"{shown} is open to everybody (mode {stat.S_IMODE(mode):04o}); run chmod o-rwx on it"
        raise SecretFault("a file that only the service may read", found)
    if size > _LARGEST:
        raise SecretFault("a file that holds the secret alone", f"{shown}: {size} bytes")


def _parse(content: bytes, shown: str) -> Secret:
    try:
        value = content.decode("utf-8-sig").strip()
    except UnicodeDecodeError as error:
        raise SecretFault("a secret in plain text", f"{shown}: bytes that are no text") from error
    if not value:
        raise SecretFault("a file that holds the secret", f"{shown}: an empty file")
    if len(value.splitlines()) > 1:
        raise SecretFault("one line that is the secret", f"{shown}: several lines")
    if not (value.isascii() and value.isprintable()) or " " in value:
        raise SecretFault("one line of letters, digits and signs", f"{shown}: spaces or other characters in it")
    return Secret(value)
