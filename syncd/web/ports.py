"""Taking a port, with a sentence for the admin where that is not possible."""

from __future__ import annotations

import errno
import socket

from syncd.errors import Unusable

_BACKLOG = 128
_ADVICE = {
    errno.EADDRINUSE: "another program listens there: choose another port, or stop it",
    errno.EADDRNOTAVAIL: "this machine has no such address",
    errno.EACCES: "ports below 1024 are for root: choose a higher one",
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
        advice = _ADVICE.get(error.errno or 0, error.strerror or "it cannot be had")
        raise Unusable(f"{key}: cannot listen at {shown(host, port)}: {advice}") from error


def shown(host: str, port: int) -> str:
    """An address as people write it."""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
