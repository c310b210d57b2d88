"""What the daemon leaves for people to read is in the shop's language, and its last words in that of the caller."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from syncd import daemon
from syncd.core.problems import Problem
from syncd.core.texts import speaker, text
from syncd.errors import ConfigError, Transient, Unusable
from tests.daemon.kit import Manager, Tower, manager

BAD = ConfigError([Problem("config.yaml", 7, "shop", text("cfg_shop"), text("cfg_nothing"))])


@pytest.fixture
def systemd(tmp_path: Path) -> Iterator[Manager]:
    with manager(str(tmp_path / "notify")) as listening:
        yield listening


@pytest.fixture
def tower(tmp_path: Path, systemd: Manager) -> Iterator[Tower]:
    """The daemon of a Vietnamese shop, both of whose cycles fail."""
    made = Tower(tmp_path, environ=systemd.environ)
    made.settings = replace(made.settings, language="vi")
    made.orders.fail(Transient(text("kiotviet_told_to_wait")))
    made.stock.fail(RuntimeError("a bug"))
    made.supervisor.open()
    made.supervisor._timetable.start()
    yield made
    made.supervisor._shut_down()


def test_a_vietnamese_shop_reads_in_vietnamese_why_its_cycles_failed(tower: Tower, systemd: Manager) -> None:
    tower.until(lambda: tower.orders.runs and tower.stock.runs and tower.idle())
    tower.supervisor.tick()
    orders, stock = (tower.store.cycle(name).last_error for name in ("orders", "stock"))
    assert orders == "KiotViet yêu cầu chờ; syncd sẽ tự chạy tiếp"
    assert stock == "lỗi không mong đợi RuntimeError; nhật ký có ghi chi tiết"
    status = [line for line in systemd.lines if line.startswith("STATUS=")][-1]
    assert status.startswith("STATUS=shopmau: đơn hàng LỖI lúc 2026-11-23 02:00:00Z: KiotViet yêu cầu chờ")
    assert "; tồn kho LỖI lúc " in status


def test_a_config_that_is_refused_later_is_told_in_the_language_of_the_old_one(tower: Tower, systemd: Manager) -> None:
    tower.refusal = BAD
    tower.flags.ask_reload()
    tower.until(lambda: any("giữ cấu hình cũ" in line for line in systemd.lines))
    assert "STATUS=đang đọc lại cấu hình" in systemd.lines
    assert "STATUS=giữ cấu hình cũ: config.yaml:7: shop: cần tên cửa hàng, nhưng thấy không có gì" in systemd.lines


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (BAD, "config.yaml:7: shop: cần tên cửa hàng, nhưng thấy không có gì\n"),
        (Unusable(text("store_locked", path="syncd.db")), "syncd: syncd.db: đang bị chương trình khác khoá"),
    ],
)
def test_a_daemon_that_cannot_start_says_so_in_the_language_of_whoever_starts_it(
    error: ConfigError | Unusable, words: str, tmp_path: Path, systemd: Manager, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse() -> None:
        raise error

    code = daemon.run(tmp_path / "config.yaml", refuse, environ=systemd.environ, say=speaker("vi"))  # type: ignore[arg-type]
    assert code == 2
    assert capsys.readouterr().err.startswith(words)
    assert systemd.lines[-1].startswith(f"STATUS={error.said('vi')}")
