"""What people do at the shop's counter: sell, and change what a program entered."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from syncd.sandbox.kiotviet import customers, invoice_rules, order_rules, reference
from syncd.sandbox.kiotviet.document_payloads import invoice_payload, order_payload
from syncd.sandbox.kiotviet.documents import receive_sent, total
from syncd.sandbox.kiotviet.premises import locked
from syncd.sandbox.kiotviet.records import Invoice
from syncd.sandbox.kiotviet.stockroom import Items, Number, Stockroom, exact, pairs
from syncd.sandbox.kiotviet.wire import Body, Payload


class Counter(Stockroom):
    """Documents as staff make and change them in KiotViet's own screens, where out of stock is no obstacle."""

    @locked
    def counter_sale(self, branch_id: int, lines: Items) -> int:
        """Sell over the counter for cash; answers the invoice id."""
        body = {"branchId": branch_id, "invoiceDetails": _details(lines)}
        invoice = invoice_rules.create_invoice(self._books, Body(body), enforce_stock=False)
        self._pay(invoice)
        return invoice.id

    @locked
    def staff_create_order(
        self, branch_id: int, lines: Items, description: str = "", customer_id: int | None = None, discount: Number = 0
    ) -> int:
        """Enter an order by hand, at list prices; answers its id."""
        body: Payload = {
            "branchId": branch_id,
            "orderDetails": _details(lines),
            "description": description,
            "customerId": customer_id,
            "discount": exact(discount),
        }
        return order_rules.create_order(self._books, Body(body)).id

    @locked
    def staff_edit_order(self, /, order_id: int, lines: Items | None = None, **changes: object) -> None:
        """Change an order: `lines`, or members of a PUT by their API names; the rest stays."""
        order = self._books.order(order_id)
        sent: Payload = dict(changes)
        if lines is not None:
            sent["orderDetails"] = _details(lines, {line.product_id: line.price for line in order.lines})
        order_rules.update_order(self._books, order, Body(sent), whole=False)

    @locked
    def staff_cancel_order(self, order_id: int) -> None:
        """Cancel an order."""
        order_rules.cancel_order(self._books, self._books.order(order_id))

    @locked
    def staff_confirm_order(self, order_id: int) -> None:
        """Confirm an order (status 5); it goes on reserving."""
        order_rules.close(self._books, self._books.order(order_id), order_rules.CONFIRMED)

    @locked
    def staff_complete_order(self, order_id: int) -> int | None:
        """End an order ("Kết thúc"); answers the id of the invoice where that makes one (U17)."""
        order = self._books.order(order_id)
        if self._books.switches.staff_completion == "makes_invoice":
            return invoice_rules.invoice_order(self._books, order).id
        order_rules.close(self._books, order, order_rules.COMPLETED)
        return None

    @locked
    def staff_merge_orders(self, order_ids: list[int]) -> int:
        """Merge open orders into one ("Gộp đơn"): the first's customer, all notes, the old ones cancelled; its id."""
        old = [self._books.order(order_id) for order_id in order_ids]
        quantities: dict[int, Decimal] = {}
        for line in (line for order in old for line in order.lines):
            quantities[line.product_id] = quantities.get(line.product_id, exact(0)) + line.quantity
        body: Payload = {
            "branchId": old[0].branch_id,
            "orderDetails": _details(quantities.items()),
            "description": " + ".join(order.description or "" for order in old),
            "customerId": old[0].customer_id,
        }
        merged = order_rules.create_order(self._books, Body(body))
        for order in old:
            order_rules.cancel_order(self._books, order)
        return merged.id

    @locked
    def staff_invoice_order(self, order_id: int, *, using_cod: bool = False, paid: bool = False) -> int:
        """Turn what is open of an order into an invoice by hand; answers its id."""
        order = self._books.order(order_id)
        invoice = invoice_rules.invoice_order(self._books, order, pay=paid)
        if using_cod:
            body = {"deliveryDetail": {**(order.delivery or {}), "status": 1, "usingPriceCod": True}}
            invoice_rules.update_invoice(self._books, invoice, Body(body))
        return invoice.id

    @locked
    def staff_edit_invoice(self, /, invoice_id: int, lines: Items | None = None, **changes: object) -> int:
        """Change an invoice; answers the id under which it lives on, a new one (`.01`) where goods or money changed."""
        invoice = self._books.invoice(invoice_id)
        sent: Payload = {"description": invoice.description, **changes}
        if lines is not None:
            sent["invoiceDetails"] = _details(lines, {line.product_id: line.price for line in invoice.lines})
        return invoice_rules.update_invoice(self._books, invoice, Body(sent)).id

    @locked
    def staff_void_invoice(self, invoice_id: int) -> None:
        """Void an invoice together with its payments."""
        invoice_rules.void_invoice(self._books, self._books.invoice(invoice_id), void_payments=True)

    @locked
    def add_customer(self, name: str, phone: str | None = None, *, code: str = "", branch_id: int | None = None) -> int:
        """Enter a customer; answers the id."""
        sent = {"name": name, "contactNumber": phone, "code": code}
        return customers.create_customer(self._books, Body(sent), branch_id).id

    @locked
    def set_customer_active(self, customer_id: int, active: bool) -> None:
        """Stop or resume dealing with a customer, who keeps the code meanwhile."""
        self._books.customers[customer_id].active = active

    @locked
    def delete_customer(self, customer_id: int) -> None:
        """Delete a customer."""
        customers.remove_customer(self._books, customer_id)

    @locked
    def add_surcharge(self, code: str, name: str, *, active: bool = True, value: Number = 0) -> int:
        """Configure a surcharge, with an amount that it adds by itself if any; answers its id."""
        surcharge = reference.file_surcharge(self._books, code, name)
        surcharge.active, surcharge.value = active, exact(value)
        return surcharge.id

    @locked
    def orders(self) -> list[Payload]:
        """Every order with all its parts, oldest first; those with status 4 are cancelled."""
        return [order_payload(self._books, order, payments=True) for order in self._books.orders.values()]

    @locked
    def invoices(self) -> list[Payload]:
        """Every invoice with all its parts, oldest first; those with status 2 are voided."""
        return [
            {**invoice_payload(self._books, invoice, payments=True), "orderId": invoice.order_id}
            for invoice in self._books.invoices.values()
        ]

    @locked
    def customers(self) -> list[Payload]:
        """Every customer, oldest first."""
        return [customers.customer_payload(self._books, customer) for customer in self._books.customers.values()]

    def _pay(self, invoice: Invoice) -> None:
        body = {"totalPayment": total(self._books, invoice), "method": "Cash"}
        receive_sent(self._books, invoice, Body(body))


def _details(lines: Items, prices: Mapping[int, Number] | None = None) -> list[Payload]:
    return [
        {"productId": product_id, "quantity": quantity, "price": (prices or {}).get(product_id)}
        for product_id, quantity in pairs(lines)
    ]
