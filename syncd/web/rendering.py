"""Templates to answers: every word through the catalogue, every value escaped, nothing personal."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse, Response

from syncd.core.texts import Field, Text, text
from syncd.logs.redaction import masked
from syncd.web import charts, words
from syncd.web.visits import Visit

_HERE = Path(__file__).parent
_STATIC = {"status.css": "text/css", "icon.svg": "image/svg+xml"}


class Renderer:
    """The templates of this package, for one shop."""

    def __init__(self, shop: str, *, guarded: bool) -> None:
        """Read and compile all templates now, so that the first visitor need not wait for it."""
        for name in _environment().list_templates():
            _environment().get_template(name)
        self._always = {"shop": shop, "guarded": guarded, "version": _version()}

    def page(self, name: str, visit: Visit, values: Mapping[str, object], status: int = 200) -> Response:
        """A template as an answer in the visitor's language."""
        template = _environment().get_template(f"{name}.html")
        return HTMLResponse(template.render(self._always | _context(visit) | dict(values)), status)

    def static(self, name: str) -> Response | None:
        """A file that stands beside the templates; None where there is none of that name."""
        if name not in _STATIC:
            return None
        body = (_HERE / "static" / name).read_bytes()
        return Response(body, media_type=_STATIC[name], headers={"Cache-Control": "max-age=86400"})


@cache
def _environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(_HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.globals |= {"chart_width": charts.WIDTH, "chart_height": charts.HEIGHT}
    return made


@cache
def _version() -> str:
    """Changes when a file beside the templates does, so that no browser shows yesterday's."""
    contents = b"".join((_HERE / "static" / name).read_bytes() for name in _STATIC)
    return hashlib.sha256(contents).hexdigest()[:12]


def _context(visit: Visit) -> dict[str, Any]:
    language = visit.language
    other = "en" if language == "vi" else "vi"

    def t(key: str, **fields: Field) -> str:
        return visit.say(text(key, **fields))

    def say(told: Text | str) -> str:
        return masked(told if isinstance(told, str) else visit.say(told))

    def when(at: datetime) -> str:
        return words.clock(at, visit.now)

    return {
        "t": t,
        "say": say,
        "when": when,
        "age": lambda at: visit.say(words.age((visit.now - at).total_seconds())),
        "num": lambda value: words.number(value, language),
        "state_word": lambda state: visit.say(words.state(state)),
        "visit": visit,
        "language": language,
        "other": other,
        "other_word": text("page_other_language").said(language),
        "note": None,
        "asked": "",
    }
