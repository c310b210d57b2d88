"""`syncd explain --stock`: one product's stock on both sides, and what was published before."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import asdict
from decimal import Decimal
from pathlib import Path

import click
from rich.console import Console
from rich.markup import escape

from syncd.cli import FINE
from syncd.cli.printing import console, print_json, shop_clock, table
from syncd.cli.shops import reading_shop
from syncd.cli.usage import Misuse
from syncd.core.model import BranchStock
from syncd.core.product_problems import LinkProblem
from syncd.core.products import Index, Link, rule_of, variants_named
from syncd.core.texts import Say, Text, speaker, text
from syncd.cycles.overview import STATES
from syncd.cycles.stock_story import ENDINGS, WHY, Place, StockStory, Story, unseen_orders
from syncd.errors import Message
from syncd.policies import link_policy, order_policy, stock_policy
from syncd.store.history import Publication
from syncd.wiring import Shop

_MOST_SUGGESTED = 3


def explain_stock(config_path: Path, name: str, as_json: bool) -> int:
    """Print the story of the product that people call `name`.

    Raises:
        Misuse: No product is called so, or several are.
    """
    with reading_shop(config_path) as shop:
        say = speaker(shop.settings.language)
        index = shop.catalogue.index()
        variant_id = _variant(index, name)
        link = index.by_variant.get(variant_id)
        if link is None:
            told = _unlinked(shop.catalogue.problems(), variant_id, say)
            story = None
        else:
            story = _story(shop, link, index)
            told = _told(shop, link, story, say)
    if as_json:
        print_json(told)
    elif story is None or link is None:
        click.echo(told["next"])
    else:
        _print(console(), link, str(told["rule"]), story, say)
    return FINE


def _variant(index: Index, name: str) -> int:
    found = variants_named(name.strip(), index)
    if len(found) == 1:
        return found[0]
    if found:
        raise Misuse(text("usage_stock_several", name=name, ids=", ".join(map(str, found))))
    names = sorted({*index.by_sku, *(link.code for link in index.by_variant.values())})
    near = difflib.get_close_matches(name, names, _MOST_SUGGESTED)
    hint = text("usage_stock_meant", names=", ".join(near)) if near else text("usage_stock_listed")
    raise Misuse(text("usage_stock_unknown", name=name, hint=hint))


def _unlinked(problems: Iterable[LinkProblem], variant_id: int, say: Say) -> dict[str, object]:
    problem = next((one for one in problems if one.variant_id == variant_id), None)
    why = say(problem.text) if problem is not None else ""
    sku = problem.sku if problem is not None else ""
    return {"sku": sku, "variant_id": variant_id, "kiotviet": None, "rule": None, "locations": [], "next": why}


def _story(shop: Shop, link: Link, index: Index) -> Story:
    haravan, kiotviet = shop.remotes.haravan, shop.remotes.kiotviet
    policy, reserves = stock_policy(shop.settings), shop.reserve.counts
    unseen = unseen_orders(haravan, shop.store, order_policy(shop.settings))
    return StockStory(haravan, kiotviet, shop.store, policy, shop.clock, reserves=reserves).tell(link, index, unseen)


def _told(shop: Shop, link: Link, story: Story, say: Say) -> dict[str, object]:
    variant = shop.catalogue.variant(link.variant_id)
    rule = None if variant is None else rule_of(variant, link.code, link_policy(shop.settings))
    return {
        "sku": link.sku,
        "variant_id": link.variant_id,
        "haravan_product_id": link.haravan_product_id,
        "kiotviet": {
            "product_id": link.product_id,
            "code": link.code,
            "base_product_id": link.master_unit_id or link.product_id,
            "conversion": str(link.conversion),
        },
        "rule": rule,
        "not_published": None if link.no_stock is None else say(link.no_stock),
        "locations": [_place(place, story.kiotviet_error, say) for place in story.places],
        "next": _next(story, say),
    }


def _next(story: Story, say: Say) -> str:
    """What comes next, at all locations."""
    told = dict.fromkeys(place.next for place in story.places) or [text("story_no_location")]
    return "; ".join(map(say, told))


def _pieces(quantity: Decimal) -> str:
    return f"{quantity.normalize():f}"


def _place(place: Place, kiotviet_error: Message, say: Say) -> dict[str, object]:
    level, terms = place.level, place.terms
    shown: dict[str, object] = {"branches": [_branch(branch) for branch in place.branches]}
    web: dict[str, object] = {"error": say(place.level_error)}
    if level is not None:
        web = {"available": level.available, "on_hand": level.on_hand, "committed": level.committed}
    return {
        "location_id": place.link.location_id,
        "branch_ids": list(place.link.branch_ids),
        "kiotviet_shows": {"error": say(kiotviet_error)} if kiotviet_error else shown,
        "haravan_shows": web,
        "formula": None
        if terms is None
        else {
            "sellable": terms.sellable,
            "pending": terms.pending,
            "safety_stock": terms.safety_stock,
            "wanted": terms.wanted,
        },
        "pending_orders": [
            {
                "haravan_id": order.haravan_id,
                "order_number": order.number,
                "sku": order.sku,
                "state": order.state,
                "hold": order.hold_code,
                "pieces": order.pieces,
                "why": say(order.why),
            }
            for order in place.pending
        ],
        "difference": place.difference,
        "next": say(place.next),
        "publications": [
            asdict(one) | {"branches": [_branch(branch) for branch in one.branches]} for one in place.publications
        ],
    }


def _branch(branch: BranchStock) -> dict[str, object]:
    on_hand, reserved = (None if value is None else str(value) for value in (branch.on_hand, branch.reserved))
    return {"branch_id": branch.branch_id, "on_hand": on_hand, "reserved": reserved, "active": branch.active}


def _print(out: Console, link: Link, rule: str, story: Story, say: Say) -> None:
    def line(told: Text, indent: str = "  ") -> None:
        out.print(indent + escape(say(told)))

    sku = link.sku or str(link.variant_id)
    title = text("story_title", sku=sku, variant=link.variant_id, code=link.code, product=link.product_id, rule=rule)
    line(title, "")
    if link.master_unit_id is not None:
        line(text("story_unit", code=link.code, pieces=_pieces(link.conversion), base=link.master_unit_id), "")
    if not story.places:
        line(text("story_next", what=_next(story, say)), "")
    for place in story.places:
        branches = ", ".join(map(str, place.link.branch_ids))
        line(text("story_location", location=place.link.location_id, branches=branches), "")
        for told in _lines(place, story.kiotviet_error):
            line(told)
        _print_publications(out, place.publications, say)


def _lines(place: Place, kiotviet_error: Message) -> list[Text]:
    """What is said of one location, above its publications."""
    level, terms = place.level, place.terms
    unread = text("story_unreadable", why=kiotviet_error)
    shown = unread if kiotviet_error else tuple(map(_branch_words, place.branches))
    lines = [text("story_kiotviet", shown=shown)]
    if level is None:
        lines.append(text("story_haravan", shown=text("story_unreadable", why=place.level_error)))
    else:
        figures = {"available": level.available, "on_hand": level.on_hand, "committed": level.committed}
        lines.append(text("story_haravan", shown=text("story_level", **figures)))
    for order in place.pending:
        state = order.hold_code or text(STATES[order.state])
        name, sku = order.number, order.sku
        lines.append(text("story_pending", order=name, state=state, pieces=order.pieces, sku=sku, why=order.why))
    if terms is not None:
        figures = {"sellable": terms.sellable, "pending": terms.pending, "wanted": terms.wanted}
        lines.append(text("story_formula", safety=terms.safety_stock, **figures))
    if place.difference is not None:
        lines.append(text("story_difference", difference=f"{place.difference:+d}"))
    return [*lines, text("story_next", what=place.next)]


def _branch_words(branch: BranchStock) -> Text:
    if not branch.active:
        return text("story_branch_off", branch=branch.branch_id)
    on_hand, reserved = ("?" if value is None else _pieces(value) for value in (branch.on_hand, branch.reserved))
    return text("story_branch", branch=branch.branch_id, on_hand=on_hand, reserved=reserved)


def _print_publications(out: Console, publications: tuple[Publication, ...], say: Say) -> None:
    if not publications:
        out.print("  " + escape(say(text("story_none_published"))))
        return
    columns = (
        "column_at",
        "column_old_new",
        "column_shown",
        "column_terms",
        "column_source",
        "column_why",
        "column_slip",
    )
    shown = table("", *(say(text(column)) for column in columns))
    for one in publications:
        ending = say(text(ENDINGS[one.outcome]))
        seen = "?" if one.shown is None else str(one.shown)
        why = ", ".join(say(text(WHY[code])) for code in one.reason.split("+") if code)
        shown.add_row(
            shop_clock(one.at),
            f"{one.old} → {one.wanted}",
            f"{seen} {ending}".strip(),
            f"{one.sellable} - {one.pending} - {one.safety_stock}",
            escape(one.source),
            why,
            escape(one.note),
        )
    out.print(shown)
