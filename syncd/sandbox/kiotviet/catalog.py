"""The /products and /productOnHands endpoints."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal

from syncd.sandbox.http import Request, Response
from syncd.sandbox.kiotviet import ledger, refusals
from syncd.sandbox.kiotviet.answers import DELETED, numbered, written
from syncd.sandbox.kiotviet.books import Books
from syncd.sandbox.kiotviet.lists import Listing, flag, page, wanted_ids
from syncd.sandbox.kiotviet.records import ZERO, Product
from syncd.sandbox.kiotviet.refusals import Refused
from syncd.sandbox.kiotviet.wire import Body, Payload, local_text, without_nulls

SAVED = "Thông tin hàng hóa được cập nhật thành công"
NO_LIMIT = 999999999


def list_products(books: Books, request: Request, _: tuple[str, ...]) -> Response:
    """GET /products."""
    inventory, material = flag(request, "includeInventory"), flag(request, "includeMaterial")
    inventory = inventory or flag(request, "includeQuantity")
    branches = wanted_ids(books, request, "branchIds")

    def present(product: Product) -> Payload:
        return product_payload(books, product, inventory=inventory, material=material, branches=branches)

    listing = Listing[Product](present, removed=("product", "removeId"))
    return page(books, request, _chosen(books, request), listing)


def get_product(books: Books, _: Request, names: tuple[str, ...]) -> Response:
    """GET /products/{id}."""
    return Response.of_json(product_payload(books, books.product(numbered(names)), material=True))


def get_product_by_code(books: Books, _: Request, names: tuple[str, ...]) -> Response:
    """GET /products/code/{code}."""
    return Response.of_json(product_payload(books, books.product_called(names[0]), material=True))


def list_on_hands(books: Books, request: Request, _: tuple[str, ...]) -> Response:
    """GET /productOnHands; `modifiedDate` moves with transfers and returns, never with sales (observed)."""
    branches = wanted_ids(books, request, "branchIds")

    def present(product: Product) -> Payload:
        return _on_hand_payload(books, product, branches)

    def stamp(product: Product) -> datetime | None:
        return product.stock_modified_at

    return page(books, request, books.products.values(), Listing[Product](present, stamp=stamp))


def post_product(books: Books, request: Request, _: tuple[str, ...]) -> Response:
    """POST /products."""
    body = Body.of(request)
    code = body.text("code") or books.next_code("SP")
    product = file_product(books, code, body.text("name") or "", body.number("basePrice") or ZERO)
    _read_product(books, product, body)
    return written(books, product_payload(books, product), SAVED, wrapped=False)


def put_product(books: Books, request: Request, names: tuple[str, ...]) -> Response:
    """PUT /products/{id}: what was sent is changed, the rest stays."""
    product, body = books.product(numbered(names)), Body.of(request)
    if body.has("code"):
        recode(books, product, body.text("code") or "")
    product.name = body.text("name") or product.name
    _read_product(books, product, body)
    books.touch(product)
    return written(books, product_payload(books, product), SAVED, wrapped=False)


def delete_product(books: Books, _: Request, names: tuple[str, ...]) -> Response:
    """DELETE /products/{id}."""
    drop(books, books.product(numbered(names)))
    return Response.of_json({"message": DELETED})


def file_product(books: Books, code: str, name: str, price: Decimal) -> Product:
    """A new product.

    Raises:
        Refused: The name is missing or the code is taken.
    """
    if not name.strip():
        raise Refused("Tên hàng hóa không được để trống", refusals.PRODUCT)
    product = Product(id=books.next_id("product"), code="", created_at=books.now(), name=name, price=price)
    recode(books, product, code)
    books.products[product.id] = product
    return product


def recode(books: Books, product: Product, code: str) -> None:
    """Give a product a code of its own.

    Raises:
        Refused: The code is taken.
    """
    if books.product_ids.get(code.strip().lower(), product.id) != product.id:
        raise Refused(f"Mã hàng {code} đã tồn tại", refusals.PRODUCT)
    books.product_ids.pop(product.code.strip().lower(), None)
    product.code = code
    books.product_ids[code.strip().lower()] = product.id


def drop(books: Books, product: Product) -> None:
    """Delete a product; documents keep its id."""
    del books.products[product.id]
    books.product_ids.pop(product.code.strip().lower(), None)
    books.remove("product", product)


def product_payload(
    books: Books, product: Product, *, inventory: bool = True, material: bool = False, branches: set[int] | None = None
) -> Payload:
    """A product as read; inventories and materials where they are asked for."""
    category = books.entries["category"].get(product.category_id or 0)
    payload = {
        "createdDate": local_text(product.created_at),
        "id": product.id,
        "retailerId": books.retailer_id,
        "code": product.code,
        "barCode": product.barcode,
        "name": product.name,
        "fullName": product.full_name,
        "categoryId": product.category_id,
        "categoryName": category.payload["categoryName"] if category else None,
        "allowsSale": True,
        "type": product.kind,
        "hasVariants": bool(product.attributes),
        "basePrice": product.price,
        "weight": product.weight,
        "unit": product.unit,
        "masterUnitId": product.master_unit_id,
        "masterProductId": product.master_product_id,
        "conversionValue": product.conversion,
        "description": product.description,
        "modifiedDate": local_text(product.modified_at) if product.modified_at else None,
        "isActive": product.active,
        "isRewardPoint": False,
        "attributes": _attributes(product),
        "units": _units(books, product),
        "inventories": _inventories(books, product, branches) if inventory else None,
        "productFormulas": _formulas(books, product) if material else None,
    }
    return without_nulls(payload)


def _chosen(books: Books, request: Request) -> Iterator[Product]:
    active, kinds = request.param("isActive"), wanted_ids(books, request, "productType")
    category, masters = wanted_ids(books, request, "categoryId"), wanted_ids(books, request, "masterUnitId")
    variants, name = wanted_ids(books, request, "masterProductId"), (request.param("name") or "").lower()
    for product in books.products.values():
        if (
            (not active or product.active == flag(request, "isActive"))
            and (kinds is None or product.kind in kinds)
            and (category is None or product.category_id in category)
            and (masters is None or product.master_unit_id in masters)
            and (variants is None or product.master_product_id in variants)
            and name in f"{product.name} {product.code}".lower()
        ):
            yield product


def _read_product(books: Books, product: Product, body: Body) -> None:
    category_id = body.whole("categoryId")
    if category_id is not None and category_id not in books.entries["category"]:
        raise Refused(refusals.CATEGORY_GONE, refusals.PRODUCT)
    price = body.number("basePrice")
    product.category_id = product.category_id if category_id is None else category_id
    product.price = product.price if price is None else price
    product.barcode = body.text("barCode") or product.barcode
    product.unit = body.text("unit") or product.unit
    product.description = body.text("description") or product.description
    if body.has("isActive"):
        product.active = bool(body.flag("isActive"))
    for item in body.parts("inventories"):
        if item.has("onHand"):
            books.on_hand[product.id, books.branch(item.whole("branchId")).id] = item.number("onHand") or ZERO


def _inventories(books: Books, product: Product, branches: set[int] | None) -> list[Payload] | None:
    rows = []
    for branch in books.branches.values():
        shown = ledger.figures(books, product, branch.id)
        if shown is None or not branch.open or (branches is not None and branch.id not in branches):
            continue
        on_hand, reserved = shown
        rows.append(
            {
                "productId": product.id,
                "productCode": product.code,
                "productName": product.full_name,
                "branchId": branch.id,
                "branchName": branch.name,
                "cost": 0,
                "onHand": on_hand,
                "reserved": reserved,
                "actualReserved": reserved,
                "minQuantity": 0,
                "maxQuantity": NO_LIMIT,
                "isActive": product.active_at(branch.id),
                "onOrder": 0,
            }
        )
    return rows or None


def _on_hand_payload(books: Books, product: Product, branches: set[int] | None) -> Payload:
    rows = []
    for branch in books.branches.values():
        shown = ledger.figures(books, product, branch.id)
        if shown is not None and branch.open and (branches is None or branch.id in branches):
            rows.append({"branchId": branch.id, books.switches.on_hand_spelling: shown[0], "reserved": shown[1]})
    stamp = product.stock_modified_at
    return without_nulls(
        {
            "id": product.id,
            "code": product.code,
            "createdDate": local_text(product.created_at),
            "modifiedDate": local_text(stamp) if stamp else None,
            "inventories": rows or None,
        }
    )


def _attributes(product: Product) -> list[Payload] | None:
    return [
        {"productId": product.id, "attributeName": name, "attributeValue": value} for name, value in product.attributes
    ] or None


def _units(books: Books, product: Product) -> list[Payload] | None:
    units = [books.products[unit_id] for unit_id in books.unit_ids.get(product.id, []) if unit_id in books.products]
    return [
        {
            "id": unit.id,
            "code": unit.code,
            "name": unit.name,
            "fullName": unit.full_name,
            "unit": unit.unit,
            "conversionValue": unit.conversion,
            "basePrice": unit.price,
        }
        for unit in units
    ] or None


def _formulas(books: Books, product: Product) -> list[Payload] | None:
    return [
        {
            "materialId": material_id,
            "materialCode": books.products[material_id].code,
            "materialName": books.products[material_id].name,
            "materialFullName": books.products[material_id].full_name,
            "quantity": quantity,
            "basePrice": books.products[material_id].price,
            "productId": product.id,
        }
        for material_id, quantity in product.formula
        if material_id in books.products
    ] or None
