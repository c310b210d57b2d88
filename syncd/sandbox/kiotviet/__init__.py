"""KiotViet's public API as a plain object with a shop behind it."""

from syncd.sandbox.kiotviet.shop import KiotVietShop
from syncd.sandbox.kiotviet.switches import KiotVietSwitches

__all__ = ["KiotVietShop", "KiotVietSwitches"]
