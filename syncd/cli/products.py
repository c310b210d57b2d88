"""`syncd products`: links, duplicates, orphans, near misses, and what to do about each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final

import click

from syncd.cli import FINE
from syncd.cli.options import all_option, config_option, json_option
from syncd.cli.printing import print_json
from syncd.cli.shops import reading_shop
from syncd.core.product_problems import LinkProblem, Member, of_kind
from syncd.core.products import Index
from syncd.core.texts import Say, speaker, text

SHOWN: Final = 10
"""So many of a kind are printed without `--all`."""

TITLES: Final = {
    "near_miss": "kind_near_miss",
    "orphan_variant": "kind_orphan_variant",
    "ambiguous": "kind_ambiguous",
    "duplicate_product": "kind_duplicate_product",
    "unknown_link": "kind_unknown_link",
    "unknown_ignore": "kind_unknown_ignore",
    "no_stock": "kind_no_stock",
    "inactive": "kind_inactive",
    "orphan_product": "kind_orphan_product",
}
"""What people read above each kind."""


@click.command("products")
@config_option
@json_option
@all_option
def command(config_path: Path, as_json: bool, every: bool) -> int:
    """Read both catalogues and list links, duplicates, orphans and near misses, each with what to do about it."""
    with reading_shop(config_path) as shop:
        index, say = shop.catalogue.refresh(), speaker(shop.settings.language)
        problems = shop.catalogue.problems()
    if as_json:
        print_json({"links": _links(index), "problems": [_problem(problem, say) for problem in problems]})
        return FINE
    for line in _report(index, problems, say, every=every):
        click.echo(line)
    return FINE


def _links(index: Index) -> list[dict[str, object]]:
    return [
        {
            "variant_id": link.variant_id,
            "sku": link.sku,
            "kiotviet_code": link.code,
            "name": link.name,
            "stock": link.no_stock is None,
        }
        for link in index.by_variant.values()
    ]


def _problem(problem: LinkProblem, say: Say) -> dict[str, object]:
    return {
        "kind": problem.kind,
        "variant_id": problem.variant_id,
        "sku": problem.sku,
        "kiotviet_code": problem.code,
        "text": say(problem.text),
        "suggestion": problem.suggestion or None,
        "candidates": [
            {
                "variant_id": candidate.variant_id,
                "kiotviet_code": candidate.code,
                "name": candidate.name,
                "differs": say(candidate.why),
                "line": candidate.line or None,
            }
            for candidate in problem.candidates
        ],
        "members": [_member(problem, member) for member in problem.members],
    }


def _member(problem: LinkProblem, member: Member) -> dict[str, object]:
    if problem.kind == "duplicate_product":
        return {"kiotviet_id": member.id, "name": member.name}
    return {"variant_id": member.id, "sku": member.sku, "name": member.name}


def _report(index: Index, problems: Sequence[LinkProblem], say: Say, *, every: bool) -> Iterable[str]:
    """The lines for people: totals, then each kind with its problems, then the lines to paste."""
    yield say(text("products_linked", linked=len(index.by_variant), stocked=len(index.stocked())))
    groups = of_kind(problems)
    if groups:
        yield say(text("products_problems", count=len(problems)))
    for kind, group in groups.items():
        yield from ("", f"{say(text(TITLES[kind]))}: {len(group)}")
        yield from _group([say(problem.text) for problem in group], say, every=every)
    yield from _suggestions(problems, say)


def _group(sentences: Sequence[str], say: Say, *, every: bool) -> Iterable[str]:
    """Each sentence once: several variants of one code share theirs."""
    distinct = list(dict.fromkeys(sentences))
    shown = distinct if every else distinct[:SHOWN]
    yield from (f"  - {sentence}" for sentence in shown)
    if len(distinct) > len(shown):
        yield "  " + say(text("products_more", count=len(distinct) - len(shown)))


def _suggestions(problems: Iterable[LinkProblem], say: Say) -> Iterable[str]:
    """What to paste into the config file, as it stands there."""
    lines: Mapping[str, None] = dict.fromkeys(problem.suggestion for problem in problems if problem.suggestion)
    if lines:
        yield from ("", say(text("products_lines")), "", "products:", "  links:")
        yield from (f"    {line}" for line in lines)
