"""Alerts by e-mail: one SMTP conversation per message, over TLS unless the server is this very machine."""

from __future__ import annotations

import smtplib
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import SMTP as SMTP_POLICY
from email.utils import format_datetime

from syncd.core.messages import Message
from syncd.core.texts import Text, text
from syncd.errors import AuthError, Rejected, SyncdError, Transient

TIMEOUT_SECONDS = 10.0
DEADLINE_SECONDS = 30.0
_READY = 220
_REFUSED = 500
_LONGEST = 160


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where mail is handed in; `tls` is starttls, tls or none, `user` empty where no login is wanted."""

    host: str
    port: int
    tls: str
    user: str = ""
    password: str = field(default="", repr=False)

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"


class MailChannel:
    """One server that takes our mail to some people."""

    name = "email"

    def __init__(
        self,
        server: MailServer,
        sender: str,
        recipients: tuple[str, ...],
        *,
        trust: ssl.SSLContext | None = None,
        timeout_seconds: float = TIMEOUT_SECONDS,
        deadline_seconds: float = DEADLINE_SECONDS,
    ) -> None:
        """Open no connection yet; `trust` replaces the certificates that this machine trusts."""
        self._server, self._sender, self._recipients = server, sender, recipients
        self._trust = trust
        self._timeout, self._deadline = timeout_seconds, deadline_seconds

    def send(self, message: Message) -> Text | None:
        """Deliver one message; a note where it did not reach everybody.

        Raises:
            Transient: The server cannot be reached, has trouble, or says later.
            AuthError: It refused the login.
            Rejected: It refused the message or every recipient.
        """
        mail = letter(message, self._sender, self._recipients)
        try:
            with self._connected() as smtp:
                self._log_in(smtp)
                refused = smtp.send_message(mail, self._sender, list(self._recipients))
        except SyncdError:
            raise
        except (smtplib.SMTPException, OSError) as error:
            raise self._told(error) from None
        return text("mail_some_refused", where=str(self._server), count=len(refused)) if refused else None

    def close(self) -> None:
        """Nothing is held between messages."""

    @contextmanager
    def _connected(self) -> Iterator[smtplib.SMTP]:
        """A greeted server, left at the deadline whatever it does: time-outs are per read, a drip never meets one."""
        smtp = self._open()
        alarm = threading.Timer(self._deadline, _hang_up, [smtp])
        alarm.daemon = True
        alarm.start()
        try:
            code, said = smtp.connect(self._server.host, self._server.port)
            if code != _READY:
                raise smtplib.SMTPConnectError(code, said)
            if self._server.tls == "starttls":
                smtp.ehlo()
                if not smtp.has_extn("starttls"):
                    raise Rejected(text("mail_no_starttls", where=str(self._server)))
                smtp.starttls(context=self._context())
            smtp.ehlo_or_helo_if_needed()
            yield smtp
            with suppress(smtplib.SMTPException, OSError):
                smtp.quit()
        finally:
            alarm.cancel()
            smtp.close()

    def _open(self) -> smtplib.SMTP:
        name = _our_name()
        if self._server.tls == "tls":
            smtp: smtplib.SMTP = smtplib.SMTP_SSL(local_hostname=name, timeout=self._timeout, context=self._context())
        else:
            smtp = smtplib.SMTP(local_hostname=name, timeout=self._timeout)
        # what the library checks the certificate against; it only sets it when it connects in its constructor
        smtp._host = self._server.host  # type: ignore[attr-defined]
        return smtp

    def _context(self) -> ssl.SSLContext:
        return self._trust or ssl.create_default_context()

    def _log_in(self, smtp: smtplib.SMTP) -> None:
        if not self._server.user:
            return
        try:
            smtp.login(self._server.user, self._server.password)
        except smtplib.SMTPAuthenticationError as error:
            if error.smtp_code < _REFUSED:
                raise
            refused = text("mail_login_refused", where=str(self._server), status=error.smtp_code)
            raise AuthError(refused, remote=self.name) from None
        except smtplib.SMTPException as error:
            # the library has no class of its own for a server that offers only ways to log in that it does not know
            if type(error) not in (smtplib.SMTPException, smtplib.SMTPNotSupportedError):
                raise
            raise Rejected(text("mail_no_login", where=str(self._server))) from None

    def _told(self, error: smtplib.SMTPException | OSError) -> SyncdError:
        where = str(self._server)
        if isinstance(error, smtplib.SMTPServerDisconnected) and isinstance(error.__context__, OSError):
            error = error.__context__  # the library tells the cause in words alone
        if isinstance(error, ssl.SSLCertVerificationError):
            return Rejected(text("channel_certificate", where=where, why=error.verify_message))
        if isinstance(error, smtplib.SMTPRecipientsRefused):
            codes = [code for code, _ in error.recipients.values()]
            code = max(codes, default=550)
            return self._by_code(code, f"{len(codes)} x RCPT")
        if isinstance(error, smtplib.SMTPResponseException):
            return self._by_code(error.smtp_code, _one_line(error.smtp_error))
        if isinstance(error, TimeoutError):
            return Transient(text("channel_slow", where=where))
        why = error.strerror if isinstance(error, OSError) and error.strerror else type(error).__name__
        return Transient(text("channel_unreachable", where=where, why=why))

    def _by_code(self, code: int, why: str) -> SyncdError:
        fields: dict[str, str | int] = {"where": str(self._server), "status": code, "why": why}
        if code < _REFUSED:
            return Transient(text("channel_answered", **fields))
        return Rejected(text("channel_refused", **fields), status=code)


def letter(message: Message, sender: str, recipients: tuple[str, ...]) -> EmailMessage:
    """A message as mail: plain text in UTF-8; sent again, it keeps its Message-ID.

    `Auto-Submitted` keeps out-of-office robots from answering (RFC 3834).
    """
    mail = EmailMessage(policy=SMTP_POLICY)
    mail["Subject"] = message.subject
    mail["From"] = sender
    mail["To"] = ", ".join(recipients)
    mail["Date"] = format_datetime(message.at)
    mail["Message-ID"] = f"<{message.id}@{sender.rpartition('@')[2]}>"
    mail["Auto-Submitted"] = "auto-generated"
    # 7 bits, so that no server on the way needs an extension for Vietnamese
    mail.set_content(message.text + "\n", charset="utf-8", cte="base64")
    return mail


def _our_name() -> str:
    """What we call ourselves; the library would ask DNS, which may take long."""
    name = socket.gethostname()
    return name if "." in name and name.isascii() else "[127.0.0.1]"


def _hang_up(smtp: smtplib.SMTP) -> None:
    if smtp.sock is not None:
        with suppress(OSError):
            smtp.sock.shutdown(socket.SHUT_RDWR)


def _one_line(said: bytes | str) -> str:
    words = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    return " ".join(words.split())[:_LONGEST]
