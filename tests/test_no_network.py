"""The guard in conftest.py, without which a test could reach a real shop."""

from __future__ import annotations

import socket

import pytest


def test_a_test_that_reaches_for_the_internet_fails_before_a_packet_leaves() -> None:
    with socket.socket() as sock, pytest.raises(AssertionError, match="tests may use loopback only"):
        sock.connect(("192.0.2.1", 443))


def test_not_even_a_name_is_looked_up() -> None:
    with pytest.raises(AssertionError, match=r"apis\.haravan\.com"):
        socket.create_connection(("apis.haravan.com", 443))


def test_loopback_is_open_to_tests() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()[:2]) as client:
        assert client.getpeername() == server.getsockname()
