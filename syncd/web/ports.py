"""Taking a port, with a sentence for the admin where that is not possible."""

from __future__ import annotations

import errno
import socket

from syncd.core.texts import text
from syncd.errors import Message, Unusable

_BACKLOG = 128
_ADVICE = {
    errno.EADDRINUSE: "port_in_use",
    errno.EADDRNOTAVAIL: "port_no_address",
    errno.EACCES: "port_for_root",
}


def take(host: str, port: int, key: str) -> socket.socket:
    """A socket that listens at a numeric address; port 0 takes a free one. `key` is where the config names it.

    Raises:
        Unusable: The port cannot be had.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=_BACKLOG)
    except OSError as error:
        raise Unusable(text("port_not_taken", key=key, address=shown(host, port), why=_why(error))) from error


def _why(error: OSError) -> Message:
    key = _ADVICE.get(error.errno or 0)
    return text(key) if key else error.strerror or text("port_cannot_be_had")


def shown(host: str, port: int) -> str:
    """An address as people write it."""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
