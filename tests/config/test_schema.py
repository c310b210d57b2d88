"""The schema for editors says what the loader asks for: the same keys, defaults, ranges and words, no more, no less."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from syncd.cli import run
from syncd.config import SCHEMA, Settings, load
from syncd.config.section import Section
from syncd.config.tree import join
from syncd.errors import ConfigError
from tests.config.conftest import write_secret
from tests.config.editor import EXAMPLE, complaints, leaves, schema, validator, whole_example, words

Loads = Callable[[dict[str, Any]], Settings]

LEAVES = {path: (node, required) for path, node, required in leaves(schema())}
# What such a key may be depends neither on others nor on what is on the disk. (cod_method needs cod_account_id.)
SIMPLE = sorted(
    path
    for path, (node, _) in LEAVES.items()
    if (node.get("type") in ("integer", "boolean") or "enum" in node) and not path.startswith("orders.cod_")
)
WRONG: list[Any] = [None, True, "", " x", "word", -1, 0, 10**9 + 1, 2**63, 1.5, [], ["x"], {}]
WRONG_TEXTS: list[Any] = ["x" * 401, ["web", "any"], ["a", "a"], {"a": 1}, "http://example.com", "0.0.0.0:9", "~/x"]
MINIMAL: dict[str, Any] = {
    "shop": "my-shop",
    "database": "syncd.db",
    "haravan": {"token_file": "haravan-token"},
    "kiotviet": {"retailer": "myshop", "client_id": "83a5", "client_secret_file": "kiotviet-secret"},
    "orders": {"branch_id": 1001, "since": "2026-11-01"},
    "stock": {"links": [{"location_id": 963414, "branch_ids": [1001]}]},
}
OPTIONAL: dict[str, dict[str, Any]] = {
    "webhooks": {"kiotviet_secret_file": "kiotviet-secret"},
    "alerts": {"webhook": {"url": "https://hooks.shop.vn/syncd"}},
    "alerts.email": {"host": "smtp.shop.vn", "from": "syncd@shop.vn", "to": ["owner@shop.vn"]},
    "alerts.telegram": {"token_file": "telegram-token", "chat_id": 5},
    "alerts.webhook": {"url": "https://hooks.shop.vn/syncd"},
}
"""What a section that may be absent must hold where it is there."""


def parent_of(tree: dict[str, Any], path: str) -> tuple[dict[str, Any], str]:
    """The map in which a key stands, and the key's name; maps on the way are made."""
    node: Any = tree
    *sections, key = path.split(".")
    for name in sections:
        node = node[name.removesuffix("[]")][0] if name.endswith("[]") else node.setdefault(name, {})
    return node, key


def placed(path: str, value: object) -> dict[str, Any]:
    """The smallest config with one key more."""
    tree: dict[str, Any] = json.loads(json.dumps(MINIMAL))
    for section, needed in OPTIONAL.items():
        if path.startswith(f"{section}."):
            node, key = parent_of(tree, section)
            node[key] = json.loads(json.dumps(needed))
    node, key = parent_of(tree, path)
    node[key] = value
    return tree


@pytest.fixture
def loads(shop: Path) -> Loads:
    write_secret(shop.parent / "telegram-token", "123456:AAE-x_y")

    def loaded(tree: dict[str, Any]) -> Settings:
        shop.write_text(json.dumps(tree, ensure_ascii=False), encoding="utf-8")
        return load(shop, credentials_directory=None)

    return loaded


def accepts(loads: Loads, tree: dict[str, Any]) -> bool:
    try:
        loads(tree)
    except ConfigError:
        return False
    return True


