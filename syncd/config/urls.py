"""Addresses: https, or plain http to this very machine, with nothing in them that is a secret; and where to listen."""

from __future__ import annotations

import ipaddress
import re
from urllib.parse import SplitResult, urlsplit

from syncd.config.tree import Node, Problems
from syncd.config.values import text

_HOST = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?")
_NUMBERS = re.compile(r"[0-9.]+")
_PATH = re.compile(r"[A-Za-z0-9/._~%-]*")
_LAST_PORT = 65535
_EXAMPLE = "an address like https://apis.example.com"
_LISTEN = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[^\[\]:\s]+):([0-9]{1,5})")
_LISTEN_EXAMPLE = "an address and port of this machine like 127.0.0.1:8643"
_LOOPBACK = (ipaddress.ip_network("127.0.0.0/8"), ipaddress.ip_network("::1/128"))


def url(problems: Problems, path: str, node: Node) -> str | None:
    """An address without a trailing slash; None after a problem was reported."""
    # Not shown when it is no text: a user:password@ may stand in it.
    value = text(problems, path, node, what=_EXAMPLE, private=True)
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
    value = text(problems, path, node, what=_LISTEN_EXAMPLE)
    if value is None:
        return None
    match = _LISTEN.fullmatch(value)
    host, port = (match[1].strip("[]"), int(match[2])) if match else ("", 0)
    host = "127.0.0.1" if host == "localhost" else host
    if not _address(host) or not 0 < port <= _LAST_PORT:
        problems.add(node.line, path, _LISTEN_EXAMPLE, repr(value[:60]))
        return None
    if not public and not is_loopback(host):
        expected = f"{_LISTEN_EXAMPLE} (one that other machines reach only with public: true)"
        problems.add(node.line, path, expected, repr(value))
        return None
    return host, port


def _fault(value: str) -> tuple[str, str] | None:
    try:
        parts = urlsplit(value)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return _EXAMPLE, "something that is no address"
    if "@" in parts.netloc:
        return "an address without user and password", "an @ (credentials belong into a secret file)"
    if "?" in value or "#" in value:
        return "an address without ? and #", "more than scheme, host and path"
    return _shape_fault(parts, host, port)


def _shape_fault(parts: SplitResult, host: str, port: int | None) -> tuple[str, str] | None:
    if parts.scheme not in ("http", "https"):
        return _EXAMPLE, "no https:// in front" if not parts.netloc else f"{parts.scheme}://"
    if not (_address(host) or (_HOST.fullmatch(host) and not _NUMBERS.fullmatch(host))) or port == 0:
        return _EXAMPLE, "no usable host name or port"
    if not _PATH.fullmatch(parts.path):
        return _EXAMPLE, "spaces or other unusual characters in its path"
    if parts.scheme == "http" and not is_loopback(host):
        return "https:// (plain http:// only to this machine, 127.0.0.1 or localhost)", f"http://{host}"
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
