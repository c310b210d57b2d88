"""The same event on each of the places where people read logs."""

from __future__ import annotations

import io
import json
import logging
import os
import pty
import socket
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import structlog
from logging_journald import JournaldTransport

from syncd.core.problems import Problem
from syncd.errors import ConfigError, Transient
from syncd.logs import configure, context, get_logger, processors
from syncd.logs.sinks import JournalSink, StreamSink, journal_fields


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()
    structlog.contextvars.clear_contextvars()


@pytest.fixture
def lines() -> io.StringIO:
    stream = io.StringIO()
    configure(stream=stream, environ={})
    return stream


def events(stream: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_a_line_is_json_with_time_level_event_and_fields_in_this_order(lines: io.StringIO) -> None:
    get_logger(shop="my-shop").info("order_created", order="100020", haravan_id=1084, note="gọi 0912345678")
    assert list(events(lines)[0])[:3] == ["at", "level", "event"]
    assert events(lines)[0] == {
        "at": events(lines)[0]["at"],
        "level": "info",
        "event": "order_created",
        "shop": "my-shop",
        "order": "100020",
        "haravan_id": 1084,
        "note": "***",
    }


def test_vietnamese_stays_readable(lines: io.StringIO) -> None:
    get_logger().warning("order_held", reason="Đơn hàng 100020: thiếu mã")
    assert "Đơn hàng 100020: thiếu mã" in lines.getvalue()


def test_debug_is_said_only_when_asked_for(lines: io.StringIO) -> None:
    get_logger().debug("page_read")
    assert lines.getvalue() == ""
    configure(stream=lines, environ={}, verbose=True)
    get_logger().debug("page_read")
    assert [event["event"] for event in events(lines)] == ["page_read"]


def test_a_logger_made_before_the_set_up_follows_it() -> None:
    early = get_logger()
    stream = io.StringIO()
    configure(stream=stream, environ={})
    early.info("daemon_started")
    assert events(stream)[0]["event"] == "daemon_started"


def test_bound_context_is_on_every_event_inside_and_on_none_after(lines: io.StringIO) -> None:
    with context(shop="my-shop", cycle="orders"):
        get_logger().info("cycle_started")
    get_logger().info("daemon_stopped")
    assert [event.get("cycle") for event in events(lines)] == ["orders", None]


def test_an_expected_failure_is_one_line_with_its_cause_and_no_traceback(lines: io.StringIO) -> None:
    try:
        try:
            raise OSError("refused")
        except OSError as error:
            raise Transient("KiotViet could not be reached") from error
    except Transient:
        get_logger().exception("cycle_failed")
    assert events(lines)[0]["error"] == "Transient: KiotViet could not be reached (from OSError: refused)"
    assert "exception" not in events(lines)[0]
    assert events(lines)[0]["level"] == "error"


def test_many_problems_are_still_one_line(lines: io.StringIO) -> None:
    problem = Problem("a.yaml", 1, "shop", "a", "b")
    get_logger().error("config_refused", exc_info=ConfigError([problem, problem]))
    assert len(lines.getvalue().splitlines()) == 1
    assert events(lines)[0]["error"].count("a.yaml:1: shop") == 2


def test_a_bug_shows_its_traceback_without_telling_secrets(lines: io.StringIO) -> None:
    try:
        raise KeyError("0912345678")
    except KeyError:
        get_logger().exception("cycle_crashed")
    assert "Traceback" in events(lines)[0]["exception"]
    assert __file__ in events(lines)[0]["exception"]
    assert "raise KeyError" in events(lines)[0]["exception"]
    assert "KeyError: '***'" in events(lines)[0]["exception"]


def test_libraries_speak_through_the_same_chain_and_only_from_warning_on(lines: io.StringIO) -> None:
    logging.getLogger("httpx").info("HTTP Request: GET https://a.vn/?access_token=abc")
    logging.getLogger("apscheduler.executors.default").error("Job %s raised 0912345678", "orders")
    assert [(event["logger"], event["message"], event["level"]) for event in events(lines)] == [
        ("apscheduler.executors.default", "Job orders raised ***", "error")
    ]


def test_setting_up_twice_does_not_say_things_twice(lines: io.StringIO) -> None:
    configure(stream=lines, environ={})
    logging.getLogger("uvicorn").error("oops")
    assert len(events(lines)) == 1


def test_a_stream_that_is_gone_does_not_stop_the_work(lines: io.StringIO) -> None:
    lines.close()
    get_logger().info("order_created")


def test_other_tests_can_ask_what_was_said() -> None:
    with structlog.testing.capture_logs(processors=processors()) as said:
        get_logger().info("order_created", order="100020", phone="0912345678")
    assert said[0]["event"] == "order_created"
    assert (said[0]["order"], said[0]["phone"]) == ("100020", "***")


def test_a_terminal_gets_words_and_colours_not_json() -> None:
    leader, follower = pty.openpty()
    with os.fdopen(follower, "w") as terminal:
        configure(stream=terminal, environ={})
        get_logger().info("order_created", order="100020")
        shown = os.read(leader, 4096).decode()
    os.close(leader)
    assert "order_created" in shown
    assert "\x1b[" in shown
    assert "{" not in shown


def stream_id(file: Any) -> str:
    status = os.fstat(file.fileno())
    return f"{status.st_dev}:{status.st_ino}"


@pytest.fixture
def journald(monkeypatch: pytest.MonkeyPatch) -> Iterator[socket.socket]:
    """A socket that stands where journald's is."""
    with (
        tempfile.TemporaryDirectory(dir="/tmp") as directory,
        socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as server,
    ):
        server.bind(f"{directory}/socket")
        server.settimeout(10)
        monkeypatch.setattr(JournaldTransport, "SOCKET_PATH", Path(directory) / "socket")
        yield server


def test_under_systemd_an_event_has_fields_of_its_own_in_the_journal(journald: socket.socket, tmp_path: Path) -> None:
    with (tmp_path / "stderr").open("w+") as stderr:
        configure(stream=stderr, environ={"JOURNAL_STREAM": stream_id(stderr)})
        get_logger(shop="my-shop").warning(
            "order_held",
            order="100020",
            sku="AO-01",
            code="unknown_sku",
            detail="unknown_sku: AO-01",
            phone="0912345678",
        )
        datagram = journald.recv(65536).decode()
        assert stderr.tell() == 0
    fields = dict(line.split("=", 1) for line in datagram.splitlines())
    assert fields["MESSAGE"] == "Order 100020: held: unknown_sku: AO-01"
    assert (fields["PRIORITY"], fields["SYSLOG_IDENTIFIER"]) == ("4", "syncd")
    assert fields["SYNCD_EVENT"] == "order_held"
    assert (fields["SYNCD_ORDER"], fields["SYNCD_SKU"], fields["SYNCD_SHOP"]) == ("100020", "AO-01", "my-shop")


def test_without_a_journal_socket_the_stream_gets_json_with_priorities(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(JournaldTransport, "SOCKET_PATH", tmp_path / "none")
    with (tmp_path / "stderr").open("w+") as stderr:
        configure(stream=stderr, environ={"JOURNAL_STREAM": stream_id(stderr)})
        get_logger().error("cycle_failed")
        line = (tmp_path / "stderr").read_text()
    assert line.startswith("<3>{")
    assert json.loads(line[3:])["event"] == "cycle_failed"


def test_a_journal_that_goes_away_later_loses_no_line(journald: socket.socket) -> None:
    stream = io.StringIO()
    sink = JournalSink(JournaldTransport(connected=False), StreamSink(stream))
    journald.close()
    JournaldTransport.SOCKET_PATH.unlink()
    sink.error({"event": "cycle_failed", "level": "error"})
    assert stream.getvalue() == '<3>{"level": "error", "event": "cycle_failed"}\n'


@pytest.mark.parametrize("journal_stream", ["", "1:2", "nonsense"])
def test_a_redirected_stream_is_not_taken_for_the_journal(tmp_path: Path, journal_stream: str) -> None:
    with (tmp_path / "file").open("w+") as file:
        configure(stream=file, environ={"JOURNAL_STREAM": journal_stream})
        get_logger().info("order_created")
    assert (tmp_path / "file").read_text().startswith("{")


def test_journal_fields_have_names_and_values_that_journald_takes() -> None:
    fields = journal_fields({"event": "x", "level": "info", "bad key-é": [1, "ữ"], "none": None, "k" * 99: 1.5})
    assert fields["SYNCD_BAD_KEY__"] == '[1, "ữ"]'
    assert "SYNCD_NONE" not in fields
    assert all(len(name) <= 64 for name in fields)


def test_a_traceback_is_part_of_the_message_in_the_journal() -> None:
    fields = journal_fields({"event": "cycle_crashed", "level": "error", "exception": "Traceback\n  line"})
    assert fields["MESSAGE"] == "cycle_crashed\nTraceback\n  line"
