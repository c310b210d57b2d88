"""An order's JSON, made anew only when something that it shows has changed: lists show the same orders all the time."""

from __future__ import annotations

import pickle

from syncd.sandbox.haravan.order_payload import order_payload
from syncd.sandbox.haravan.state import Order, State
from syncd.sandbox.haravan.switches import HaravanSwitches
from syncd.sandbox.http import json_text


class OrderTexts:
    """The JSON of orders, as it was last made of each."""

    def __init__(self) -> None:
        """Nothing was shown yet."""
        self._texts: dict[int, tuple[bytes, HaravanSwitches, str]] = {}

    def text(self, order: Order, state: State, switches: HaravanSwitches) -> str:
        """The order as a list shows it."""
        if order.refunds or order.previous_id:
            # these show something of other records too
            return json_text(order_payload(order, state, switches))
        looks = pickle.dumps((order, [place.name for place in state.locations.values()]), pickle.HIGHEST_PROTOCOL)
        kept = self._texts.get(order.id)
        if kept is not None and kept[0] == looks and kept[1] == switches:
            return kept[2]
        text = json_text(order_payload(order, state, switches))
        self._texts[order.id] = (looks, switches, text)
        return text
