"""`syncd check`: everything that would fail later, before it fails, each with what to do about it."""

from __future__ import annotations

import errno
import ipaddress
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from syncd import logs, wiring
from syncd.cli import EDIT, FINE
from syncd.cli.options import config_option, json_option
from syncd.cli.printing import print_json
from syncd.cli.stores import load
from syncd.config import Settings, StatusSettings, WebhookSettings
from syncd.core.findings import Finding, Grade, fine, warning, wrong
from syncd.core.texts import Say, speaker, text
from syncd.errors import SyncdError, Unusable
from syncd.web import ports
from syncd.wiring import Shop

_SIGNS = {Grade.OK: "check_ok", Grade.WARNING: "check_warning", Grade.ERROR: "check_error"}


@click.command("check")
@config_option
@json_option
@click.option("-q", "--quiet", is_flag=True, help="option_quiet")
def command(config_path: Path, as_json: bool, quiet: bool) -> int:
    """Try the config, credentials, permissions, branches, locations, shop settings, product links and this machine.

    Nothing is written anywhere. Exit 0, or 2 when something must be edited or set right first.
    """
    logs.configure(quiet=True)
    settings = load(config_path)
    say, found = speaker(settings.language), []
    for finding in _findings(settings):
        found.append(finding)
        if not as_json and not (quiet and finding.level == Grade.OK):
            _print(finding, say)
    wrong = [finding for finding in found if finding.level == Grade.ERROR]
    if as_json:
        print_json({"ok": not wrong, "findings": [_as_json(finding, say) for finding in found]})
    else:
        warnings = sum(finding.level == Grade.WARNING for finding in found)
        click.echo(say(text("check_summary", errors=len(wrong), warnings=warnings)))
    return EDIT if wrong else FINE


def _findings(settings: Settings) -> Iterator[Finding]:
    """Every finding, one after the other; a database that cannot be used does not stop the rest."""
    with _looking(settings) as (shop, trouble):
        yield from trouble
        yield from shop.examination.everything()
    yield from _listener("webhooks", settings.webhooks)
    yield from _listener("status", settings.status)


@contextmanager
def _looking(settings: Settings) -> Iterator[tuple[Shop, list[Finding]]]:
    """A shop on a copy of the store, or on an empty one where the real one cannot be used; and why it cannot."""
    with tempfile.TemporaryDirectory(prefix="syncd-check-") as scratch:
        trouble: list[Finding] = []
        try:
            shop = wiring.open_plan(settings, Path(scratch))
        except PermissionError:
            shop = wiring.open_plan(settings, Path(scratch), blank=True)  # the machine's part says so
        except SyncdError as error:
            cause = text("check_database_unusable", why=error.message)
            trouble.append(wrong("database_unusable", "database", cause, text("check_database_remedy")))
            (empty := Path(scratch) / "empty").mkdir()
            shop = wiring.open_plan(settings, empty, blank=True)
        with shop:
            yield shop, trouble


def _print(finding: Finding, say: Say) -> None:
    sign = say(text(_SIGNS[finding.level]))
    click.echo(f"{sign:<9}{finding.check}: {say(finding.cause)}")
    if finding.remedy is not None:
        click.echo(f"{'':<9}{say(text('check_do', remedy=finding.remedy))}")


def _as_json(finding: Finding, say: Say) -> dict[str, object]:
    remedy = None if finding.remedy is None else say(finding.remedy)
    shown = {"level": finding.level.value, "check": finding.check, "text": say(finding.cause)}
    return {**shown, "remedy": remedy, "kind": finding.kind}


def _listener(section: str, chosen: WebhookSettings | StatusSettings | None) -> Iterator[Finding]:
    if chosen is None:
        return
    check, listen = f"{section}.listen", ports.shown(chosen.host, chosen.port)
    if not ipaddress.ip_address(chosen.host).is_loopback:
        cause = text("check_port_open", listen=listen)
        yield warning(f"{section}_port_open", check, cause, text("check_port_open_remedy"))
    try:
        ports.take(chosen.host, chosen.port, check).close()
    except Unusable as error:
        if isinstance(error.__cause__, OSError) and error.__cause__.errno == errno.EADDRINUSE:
            cause, remedy = text("check_port_taken", listen=listen), text("check_port_taken_remedy")
            yield warning(f"{section}_port_taken", check, cause, remedy)
        else:
            cause = text("check_port_unusable", why=error.message)
            yield wrong(f"{section}_port_unusable", check, cause, text("check_port_unusable_remedy", key=check))
    else:
        yield fine(check, text("check_port_free", listen=listen))
