"""KiotViet's products, stock and the shop's own lists (branches, surcharges, settings) as values; pure, no I/O."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Final

from syncd.clients.fields import VIETNAM, Fields, exact, instant, whole
from syncd.core.model import (
    UNDATED,
    BankAccount,
    Branch,
    BranchStock,
    OnHand,
    PosProduct,
    PosSettings,
    ProductKind,
    Surcharge,
)

_NOTHING: Final = Decimal(0)
_ONE: Final = Decimal(1)
_KINDS: Final = {1: ProductKind.COMBO, 2: ProductKind.GOODS, 3: ProductKind.SERVICE}


def parse_product(raw: object) -> PosProduct:
    """One product with its stock per branch. A product without `isActive` is active.

    Raises:
        BadPayload: It has no id or code, or a type that is none of combo, goods, service.
    """
    product = Fields(raw, "kiotviet_product")
    product_id = product.id()
    product.called("kiotviet_product", product.trimmed("code") or product_id)
    return PosProduct(
        id=product_id,
        code=product.required("code"),
        barcode=product.trimmed("barcode"),
        name=product.trimmed("fullname", "name"),
        kind=_kind(product),
        active=product.flag("isactive", True),
        unit=product.trimmed("unit"),
        conversion=product.ratio("conversionvalue", _ONE),
        master_unit_id=product.id_or_none("masterunitid"),
        stock=_stock(product),
        created_at=_stamp(product, "createddate") or UNDATED,
        modified_at=_stamp(product, "modifieddate"),
    )


def _stamp(product: Fields, key: str) -> datetime | None:
    """A local time of the shop; one that cannot be read must not cost the product."""
    raw = product.raw(key)
    return instant(raw, VIETNAM) if isinstance(raw, str) else None


def _kind(product: Fields) -> ProductKind:
    """What it is; guessing would put a service's or a combo's figures on sale."""
    number = whole(product.raw("type"))
    return _KINDS[number] if number in _KINDS else product.refuse("type", "kind_one_two_three")


def parse_on_hand(raw: object) -> OnHand:
    """A row of `/productOnHands`.

    Raises:
        BadPayload: It has no id, or a figure is not a number.
    """
    row = Fields(raw, "kiotviet_stock")
    product_id = row.id()
    row.called("kiotviet_stock_of", row.trimmed("code") or product_id)
    return OnHand(product_id, row.trimmed("code"), _stock(row))


def _stock(product: Fields) -> tuple[BranchStock, ...]:
    return tuple(_branch_stock(item) for item in product.records("inventories", "branch"))


def _branch_stock(item: Fields) -> BranchStock:
    """A branch's figures; `onHand` and `onhand` are the same key, null is unknown and never zero."""
    return BranchStock(
        branch_id=item.id("branchid"),
        on_hand=item.figure_or_none("onhand"),
        reserved=item.figure_or_none("reserved"),
        active=item.flag_or_none("isactive"),
    )


def parse_branch(raw: object) -> Branch:
    """A branch that the credentials may use.

    Raises:
        BadPayload: It has no id.
    """
    branch = Fields(raw, "kiotviet_branch")
    return Branch(branch.id(), branch.trimmed("branchname", "name"))


def parse_surcharge(raw: object) -> Surcharge:
    """A surcharge ("thu khác") that is in use; inactive ones are not listed.

    Raises:
        BadPayload: It has no id.
    """
    surcharge = Fields(raw, "kiotviet_surcharge")
    return Surcharge(
        surcharge.id(),
        surcharge.trimmed("surchargecode", "code"),
        surcharge.trimmed("surchargename", "name"),
        # only an examination looks at these: one that cannot be read must not cost the surcharge
        exact(surcharge.raw("value")) or _NOTHING,
        exact(surcharge.raw("valueratio")) or _NOTHING,
    )


def parse_bank_account(raw: object) -> BankAccount:
    """A bank account, without its number.

    Raises:
        BadPayload: It has no id.
    """
    account = Fields(raw, "kiotviet_account")
    return BankAccount(account.id(), account.trimmed("bankname", "name"))


def parse_settings(raw: object) -> PosSettings:
    """The shop's switches that make writes fail or change who a customer is.

    Raises:
        BadPayload: It is not an object, or a switch is not true or false.
    """
    settings = Fields(raw, "kiotviet_settings")
    return PosSettings(
        customers_by_branch=settings.flag("managercustomerbybranch"),
        allow_order=settings.flag_or_none("sellalloworder"),
        allow_order_out_of_stock=settings.flag_or_none("alloworderwhenoutstock"),
        allow_sell_out_of_stock=settings.flag_or_none("allowsellwhenoutstock"),
        allow_sell_ordered_out_of_stock=settings.flag_or_none("allowsellwhenorderoutstock"),
    )
