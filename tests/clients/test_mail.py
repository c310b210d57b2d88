"""Alerts by e-mail, against real SMTP servers on loopback."""

from __future__ import annotations

import ssl
from datetime import UTC, datetime

import pytest

from syncd.clients.mail import MailChannel, MailServer, letter
from syncd.core.messages import Message
from syncd.errors import AuthError, Rejected, SyncdError, Transient
from tests.clients.mail_servers import PASSWORD, USER, Postbox, certificate, crude_server, mail_server

# the simulated server takes logins without TLS where a test wants it so
pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")

AT = datetime(2026, 11, 26, 3, 0, tzinfo=UTC)
MESSAGE = Message(
    "0123456789abcdef", "concerns", "shopmau", AT, "[shopmau] 2 việc cần người xử lý", "CẢNH BÁO: bị giữ\n→ Xem lại"
)
TO = ("owner@shop.vn", "kho@shop.vn")


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    return certificate(tmp_path_factory.mktemp("certificate"))


def channel(port: int, tls: str = "none", *, login: str = "", host: str = "127.0.0.1", **more: object) -> MailChannel:
    server = MailServer(host, port, tls, USER if login else "", login)
    return MailChannel(server, "syncd@shop.vn", TO, **more)  # type: ignore[arg-type]


def refusal(port: int, tls: str = "none", **more: object) -> SyncdError:
    with pytest.raises(SyncdError) as refused:
        channel(port, tls, **more).send(MESSAGE)  # type: ignore[arg-type]
    error = refused.value
    assert PASSWORD not in repr(error) + str(error) + str(error.__cause__)
    assert error.__cause__ is None
    assert error.said("vi") != error.said("en")
    return error


def test_a_message_arrives_as_plain_vietnamese_text() -> None:
    box = Postbox()
    with mail_server(box) as port:
        assert channel(port).send(MESSAGE) is None
    (mail,), (envelope,) = box.mails, box.envelopes
    assert mail["Subject"] == MESSAGE.subject
    assert mail.get_content().replace("\r\n", "\n").strip() == MESSAGE.text
    assert mail.get_content_type() == "text/plain"
    assert (mail["From"], mail["To"]) == ("syncd@shop.vn", "owner@shop.vn, kho@shop.vn")
    assert mail["Message-ID"] == "<0123456789abcdef@shop.vn>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Date"].datetime == AT
    assert envelope.rcpt_tos == list(TO)
    assert bytes(letter(MESSAGE, "syncd@shop.vn", TO)).isascii(), "no server needs an extension for it"


def test_a_subject_cannot_smuggle_a_header() -> None:
    hostile = Message("1", "concerns", "s", AT, "a\r\nBcc: x@y.vn", "t")
    with pytest.raises(ValueError, match="linefeed"):
        letter(hostile, "syncd@shop.vn", TO)


@pytest.mark.parametrize("tls", ["starttls", "tls"])
def test_encryption_and_login(keys: tuple[ssl.SSLContext, ssl.SSLContext], tls: str) -> None:
    shown, trust = keys
    box = Postbox()
    server = (
        mail_server(box, starttls=shown, login=True) if tls == "starttls" else mail_server(box, tls=shown, login=True)
    )
    with server as port:
        channel(port, tls, login=PASSWORD, host="localhost", trust=trust).send(MESSAGE)
        error = refusal(port, tls, login="falsch", host="localhost", trust=trust)
        assert isinstance(error, AuthError)
        assert "535" in str(error)
        assert "password_file" in str(error)
    assert len(box.mails) == 1


@pytest.mark.parametrize("tls", ["starttls", "tls"])
def test_a_certificate_that_nobody_vouches_for_gets_no_mail(
    keys: tuple[ssl.SSLContext, ssl.SSLContext], tls: str
) -> None:
    shown, _ = keys
    box = Postbox()
    with mail_server(box, starttls=shown) if tls == "starttls" else mail_server(box, tls=shown) as port:
        error = refusal(port, tls, login=PASSWORD, host="localhost")
        assert "certificate" in str(error)
    assert box.mails == []


def test_a_certificate_for_another_name_gets_no_mail(
    keys: tuple[ssl.SSLContext, ssl.SSLContext],
) -> None:
    shown, trust = keys
    box = Postbox()
    with mail_server(box, starttls=shown) as port:
        assert "certificate" in str(refusal(port, "starttls", host="127.0.0.1", trust=trust))
    assert box.mails == []


def test_a_server_without_starttls_gets_neither_mail_nor_password() -> None:
    box = Postbox()
    with mail_server(box) as port:
        assert "STARTTLS" in str(refusal(port, "starttls", login=PASSWORD))
    assert box.mails == []


def test_a_server_that_takes_no_login_says_so() -> None:
    with mail_server(Postbox()) as port:
        assert "takes no login" in str(refusal(port, login=PASSWORD))


@pytest.mark.parametrize(
    ("box", "kind", "said"),
    [
        (Postbox(refuse=dict.fromkeys(TO, "550 no such user")), Rejected, "550"),
        (Postbox(refuse=dict.fromkeys(TO, "450 greylisted")), Transient, "450"),
        (Postbox(at_data="554 spam"), Rejected, "554 spam"),
        (Postbox(at_data="451 try later"), Transient, "451 try later"),
    ],
)
def test_what_a_server_refuses_is_told_in_its_words(box: Postbox, kind: type[SyncdError], said: str) -> None:
    with mail_server(box) as port:
        error = refusal(port)
    assert type(error) is kind
    assert said in str(error)


def test_one_bad_recipient_does_not_keep_it_from_the_others() -> None:
    box = Postbox(refuse={TO[0]: "550 no such user"})
    with mail_server(box) as port:
        note = channel(port).send(MESSAGE)
    assert note is not None
    assert "refused 1 of the recipients" in str(note)
    assert [envelope.rcpt_tos for envelope in box.envelopes] == [[TO[1]]]


def test_a_server_that_is_down_is_tried_again_later() -> None:
    with mail_server(Postbox()) as port:
        pass
    error = refusal(port)
    assert isinstance(error, Transient)
    assert f"127.0.0.1:{port} cannot be reached (Connection refused)" in str(error)


def test_a_server_that_says_nothing_is_left_in_time() -> None:
    with crude_server() as port:
        error = refusal(port, timeout_seconds=0.2)
    assert isinstance(error, Transient)
    assert "did not answer in time" in str(error)


def test_a_server_that_drips_for_ever_is_left_in_time() -> None:
    with crude_server(drip=True) as port:
        assert isinstance(refusal(port, deadline_seconds=0.3), Transient)


def test_a_port_that_is_no_mail_server_is_told() -> None:
    with crude_server(b"HTTP/1.1 400 Bad Request\r\n") as port:
        assert isinstance(refusal(port, timeout_seconds=1), (Transient, Rejected))
    with crude_server(b"554 go away\r\n") as port:
        error = refusal(port, timeout_seconds=1)
        assert isinstance(error, Rejected)
        assert "554 go away" in str(error)
