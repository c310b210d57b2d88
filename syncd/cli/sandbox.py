"""`syncd sandbox`: both simulated systems as servers on loopback, with a config that points at them."""

from __future__ import annotations

import signal
import threading
from pathlib import Path

import click

from syncd.cli import FINE
from syncd.cli.language import say
from syncd.cli.options import json_option
from syncd.cli.printing import console, print_json, table
from syncd.cli.usage import Misuse
from syncd.clock import SystemClock
from syncd.core.texts import text
from syncd.sandbox.serving import Served
from syncd.sandbox.switches import switch_table
from syncd.sandbox.world import Sandbox

_CONFIG = """\
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
    help="option_dir",
)
@click.option("--haravan-port", type=click.IntRange(0, 65535), default=0, help="option_haravan_port")
@click.option("--kiotviet-port", type=click.IntRange(0, 65535), default=0, help="option_kiotviet_port")
@click.option(
    "--switch",
    "switches",
    multiple=True,
    metavar="NAME=POSITION",
    help="option_switch",
)
@click.option("--list-switches", is_flag=True, help="option_list_switches")
@click.option("--two-branches", is_flag=True, help="option_two_branches")
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
        raise Misuse(text("usage_switch", why=str(error))) from error
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
        raise Misuse(text("usage_port", error=error.strerror or "")) from error


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
    content = _CONFIG.format(
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
    head = f"# {say(text('sandbox_head'))}\n"
    config.write_text(head + content + extra, encoding="utf-8")
    return config


def _announce(served: Served, config: Path, *, as_json: bool) -> None:
    if as_json:
        print_json({"haravan": served.haravan_url, "kiotviet": served.kiotviet_url, "config": str(config)})
        return
    click.echo(f"Haravan:  {served.haravan_url}\nKiotViet: {served.kiotviet_url}")
    click.echo(say(text("sandbox_config", path=str(config))))
    click.echo(say(text("sandbox_try", config=str(config))))
    sku = next(iter(served.sandbox.variants))
    click.echo(say(text("sandbox_order", command=f"syncd act -c {config} order {sku}")))


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
    columns = ("column_switch", "column_item", "column_positions", "column_about")
    shown = table(say(text("sandbox_switches", count=len(rows))), *(say(text(column)) for column in columns))
    for row in rows:
        shown.add_row(*row)
    console().print(shown)
