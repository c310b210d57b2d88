"""Who and what a document refers to: the customer under our own code, and the surcharge for shipping."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Mapping

from syncd.core import documents
from syncd.core.buyers import customer_code, customer_name
from syncd.core.model import PosCustomer, Surcharge, WebOrder
from syncd.core.records import Record
from syncd.core.texts import Say, text
from syncd.cycles.phones import common_part, international, phone_of, same_phone
from syncd.cycles.ports import KiotViet
from syncd.cycles.writes import Writes
from syncd.errors import NotFound, Rejected
from syncd.store import Store

_BY_PART = "phones_found_by_part"
_MOST_PROBES = 3


class Parties:
    """Finds or makes what an order needs in KiotViet before the order itself; one at a time per code."""

    def __init__(self, kiotviet: KiotViet, store: Store, writes: Writes, surcharge_code: str, say: Say) -> None:
        """Read nothing yet."""
        self._kiotviet, self._store, self._writes, self._say = kiotviet, store, writes, say
        self._surcharge_code = surcharge_code
        self._surcharge: Surcharge | None = None
        self._by_branch: bool | None = None
        self._probes = 0
        self._guard = threading.Lock()
        self._locks: dict[str, threading.Lock] = defaultdict(threading.Lock)

    def customer(self, order: WebOrder, branch_id: int) -> int | None:
        """The KiotViet customer id for an order; None for a buyer without a customer record."""
        if order.buyer.id is None:
            return None
        by_branch = self._customers_by_branch()
        found = self._of_branch(order, order.buyer.id, branch_id, by_branch=by_branch)
        elsewhere = found.branch_id not in (None, branch_id)
        # KiotViet refuses a customer of another branch once the shop has switched to customers per branch
        if elsewhere and not by_branch and self._customers_by_branch(afresh=True):
            found = self._of_branch(order, order.buyer.id, branch_id, by_branch=True)
        return found.id

    def surcharge(self, amount: object) -> Mapping[str, object]:
        """The surcharge line for shipping paid by the buyer; the surcharge is made when first needed."""
        with self._lock("surcharge"):
            known = self._surcharge or self._find_surcharge() or self._make_surcharge()
            self._surcharge = known
            return {"id": known.id, "code": known.code, "price": amount}

    def conclude(self, record: Record) -> None:
        """Look once more for the customer that an order asked for before it ended: nobody else may ever look.

        Raises:
            Waiting, LookAgain: It may still appear.
        """
        for intent in record.intents:
            if intent.operation == "create_customer":
                with self._lock(intent.subject):
                    if self._kiotviet.customer_by_code(intent.subject) is None:
                        self._writes.clear_to_send(intent.operation, intent.subject)
                    self._writes.confirmed(intent.operation, intent.subject)

    def forget(self) -> None:
        """Read the shop's settings and surcharges again: a refusal may mean that people changed them."""
        self._surcharge = self._by_branch = None

    def _lock(self, key: str) -> threading.Lock:
        with self._guard:
            return self._locks[key]

    def _customers_by_branch(self, *, afresh: bool = False) -> bool:
        with self._lock("settings"):
            known = self._by_branch
            if known is None or afresh:
                known = self._by_branch = self._read_by_branch()
            return known

    def _read_by_branch(self) -> bool:
        """A KiotViet without this page manages customers for the whole shop."""
        try:
            return self._kiotviet.settings().customers_by_branch
        except NotFound:
            return False

    def _of_branch(self, order: WebOrder, buyer_id: int, branch_id: int, *, by_branch: bool) -> PosCustomer:
        """The customer of one branch, or of the whole shop; made where KiotViet has none."""
        code = customer_code(buyer_id, branch_id if by_branch else None)
        with self._lock(code):
            known = self._known(order, code, branch_id if by_branch else None)
            return self._make_customer(order, code, branch_id) if known is None else known

    def _known(self, order: WebOrder, code: str, branch_id: int | None) -> PosCustomer | None:
        """The customer that KiotViet has; None, where one may be made."""
        known = self._kiotviet.customer_by_code(code)
        if known is not None:
            self._done("create_customer", code)
            return known
        self._writes.clear_to_send("create_customer", code)
        matches = self._with_phone(phone_of(order), branch_id)
        was_asked = self._store.intents.find("create_customer", code) is not None
        return matches[0] if len(matches) == 1 and not was_asked else None

    def _with_phone(self, phone: str, branch_id: int | None) -> list[PosCustomer]:
        """The customers with this number, as shops usually store it, else in its international form."""
        if not phone:
            return []
        if self._store.recall(_BY_PART) is True:
            rows = self._asked_for(common_part(phone), phone)
        else:
            rows = self._asked_for(phone, phone) or self._asked_for(international(phone), phone)
        return [row for row in rows if branch_id is None or row.branch_id == branch_id]

    def _asked_for(self, text: str, phone: str) -> list[PosCustomer]:
        rows = {row.id: row for row in self._kiotviet.customers_by_phone(text)}
        return [row for row in rows.values() if same_phone(row.phone, phone)]

    def _make_customer(self, order: WebOrder, code: str, branch_id: int) -> PosCustomer:
        try:
            return self._send_customer(order, code, branch_id)
        except Rejected as error:
            # KiotViet keeps the code of a customer that it does not show any more
            why = self._say(text("activate_customer", why=error.message, code=code))
            raise Rejected(why, status=error.status, error_code=error.error_code) from error

    def _send_customer(self, order: WebOrder, code: str, branch_id: int) -> PosCustomer:
        """Make a customer; who it is, its answer says, and that it is there, the order that will name it.

        Raises:
            Rejected: KiotViet refuses it. OutcomeUnknown: The answer was lost; it is looked for by its code.
        """
        body = documents.customer_body(code, customer_name(order), phone_of(order), order, branch_id)
        made = self._writes.send(
            "create_customer",
            code,
            code,
            body,
            lambda: self._kiotviet.create_customer(body),
            haravan_id=order.id,
            result_id=lambda customer: customer.id,
        )
        self._probe(phone_of(order))
        return made

    def _probe(self, phone: str) -> None:
        """Find out with a customer that is surely there whether KiotViet finds numbers by a part of them.

        Then one question finds every form of a number. The documentation does not say what its filter does.
        """
        if not phone or self._probes >= _MOST_PROBES or self._store.recall(_BY_PART) is True:
            return
        self._probes += 1
        if self._asked_for(common_part(phone), phone):
            self._store.remember(_BY_PART, True)

    def _find_surcharge(self) -> Surcharge | None:
        found = next((s for s in self._kiotviet.surcharges() if s.code == self._surcharge_code), None)
        if found is not None:
            self._done("create_surcharge", self._surcharge_code)
        return found

    def _make_surcharge(self) -> Surcharge:
        code = self._surcharge_code
        self._writes.clear_to_send("create_surcharge", code)
        try:
            made = self._send_surcharge(code)
        except Rejected as error:
            # KiotViet lists no inactive surcharge and still keeps its code taken
            why = self._say(text("activate_surcharge", why=error.message, code=code))
            raise Rejected(why, status=error.status, error_code=error.error_code) from error
        shown = self._find_surcharge()
        if shown is None:
            raise NotFound(self._say(text("surcharge_not_listed", code=code, id=made.id)))
        return shown

    def _send_surcharge(self, code: str) -> Surcharge:
        name = "Phí vận chuyển (Website)"
        return self._writes.send(
            "create_surcharge",
            code,
            code,
            {"code": code, "name": name},
            lambda: self._kiotviet.create_surcharge(code, name),
            haravan_id=None,
            result_id=lambda surcharge: surcharge.id,
        )

    def _done(self, operation: str, subject: str) -> None:
        if self._store.intents.find(operation, subject) is not None:
            self._writes.confirmed(operation, subject)
