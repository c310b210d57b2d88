"""Which language a person at the command line reads: decided once, used for help, mistakes and errors at exit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextvars import ContextVar
from pathlib import Path
from typing import Final

from syncd.cli.peek import glance
from syncd.core.texts import LANGUAGES
from syncd.errors import Message

OWN_VARIABLE: Final = "SYNCD_LANGUAGE"
CONFIG_VARIABLE: Final = "SYNCD_CONFIG"
_LOCALE: Final = ("LC_ALL", "LC_MESSAGES", "LANG")
_CONFIG_OPTIONS: Final = ("-c", "--config")

_spoken: ContextVar[str] = ContextVar("_spoken", default="en")


def choose(arguments: Sequence[str], environ: Mapping[str, str]) -> str:
    """The language of a command line: what the config file says, else SYNCD_LANGUAGE, else the locale, else English."""
    config = config_of(arguments, environ)
    return (config and glance(config).language) or of_environment(environ)


def of_environment(environ: Mapping[str, str]) -> str:
    """The language of a command that has no config file."""
    own = environ.get(OWN_VARIABLE, "").strip().lower()
    if own in LANGUAGES:
        return own
    locale = next((environ[name] for name in _LOCALE if environ.get(name)), "")
    return "vi" if locale.lower().startswith("vi") else "en"


def config_of(arguments: Sequence[str], environ: Mapping[str, str]) -> Path | None:
    """The config file that a command line names, before anything has been parsed."""
    for position, argument in enumerate(arguments):
        if argument in _CONFIG_OPTIONS and position + 1 < len(arguments):
            return Path(arguments[position + 1])
        if argument.startswith("--config="):
            return Path(argument.removeprefix("--config="))
        if argument.startswith("-c") and not argument.startswith("--") and len(argument) > 2:
            return Path(argument[2:])
    named = environ.get(CONFIG_VARIABLE)
    return Path(named) if named else None


def speak(language: str) -> None:
    """From now on, `say` says everything in this language."""
    _spoken.set(language)


def spoken() -> str:
    """The language of this command."""
    return _spoken.get()


def say(sentence: Message) -> str:
    """A sentence in the language of this command."""
    return sentence if isinstance(sentence, str) else sentence.said(_spoken.get())
