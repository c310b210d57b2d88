"""What an admin must edit: where it stands, which key, what was expected there and what was found."""

from __future__ import annotations

from dataclasses import dataclass

from syncd.core.texts import Text, text
from syncd.errors import Message


@dataclass(frozen=True, slots=True)
class Problem:
    """One problem of a file; `line` is None and `key` empty where it is about the file as a whole."""

    file: str
    line: int | None
    key: str
    expected: Message
    found: Message

    def said(self, language: str) -> str:
        """The problem in `vi` or `en`, in one line that begins with the place, as editors understand it."""
        where = self.file if self.line is None else f"{self.file}:{self.line}"
        key = self.key or text("the_file").said(language)
        return f"{where}: {key}: {self._what().said(language)}"

    def _what(self) -> Text:
        return text("expected_found", expected=self.expected, found=self.found)

    def __str__(self) -> str:
        return self.said("en")
