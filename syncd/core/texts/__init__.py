"""Every sentence that a shop reads, in each of its languages: the core names one, the hands say it in the shop's."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from syncd.core.texts.alerts import ALERTS
from syncd.core.texts.check import CHECK
from syncd.core.texts.commands import COMMANDS
from syncd.core.texts.concerns import CONCERNS
from syncd.core.texts.config import CONFIG
from syncd.core.texts.demo import DEMO
from syncd.core.texts.documents import DOCUMENTS
from syncd.core.texts.errors import ERRORS
from syncd.core.texts.events import EVENTS
from syncd.core.texts.goods import GOODS
from syncd.core.texts.help import HELP
from syncd.core.texts.manual import MANUAL
from syncd.core.texts.orders import ORDERS
from syncd.core.texts.page import PAGE
from syncd.core.texts.records import RECORDS
from syncd.core.texts.stock import STOCK
from syncd.core.texts.usage import USAGE
from syncd.errors import Message, Saying

LANGUAGES = ("en", "vi")
SENTENCES = (
    ORDERS
    | DOCUMENTS
    | GOODS
    | STOCK
    | COMMANDS
    | ERRORS
    | CONFIG
    | DEMO
    | HELP
    | PAGE
    | CONCERNS
    | CHECK
    | EVENTS
    | MANUAL
    | RECORDS
    | USAGE
    | ALERTS
)
"""By key: the sentence in the order of `LANGUAGES`, with named fields."""

Field: TypeAlias = "str | int | Saying | tuple[Saying, ...]"


@dataclass(frozen=True, slots=True)
class Text:
    """A sentence that is not in any language yet; a field may hold other sentences. `str` gives English."""

    key: str
    fields: tuple[tuple[str, Field], ...] = ()

    def said(self, language: str) -> str:
        """The sentence in `vi` or `en`.

        Raises:
            KeyError: There is no such sentence, or it lacks a field.
        """
        sentence = SENTENCES[self.key][LANGUAGES.index(language)]
        return sentence.format(**{name: _said(value, language) for name, value in self.fields})

    def __str__(self) -> str:
        return self.said("en")


Say: TypeAlias = Callable[[Message], str]
"""Says a sentence in the shop's language; words that are the same in every language pass as they are."""


def text(key: str, /, **fields: Field) -> Text:
    """The sentence `key` with its fields."""
    return Text(key, tuple(fields.items()))


def speaker(language: str) -> Say:
    """What says sentences in `vi` or `en`."""
    return lambda sentence: sentence if isinstance(sentence, str) else sentence.said(language)


def _said(value: Field, language: str) -> str | int:
    if isinstance(value, str | int):
        return value
    if isinstance(value, tuple):
        return "; ".join(part.said(language) for part in value)
    return value.said(language)
