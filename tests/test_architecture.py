"""Stairs only go down, and each room owns what it owns."""

from __future__ import annotations

import ast
import graphlib
import sys

import pytest

import syncd.errors
from tests.architecture import Import, imports, room, trees

# A room may import those with a lower number. Rooms with the same number are neighbours and never meet.
FLOORS = {
    "": 0,
    "errors": 1,
    "clock": 1,
    "core": 2,
    "clients": 3,
    "store": 3,
    "config": 3,
    "logs": 3,
    "cycles": 4,
    "policies": 4,
    "wiring": 5,
    "channels": 5,
    "switchboard": 5,
    "web": 6,
    "daemon": 7,
    "demo": 8,
    "cli": 9,
    "__main__": 10,
}
# The simulated remotes stand beside the house: they know its clock and errors, and only the front knows them.
BESIDE = "sandbox"
BESIDE_MAY_IMPORT = {"", "errors", "clock"}
BESIDE_IS_FOR = {"demo", "cli"}

OWNERS = {
    "apscheduler": {"syncd.daemon"},
    "click": {"syncd.cli", "syncd.demo"},
    "httpx": {"syncd.clients", "syncd.sandbox.inprocess"},
    "jinja2": {"syncd.web"},
    "logging_journald": {"syncd.logs"},
    "peewee": {"syncd.store"},
    "prometheus_client": {"syncd.web"},
    "playhouse": {"syncd.store"},
    "rich": {"syncd.cli", "syncd.demo"},
    "smtplib": {"syncd.clients"},
    # completion answers between two key strokes, and peewee alone takes longer to import than that
    "sqlite3": {"syncd.store", "syncd.cli.peek"},
    "stamina": {"syncd.clients"},
    "starlette": {"syncd.web"},
    "transitions": {"syncd.core.lifecycle"},
    "uvicorn": {"syncd.web"},
    "yaml": {"syncd.config"},
}
# The core decides from values: no network, disk, clock, environment, chance or log.
NOT_FOR_CORE = {
    "io",
    "logging",
    "os",
    "pathlib",
    "random",
    "secrets",
    "socket",
    "sqlite3",
    "subprocess",
    "sys",
    "tempfile",
    "threading",
    "time",
}


def rooms() -> set[str]:
    return {room(module) for module in trees()}


def inside(module: str, owner: str) -> bool:
    return module == owner or module.startswith(f"{owner}.")


def is_upward(found: Import) -> bool:
    here, there = room(found.module), room(found.target)
    if here == there:
        return False
    if here == BESIDE:
        return there not in BESIDE_MAY_IMPORT
    if there == BESIDE:
        return here not in BESIDE_IS_FOR
    return FLOORS[there] >= FLOORS[here]


def test_every_room_has_a_floor() -> None:
    assert rooms() - FLOORS.keys() - {BESIDE} == set(), "give the new room a number in FLOORS"


def test_no_import_goes_up_or_to_a_neighbour() -> None:
    own = [found for found in imports() if inside(found.target, "syncd")]
    assert [str(found) for found in own if is_upward(found)] == []


def test_no_import_hides_in_a_function() -> None:
    assert [str(found) for found in imports() if found.inside_function] == []


def test_no_module_imports_itself_around_a_corner() -> None:
    graph: dict[str, set[str]] = {}
    for found in imports():
        if inside(found.target, "syncd") and found.target != found.module:
            graph.setdefault(found.module, set()).add(found.target)
    assert list(graphlib.TopologicalSorter(graph).static_order())


@pytest.mark.parametrize("library", sorted(OWNERS))
def test_a_library_is_imported_by_its_owner_alone(library: str) -> None:
    strangers = [
        str(found)
        for found in imports()
        if inside(found.target, library) and not any(inside(found.module, owner) for owner in OWNERS[library])
    ]
    assert strangers == []


def test_the_core_imports_values_only() -> None:
    foreign = [
        str(found)
        for found in imports()
        if room(found.module) == "core"
        and not inside(found.target, "syncd")
        and not inside(found.target, "transitions")
        and (found.target.split(".")[0] not in sys.stdlib_module_names or found.target.split(".")[0] in NOT_FOR_CORE)
    ]
    assert foreign == []
    assert [str(found) for found in imports() if room(found.module) == "core" and room(found.target) == "clock"] == []


def test_all_errors_descend_from_one() -> None:
    family = [kind for kind in vars(syncd.errors).values() if isinstance(kind, type) and issubclass(kind, Exception)]
    assert syncd.errors.SyncdError in family
    assert all(issubclass(kind, syncd.errors.SyncdError) for kind in family)


def test_nobody_starts_a_family_of_errors_elsewhere() -> None:
    # The simulated remotes are not part of the daemon; their refusals become HTTP answers.
    strays = [
        f"{module}.{node.name}"
        for module, tree in trees().items()
        if module != "syncd.errors" and room(module) != BESIDE
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef)
        and any(isinstance(base, ast.Name) and base.id in ("Exception", "BaseException") for base in node.bases)
    ]
    assert strays == []
