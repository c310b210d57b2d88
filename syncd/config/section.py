"""A map of the file being read: each key that is asked for is a known key; what was never asked for is a problem."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import date

from syncd.config import values
from syncd.config.tree import Broken, Listing, Node, Problems, Scalar, Table, join
from syncd.config.urls import listen, url
from syncd.core.texts import text
from syncd.errors import Message

_SECRET_NAME = re.compile(r"(?i)token|secret|passw|credential|api_?key|auth")
_KEYS_OF_SECRETS = ("haravan.token_file", "kiotviet.client_secret_file")


class Section:
    """One map of the file at `path`. A reader answers a harmless stand-in after it has reported a problem."""

    def __init__(self, problems: Problems, path: str, node: Node) -> None:
        """Read `node`, which may be empty (`poll:` with every key commented out)."""
        self.path = path
        self.line = node.line
        self._problems = problems
        self._asked: list[str] = []
        self._children: list[Section] = []
        self._broken = not isinstance(node, Table) and not values.is_nothing(node)
        self._pairs = {key.text: (key, value) for key, value in node.pairs} if isinstance(node, Table) else {}
        if self._broken and not isinstance(node, Broken):
            problems.add(node.line, path, text("cfg_map_pairs"), values.found(node, private=True))

    def section(self, key: str) -> Section:
        """The map under `key`; an absent one is empty."""
        self._asked.append(key)
        name, value = self._pairs.get(key, (None, Table((), self.line)))
        # An admin looks for a missing key below the name of its section.
        line = name.line if name else self.line
        child = Section(self._problems, join(self.path, key), _at(value, line))
        child._broken |= self._broken
        self._children.append(child)
        return child

    def node(self, key: str, expected: Message | None = None) -> Node | None:
        """What stands under `key`; where it is absent None, and a problem if `expected` says what is missing."""
        self._asked.append(key)
        if key in self._pairs:
            return self._pairs[key][1]
        if expected and not self._broken:
            self._problems.add(self.line, join(self.path, key), expected, text("cfg_key_missing"))
        return None

    def has(self, key: str) -> bool:
        """Whether the admin wrote `key` at all."""
        return key in self._pairs

    def text(self, key: str, expected: Message, default: str | None = None) -> str:
        """A line of text; required where `default` is None."""
        node = self.node(key, expected if default is None else None)
        if node is None:
            return default or ""
        return values.text(self._problems, join(self.path, key), node, what=expected) or ""

    def matching(self, key: str, expected: Message, pattern: str) -> str:
        """A required line of text that `pattern` matches whole."""
        value = self.text(key, expected)
        if value and not re.fullmatch(pattern, value):
            self.wrong(key, expected, text("cfg_odd_characters"))
        return value

    def whole(self, key: str, default: int, low: int, high: int) -> int:
        """A whole number from `low` to `high`."""
        node = self.node(key)
        if node is None:
            return default
        value = values.whole(self._problems, join(self.path, key), node, low, high)
        return default if value is None else value

    def number_id(self, key: str, what: Message) -> int:
        """A required id."""
        node = self.node(key, what)
        return 0 if node is None else values.number_id(self._problems, join(self.path, key), node, what) or 0

    def optional_id(self, key: str, what: Message) -> int | None:
        """An id, or None where the key is absent."""
        node = self.node(key)
        return None if node is None else values.number_id(self._problems, join(self.path, key), node, what)

    def flag(self, key: str, default: bool) -> bool:
        """`true` or `false`."""
        node = self.node(key)
        value = None if node is None else values.flag(self._problems, join(self.path, key), node)
        return default if value is None else value

    def choice(self, key: str, options: Collection[str], default: str) -> str:
        """One of a few words."""
        node = self.node(key)
        return default if node is None else values.choice(self._problems, join(self.path, key), node, options) or ""

    def day(self, key: str) -> date:
        """A required date."""
        node = self.node(key, text("cfg_day"))
        value = None if node is None else values.day(self._problems, join(self.path, key), node)
        return value or date.min

    def url(self, key: str, default: str) -> str:
        """An address, without a trailing slash."""
        node = self.node(key)
        value = None if node is None else url(self._problems, join(self.path, key), node)
        return value or default

    def listen(self, key: str, default: tuple[str, int], *, public: bool) -> tuple[str, int]:
        """An address and port to listen at; with `public` also one that other machines reach."""
        node = self.node(key)
        value = None if node is None else listen(self._problems, join(self.path, key), node, public=public)
        return value or default

    def entries(self, key: str, expected: Message, *, required: bool = False) -> list[tuple[str, Node]] | None:
        """The items of a list with the path of each; None where the key is absent or holds no list."""
        node = self.node(key, expected if required else None)
        if isinstance(node, Listing):
            path = join(self.path, key)
            return [(f"{path}[{index}]", item) for index, item in enumerate(node.items)]
        self._refuse_kind(key, node, expected)
        return None

    def pairs(self, key: str, expected: Message) -> list[tuple[str, Scalar, Node]]:
        """The pairs of a map of the admin's own keys, with the path of each."""
        node = self.node(key)
        if isinstance(node, Table):
            path = join(self.path, key)
            return [(join(path, name.text), name, value) for name, value in node.pairs]
        self._refuse_kind(key, node, expected)
        return []

    def _refuse_kind(self, key: str, node: Node | None, expected: Message) -> None:
        if node is not None and not isinstance(node, Broken):
            self._problems.add(node.line, join(self.path, key), expected, values.found(node))

    def wrong(self, key: str, expected: Message, found: Message) -> None:
        """Report a problem of `key` that only its neighbours show."""
        name = self._pairs.get(key)
        self._problems.add(name[0].line if name else self.line, join(self.path, key), expected, found)

    def report_unknown(self, homes: dict[str, str] | None = None) -> None:
        """Report every key here and below that nobody asked for; never its value."""
        known = self._homes() if homes is None else homes
        for name, (key, _) in self._pairs.items():
            if name not in self._asked:
                expected, found = self._unknown(name, known)
                self._problems.add(key.line, join(self.path, name), expected, found)
        for child in self._children:
            child.report_unknown(known)

    def _homes(self) -> dict[str, str]:
        homes = {key: join(self.path, key) for key in self._asked}
        for child in self._children:
            homes = {**child._homes(), **homes}
        return homes

    def _unknown(self, name: str, homes: dict[str, str]) -> tuple[Message, Message]:
        if name == "<<":
            return text("cfg_keys_themselves"), text("cfg_merge_key")
        if _SECRET_NAME.search(name) and name not in homes:
            return text("cfg_secret_files", keys=", ".join(_KEYS_OF_SECRETS)), text("cfg_secret_here")
        if meant := values.near(name, self._asked):
            return text("cfg_known_key"), text("cfg_unknown_meant", meant=meant)
        if name in homes:
            return text("cfg_known_key"), text("cfg_unknown_meant", meant=homes[name])
        return text("cfg_one_of", options=", ".join(self._asked)), text("cfg_unknown_key")


def _at(node: Node, line: int) -> Node:
    """An empty map or empty value seen at `line`, so that what is missing in it is looked for there."""
    if isinstance(node, Table):
        return Table(node.pairs, line)
    return Scalar(node.text, node.plain, line) if isinstance(node, Scalar) else node
