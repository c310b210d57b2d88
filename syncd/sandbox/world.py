"""Both simulated remotes together: one clock, one journal, one set of faults, and shops to start from."""

from __future__ import annotations

from typing import Self

from syncd.clock import Clock
from syncd.sandbox.haravan import HaravanShop, HaravanSwitches
from syncd.sandbox.kernel import Faults, Gate, Journal, Shop
from syncd.sandbox.kiotviet import KiotVietShop, KiotVietSwitches
from syncd.sandbox.switches import parse_switch, positions_of

OPENING_STOCK = 20

GOODS = (
    ("AO-01", "Áo sơ mi nam trắng", 290_000),
    ("AO-02", "Áo thun cổ tròn", 150_000),
    ("AO-03", "Áo khoác gió", 450_000),
    ("QUAN-01", "Quần jean xanh", 420_000),
    ("QUAN-02", "Quần kaki be", 360_000),
    ("VAY-01", "Váy quây dài", 520_000),
    ("DAM-01", "Đầm babydoll", 480_000),
    ("NON-01", "Nón lưỡi trai", 120_000),
    ("GIAY-01", "Giày vải trắng", 390_000),
    ("DEP-01", "Dép quai ngang", 99_000),
    ("TUI-01", "Túi tote vải bố", 135_000),
    ("KHAN-01", "Khăn choàng len", 175_000),
)
"""SKU, name and price in đồng of the small shop's twelve products."""


class Sandbox:
    """A Haravan shop and a KiotViet shop that belong to the same people.

    `haravan_gate` and `kiotviet_gate` are what clients talk to; `haravan` and `kiotviet` are what people do.
    `locations` and `branches` are ids in the order they were opened, `variants` and `products` ids by SKU.
    """

    def __init__(self, clock: Clock, *, latency_seconds: float = 0.0, **switches: str) -> None:
        """Open two empty shops.

        Args:
            clock: The time of both.
            latency_seconds: How long each call takes on that clock.
            switches: Positions, as in `haravan_filter_clock="utc"`.

        Raises:
            ValueError: There is no such switch or position.
        """
        self.clock = clock
        self.journal = Journal()
        self.faults = Faults()
        self.haravan = HaravanShop(clock, HaravanSwitches())
        self.kiotviet = KiotVietShop(clock, KiotVietSwitches())
        self.haravan_gate = self._gate(self.haravan, "haravan", latency_seconds)
        self.kiotviet_gate = self._gate(self.kiotviet, "kiotviet", latency_seconds)
        self.locations: list[int] = []
        self.branches: list[int] = []
        self.variants: dict[str, int] = {}
        self.products: dict[str, int] = {}
        self.turn(**switches)

    @classmethod
    def small_shop(cls, clock: Clock, *, latency_seconds: float = 0.0, **switches: str) -> Self:
        """One location, one branch, twelve linked products with the same stock on both sides."""
        sandbox = cls(clock, latency_seconds=latency_seconds, **switches)
        sandbox.open_pair("Cửa hàng Quận 1")
        for sku, name, price in GOODS:
            sandbox.add_linked(sku, name, price)
        return sandbox

    @classmethod
    def two_branch_shop(cls, clock: Clock, *, latency_seconds: float = 0.0, **switches: str) -> Self:
        """The small shop with a second location and branch that hold as much again."""
        sandbox = cls(clock, latency_seconds=latency_seconds, **switches)
        sandbox.open_pair("Cửa hàng Quận 1")
        sandbox.open_pair("Cửa hàng Hà Nội")
        for sku, name, price in GOODS:
            sandbox.add_linked(sku, name, price)
        return sandbox

    def open_pair(self, name: str) -> tuple[int, int]:
        """Open a Haravan location and a KiotViet branch of one name; gives both ids."""
        pair = (self.haravan.add_location(name), self.kiotviet.add_branch(name))
        self.locations.append(pair[0])
        self.branches.append(pair[1])
        return pair

    def add_linked(self, sku: str, name: str, price: int, stock: int = OPENING_STOCK) -> tuple[int, int]:
        """One product on both sides under one code, with stock everywhere; gives variant id and KiotViet id."""
        (variant_id,) = self.haravan.add_product(name, [{"sku": sku, "barcode": sku, "price": price}])
        for location_id in self.locations:
            self.haravan.set_stock(variant_id, location_id, stock)
        stocks = dict.fromkeys(self.branches, stock)
        product_id = self.kiotviet.add_product(sku, name, price, barcode=sku, stock=stocks)
        self.variants[sku], self.products[sku] = variant_id, product_id
        return variant_id, product_id

    def fill(self, count: int) -> None:
        """Add so many more linked products, to make the catalogue big."""
        first = len(self.variants) + 1
        for position in range(first, first + count):
            self.add_linked(f"HANG-{position:05d}", f"Hàng số {position}", 10_000 + 1_000 * (position % 90))

    def shop(self, remote: str) -> Shop:
        """One of the two shops by name; `ValueError` for any other name."""
        if remote not in ("haravan", "kiotviet"):
            raise ValueError(f"there is no shop {remote!r}; known: haravan, kiotviet")
        return self.haravan if remote == "haravan" else self.kiotviet

    def gate(self, remote: str) -> Gate:
        """What clients of one shop talk to; `ValueError` for an unknown name."""
        self.shop(remote)
        return self.haravan_gate if remote == "haravan" else self.kiotviet_gate

    def turn(self, *texts: str, **switches: str) -> None:
        """Put switches into other positions while the shops run.

        Args:
            texts: As in "haravan.filter_clock=utc".
            switches: As in `haravan_filter_clock="utc"`, or with the dotted name through `**`.

        Raises:
            ValueError: There is no such switch or position; then none is turned.
        """
        turns = [parse_switch(text) for text in texts]
        turns += [parse_switch(f"{_dotted(key)}={value}") for key, value in switches.items()]
        for remote in ("haravan", "kiotviet"):
            shop = self.shop(remote)
            shop.switches = shop.switches.turned(**positions_of(remote, turns))

    def positions(self) -> dict[str, str]:
        """Every switch's full name and position."""
        return {
            f"{remote}.{name}": position
            for remote in ("haravan", "kiotviet")
            for name, position in self.shop(remote).switches.positions().items()
        }

    def settle(self) -> None:
        """Apply the late requests whose time has come, without waiting for a later call."""
        self.haravan_gate.settle()
        self.kiotviet_gate.settle()

    def _gate(self, shop: Shop, remote: str, latency_seconds: float) -> Gate:
        return Gate(
            shop,
            remote,
            clock=self.clock,
            journal=self.journal,
            faults=self.faults,
            latency_seconds=latency_seconds,
        )


def _dotted(key: str) -> str:
    return key if "." in key else key.replace("_", ".", 1)
