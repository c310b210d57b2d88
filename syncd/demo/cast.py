"""Who buys and what is sold today: chosen by a seed, so that every day differs and each can be played again."""

from __future__ import annotations

import random
from dataclasses import dataclass

from syncd.sandbox.world import GOODS

_FAMILIES = ("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Vũ", "Đặng", "Bùi")
_GIVEN = (
    "Thị Lan",
    "Văn Minh",
    "Thu Hà",
    "Quốc Bảo",
    "Ngọc Mai",
    "Đức Anh",
    "Thanh Tâm",
    "Hải Yến",
    "Gia Huy",
    "Bảo Châu",
)
_STREETS = ("Lê Lợi", "Hai Bà Trưng", "Nguyễn Trãi", "Trần Hưng Đạo", "Lý Thường Kiệt")
_BUYERS = 7


@dataclass(frozen=True, slots=True)
class Buyer:
    """A made-up person who orders on the web."""

    name: str
    phone: str
    street: str

    @property
    def customer(self) -> dict[str, str]:
        """The person as a Haravan customer."""
        family, given = self.name.split(" ", 1)
        return {"first_name": given, "last_name": family, "phone": self.phone}

    @property
    def address(self) -> dict[str, str]:
        """Where the person lives."""
        return {"address1": self.street, "ward": "Phường Mẫu", "district": "Quận 1", "province": "Hồ Chí Minh"}


@dataclass(frozen=True, slots=True)
class Goods:
    """A product of the shop."""

    sku: str
    name: str
    price: int

    def __str__(self) -> str:
        return f"{self.name} ({self.sku})"


@dataclass(frozen=True, slots=True)
class Cast:
    """The people and products of one day.

    `goods` are all products of the shop in the order in which the story takes them; `shipping_vnd` and `discount_vnd`
    are what the first buyer pays for shipping and saves.
    """

    buyers: tuple[Buyer, ...]
    goods: tuple[Goods, ...]
    shipping_vnd: int
    discount_vnd: int


def choose_cast(seed: int) -> Cast:
    """The same seed gives the same cast."""
    chance = random.Random(seed)
    names = chance.sample([f"{family} {given}" for family in _FAMILIES for given in _GIVEN], _BUYERS)
    return Cast(
        buyers=tuple(Buyer(name, _phone(chance), _street(chance)) for name in names),
        goods=tuple(Goods(*row) for row in chance.sample(GOODS, len(GOODS))),
        shipping_vnd=chance.choice((20_000, 25_000, 30_000, 35_000)),
        discount_vnd=chance.choice((10_000, 15_000, 20_000, 50_000)),
    )


def _phone(chance: random.Random) -> str:
    return f"090{chance.randrange(10**7):07d}"


def _street(chance: random.Random) -> str:
    return f"{chance.randrange(1, 200)} {chance.choice(_STREETS)}"