class Asked:
    """What the loader asks the sections of a file for: keys, and what it assumes and allows."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.keys: set[str] = set()
        self.rules: dict[str, dict[str, Any]] = {}
        for name, rule in (
            ("whole", lambda default, low, high: {"default": default, "minimum": low, "maximum": high}),
            ("flag", lambda default: {"default": default}),
            ("choice", lambda options, default: {"default": default, "enum": list(options)}),
            ("text", lambda expected, default="": {"default": default} if default else {}),
            ("url", lambda default: {"default": default} if default else {}),
            ("listen", lambda default, public: {"default": "{}:{}".format(*default)}),
        ):
            monkeypatch.setattr(Section, name, self._told(getattr(Section, name), rule))
        for name in ("node", "section"):
            monkeypatch.setattr(Section, name, self._told(getattr(Section, name), None))

    def _told(self, real: Any, rule: Any) -> Any:
        def asking(section: Section, key: str, *how: Any, **more: Any) -> Any:
            path = re.sub(r"\[\d+\]", "[]", join(section.path, key))
            self.keys.add(path)
            if rule is not None:
                self.rules[path] = rule(*how, **more)
            return real(section, key, *how, **more)

        return asking


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch, shop: Path) -> Asked:
    shop.write_text(whole_example(), encoding="utf-8")
    made = Asked(monkeypatch)
    with pytest.raises(ConfigError):  # the secrets of the other sections are not there
        load(shop, credentials_directory=None)
    return made


def test_it_is_a_schema_and_the_example_is_valid_by_it() -> None:
    Draft202012Validator.check_schema(schema())
    assert complaints(EXAMPLE.read_text(encoding="utf-8")) == []
    assert complaints(whole_example()) == []
    assert re.findall(r'"\$ref": "(?!#/)', SCHEMA.read_text(encoding="utf-8")) == [], "editors may be off-line"


def test_it_has_exactly_the_keys_that_the_loader_asks_for(asked: Asked) -> None:
    assert LEAVES.keys() == asked.keys


def test_defaults_ranges_and_words_to_choose_from_are_the_loaders(asked: Asked) -> None:
    assert len(asked.rules) > 15
    found = {path: {key: LEAVES[path][0].get(key) for key in rule} for path, rule in asked.rules.items()}
    assert found == asked.rules


@pytest.mark.parametrize("path", sorted(path for path, (node, _) in LEAVES.items() if "default" in node))
def test_a_default_is_what_is_assumed_when_the_key_is_left_out(path: str, loads: Loads) -> None:
    node, required = LEAVES[path]
    assert not required
    written = placed(path, node["default"])
    left_out = placed(path, node["default"])
    section, key = parent_of(left_out, path)
    del section[key]
    assert loads(written) == loads(left_out)


def test_what_is_required_is_what_the_loader_misses(loads: Loads) -> None:
    channels: dict[str, Any] = {"email": {}, "telegram": {}, "webhook": {}}
    with pytest.raises(ConfigError) as refused:
        loads({"haravan": {}, "kiotviet": {}, "orders": {}, "stock": {"links": [{}]}, "alerts": channels})
    missing = {re.sub(r"\[\d+\]", "[]", problem.key) for problem in refused.value.problems}
    required = {path for path, (node, needed) in LEAVES.items() if needed and "properties" not in node}
    assert required - missing == {"stock.links"}, "which is there"
    assert missing <= required


@pytest.mark.parametrize("path", SIMPLE)
def test_both_accept_and_refuse_the_same_numbers_words_and_switches(path: str, loads: Loads) -> None:
    node, _ = LEAVES[path]
    edges = [node[end] + step for end in ("minimum", "maximum") if end in node for step in (-1, 0, 1)]
    for value in [*WRONG, *edges, *node.get("enum", ())]:
        tree = placed(path, value)
        assert validator().is_valid(tree) == accepts(loads, tree), (path, value)


@pytest.mark.parametrize("path", sorted(LEAVES.keys() - set(SIMPLE)))
def test_what_the_schema_refuses_the_loader_refuses_too(path: str, loads: Loads) -> None:
    refused = 0
    for value in [*WRONG, *WRONG_TEXTS]:
        tree = placed(path, value)
        if not validator().is_valid(tree):
            refused += 1
            assert not accepts(loads, tree), (path, value)
    assert refused >= 5, "the schema says next to nothing about it"


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("orders.payments", ["cod", "any"]),
        ("orders.payments", []),
        ("orders.channels", ["web", "any"]),
        ("orders.channels", ["web", "web"]),
        ("orders.branch_by_location", {"Quận 1": 5}),
        ("orders.since", "1999-12-31"),
        ("products.match", ["sku", "sku"]),
        ("products.ignore", ["A", "A"]),
        ("stock.links[].branch_ids", [1, 1]),
        ("stock.links[].branch_ids", []),
        ("haravan.base_url", "http://apis.haravan.com"),
        ("haravan.base_url", "https://user@apis.haravan.com"),
        ("webhooks", {}),
        ("alerts", {}),
        ("alerts.kinds", ["all", "held"]),
        ("alerts.email.user", "syncd"),
        ("alerts.email.tls", "none"),
        ("alerts.email.from", "Shop <syncd@shop.vn>"),
        ("alerts.email.to", []),
        ("alerts.telegram.chat_id", "shop"),
        ("webhooks", {"kiotviet_secret_file": "kiotviet-secret", "haravan_verify_token_file": "kiotviet-secret"}),
    ],
)
def test_what_an_editor_can_see_it_refuses_as_the_loader_does(path: str, value: object, loads: Loads) -> None:
    tree = placed(path, value)
    assert (validator().is_valid(tree), accepts(loads, tree)) == (False, False)


def test_unknown_keys_are_refused_by_both_in_every_section(loads: Loads) -> None:
    sections = {path for path, (node, _) in LEAVES.items() if "properties" in node} | {"", "stock.links[]"}
    for path in sorted(sections):
        tree = placed(f"{path}.surprise" if path else "surprise", 1)
        assert not validator().is_valid(tree), path
        assert not accepts(loads, tree), path


@pytest.mark.parametrize(
    ("chosen", "legal"),
    [
        ({"cod_method": "Transfer"}, False),
        ({"cod_method": "Transfer", "cod_account_id": 5}, True),
        ({"cod_method": "Cash", "cod_account_id": 5}, False),
        ({"cod_account_id": 5}, False),
        ({"cod_method": "Cash"}, True),
    ],
)
def test_a_bank_account_goes_with_transfers_alone(chosen: dict[str, Any], legal: bool, loads: Loads) -> None:
    tree = MINIMAL | {"orders": MINIMAL["orders"] | chosen}
    assert (validator().is_valid(tree), accepts(loads, tree)) == (legal, legal)


def test_each_key_is_described_in_the_words_of_the_example() -> None:
    """Write them anew with SYNCD_WRITE_SCHEMA=1."""
    said = {path: text for path, text in words().items() if text}
    if os.environ.get("SYNCD_WRITE_SCHEMA"):
        described = schema()
        _describe(described, said)
        SCHEMA.write_text(json.dumps(described, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
        return
    assert len(said) > 30
    assert {path: LEAVES[path][0].get("description", "") for path in said if path in LEAVES} == said
    assert [p for p, (node, _) in LEAVES.items() if not node.get("description") and "properties" not in node] == []


def _describe(node: dict[str, Any], said: dict[str, str], path: str = "") -> None:
    for name, inner in node.get("properties", {}).items():
        where = f"{path}.{name}" if path else name
        if where in said:
            inner["description"] = said[where]
        _describe(inner, said, where)


def test_the_command_prints_it_and_the_example_names_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["schema"]) == 0
    assert json.loads(capsys.readouterr().out) == schema()
    first = EXAMPLE.read_text(encoding="utf-8").splitlines()[0]
    named = re.fullmatch(r"# yaml-language-server: \$schema=(\S+)", first)
    assert named
    assert (EXAMPLE.parent / named[1]).samefile(SCHEMA)
