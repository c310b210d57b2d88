"""Asking a person on a terminal: what an option answered is not asked, and without a person the default counts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

import click

from syncd.core.texts import Say, Text, text

T = TypeVar("T")


class Misunderstood(ValueError):
    """An answer that cannot be used; says why."""

    def __init__(self, why: Text) -> None:
        """Say `why` in any language."""
        self.why = why
        super().__init__(str(why))


@dataclass(frozen=True, slots=True, order=True)
class Row:
    """One line of a list to choose from; the oldest of a shop comes first."""

    id: int
    name: str


@dataclass(frozen=True, slots=True)
class Asker:
    """Asks in one language; with `alone`, nobody is there to answer."""

    say: Say
    alone: bool

    def ask(
        self,
        question: Text,
        read: Callable[[str], T],
        *,
        option: str,
        given: str | None = None,
        default: str | None = None,
        hidden: bool = False,
    ) -> T:
        """What `read` makes of the answer, asked again until it can be used.

        Raises:
            click.UsageError: What `option` gave cannot be used, or nobody is there and there is no default.
        """
        if given is None and self.alone:
            given = default
            if given is None:
                raise click.UsageError(self.say(text("init_missing", option=option)))
        if given is not None:
            return self._read_given(given, read, option)
        while True:
            answer = click.prompt(self.say(question), default=default, hide_input=hidden, type=str)
            try:
                return read(answer.strip())
            except Misunderstood as misunderstood:
                click.echo(self.say(misunderstood.why), err=True)

    def _read_given(self, given: str, read: Callable[[str], T], option: str) -> T:
        try:
            return read(given.strip())
        except Misunderstood as misunderstood:
            raise click.UsageError(f"{option}: {self.say(misunderstood.why)}") from misunderstood

    def yes(self, question: Text, *, given: bool | None, default: bool) -> bool:
        """A yes or no."""
        if given is not None or self.alone:
            return default if given is None else given
        return click.confirm(self.say(question), default=default)

    def show(self, title: Text, rows: Sequence[Row]) -> None:
        """A numbered list."""
        click.echo(self.say(title))
        for number, row in enumerate(rows, 1):
            click.echo(self.say(text("init_row", number=number, name=row.name, id=row.id)))


def one_of(rows: Sequence[Row]) -> Callable[[str], int]:
    """Reads the id of a row from its number or id; a number of the list comes first."""

    def read(answer: str) -> int:
        number = int(answer) if answer.isascii() and answer.isdigit() else 0
        if 1 <= number <= len(rows):
            return rows[number - 1].id
        if any(row.id == number for row in rows):
            return number
        raise Misunderstood(text("init_choice_wrong", answer=answer))

    return read


def some_of(rows: Sequence[Row]) -> Callable[[str], tuple[int, ...]]:
    """Reads the ids of several rows, `0` being none."""
    read_one = one_of(rows)

    def read(answer: str) -> tuple[int, ...]:
        if answer == "0":
            return ()
        return tuple(dict.fromkeys(read_one(part.strip()) for part in answer.split(",")))

    return read


def word_of(words: Sequence[str]) -> Callable[[str], str]:
    """Reads one of a few words, however it is capitalised."""
    by_word = {word.lower(): word for word in words}

    def read(answer: str) -> str:
        if answer.lower() not in by_word:
            raise Misunderstood(text("init_choice_wrong", answer=answer))
        return by_word[answer.lower()]

    return read
