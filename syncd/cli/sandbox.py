"""`syncd sandbox`: both simulated systems as servers on loopback, with a config that points at them."""

from __future__ import annotations

import signal
import threading
from pathlib import Path

import click

from syncd.cli import FINE
from syncd.cli.options import json_option
from syncd.cli.printing import console, print_json, table
from syncd.clock import SystemClock
from syncd.sandbox.serving import Served
from syncd.sandbox.switches import switch_table
from syncd.sandbox.world import Sandbox

_CONFIG = """\
# Written by 'syncd sandbox'; the two secrets beside it belong to the simulated systems.
shop: {shop}
database: syncd.db
language: vi
haravan:
  token_file: haravan-token
  base_url: {haravan}
kiotviet:
  retailer: {retailer}
  client_id: {client_id}
  client_secret_file: kiotviet-secret
  base_url: {kiotviet}
  token_url: {token_url}
orders:
  branch_id: {branch}
  since: 2026-01-01
  lookup_wait_seconds: 5
stock:
  links:
    - {{location_id: {location}, branch_ids: [{branch}], safety_stock: 0}}
"""


@click.command("sandbox")
@click.option(
    "--dir",
    "folder",
    type=click.Path(path_type=Path),
    default=Path("syncd-sandbox"),
    show_default=True,
    help="Where the config, its secrets and the database go.",
)
@click.option(
    "--haravan-port", type=click.IntRange(0, 65535), default=0, help="Loopback port of Haravan (0: any free one)."
)
@click.option(
    "--kiotviet-port", type=click.IntRange(0, 65535), default=0, help="Loopback port of KiotViet (0: any free one)."
)
@click.option(
    "--switch",
    "switches",
    multiple=True,
    metavar="NAME=POSITION",
    help="Put a switch into a position; may be repeated.",
)
@click.option("--list-switches", is_flag=True, help="List every switch with its positions and stop.")
@click.option("--two-branches", is_flag=True, help="Two locations and two branches instead of one.")
@json_option
def command(
    folder: Path,
    haravan_port: int,
    kiotviet_port: int,
    switches: tuple[str, ...],
    list_switches: bool,
    two_branches: bool,
    as_json: bool,
) -> int:
    """Serve both simulated systems on loopback until stopped, with a config file that points at them.

    Try it: 'syncd sandbox' in one terminal, then 'syncd once -c syncd-sandbox/config.yaml' in another. The pages under
    /_sandbox/ on both ports (journal, faults, switches, act, state) show and change what the simulated shops do.
    """
    if list_switches:
        _list(as_json=as_json)
        return FINE
    make = Sandbox.two_branch_shop if two_branches else Sandbox.small_shop
    world = make(SystemClock())
    try:
        world.turn(*switches)
    except ValueError as error:
        raise click.BadParameter(str(error)) from error
    stopped = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stopped.set())
    with _serve(world, haravan_port, kiotviet_port) as served:
        _announce(served, write_config(served, folder), as_json=as_json)
        stopped.wait()
    return FINE


def _serve(world: Sandbox, haravan_port: int, kiotviet_port: int) -> Served:
    try:
        return Served(world, haravan_port=haravan_port, kiotviet_port=kiotviet_port)
    except OSError as error:
        raise click.ClickException(f"the port cannot be used ({error.strerror}): choose another or 0") from error


def write_config(served: Served, folder: Path) -> Path:
    """Write a config file and its two secrets that point at the served sandbox; gives the config's path."""
    world = served.sandbox
    folder.mkdir(parents=True, exist_ok=True)
    for name, secret in (("haravan-token", world.haravan.token), ("kiotviet-secret", world.kiotviet.client_secret)):
        path = folder / name
        path.touch(mode=0o600)
        path.chmod(0o600)
        path.write_text(secret + "\n", encoding="utf-8")
    config = folder / "config.yaml"
    text = _CONFIG.format(
        shop="sandbox",
        haravan=served.haravan_url,
        kiotviet=served.kiotviet_url,
        token_url=served.token_url,
        retailer=world.kiotviet.retailer,
        client_id=world.kiotviet.client_id,
        branch=world.branches[0],
        location=world.locations[0],
    )
    extra = "".join(
        f"    - {{location_id: {location}, branch_ids: [{branch}], safety_stock: 0}}\n"
        for location, branch in zip(world.locations[1:], world.branches[1:], strict=True)
    )
    config.write_text(text + extra, encoding="utf-8")
    return config


def _announce(served: Served, config: Path, *, as_json: bool) -> None:
    if as_json:
        print_json({"haravan": served.haravan_url, "kiotviet": served.kiotviet_url, "config": str(config)})
        return
    click.echo(f"Haravan:  {served.haravan_url}\nKiotViet: {served.kiotviet_url}\nconfig:   {config}")
    click.echo(f"Try 'syncd check -c {config}', place an order, then 'syncd once -c {config}'. Ctrl-C stops.")
    sku = next(iter(served.sandbox.variants))
    click.echo(f"Place an order: syncd act -c {config} order {sku}")


def _list(*, as_json: bool) -> None:
    rows = switch_table()
    if as_json:
        print_json(
            [
                {"switch": key, "item": item, "positions": positions.split(" | "), "about": about}
                for key, item, positions, about in rows
            ]
        )
        return
    shown = table(
        f"{len(rows)} switches, the first position is the default", "switch", "item", "positions", "what it changes"
    )
    for row in rows:
        shown.add_row(*row)
    console().print(shown)
