"""The catalogue desk: locations, products, variants."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from syncd.sandbox.haravan.floor import Floor, Refusal, action
from syncd.sandbox.haravan.state import ZERO, Location, Product, Variant


class CatalogueDesk(Floor):
    """What the shop sells, and where it keeps it."""

    @action
    def add_location(self, name: str, *, kind: str = "default", unavailable: bool = False, **address: Any) -> int:
        """Open a location and give its id; the first one is the primary one."""
        location_id = self.memory.next_id("location")
        primary = not self.memory.locations
        location = Location(location_id, name, primary, kind, self.now(), dict(address), unavailable)
        self.memory.locations[location_id] = location
        return location_id

    @action
    def change_location(self, location_id: int, **changes: Any) -> None:
        """Change a location's `name`, `kind` or `unavailable`.

        Raises:
            ValueError: It has nothing of that name to change.
        """
        location = self.memory.locations[location_id]
        if unknown := changes.keys() - {"name", "kind", "unavailable"}:
            raise ValueError(f"a location has no {', '.join(sorted(unknown))} to change")
        for name, value in changes.items():
            setattr(location, name, value)

    @action
    def add_product(self, title: str, variants: Iterable[Mapping[str, Any]] | None = None, **details: Any) -> list[int]:
        """Put a product on the page and give its variants' ids, in order.

        A variant may say `sku`, `barcode`, `price`, `compare_at_price`, `grams`, `tracked`, `policy`, `title`,
        `option1` to `option3`, `units` (packs: `unit`, `sku`, `barcode`, `ratio`, `price`) and `lot_support`.
        """
        now = self.now()
        product = Product(self.memory.next_id("product"), title, now, now, [], published_at=now, **details)
        rows = list(variants or [{}])
        for row in rows:
            self._check_sku(row.get("sku"), None)
        self.memory.products[product.id] = product
        return [self.new_variant(product, row).id for row in rows]

    @action
    def change_variant(self, variant_id: int, **changes: Any) -> None:
        """Edit fields of a variant, such as `sku`, `barcode`, `price` or `tracked`."""
        variant = self.find_variant(variant_id)
        if "sku" in changes:
            self._check_sku(changes["sku"], variant_id)
        for name, value in changes.items():
            if name not in Variant.__dataclass_fields__:
                raise Refusal(422, f"a variant has no {name}")
            setattr(variant, name, Decimal(str(value)) if name in ("price", "compare_at_price", "grams") else value)
        variant.updated_at = self.memory.products[variant.product_id].updated_at = self.now()

    @action
    def delete_variant(self, variant_id: int) -> None:
        """Take a variant off the page, with its stock rows."""
        variant = self.find_variant(variant_id)
        del self.memory.variants[variant_id]
        product = self.memory.products[variant.product_id]
        product.variants.remove(variant)
        product.updated_at = self.now()
        for place in [place for place in self.memory.levels if place[0] == variant_id]:
            del self.memory.levels[place]

    @action
    def delete_product(self, product_id: int) -> None:
        """Take a product off the page."""
        for variant in list(self.find_product(product_id).variants):
            self.delete_variant(variant.id)
        del self.memory.products[product_id]

    def find_product(self, product_id: int) -> Product:
        """One product; `Refusal` 404 when there is none such."""
        if product_id not in self.memory.products:
            raise Refusal(404, f"there is no product {product_id}")
        return self.memory.products[product_id]

    def new_variant(self, product: Product, row: Mapping[str, Any]) -> Variant:
        """Add a variant to a product."""
        self._check_sku(row.get("sku"), None)
        options = (row.get("option1") or "Default Title", row.get("option2"), row.get("option3"))
        now = self.now()
        variant = Variant(
            id=self.memory.next_id("variant"),
            product_id=product.id,
            sku=row.get("sku"),
            barcode=row.get("barcode"),
            title=row.get("title") or " / ".join(option for option in options if option),
            price=_money(row.get("price")),
            compare_at_price=_money(row.get("compare_at_price")),
            grams=_money(row.get("grams")),
            created_at=now,
            updated_at=now,
            tracked=bool(row.get("tracked", True)),
            policy=row.get("policy", "deny"),
            position=len(product.variants) + 1,
            options=options,
            units=[dict(unit) for unit in row.get("units", ())],
            lot_support=row.get("lot_support"),
        )
        product.variants.append(variant)
        product.updated_at = now
        self.memory.variants[variant.id] = variant
        return variant

    def _check_sku(self, sku: str | None, own_id: int | None) -> None:
        if self.switches.duplicate_skus == "accepted" or not sku:
            return
        for variant in self.memory.variants.values():
            if variant.sku == sku and variant.id != own_id:
                raise Refusal(422, f"SKU {sku} đã tồn tại")


def _money(value: object) -> Decimal:
    return ZERO if value in (None, "") else Decimal(str(value))
