"""Real SMTP servers on loopback: one that takes mail, with or without TLS and logins, and crude ones that misbehave."""

from __future__ import annotations

import socket
import ssl
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

USER, PASSWORD = "syncd@shop.vn", "mat-khau-SMTP"


@dataclass
class Postbox:
    """An aiosmtpd handler that keeps what comes; `refuse` answers for an address, `at_data` for the whole message."""

    mails: list[EmailMessage] = field(default_factory=list)
    envelopes: list[Envelope] = field(default_factory=list)
    refuse: dict[str, str] = field(default_factory=dict)
    at_data: str = ""

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address in self.refuse:
            return self.refuse[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if self.at_data:
            return self.at_data
        content = envelope.content or b""
        raw = content.encode() if isinstance(content, str) else content
        mail = message_from_bytes(raw, policy=policy.default)
        assert isinstance(mail, EmailMessage)
        self.mails.append(mail)
        self.envelopes.append(envelope)
        return "250 OK"


def _authenticate(server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
    good = isinstance(data, LoginPassword) and (data.login, data.password) == (USER.encode(), PASSWORD.encode())
    return AuthResult(success=good, handled=False)


@contextmanager
def mail_server(
    box: Postbox, *, starttls: ssl.SSLContext | None = None, tls: ssl.SSLContext | None = None, login: bool = False
) -> Iterator[int]:
    """A server on a free port of 127.0.0.1: its port."""
    controller = Controller(
        box,
        hostname="127.0.0.1",
        port=0,
        ready_timeout=30,
        ssl_context=tls,
        tls_context=starttls,
        require_starttls=starttls is not None,
        authenticator=_authenticate if login else None,
        auth_required=login,
        auth_require_tls=False,
        auth_exclude_mechanism=[] if login else ["LOGIN", "PLAIN"],
    )
    with _free_port() as port:
        controller.port = port
    controller.start()
    try:
        yield port
    finally:
        controller.stop()


@contextmanager
def _free_port() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        yield int(free.getsockname()[1])


@contextmanager
def crude_server(greeting: bytes = b"", *, drip: bool = False) -> Iterator[int]:
    """A port that accepts, says `greeting` (slowly, byte by byte and for ever, with `drip`), then nothing more."""
    over = threading.Event()
    server = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        with suppress(OSError):
            while not over.is_set():
                connection, _ = server.accept()
                with connection, suppress(OSError):
                    connection.sendall(greeting)
                    while drip and not over.wait(0.02):
                        connection.sendall(b"2")
                    over.wait()

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield int(server.getsockname()[1])
    finally:
        over.set()
        server.shutdown(socket.SHUT_RDWR)
        server.close()
        thread.join(10)


def certificate(folder: Path) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """A self-signed certificate of localhost: what the server shows, and what trusts it."""
    key, shown = folder / "key.pem", folder / "cert.pem"
    command = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=localhost"
    subject = ["-addext", "subjectAltName=DNS:localhost"]
    subprocess.run(
        [*command.split(), *subject, "-keyout", key, "-out", shown], check=True, capture_output=True, timeout=60
    )
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(shown, key)
    return server, ssl.create_default_context(cafile=str(shown))
