"""YAML text as a small tree that knows its lines and guesses nothing: a scalar is what the admin typed.

PyYAML's own loader keeps the last of two equal keys, reads `no` as false, `00123` as 83 and `1:30` as 90, and follows
aliases. None of that happens here: duplicates, aliases, anchors, tags and a second document are problems with a line.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import yaml

from syncd.core.problems import Problem
from syncd.core.texts import text
from syncd.errors import Message

_DEEPEST = 12


@dataclass(frozen=True, slots=True)
class Scalar:
    """A single value; `plain` when it stood without quotes."""

    text: str
    plain: bool
    line: int


@dataclass(frozen=True, slots=True)
class Listing:
    """A list, `[a, b]` or dashes."""

    items: tuple[Node, ...]
    line: int


@dataclass(frozen=True, slots=True)
class Table:
    """A map; no key occurs twice."""

    pairs: tuple[tuple[Scalar, Node], ...]
    line: int


@dataclass(frozen=True, slots=True)
class Broken:
    """Something that was reported already and stands for no value."""

    line: int


Node = Scalar | Listing | Table | Broken


class Problems:
    """Everything that is wrong with one file, collected instead of raised, so that all of it is told at once."""

    def __init__(self, file: str) -> None:
        """Collect the problems of `file`."""
        self._file = file
        self._found: list[Problem] = []

    def add(self, line: int | None, key: str, expected: Message, found: Message) -> None:
        """Take one problem; `key` is a path like `stock.links[0].branch_ids`, empty for the file as a whole."""
        self._found.append(Problem(self._file, line, key, expected, found))

    def sorted(self) -> tuple[Problem, ...]:
        """All problems in the order in which an admin meets them."""
        return tuple(sorted(self._found, key=lambda problem: problem.line or 0))


def parse(content: str, problems: Problems) -> Node | None:
    """The file's top node; None when nothing can be said beyond the problems reported."""
    try:
        return _Builder(content, problems).document()
    except yaml.reader.ReaderError as error:
        line = content.count("\n", 0, error.position) + 1
        problems.add(line, "", text("cfg_printable"), text("cfg_character", character=repr(error.character)))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        problems.add(mark.line + 1 if mark else None, "", *_syntax(error))
    except yaml.YAMLError:
        return None  # the builder gave up, after it had said why
    except (ValueError, OverflowError):
        # PyYAML lets Python's own refusal of an escape such as "\UFFFFFFFF" through, without a line.
        problems.add(_escape_line(content), "", text("cfg_yaml"), text("cfg_bad_escape"))
    return None


def _escape_line(content: str) -> int:
    return next((number for number, line in enumerate(content.split("\n"), 1) if "\\U" in line), 1)


def _syntax(error: yaml.MarkedYAMLError) -> tuple[Message, Message]:
    said = error.problem or ""
    if "\\t" in said or "\t" in said:
        return text("cfg_spaces"), text("cfg_tab")
    if "tag handle" in said:  # what follows could be a secret that starts with an exclamation mark
        return text("cfg_yaml"), text("cfg_tag")
    if "mapping values are not allowed" in said:
        return text("cfg_one_pair"), text("cfg_second_colon")
    if said.startswith("found "):
        return text("cfg_yaml"), text("cfg_yaml_found", said=said.removeprefix("found "))
    return text("cfg_yaml"), text("cfg_yaml_mistake", said=said or text("cfg_something_else"))


class _Builder:
    """Makes nodes of PyYAML's events; recursion is as deep as the file, which is refused past `_DEEPEST`."""

    def __init__(self, content: str, problems: Problems) -> None:
        self._events: Iterator[yaml.Event] = iter(yaml.parse(content, Loader=yaml.SafeLoader))
        self._problems = problems

    def document(self) -> Node | None:
        next(self._events)  # the stream starts
        if isinstance(next(self._events), yaml.StreamEndEvent):
            return None
        node = self._node(next(self._events), "", 0)
        next(self._events)  # the document ends
        after = next(self._events)
        if isinstance(after, yaml.DocumentStartEvent):
            self._problems.add(_line(after), "", text("cfg_one_document"), text("cfg_second_document"))
        return node

    def _node(self, event: yaml.Event, path: str, depth: int) -> Node:
        if depth > _DEEPEST:
            self._problems.add(_line(event), path[:80], text("cfg_few_levels"), text("cfg_too_deep"))
            raise yaml.YAMLError
        if isinstance(event, yaml.AliasEvent):
            self._problems.add(_line(event), path, text("cfg_value_itself"), text("cfg_alias"))
            return Broken(_line(event))
        if isinstance(event, yaml.MappingStartEvent):
            self._refuse_extras(event, path)
            return self._table(_line(event), path, depth)
        if isinstance(event, yaml.SequenceStartEvent):
            self._refuse_extras(event, path)
            return self._listing(_line(event), path, depth)
        assert isinstance(event, yaml.ScalarEvent)
        self._refuse_extras(event, path)
        return Scalar(event.value, event.style is None, _line(event))

    def _refuse_extras(self, event: yaml.ScalarEvent | yaml.CollectionStartEvent, path: str) -> None:
        if event.anchor is not None:
            self._problems.add(_line(event), path, text("cfg_plain_value"), text("cfg_anchor"))
        if event.tag is not None:
            self._problems.add(_line(event), path, text("cfg_plain_value"), text("cfg_yaml_tag"))

    def _listing(self, line: int, path: str, depth: int) -> Listing:
        items: list[Node] = []
        while not isinstance(event := next(self._events), yaml.SequenceEndEvent):
            items.append(self._node(event, f"{path}[{len(items)}]", depth + 1))
        return Listing(tuple(items), line)

    def _table(self, line: int, path: str, depth: int) -> Table:
        pairs: dict[str, tuple[Scalar, Node]] = {}
        while not isinstance(event := next(self._events), yaml.MappingEndEvent):
            key = self._node(event, path, depth + 1)
            name = key.text if isinstance(key, Scalar) else "?"
            value = self._node(next(self._events), join(path, name), depth + 1)
            if not isinstance(key, Scalar):
                self._problems.add(key.line, path, text("cfg_word_key"), text("cfg_odd_key"))
            elif name in pairs:
                first = pairs[name][0].line
                self._problems.add(key.line, join(path, name), text("cfg_key_once"), text("cfg_key_again", line=first))
            else:
                pairs[name] = (key, value)
        return Table(tuple(pairs.values()), line)


def join(path: str, name: str) -> str:
    """The path of a key inside `path`; a long or unprintable name is cut and escaped."""
    shown = name if name.isprintable() and len(name) <= 60 else repr(name[:60])
    return f"{path}.{shown}" if path else shown


def _line(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 1
