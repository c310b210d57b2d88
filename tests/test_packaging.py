"""What is shipped holds together: dependencies, lock, package data and the top of the tree."""

from __future__ import annotations

import re
import sys
import tomllib

import pytest
from packaging.requirements import Requirement

from tests.architecture import ROOT, SOURCE, imports

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
DECLARED = {requirement.name: requirement for requirement in map(Requirement, PROJECT["dependencies"])}
LOCK = (ROOT / "systemd" / "requirements.lock").read_text().splitlines()
# Where a package is imported under another name than it is installed.
DISTRIBUTIONS = {"yaml": "pyyaml", "phonenumbers": "phonenumberslite", "playhouse": "peewee"}
TOP = {
    "CHANGELOG.md",
    "LICENSE",
    "README.md",
    "README.vi.md",
    "config.example.yaml",
    "pyproject.toml",
    "syncd",
    "systemd",
    "tests",
}
BUILT = {"build", "dist", "htmlcov", "__pycache__"}


def distribution(module: str) -> str:
    top = module.split(".")[0]
    return DISTRIBUTIONS.get(top, top.replace("_", "-"))


def test_every_imported_package_is_declared() -> None:
    foreign = {found.target.split(".")[0] for found in imports()} - sys.stdlib_module_names - {"syncd"}
    assert {distribution(module) for module in foreign} - DECLARED.keys() == set()


def test_the_lock_pins_and_hashes_every_dependency_within_its_range() -> None:
    locked = [line for line in LOCK if not line.startswith("#")]
    assert all(re.fullmatch(r"[a-z0-9.-]+==\S+( --hash=sha256:[0-9a-f]{64})+", line) for line in locked)
    versions = dict(line.split(" ")[0].split("==") for line in locked)
    assert DECLARED.keys() - versions.keys() == set()
    assert [str(need) for need in DECLARED.values() if not need.specifier.contains(versions[need.name])] == []


def test_every_folder_of_code_is_a_package_that_gets_installed() -> None:
    folders = {path.parent for path in SOURCE.rglob("*.py")}
    assert sorted(folder for folder in folders if not (folder / "__init__.py").exists()) == []


def test_every_other_file_of_the_package_is_package_data() -> None:
    data = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["setuptools"]["package-data"]["*"]
    others = [path for path in SOURCE.rglob("*") if path.is_file() and path.suffix not in (".py", ".pyc")]
    assert SOURCE / "py.typed" in others
    assert [path for path in others if not any(path.match(pattern) for pattern in data)] == []


def test_the_top_of_the_tree_holds_only_what_belongs_there() -> None:
    seen = {path.name for path in ROOT.iterdir() if not path.name.startswith(".")} - BUILT
    assert {name for name in seen if not name.endswith(".egg-info")} - TOP == set()


def test_the_tests_need_no_package_that_only_developers_have() -> None:
    test_extra = {Requirement(text).name for text in PROJECT["optional-dependencies"]["test"]}
    assert {"pytest", "freezegun", "hypothesis", "pytest-xdist", "pytest-randomly", "pytest-cov"} <= test_extra


@pytest.mark.parametrize("script", [".ci/run", ".ci/lock"])
def test_the_scripts_can_be_run(script: str) -> None:
    assert (ROOT / script).stat().st_mode & 0o111


def test_no_module_has_a_name_that_says_nothing() -> None:
    assert [path.name for path in SOURCE.rglob("*.py") if path.stem in ("utils", "base", "helpers", "common")] == []
