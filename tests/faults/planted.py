"""The ten faults: how each is planted and mended, and which words must be read of it on every surface."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections import namedtuple
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import NoReturn
from unittest.mock import patch

from peewee import OperationalError, SqliteDatabase

from tests.faults.house import House

Deed = Callable[[House], object]
_SECONDS = 60
_TOKEN = "token-moi-0123456789abcdef"


@dataclass(frozen=True)
class Words:
    """Parts of what must be read, in any case: what names the cause, and what names the remedy."""

    cause: tuple[str, ...]
    remedy: tuple[str, ...]


@dataclass(frozen=True)
class Planted:
    """One fault.

    `kinds` are the concerns that must come of it, all of which must go when it is mended. `terminal` gives what a
    person sees there, `on_terminal` what must be read there where it is not `words`. `early`: it is there before the
    daemon starts. `leap`: so many minutes later it may be noticed. `at_real_time`: another process looks at the clock.
    """

    plant: Deed
    mend: Deed
    kinds: frozenset[str]
    words: Mapping[str, Words]
    terminal: Callable[[House], str]
    early: bool = False
    leap: float = 0
    at_real_time: bool = False
    on_terminal: Mapping[str, Words] | None = None

    def expected(self, surface: str, language: str) -> tuple[str, ...]:
        """Every word that must be read on a surface; one that a program writes which was refused has its own."""
        is_its_own = surface in ("terminal", "alert of a refused start")
        by_language = self.on_terminal if is_its_own and self.on_terminal else self.words
        return by_language[language].cause + by_language[language].remedy


def _command(*arguments: str) -> Callable[[House], str]:
    return lambda house: house.terminal(*arguments)


def _write(house: House, name: str, secret: str) -> None:
    (house.folder / name).write_text(secret + "\n", encoding="utf-8")


def _right_secret(house: House) -> None:
    _write(house, "kiotviet-secret", house.world.kiotviet.client_secret)


def _lacks_scope(house: House) -> None:
    """The permission is only missed by the write that a sale over the counter calls for."""
    house.world.haravan.deny("com.write_inventories")
    house.world.kiotviet.counter_sale(house.world.branches[0], [(house.world.products["AO-01"], 2)])


def _rename(name: str) -> Deed:
    return lambda house: house.world.kiotviet.rename_branch(house.world.branches[0], name)


def _duplicate(house: House) -> None:
    house.world.haravan.add_product("Áo khác", [{"sku": "AO-MOI", "barcode": "AO-01", "price": 1}])


def _own_barcode(house: House) -> None:
    index = house.station._shop.catalogue.known()
    assert index is not None
    (variant,) = index.ambiguous - {house.world.variants["AO-01"]}
    house.world.haravan.change_variant(variant, barcode="AO-MOI")


def _refuse_orders(house: House) -> None:
    house.world.kiotviet.setting("SellAllowOrder", False)
    house.world.haravan.place_order([(house.world.variants["AO-01"], 1)])


def _take_orders(house: House) -> None:
    """Switch the feature on and say what the remedy of the held order says."""
    house.world.kiotviet.setting("SellAllowOrder", True)
    house.terminal("retry", "#100001")


def _new_token(house: House) -> None:
    house.world.haravan.restore_token(_TOKEN)
    _write(house, "haravan-token", _TOKEN)


def _fill_disk(house: House) -> None:
    """No disk is filled: the machine says that it has no room, and SQLite what it says on a full tmpfs (measured)."""
    usage = namedtuple("usage", "total used free")
    for patched in (
        patch.object(shutil, "disk_usage", lambda _: usage(10**9, 10**9, 4096)),
        patch.object(SqliteDatabase, "connect", _no_room),
    ):
        house.undo.enter_context(patched)


def _no_room(*_: object, **__: object) -> NoReturn:
    raise OperationalError("disk I/O error")


def _second_daemon(house: House) -> None:
    house.said_by_second = subprocess.run(
        [sys.executable, "-m", "syncd", "run", "-c", str(house.config)],
        capture_output=True,
        text=True,
        timeout=_SECONDS,
        check=False,
    ).stderr


TEN: dict[str, Planted] = {
    "wrong_secret": Planted(
        plant=lambda house: _write(house, "kiotviet-secret", "khong-phai-ma-bao-mat"),
        mend=_right_secret,
        kinds=frozenset({"credentials_refused"}),
        words={
            "vi": Words(
                ("KiotViet không chấp nhận thông tin kết nối",),
                ("Mã bảo mật", "client_secret_file", "systemctl restart syncd"),
            ),
            "en": Words(
                ("KiotViet does not accept our credentials",),
                ("Mã bảo mật", "client_secret_file", "systemctl restart syncd"),
            ),
        },
        terminal=_command("check", "-q"),
        early=True,
    ),
    "missing_scope": Planted(
        plant=_lacks_scope,
        mend=lambda house: house.world.haravan.grant("com.write_inventories"),
        kinds=frozenset({"credentials_refused"}),
        words={
            "vi": Words(
                ("Haravan", "token thiếu quyền com.write_inventories"), ("Ứng dụng riêng", "đánh dấu quyền", "rồi lưu")
            ),
            "en": Words(
                ("Haravan", "the token lacks the permission com.write_inventories"),
                ("private apps", "tick", "and save"),
            ),
        },
        terminal=_command("status"),
    ),
    "renamed_branch": Planted(
        plant=_rename("Kho Thủ Đức"),
        mend=_rename("Cửa hàng Quận 1"),
        kinds=frozenset({"task"}),
        words={
            "vi": Words(("Cửa hàng Quận 1", "Kho Thủ Đức", "nay tên là"), ("syncd done", "orders.branch_id")),
            "en": Words(("Cửa hàng Quận 1", "Kho Thủ Đức", "is now called"), ("syncd done", "orders.branch_id")),
        },
        terminal=_command("status"),
        leap=60,
    ),
    "duplicate_barcode": Planted(
        plant=_duplicate,
        mend=_own_barcode,
        kinds=frozenset({"duplicate_codes"}),
        words={
            "vi": Words(("trùng mã", "AO-01", "AO-MOI"), ("mã vạch", "syncd products")),
            "en": Words(("share a code", "AO-01", "AO-MOI"), ("barcode", "syncd products")),
        },
        terminal=_command("check", "-q"),
        leap=60,
    ),
    "orders_off": Planted(
        plant=_refuse_orders,
        mend=_take_orders,
        kinds=frozenset({"order_feature_off", "held"}),
        words={
            "vi": Words(("Cho phép đặt hàng", "tắt"), ("Thiết lập cửa hàng > Giao dịch", "bật")),
            "en": Words(("Cho phép đặt hàng", "is off"), ("Thiết lập cửa hàng > Giao dịch", "switch")),
        },
        terminal=_command("check", "-q"),
    ),
    "expired_token": Planted(
        plant=lambda house: house.world.haravan.revoke_token(),
        mend=_new_token,
        kinds=frozenset({"credentials_refused"}),
        words={
            "vi": Words(
                ("Haravan không chấp nhận thông tin kết nối",),
                ("Ứng dụng riêng", "haravan.token_file", "systemctl restart syncd"),
            ),
            "en": Words(
                ("Haravan does not accept our credentials",),
                ("private apps", "haravan.token_file", "systemctl restart syncd"),
            ),
        },
        terminal=_command("check", "-q"),
    ),
    "blocked_network": Planted(
        plant=lambda house: house.block(),
        mend=lambda house: house.unblock(),
        kinds=frozenset({"no_good_cycle"}),
        words={
            "vi": Words(
                ("Haravan", "KiotViet", "127.0.0.1:"), ("tường lửa", "443", "kết nối được tới 127.0.0.1:", "curl -I")
            ),
            "en": Words(("Haravan", "KiotViet", "127.0.0.1:"), ("firewall", "443", "must reach 127.0.0.1:", "curl -I")),
        },
        terminal=_command("status"),
    ),
    "disk_full": Planted(
        plant=_fill_disk,
        mend=lambda house: house.undo.close(),
        kinds=frozenset({"disk_low", "store_unwritable"}),
        words={
            "vi": Words(("còn trống dưới 20 MB", "syncd.db"), ("Giải phóng ổ đĩa", "journalctl --vacuum-size")),
            "en": Words(("less than 20 MB are free", "syncd.db"), ("Free space", "journalctl --vacuum-size")),
        },
        on_terminal={
            "vi": Words(("đĩa đã đầy", "syncd.db"), ("giải phóng dung lượng",)),
            "en": Words(("the disk is full", "syncd.db"), ("free space",)),
        },
        terminal=_command("status"),
    ),
    "second_daemon": Planted(
        plant=_second_daemon,
        mend=lambda house: house.sleep(60),
        kinds=frozenset({"second_daemon"}),
        words={
            "vi": Words(("một syncd thứ hai", "syncd.db", "đã bị từ chối"), ("systemctl list-units", "tắt đi")),
            "en": Words(("a second syncd", "syncd.db", "was refused"), ("systemctl list-units", "switch it off")),
        },
        on_terminal={
            "vi": Words(
                ("một syncd khác đang dùng cơ sở dữ liệu này", f"pid {os.getpid()}"), ("systemctl stop syncd",)
            ),
            "en": Words(("another syncd is using this database", f"pid {os.getpid()}"), ("systemctl stop syncd",)),
        },
        terminal=lambda house: house.said_by_second,
        at_real_time=True,
    ),
    "clock_off": Planted(
        plant=lambda house: house.clock.step(3600),
        mend=lambda house: house.clock.step(-3600),
        kinds=frozenset({"clock_off"}),
        words={
            "vi": Words(("đồng hồ máy này chạy nhanh hơn", "60 phút"), ("timedatectl set-ntp true",)),
            "en": Words(("clock is 60 min ahead", "Haravan"), ("timedatectl set-ntp true",)),
        },
        terminal=_command("check", "-q"),
    ),
}
"""Every fault by the name under which people ask for it."""
