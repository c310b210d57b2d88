"""What an examination of a rig finds, in few words."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from syncd.core.findings import Finding, Grade
from tests.rig import Rig


def examined(rig: Rig) -> list[Finding]:
    """Everything, as `syncd check` would tell it."""
    return list(rig.shop.examination.everything())


def troubles(rig: Rig) -> dict[str, Finding]:
    """What is not well, by kind."""
    return {finding.kind: finding for finding in examined(rig) if finding.level != Grade.OK}


def settings(rig: Rig, part: str, **changes: Any) -> None:
    """Change some settings of a section and open the shop anew."""
    rig.close()
    section: Any = getattr(rig.settings, part)
    rig.settings = replace(rig.settings, **{part: replace(section, **changes)})
