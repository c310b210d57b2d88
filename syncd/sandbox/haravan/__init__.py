"""A simulated Haravan shop: `HaravanShop`."""

from syncd.sandbox.haravan.shop import HaravanShop
from syncd.sandbox.haravan.switches import HaravanSwitches

__all__ = ["HaravanShop", "HaravanSwitches"]
