"""`syncd alert-test`: one test message by each channel."""

from __future__ import annotations

from pathlib import Path

import click

from syncd import logs
from syncd.channels import open_channels
from syncd.cli import EDIT, FAILED, FINE
from syncd.cli.options import config_option, json_option
from syncd.cli.printing import print_json
from syncd.cli.stores import load
from syncd.clock import SystemClock
from syncd.core.messages import Message, trial
from syncd.core.texts import Text, speaker, text
from syncd.cycles.alarm import Channel
from syncd.errors import SyncdError
from syncd.switchboard import sender_of


@click.command("alert-test")
@config_option
@json_option
def command(config_path: Path, as_json: bool) -> int:
    """Send one test message by each channel of the section alerts. Exit 1 when one could not be sent."""
    logs.configure(quiet=True)
    settings, clock = load(config_path), SystemClock()
    say = speaker(settings.language)
    if settings.alerts is None:
        click.echo(say(text("test_no_channels")), err=True)
        return EDIT
    message = trial(sender_of(settings, settings.alerts), clock.now())
    endings = {channel.name: _ending(channel, message) for channel in open_channels(settings.alerts, clock)}
    if as_json:
        print_json({"channels": [_row(name, ending, settings.language) for name, ending in endings.items()]})
    for name, ending in endings.items() if not as_json else ():
        click.echo(say(_line(name, ending, settings.language)))
    return FAILED if any(isinstance(ending, SyncdError) for ending in endings.values()) else FINE


def _ending(channel: Channel, message: Message) -> Text | SyncdError | None:
    """None when all went well, a note, or what went wrong."""
    try:
        return channel.send(message)
    except SyncdError as error:
        return error
    finally:
        channel.close()


def _line(name: str, ending: Text | SyncdError | None, language: str) -> Text:
    if isinstance(ending, SyncdError):
        return text("test_failed", channel=name, error=ending.said(language))
    return text("test_sent", channel=name) if ending is None else text("test_sent_with_note", channel=name, note=ending)


def _row(name: str, ending: Text | SyncdError | None, language: str) -> dict[str, object]:
    said = ending.said(language) if ending is not None else None
    is_error = isinstance(ending, SyncdError)
    return {
        "channel": name,
        "sent": not is_error,
        "error": said if is_error else None,
        "note": None if is_error else said,
    }
