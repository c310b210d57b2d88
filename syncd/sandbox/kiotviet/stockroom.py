"""What people do in the shop's stockroom and to its list of products."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from syncd.sandbox.kiotviet import catalog, ledger, slips
from syncd.sandbox.kiotviet.books import DEFAULT_SETTINGS
from syncd.sandbox.kiotviet.premises import Premises, locked
from syncd.sandbox.kiotviet.records import Branch, Product

Number = int | float | str | Decimal
"""A quantity or an amount as a test or a control call writes it."""

Items = Iterable[Sequence[Number]]
"""Pairs of product id and quantity."""


def exact(value: Number) -> Decimal:
    """The number without binary noise."""
    return Decimal(str(value))


def pairs(items: Items) -> list[tuple[int, Decimal]]:
    """Pairs of product id and quantity, exact."""
    return [(int(item[0]), exact(item[1])) for item in items]


class Stockroom(Premises):
    """Branches, products and every move of goods without a sale."""

    @locked
    def add_branch(self, name: str) -> int:
        """Open a branch; answers its id."""
        branch_id = self._books.next_id("branch")
        code = self._books.next_code("CN")
        self._books.branches[branch_id] = Branch(id=branch_id, code=code, created_at=self._books.now(), name=name)
        return branch_id

    @locked
    def close_branch(self, branch_id: int) -> None:
        """Take a branch out of what the token may use."""
        branch = self._books.branches[branch_id]
        branch.open = False
        self._books.remove("branch", branch)

    @locked
    def rename_branch(self, branch_id: int, name: str) -> None:
        """Give a branch another name."""
        self._books.branches[branch_id].name = name

    @locked
    def add_product(
        self,
        code: str,
        name: str,
        price: Number,
        *,
        barcode: str = "",
        stock: Mapping[int, Number] | None = None,
        kind: int = 2,
        unit: str | None = None,
        master_unit_id: int | None = None,
        conversion: Number = 1,
        formula: Items | None = None,
        active: bool = True,
        master_product_id: int | None = None,
        attributes: Iterable[Sequence[str]] = (),
    ) -> int:
        """Add a product; answers its id.

        `stock` is what each branch has; `kind` 1 is a combo of `formula`, 2 goods, 3 a service; a unit of another
        product has `master_unit_id` and holds `conversion` of it.
        """
        product = catalog.file_product(self._books, code, name, exact(price))
        product.barcode, product.kind, product.unit, product.active = barcode, kind, unit, active
        product.master_unit_id, product.conversion = master_unit_id, exact(conversion)
        product.master_product_id = master_product_id
        product.attributes = [(str(each[0]), str(each[1])) for each in attributes]
        product.formula = pairs(formula or ())
        if master_unit_id is not None:
            self._books.unit_ids.setdefault(master_unit_id, []).append(product.id)
        for branch_id, on_hand in (stock or {}).items():
            self._count(product, int(branch_id), exact(on_hand))
        return product.id

    @locked
    def set_stock(self, product_id: int, branch_id: int, on_hand: Number) -> None:
        """Count a product at a branch (kiểm kho)."""
        self._count(self._books.product(product_id), branch_id, exact(on_hand))

    @locked
    def purchase(self, branch_id: int, lines: Items) -> int:
        """Take in goods from a supplier; answers the id of the slip."""
        return slips.buy(self._books, branch_id, slips.slip_lines(self._books, pairs(lines))).id

    @locked
    def transfer(self, from_branch: int, to_branch: int, lines: Items, *, received: bool = True) -> int:
        """Send goods to another branch, and receive them there unless they stay on the way; answers the slip's id."""
        slip = slips.send_transfer(self._books, from_branch, to_branch, slips.slip_lines(self._books, pairs(lines)))
        if received:
            slips.receive_transfer(self._books, slip)
        return slip.id

    @locked
    def receive_transfer(self, transfer_id: int) -> None:
        """Receive goods that were on the way."""
        slips.receive_transfer(self._books, self._books.transfers[transfer_id])

    @locked
    def return_goods(self, invoice_id: int, lines: Items | None = None) -> int:
        """Take back goods of an invoice, all that are still out unless `lines` says which; answers the slip's id."""
        invoice = self._books.invoice(invoice_id)
        rest = {line.product_id: line.quantity - line.returned for line in invoice.lines}
        return slips.take_return(self._books, invoice, dict(pairs(lines)) if lines is not None else rest).id

    @locked
    def rename_product(self, product_id: int, name: str | None = None, *, code: str | None = None) -> None:
        """Give a product another name or code."""
        product = self._books.product(product_id)
        product.name = name or product.name
        if code is not None:
            catalog.recode(self._books, product, code)
        self._books.touch(product)

    @locked
    def set_barcode(self, product_id: int, barcode: str) -> None:
        """Give a product another barcode."""
        product = self._books.product(product_id)
        product.barcode = barcode
        self._books.touch(product)

    @locked
    def deactivate(self, product_id: int, branch_id: int | None = None) -> None:
        """Stop selling a product, everywhere or at one branch."""
        product = self._books.product(product_id)
        if branch_id is None:
            product.active = False
        else:
            product.inactive_branches.add(branch_id)
        self._books.touch(product)

    @locked
    def activate(self, product_id: int, branch_id: int | None = None) -> None:
        """Sell a product again, everywhere or at one branch."""
        product = self._books.product(product_id)
        if branch_id is None:
            product.active = True
        else:
            product.inactive_branches.discard(branch_id)
        self._books.touch(product)

    @locked
    def delete_product(self, product_id: int) -> None:
        """Delete a product."""
        catalog.drop(self._books, self._books.product(product_id))

    @locked
    def setting(self, name: str, value: bool) -> None:
        """Change a setting of the shop while it runs.

        Raises:
            ValueError: There is no such setting.
        """
        if name not in DEFAULT_SETTINGS:
            raise ValueError(f"there is no setting {name!r}; known: {', '.join(DEFAULT_SETTINGS)}")
        self._books.settings[name] = value

    @locked
    def stock(self, product_id: int, branch_id: int) -> tuple[Decimal, Decimal]:
        """On hand and reserved of a product at a branch, in its own unit, whatever the API shows."""
        return ledger.counted(self._books, self._books.product(product_id), branch_id)

    def _count(self, product: Product, branch_id: int, on_hand: Decimal) -> None:
        for base_id, pieces in ledger.parts(self._books, product.id, on_hand):
            self._books.on_hand[base_id, self._books.branch(branch_id).id] = pieces
