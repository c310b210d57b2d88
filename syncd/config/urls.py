"""Addresses: https, or plain http to this very machine, with nothing in them that is a secret; and where to listen."""

from __future__ import annotations

import ipaddress
import re
from urllib.parse import SplitResult, urlsplit

from syncd.config import values
from syncd.config.tree import Node, Problems
from syncd.core.texts import Text, text
from syncd.errors import Message

_HOST = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?")
_NUMBERS = re.compile(r"[0-9.]+")
_PATH = re.compile(r"[A-Za-z0-9/._~%-]*")
_LAST_PORT = 65535
_EXAMPLE = Text("cfg_url")
_LISTEN = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[^\[\]:\s]+):([0-9]{1,5})")
_LISTEN_EXAMPLE = Text("cfg_listen")
_LOOPBACK = (ipaddress.ip_network("127.0.0.0/8"), ipaddress.ip_network("::1/128"))


def url(problems: Problems, path: str, node: Node) -> str | None:
    """An address without a trailing slash; None after a problem was reported."""
    # Not shown when it is no text: a user:password@ may stand in it.
    value = values.text(problems, path, node, what=_EXAMPLE, private=True)
    if value is None:
        return None
    if fault := _fault(value):
        problems.add(node.line, path, *fault)
        return None
    return value.rstrip("/")


def listen(problems: Problems, path: str, node: Node, *, public: bool) -> tuple[str, int] | None:
    """A numeric address and a port; unless `public`, one that only this machine reaches.

    None after a problem was reported.
    """
    value = values.text(problems, path, node, what=_LISTEN_EXAMPLE)
    if value is None:
        return None
    match = _LISTEN.fullmatch(value)
    host, port = (match[1].strip("[]"), int(match[2])) if match else ("", 0)
    host = "127.0.0.1" if host == "localhost" else host
    if not _address(host) or not 0 < port <= _LAST_PORT:
        problems.add(node.line, path, _LISTEN_EXAMPLE, repr(value[:60]))
        return None
    if not public and not is_loopback(host):
        problems.add(node.line, path, text("cfg_listen_public"), repr(value))
        return None
    return host, port


def _fault(value: str) -> tuple[Message, Message] | None:
    try:
        parts = urlsplit(value)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return _EXAMPLE, text("cfg_url_odd")
    if "@" in parts.netloc:
        return text("cfg_url_plain"), text("cfg_url_user")
    if "?" in value or "#" in value:
        return text("cfg_url_bare"), text("cfg_url_more")
    return _shape_fault(parts, host, port)


def _shape_fault(parts: SplitResult, host: str, port: int | None) -> tuple[Message, Message] | None:
    if parts.scheme not in ("http", "https"):
        return _EXAMPLE, text("cfg_url_no_scheme") if not parts.netloc else f"{parts.scheme}://"
    if not (_address(host) or (_HOST.fullmatch(host) and not _NUMBERS.fullmatch(host))) or port == 0:
        return _EXAMPLE, text("cfg_url_no_host")
    if not _PATH.fullmatch(parts.path):
        return _EXAMPLE, text("cfg_url_odd_path")
    if parts.scheme == "http" and not is_loopback(host):
        return text("cfg_url_https"), f"http://{host}"
    return None


def _address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def is_loopback(host: str) -> bool:
    """Whether a host name or address is this very machine."""
    address = _address(host)
    return host == "localhost" or (address is not None and any(address in network for network in _LOOPBACK))
