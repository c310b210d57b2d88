"""syncd's source as a graph: which module imports what, read with `ast` and without running anything."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "syncd"
TEMPLATES = SOURCE / "web" / "templates"


@dataclass(frozen=True)
class Import:
    """One imported module, with where it stands."""

    module: str
    target: str
    line: int
    inside_function: bool

    def __str__(self) -> str:
        return f"{self.module}:{self.line} imports {self.target}"


@cache
def trees() -> dict[str, ast.Module]:
    """Every module of the package, by its dotted name."""
    return {_dotted(path): ast.parse(path.read_text(encoding="utf-8")) for path in sorted(SOURCE.rglob("*.py"))}


def _dotted(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def imports() -> tuple[Import, ...]:
    """Every import statement of the package, resolved to the module that it loads."""
    return tuple(found for module, tree in trees().items() for found in _imports(module, tree))


def _imports(module: str, tree: ast.Module) -> Iterator[Import]:
    deferred = {
        id(inner)
        for outer in ast.walk(tree)
        if isinstance(outer, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
        for inner in ast.walk(outer)
    }
    for node in ast.walk(tree):
        for target in _targets(module, node):
            yield Import(module, target, getattr(node, "lineno", 0), id(node) in deferred)


def _targets(module: str, node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        origin = _origin(module, node)
        yield from ((inner if (inner := f"{origin}.{alias.name}") in trees() else origin) for alias in node.names)


def _origin(module: str, node: ast.ImportFrom) -> str:
    if not node.level:
        return node.module or ""
    is_package = (ROOT / Path(*module.split(".")) / "__init__.py").exists()
    parts = module.split(".")
    base = parts[: len(parts) - node.level + is_package]
    return ".".join([*base, *([node.module] if node.module else [])])


def room(module: str) -> str:
    """The top-level part of syncd that a module stands in; empty for the package itself."""
    parts = module.split(".")
    return parts[1] if len(parts) > 1 else ""
