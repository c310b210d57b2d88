"""Mistakes on the command line, in the words of the catalogue instead of click's."""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence

import click
from click.exceptions import BadOptionUsage, MissingParameter, NoSuchCommand, NoSuchOption

from syncd.cli.language import say
from syncd.core.texts import Text, text
from syncd.errors import Message

_EXTRA = re.compile(r"Got unexpected extra arguments? \((.*)\)")


class Misuse(click.UsageError):
    """What was typed cannot be done; `sentence` says why and what to type instead."""

    def __init__(self, sentence: Text) -> None:
        self.sentence = sentence
        super().__init__(sentence.key)


def tell(error: click.ClickException, commands: Sequence[str]) -> None:
    """Say on stderr what is wrong with a command line, and where its help is; `commands` are those there are."""
    click.echo(say(text("usage_error", what=what(error, commands))), err=True)
    context = error.ctx if isinstance(error, click.UsageError) else None
    if context is not None:
        click.echo(say(text("usage_hint", command=context.command_path)), err=True)


def what(error: click.ClickException, commands: Sequence[str]) -> Message:
    """What is wrong; click's own words only where it may say something that is not known here."""
    match error:
        case Misuse():
            return error.sentence
        case NoSuchCommand():
            return _no_command(error.command_name, commands)
        case NoSuchOption():
            return _no_option(error)
        case MissingParameter():
            return _missing(error)
        case BadOptionUsage():
            takes_none = "does not take" in error.message
            key = "usage_option_takes_none" if takes_none else "usage_option_lacks_value"
            return Text(key, (("name", error.option_name),))
        case click.BadParameter():
            return _bad_value(error)
    extra = _EXTRA.fullmatch(error.message.rstrip("."))
    return text("usage_too_much", arguments=extra[1]) if extra else error.format_message()


def _no_command(name: str, commands: Sequence[str]) -> Text:
    meant = _near(name, commands)
    return text("usage_no_command_meant", name=name, meant=meant) if meant else text("usage_no_command", name=name)


def _no_option(error: NoSuchOption) -> Text:
    name, near = error.option_name, error.possibilities
    return text("usage_no_option_meant", name=name, meant=near[0]) if near else text("usage_no_option", name=name)


def _missing(error: MissingParameter) -> Text:
    name = error.param.name if error.param is not None else ""
    return text("usage_missing_config") if name == "config_path" else text("usage_missing", what=_shown(error))


def _bad_value(error: click.BadParameter) -> Message:
    kind = error.param.type if error.param is not None else None
    if isinstance(kind, click.IntRange) and kind.min is not None and kind.max is not None:
        expected = text("cfg_from_to", what=text("cfg_whole"), low=int(kind.min), high=int(kind.max))
    elif isinstance(kind, click.types.IntParamType):
        expected = text("cfg_whole")
    elif isinstance(kind, click.Choice):
        expected = text("usage_one_of", options=", ".join(map(str, kind.choices)))
    else:
        return error.format_message()
    return text("usage_bad_value", name=_shown(error), expected=expected)


def _shown(error: click.BadParameter) -> str:
    """The option or argument as it is typed."""
    parameter = error.param
    if isinstance(parameter, click.Argument):
        return parameter.metavar or parameter.human_readable_name
    return parameter.opts[-1] if parameter is not None else "?"


def _near(name: str, options: Sequence[str]) -> str | None:
    return next(iter(difflib.get_close_matches(name, options, n=1)), None)
