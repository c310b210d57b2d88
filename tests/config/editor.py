"""What an editor makes of a config: YAML 1.2 to JSON, checked with the schema; and the example's words on each key."""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from jsonschema import Draft202012Validator

from syncd.config import SCHEMA

EXAMPLE = Path(__file__).parents[2] / "config.example.yaml"
# The core schema of YAML 1.2, by which editors read; syncd's own reader asks for quotes wherever 1.1 differs.
_CORE = (
    (re.compile(r"null|Null|NULL|~|"), lambda text: None),
    (re.compile(r"true|True|TRUE|false|False|FALSE"), lambda text: text.lower() == "true"),
    (re.compile(r"[-+]?[0-9]+"), int),
    (re.compile(r"0x[0-9a-fA-F]+|0o[0-7]+"), lambda text: int(text, 0)),
    (re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?"), float),
    (re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)"), lambda text: float(text.replace(".", ""))),
)


def schema() -> dict[str, Any]:
    """The schema as it is shipped."""
    return dict(json.loads(SCHEMA.read_text(encoding="utf-8")))


@functools.cache
def validator() -> Draft202012Validator:
    """What checks with it."""
    return Draft202012Validator(schema())


def complaints(content: str) -> list[str]:
    """What an editor underlines."""
    return [f"{error.json_path}: {error.message}" for error in validator().iter_errors(value_of(content))]


def value_of(content: str) -> Any:
    """The file as JSON."""
    root = yaml.compose(content.removeprefix("\ufeff"), Loader=yaml.SafeLoader)
    return None if root is None else _value(root)


def _value(node: yaml.Node) -> Any:
    if isinstance(node, yaml.MappingNode):
        return {key.value: _value(value) for key, value in node.value}
    if isinstance(node, yaml.SequenceNode):
        return [_value(item) for item in node.value]
    assert isinstance(node, yaml.ScalarNode)
    if node.style is not None:
        return node.value
    return next((read(node.value) for pattern, read in _CORE if pattern.fullmatch(node.value)), node.value)


def leaves(node: dict[str, Any], path: str = "") -> Iterator[tuple[str, dict[str, Any], bool]]:
    """Every key of the schema, sections too: its path, what is said of it, and whether it is required."""
    for name, raw in node.get("properties", {}).items():
        inner = f"{path}.{name}" if path else name
        found = resolved(raw)
        yield inner, found, name in node.get("required", ())
        yield from leaves(found, inner)
        yield from leaves(found.get("items", {}), f"{inner}[]")


def resolved(node: dict[str, Any]) -> dict[str, Any]:
    """A node with what it refers to."""
    reference = node.get("$ref", "").rpartition("/")[2]
    return ({**schema()["$defs"][reference], **node}) if reference else node


def whole_example() -> str:
    """The example with the sections that are commented out switched on."""
    lines, inside = [], False
    for line in EXAMPLE.read_text(encoding="utf-8").splitlines():
        inside = bool(re.fullmatch(r"# [a-z_]+:", line)) or (inside and line.startswith("#  "))
        lines.append(line[2:] if inside else line)
    return "\n".join(lines) + "\n"


def words() -> dict[str, str]:
    """What the example's comment says of each key, by its path, as one paragraph."""
    said: dict[str, str] = {}
    comment: list[str] = []
    sections: list[tuple[int, str]] = []
    for line in whole_example().splitlines():
        indent, text = len(line) - len(line.lstrip()), line.strip()
        if text.startswith("#"):
            comment.append(text.lstrip("# "))
        elif key := re.match(r"([a-z_]+):", text):
            sections = [*(one for one in sections if one[0] < indent), (indent, key[1])]
            said[".".join(name for _, name in sections)] = " ".join(filter(None, comment))
            comment = []
        else:
            comment = []
    return said
