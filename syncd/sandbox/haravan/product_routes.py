"""The endpoints of products and variants."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from operator import attrgetter
from typing import Any

from syncd.sandbox.haravan.catalogue import CatalogueDesk
from syncd.sandbox.haravan.catalogue_payload import product_payload, variant_payload
from syncd.sandbox.haravan.floor import Refusal
from syncd.sandbox.haravan.lists import Stamps, number, numbers, page_cap, page_of, trimmed, within
from syncd.sandbox.haravan.people import split_tags
from syncd.sandbox.haravan.routing import Routes, body_of, sent
from syncd.sandbox.haravan.state import Product, Variant
from syncd.sandbox.http import Request, Response

ROUTES: Routes[CatalogueDesk] = Routes()

READ, WRITE = "com.read_products", "com.write_products"

_STAMPS: Stamps[Product] = {
    "created_at": attrgetter("created_at"),
    "updated_at": attrgetter("updated_at"),
    "published_at": lambda product: product.published_at or product.created_at,
}
_VARIANT_FIELDS = ("sku", "barcode", "price", "compare_at_price", "grams", "title")


@ROUTES.on("GET", "/products", READ, listing=True)
def list_products(shop: CatalogueDesk, request: Request, _: tuple[int, ...]) -> Response:
    """One page of products by rising id, variants included."""
    page = page_of(_chosen(shop, request), request, page_cap(shop.switches))
    return Response.of_json({"products": [trimmed(_product(shop, product), request) for product in page]})


@ROUTES.on("GET", "/products/count", READ)
def count_products(shop: CatalogueDesk, request: Request, _: tuple[int, ...]) -> Response:
    """How many products pass the filters."""
    return Response.of_json({"count": sum(1 for _ in _chosen(shop, request))})


@ROUTES.on("GET", "/products/{}", READ)
def get_product(shop: CatalogueDesk, request: Request, ids: tuple[int, ...]) -> Response:
    """One product."""
    return Response.of_json({"product": trimmed(_product(shop, shop.find_product(ids[0])), request)})


@ROUTES.on("POST", "/products", WRITE)
def create_product(shop: CatalogueDesk, request: Request, _: tuple[int, ...]) -> Response:
    """A new product; without variants it gets the default one."""
    body = sent(request, "product")
    if not body.get("title"):
        raise Refusal(422, "title: Tiêu đề không được để trống")
    details = {key: body[key] for key in ("vendor", "product_type", "body_html") if body.get(key)}
    options = tuple(row["name"] for row in body.get("options") or ()) or ("Title",)
    rows = [_variant_row(row) for row in body.get("variants") or [{}]]
    made = shop.add_product(body["title"], rows, option_names=options, tags=split_tags(body.get("tags")), **details)
    product = shop.find_product(shop.find_variant(made[0]).product_id)
    return Response.of_json({"product": _product(shop, product)}, 201)


@ROUTES.on("PUT", "/products/{}", WRITE)
def update_product(shop: CatalogueDesk, request: Request, ids: tuple[int, ...]) -> Response:
    """Title, vendor, type, text, tags, and variants named by id."""
    product, body = shop.find_product(ids[0]), sent(request, "product")
    for name in ("title", "vendor", "product_type", "body_html"):
        if name in body:
            setattr(product, name, body[name])
    if "tags" in body:
        product.tags = split_tags(body["tags"])
    for row in body.get("variants") or ():
        if row.get("id"):
            shop.change_variant(int(row["id"]), **_variant_changes(row))
    product.updated_at = shop.now()
    return Response.of_json({"product": _product(shop, product)})


@ROUTES.on("DELETE", "/products/{}", WRITE)
def delete_product(shop: CatalogueDesk, request: Request, ids: tuple[int, ...]) -> Response:
    """Gone; the answer is an empty list."""
    shop.delete_product(ids[0])
    return Response.of_json([])


@ROUTES.on("POST", "/products/{}/tags", WRITE)
def add_product_tags(shop: CatalogueDesk, request: Request, ids: tuple[int, ...]) -> Response:
    """Tags merged into those of the product."""
    product = shop.find_product(ids[0])
    product.tags = list(dict.fromkeys([*product.tags, *split_tags(body_of(request).get("tags"))]))
    return Response.of_json({"tags": ",".join(product.tags)})


@ROUTES.on("DELETE", "/products/{}/tags", WRITE)
def remove_product_tags(shop: CatalogueDesk, request: Request, ids: tuple[int, ...]) -> Response:
    """Tags taken off the product."""
    product, gone = shop.find_product(ids[0]), set(split_tags(body_of(request).get("tags")))
    product.tags = [tag for tag in product.tags if tag not in gone]
    return Response.of_json({"tags": ",".join(product.tags)})


@ROUTES.on("GET", "/products/{}/variants", READ)
def list_variants(shop: CatalogueDesk, request: Request, ids: tuple[int, ...]) -> Response:
    """The variants of a product."""
    page = page_of(shop.find_product(ids[0]).variants, request, page_cap(shop.switches))
    return Response.of_json({"variants": [trimmed(_variant(shop, variant), request) for variant in page]})


@ROUTES.on("GET", "/products/{}/variants/count", READ)
def count_variants(shop: CatalogueDesk, request: Request, ids: tuple[int, ...]) -> Response:
    """How many variants a product has."""
    return Response.of_json({"count": len(shop.find_product(ids[0]).variants)})


@ROUTES.on("POST", "/products/{}/variants", WRITE)
def create_variant(shop: CatalogueDesk, request: Request, ids: tuple[int, ...]) -> Response:
    """One more variant."""
    variant = shop.new_variant(shop.find_product(ids[0]), _variant_row(sent(request, "variant")))
    return Response.of_json({"variant": _variant(shop, variant)}, 201)


@ROUTES.on("DELETE", "/products/{}/variants/{}", WRITE)
def delete_variant(shop: CatalogueDesk, request: Request, ids: tuple[int, ...]) -> Response:
    """Gone; the answer is an empty list."""
    if shop.find_variant(ids[1]).product_id != ids[0]:
        raise Refusal(404, f"product {ids[0]} has no variant {ids[1]}")
    shop.delete_variant(ids[1])
    return Response.of_json([])


@ROUTES.on("GET", "/variants/{}", READ)
def get_variant(shop: CatalogueDesk, request: Request, ids: tuple[int, ...]) -> Response:
    """One variant."""
    return Response.of_json({"variant": trimmed(_variant(shop, shop.find_variant(ids[0])), request)})


@ROUTES.on("PUT", "/variants/{}", WRITE)
def update_variant(shop: CatalogueDesk, request: Request, ids: tuple[int, ...]) -> Response:
    """A variant's codes, price, tracking."""
    shop.change_variant(ids[0], **_variant_changes(sent(request, "variant")))
    return Response.of_json({"variant": _variant(shop, shop.find_variant(ids[0]))})


