"""`syncd act`: what buyers and carriers do in a running `syncd sandbox`, so that there is something to mirror."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import click

from syncd.cli import FINE
from syncd.cli.options import config_option
from syncd.cli.stores import load
from syncd.core.texts import Text, speaker, text
from syncd.errors import Unusable

_SECONDS = 20
_CARRIER = {"ship": "delivering", "deliver": "delivered"}


@click.command("act")
@config_option
@click.argument("action", type=click.Choice(["order", "ship", "deliver", "pay"]))
@click.argument("what", metavar="SKU...|ORDER", nargs=-1, required=True)
def command(config_path: Path, action: str, what: tuple[str, ...]) -> int:
    """Let something happen in the simulated Haravan shop of a running 'syncd sandbox'.

    'order AO-01 NON-01' places a COD order of one piece each; 'ship', 'deliver' and 'pay' take order numbers: handed to
    the carrier (Đang giao hàng), delivered (Đã giao hàng), money received (Đã nhận tiền). A real shop is never touched.
    """
    settings = load(config_path)
    say, street = speaker(settings.language), Street(settings.haravan.base_url)
    done = (street.order(what),) if action == "order" else tuple(street.move(action, number) for number in what)
    for sentence in done:
        click.echo(say(sentence))
    return FINE


class Street:
    """What happens outside a simulated shop, by the control pages of its server."""

    def __init__(self, url: str) -> None:
        """Act at the sandbox that is served at `url`.

        Raises:
            Unusable: No sandbox can be there: it is not on this machine.
        """
        if urlsplit(url).hostname not in ("127.0.0.1", "::1", "localhost"):
            raise Unusable(text("act_no_sandbox", url=url))
        self._url = url

    def order(self, skus: Sequence[str]) -> Text:
        """A buyer orders one piece of each; what was done."""
        variants = {v["sku"]: v["id"] for product in self._state()["products"] for v in product["variants"]}
        if unknown := [sku for sku in skus if sku not in variants]:
            raise click.BadParameter(f"{', '.join(unknown)}: {', '.join(variants)}", param_hint="SKU")
        made = self._act("place_order", lines=[[variants[sku], 1] for sku in skus])
        number = next(order["order_number"] for order in self._state()["orders"] if order["id"] == made)
        return text("act_ordered", order=number, skus=", ".join(skus))

    def move(self, action: str, number: str) -> Text:
        """The carrier, or its money, moves on with every parcel of an order; what was done."""
        order = self._order(number)
        if action == "ship" and not order["fulfillments"]:
            self._act("ship", order_id=order["id"])
            order = self._order(number)
        for parcel in order["fulfillments"]:
            if action == "pay":
                self._act("cod", order_id=order["id"], fulfillment_id=parcel["id"], status="codreceipt")
            else:
                arguments = {"fulfillment_id": parcel["id"], "status": _CARRIER[action]}
                self._act("carrier", order_id=order["id"], **arguments)
        told: dict[str, Callable[[], Text]] = {
            "ship": lambda: text("act_shipped", order=order["order_number"]),
            "deliver": lambda: text("act_delivered", order=order["order_number"]),
            "pay": lambda: text("act_paid", order=order["order_number"]),
        }
        return told[action]()

    def _order(self, number: str) -> dict[str, Any]:
        for order in self._state()["orders"]:
            if number in (str(order["id"]), order["order_number"], order["order_number"].lstrip("#")):
                return dict(order)
        raise click.BadParameter(number, param_hint="ORDER")

    def _state(self) -> dict[str, Any]:
        return dict(self._ask("GET", "state", None))

    def _act(self, action: str, **arguments: object) -> Any:
        return self._ask("POST", "act", {"action": action, "args": arguments})["result"]

    def _ask(self, method: str, page: str, body: object) -> Any:
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self._url}/_sandbox/{page}", data=data, method=method)
        straight = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with straight.open(request, timeout=_SECONDS) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            said = error.read().decode("utf-8", "replace")
            raise Unusable(text("act_refused", why=said)) from error
        except (OSError, ValueError) as error:
            raise Unusable(text("act_no_sandbox", url=self._url)) from error
