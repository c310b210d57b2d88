"""The products' part of the examination: what is linked, what shares a code, what has no counterpart."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from syncd.clients.haravan import HaravanClient
from syncd.config import Settings
from syncd.core.findings import Finding, fine, warning
from syncd.core.product_problems import LinkProblem
from syncd.core.products import Index
from syncd.core.texts import text
from syncd.cycles.catalogue import Catalogue
from syncd.cycles.examination.haravan import WAY as HARAVAN
from syncd.cycles.examination.troubles import Read, Way
from syncd.errors import AuthError

SHARED = ("ambiguous", "duplicate_product")
"""The kinds of problems in which several have one code."""

_SHOWN = 3
_NAMED = 10
_TRIED = 20
_BOTH = Way("Haravan, KiotViet", "haravan.base_url", text("check_both_remedy"))


def of_links(index: Index) -> Iterator[Finding]:
    """How many are linked, and how many cannot be because a code is shared; from the links alone."""
    linked, known = len(index.by_variant), len(index.known)
    if known and not linked:
        remedy = text("check_nothing_linked_remedy")
        yield warning("nothing_linked", "products", text("check_nothing_linked", known=known), remedy)
    else:
        yield fine("products", text("check_linked", linked=linked, known=known))
    if index.ambiguous:
        cause = text("check_shared", count=len(index.ambiguous), names=_shared_names(index))
        yield warning("duplicate_codes", "products", cause, text("check_shared_remedy"))


def _shared_names(index: Index) -> str:
    """The SKUs and barcodes of those that share one, as many as a person reads."""
    names = sorted(name for name, owners in index.by_sku.items() if not index.ambiguous.isdisjoint(owners))
    return ", ".join(names[:_NAMED]) + (", …" if len(names) > _NAMED else "")


def of_catalogue(catalogue: Catalogue, settings: Settings, haravan: HaravanClient) -> Iterator[Finding]:
    """Read both catalogues and say what a person should look at, by kinds."""
    index = Read(_BOTH, "products", catalogue.refresh)
    yield from index.trouble()
    if index.value is None:
        return
    yield from of_links(index.value)
    problems = catalogue.problems()
    yield from _examples("duplicate_codes", [p for p in problems if p.kind in SHARED])
    yield from _examples("unlinked", [p for p in problems if p.kind not in SHARED])
    yield from _readable_levels(index.value, settings, haravan)


def _examples(kind: str, problems: Sequence[LinkProblem]) -> Iterator[Finding]:
    """The first few in their own words; all of them are the business of `syncd products`."""
    for problem in problems[:_SHOWN]:
        yield warning(f"{kind}_example", "products", problem.text, text("check_products_remedy"))
    if len(problems) > _SHOWN:
        cause = text("check_more_problems", count=len(problems) - _SHOWN)
        yield warning(f"{kind}_example", "products", cause, text("check_products_remedy"))


def _readable_levels(index: Index, settings: Settings, haravan: HaravanClient) -> Iterator[Finding]:
    """A few stock rows are read: a shop that does not keep stock by location may have none (not documented)."""
    location_ids = [link.location_id for link in settings.stock.links]
    variant_ids = [link.variant_id for link in index.stocked()[:_TRIED]]
    if not location_ids or not variant_ids:
        return
    page = Read(HARAVAN, "Haravan stock", lambda: haravan.levels(location_ids, variant_ids), "com.read_inventories")
    if not isinstance(page.error, AuthError):  # told already: the slips need the same permission
        yield from page.trouble()
    if page.value is not None and not page.value.levels:
        cause = text("check_no_stock_rows", count=len(variant_ids))
        yield warning("no_stock_rows", "Haravan stock", cause, text("check_no_stock_rows_remedy"))