def _chosen(shop: CatalogueDesk, request: Request) -> Iterator[Product]:
    wanted = set(numbers(request, "ids"))
    clock = shop.switches.filter_clock
    for product in _after(shop, number(request, "since_id", 0)):
        if wanted and product.id not in wanted:
            continue
        if _passes(product, request) and within(product, request, _STAMPS, clock):
            yield product


def _after(shop: CatalogueDesk, since_id: int) -> Iterator[Product]:
    """Ids only ever rise, so the dictionary is sorted."""
    ids = list(shop.memory.products)
    return (shop.memory.products[product_id] for product_id in ids[bisect_right(ids, since_id) :])


def _passes(product: Product, request: Request) -> bool:
    for name in ("vendor", "product_type"):
        wanted = request.param(name)
        if wanted and getattr(product, name) != wanted:
            return False
    for name in ("sku", "barcode"):
        wanted = request.param(name)
        if wanted and all(getattr(variant, name) != wanted for variant in product.variants):
            return False
    return True


def _product(shop: CatalogueDesk, product: Product) -> dict[str, Any]:
    return product_payload(product, shop.memory, shop.switches)


def _variant(shop: CatalogueDesk, variant: Variant) -> dict[str, Any]:
    return variant_payload(variant, shop.memory, shop.switches)


def _variant_row(row: dict[str, Any]) -> dict[str, Any]:
    """An API-made variant is tracked only when it says so."""
    tracked = row.get("inventory_management") == "haravan"
    return {**row, "tracked": tracked, "units": row.get("variant_units") or ()}


def _variant_changes(row: dict[str, Any]) -> dict[str, Any]:
    changes = {name: row[name] for name in _VARIANT_FIELDS if name in row}
    if "inventory_management" in row:
        changes["tracked"] = row["inventory_management"] == "haravan"
    if "inventory_policy" in row:
        changes["policy"] = row["inventory_policy"]
    return changes
