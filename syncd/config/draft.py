"""A first config file, made of answers: the example's own text, with every comment, and the answers at their places."""

from __future__ import annotations

import contextlib
import json
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import yaml

from syncd.config.settings import StockLink
from syncd.config.tree import Scalar
from syncd.config.values import surprise

EXAMPLE = Path(__file__).with_name("example.yaml")
"""The same bytes as config.example.yaml, where an installed syncd finds them."""

CONFIG, TOKEN, SECRET = "config.yaml", "haravan-token", "kiotviet-secret"
"""The files that a config is made of; the two secrets have the names that the example gives them."""

_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_./-]*|https?://[A-Za-z0-9][A-Za-z0-9.:/_-]*[A-Za-z0-9/_-]")


@dataclass(frozen=True, slots=True)
class Draft:
    """What an admin answered; the rest of a config is as in the example. `apply` is for orders and stock alike."""

    shop: str
    database: str
    language: str
    haravan_url: str
    retailer: str
    client_id: str
    kiotviet_url: str
    token_url: str
    since: date
    branch_id: int = 1
    cod_method: str = "Cash"
    cod_account_id: int | None = None
    apply: bool = False
    links: tuple[StockLink, ...] = field(default=())


def render(draft: Draft, example: str) -> str:
    """The text of a config file, comments and all."""
    method = draft.cod_method
    account = f"\n  cod_account_id: {draft.cod_account_id}" if draft.cod_account_id is not None else ""
    values = {
        "shop": _text(draft.shop),
        "database": _text(draft.database),
        "language": draft.language,
        "haravan.base_url": _text(draft.haravan_url),
        "kiotviet.retailer": _text(draft.retailer),
        "kiotviet.client_id": _text(draft.client_id),
        "kiotviet.base_url": _text(draft.kiotviet_url),
        "kiotviet.token_url": _text(draft.token_url),
        "orders.apply": _flag(draft.apply),
        "orders.branch_id": str(draft.branch_id),
        "orders.since": draft.since.isoformat(),
        "orders.cod_method": method + account,
        "stock.apply": _flag(draft.apply),
        "stock.links": _links(draft.links),
    }
    places = dict(_places(yaml.compose(example, Loader=yaml.SafeLoader), ""))
    for path, (start, end) in sorted(places.items(), key=lambda place: place[1], reverse=True):
        if path in values:
            example = example[:start] + values[path] + example[end:]
    return example


def save(folder: Path, text: str, token: str, secret: str) -> Path:
    """Write a config and its two secrets into `folder`; gives the config's path.

    Each file appears whole or not at all, the config last: whoever sees it sees its secrets.

    Raises:
        OSError: Something could not be written; no half file is left.
    """
    folder.mkdir(mode=0o755, parents=True, exist_ok=True)
    _write(folder / TOKEN, token + "\n", 0o600)
    _write(folder / SECRET, secret + "\n", 0o600)
    _write(folder / CONFIG, text, 0o644)
    return folder / CONFIG


def _write(path: Path, text: str, mode: int) -> None:
    new = path.with_name(f".{path.name}.new")
    with contextlib.suppress(FileNotFoundError):
        new.unlink()
    try:
        with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "w", encoding="utf-8") as file:
            file.write(text)
            os.fchmod(file.fileno(), mode)
            file.flush()
            os.fsync(file.fileno())
        new.replace(path)
    except BaseException:
        new.unlink(missing_ok=True)
        raise


def _places(node: yaml.Node | None, path: str) -> Iterator[tuple[str, tuple[int, int]]]:
    """Where each value stands, by its path; a list goes from its first to its last item."""
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield from _places(value, f"{path}.{key.value}" if path else str(key.value))
    elif isinstance(node, yaml.SequenceNode) and node.value:
        # the end of an indented list is the start of what follows it, comments and all
        yield path, (node.start_mark.index, node.value[-1].end_mark.index)
    elif node is not None:
        yield path, (node.start_mark.index, node.end_mark.index)


def _text(value: str) -> str:
    """A text as YAML: bare only where nobody could take it for anything else."""
    if _PLAIN.fullmatch(value) and surprise(Scalar(value, True, 0)) is None:
        return value
    quoted = json.dumps(value, ensure_ascii=False)
    return "".join(letter if letter.isprintable() else f"\\U{ord(letter):08x}" for letter in quoted)


def _flag(value: bool) -> str:
    return "true" if value else "false"


def _links(links: tuple[StockLink, ...]) -> str:
    rows = (
        f"- {{location_id: {link.location_id}, branch_ids: {list(link.branch_ids)}, safety_stock: {link.safety_stock}}}"
        for link in links
    )
    return "\n    ".join(rows) or "[]"
