"""Telling systemd how the daemon is: the sd_notify datagram, in our own words and in UTF-8."""

from __future__ import annotations

import socket
from collections.abc import Mapping

_SEND_SECONDS = 1.0
_LONGEST = 2000


class Notifier:
    """Sends assignments like READY=1 to the service manager; says nothing and never fails where there is none."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        """Find the socket in $NOTIFY_SOCKET; a leading @ is an abstract one."""
        name = environ.get("NOTIFY_SOCKET", "")
        self._address = "\0" + name[1:] if name.startswith("@") else name

    def tell(self, *assignments: str) -> None:
        """Send all `assignments` in one datagram; each becomes one line."""
        if not self._address:
            return
        text = "\n".join(_one_line(assignment) for assignment in assignments)
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as sock:
                sock.settimeout(_SEND_SECONDS)
                sock.sendto(text.encode("utf-8", "replace"), self._address)
        except (OSError, ValueError):
            # a manager that does not listen must not stop the shop's synchronisation
            return


def _one_line(text: str) -> str:
    # a line break in a status would start an assignment of its own
    return " ".join(text.split())[:_LONGEST]
