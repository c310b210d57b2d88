"""The two READMEs, and the walk-through that each of them shows."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"
VIETNAMESE = ROOT / "README.vi.md"
READMES = (README, VIETNAMESE)
"""In the order of `syncd.core.texts.LANGUAGES`."""
START = "<!-- walk-through: run and rewritten by tests/test_walkthrough.py -->\n\n```console\n"
END = "```\n\n<!-- end of walk-through -->"


@dataclass(frozen=True)
class Step:
    """A command and what it prints, as they stand in a README."""

    command: str
    shown: str


def steps(block: str) -> list[Step]:
    """The steps of a transcript; a command may go on in the next line behind a backslash."""
    found: list[tuple[list[str], list[str]]] = []
    for line in block.splitlines():
        if line.startswith("$ "):
            found.append(([line[2:]], []))
        elif found[-1][0][-1].endswith("\\"):
            found[-1][0].append(line)
        else:
            found[-1][1].append(line)
    return [Step("\n".join(command), "\n".join(shown)) for command, shown in found]


def walk_through(readme: Path) -> list[Step]:
    """The steps that a README shows."""
    text = readme.read_text(encoding="utf-8")
    return steps(text[text.index(START) + len(START) : text.index(END)])
