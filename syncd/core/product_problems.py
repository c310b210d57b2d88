"""What a person should look at in the links of a shop, each with what to do about it. Nothing here changes a link."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from syncd.core.model import PosProduct, Variant
from syncd.core.near_misses import MOST_CANDIDATES, Candidate, Keys, Lookalikes, links_line, near_variants
from syncd.core.products import Claim, Index, LinkPolicy, claims_of, codes_of, explicit_key, winners_of
from syncd.core.texts import Text, text

KINDS: Final = (
    "orphan_variant",
    "ambiguous",
    "duplicate_product",
    "unknown_link",
    "unknown_ignore",
    "no_stock",
    "inactive",
    "orphan_product",
)
"""Every kind, in the order in which they matter to a shop: first what stops orders, last what may be meant so."""

_NAMED: Final = 5


@dataclass(frozen=True, slots=True)
class LinkProblem:
    """A variant or product that is not linked or not published, why, and what to do about it.

    Args:
        kind: One of `KINDS`.
        variant_id: The Haravan variant, None where the problem is KiotViet's or the config's.
        sku: Its SKU, or the key of `products.links`.
        code: The KiotViet code, empty where there is none.
        text: What a person reads.
        suggestion: The one line to write under `products.links`, only where nothing speaks against it.
        candidates: What may be meant, where a code is nearly right.
        members: All that share the code: variants, or KiotViet products.
    """

    kind: str
    variant_id: int | None
    sku: str
    code: str
    text: Text
    suggestion: str = ""
    candidates: tuple[Candidate, ...] = ()
    members: tuple[Member, ...] = ()


@dataclass(frozen=True, slots=True)
class Member:
    """One of several that share a code: a Haravan variant or, with no SKU, a KiotViet product."""

    id: int
    sku: str
    name: str


def find(
    variants: Sequence[Variant], products: Sequence[PosProduct], policy: LinkPolicy, index: Index
) -> tuple[LinkProblem, ...]:
    """Everything about the links that a person should look at, in the order of `KINDS`; `index` is that of `build`."""
    found = list(_Search(variants, products, policy, index).problems())
    return tuple(sorted(found, key=lambda problem: KINDS.index(problem.kind)))


class _Search:
    """One look at both catalogues."""

    def __init__(
        self, variants: Sequence[Variant], products: Sequence[PosProduct], policy: LinkPolicy, index: Index
    ) -> None:
        self._variants, self._policy, self._index = variants, policy, index
        self._by_id = {variant.id: variant for variant in variants}
        self._product_by_id = {product.id: product for product in products}
        self._by_code = codes_of(products)
        self._claims = claims_of(variants, self._by_code, policy)
        self._winners = winners_of(self._claims)
        self._keys = Keys(variants)
        self._lookalikes = Lookalikes(self._by_code, policy.ignore)
        self._owners = _owners(self._claims, index)
        self._near = self._near_misses()
        self._sharing = Counter(code for codes in self._near.values() for code in codes)

    def problems(self) -> Iterator[LinkProblem]:
        """All problems, the variants' in the order of the catalogue."""
        sharers = self._sharers()
        for variant in self._variants:
            claim = self._claims[variant.id]
            if claim.code is None and claim.explicit:
                yield self._broken_link(variant)
            elif claim.code is None:
                yield self._orphan(variant)
            elif variant.id in self._index.ambiguous:
                yield self._ambiguous(variant, claim.code, sharers.get(claim.code, ()))
        yield from self._duplicates()
        yield from self._unknown_keys()
        yield from self._unknown_ignored()
        yield from self._not_published()
        yield from self._orphan_products()

    # --- variants without a product

    def _near_misses(self) -> dict[int, dict[str, tuple[Text, ...]]]:
        """The codes that each orphan is near to, by variant id; those that no variant has, where there are any."""
        found: dict[int, dict[str, tuple[Text, ...]]] = {}
        for variant in self._variants:
            if self._claims[variant.id] == Claim(None):
                near = self._lookalikes.of_texts((variant.sku, variant.barcode))
                free = {code: why for code, why in near.items() if code not in self._owners}
                found[variant.id] = free or near
        return found

    def _orphan(self, variant: Variant) -> LinkProblem:
        near, name = self._near[variant.id], _name(variant)
        if not near:
            return LinkProblem("orphan_variant", variant.id, variant.sku, "", text("variant_orphan", variant=name))
        key = self._keys.of(variant)
        candidates = tuple(self._lookalikes.candidate(code, why, key) for code, why in _first(near))
        suggestion = ""
        if len(near) > 1:
            shown = _listed([_shown(candidate) for candidate in candidates], len(near))
            why = text("variant_near_several", variant=name, count=len(near), candidates=shown)
        elif (obstacle := self._obstacle(candidates[0].code)) is not None:
            why = text("variant_near_unsure", variant=name, candidate=_shown(candidates[0]), obstacle=obstacle)
        else:
            suggestion = candidates[0].line
            why = text("variant_near", variant=name, candidate=_shown(candidates[0]), line=suggestion)
        return LinkProblem("orphan_variant", variant.id, variant.sku, "", why, suggestion, candidates)

    def _obstacle(self, code: str) -> Text | None:
        """What speaks against a pair although it is the only one; None for nothing."""
        if code in self._owners:
            return text("near_taken", variant=_name(self._by_id[self._owners[code]]))
        others = self._sharing[code] - 1
        return text("near_shared", count=others) if others > 0 else None

    def _broken_link(self, variant: Variant) -> LinkProblem:
        key = explicit_key(variant, self._policy) or ""
        wanted, name = self._policy.explicit[key], _name(variant)
        near = self._lookalikes.of_texts([wanted])
        candidates = tuple(self._lookalikes.candidate(code, why, key) for code, why in _first(near))
        if not near:
            why = text("explicit_link_broken", variant=name, code=wanted)
        else:
            shown = _listed([_shown(candidate) for candidate in candidates], len(near))
            why = text("explicit_link_near", variant=name, code=wanted, candidates=shown)
        sure = len(near) == 1 and candidates[0].code not in self._owners
        suggestion = candidates[0].line if sure else ""
        return LinkProblem("orphan_variant", variant.id, variant.sku, "", why, suggestion, candidates)

    # --- codes that more than one has

    def _sharers(self) -> dict[str, tuple[Variant, ...]]:
        """The variants that name each code which more than one names."""
        by_code: dict[str, list[Variant]] = defaultdict(list)
        for variant in self._variants:
            code = self._claims[variant.id].code
            if code is not None:
                by_code[code].append(variant)
        return {code: tuple(found) for code, found in by_code.items() if len(found) > 1}

    def _ambiguous(self, variant: Variant, code: str, sharers: tuple[Variant, ...]) -> LinkProblem:
        rows, winner = self._by_code[code], self._winners.get(code)
        if len(rows) > 1:
            why = text("variant_of_duplicate", variant=_name(variant), code=code, count=len(rows))
        elif winner is not None:
            why = text("variant_outbid", variant=_name(variant), code=code, winner=_name(self._by_id[winner]))
        else:
            rivals = [other for other in sharers if self._claims[other.id].explicit] or sharers
            names = _listed([text("named", name=_title(other), id=other.id) for other in rivals[:_NAMED]], len(rivals))
            why = text("variants_ambiguous", count=len(rivals), code=code, members=names)
            if self._claims[rivals[0].id].explicit:
                key = explicit_key(rivals[0], self._policy) or ""
                why = text("explicit_key_shared", written=key, code=code, count=len(rivals), members=names)
        members = tuple(Member(other.id, other.sku, other.title) for other in sharers)
        return LinkProblem("ambiguous", variant.id, variant.sku, code, why, members=members)

    def _duplicates(self) -> Iterator[LinkProblem]:
        for code, rows in sorted(self._by_code.items()):
            if len(rows) > 1:
                names = _listed([text("named", name=row.name, id=row.id) for row in rows[:_NAMED]], len(rows))
                why = text("product_duplicate", count=len(rows), code=code, members=names)
                members = tuple(Member(row.id, "", row.name) for row in rows)
                yield LinkProblem("duplicate_product", None, "", code, why, members=members)

    # --- lines of the config that match nothing

    def _unknown_keys(self) -> Iterator[LinkProblem]:
        known = {str(variant.id) for variant in self._variants} | {variant.sku for variant in self._variants}
        unknown = [key for key in self._policy.explicit if key not in known]
        near = near_variants(unknown, self._variants)
        for key in unknown:
            code = self._policy.explicit[key]
            candidates = tuple(self._as_candidate(variant, code, why) for variant, why in near.get(key, ()))
            why = text("explicit_key_unknown", written=key)
            if candidates:
                shown = _listed([_shown_variant(candidate) for candidate in candidates], len(candidates))
                why = text("explicit_key_near", written=key, candidates=shown)
            sure = len(candidates) == 1 and code in self._by_code and code not in self._owners
            suggestion = candidates[0].line if sure else ""
            yield LinkProblem("unknown_link", None, key, code, why, suggestion, candidates)

    def _as_candidate(self, variant: Variant, code: str, why: Text) -> Candidate:
        line = links_line(self._keys.of(variant), code)
        return Candidate(variant.id, variant.sku, code, variant.title, why, line)

    def _unknown_ignored(self) -> Iterator[LinkProblem]:
        for code in self._policy.ignore:
            if code in self._by_code:
                continue
            near = self._lookalikes.of_texts([code])
            candidates = tuple(self._lookalikes.candidate(found, why) for found, why in _first(near))
            why = text("ignore_unknown", code=code)
            if candidates:
                shown = _listed([_shown(candidate) for candidate in candidates], len(near))
                why = text("ignore_near", code=code, candidates=shown)
            yield LinkProblem("unknown_ignore", None, "", code, why, candidates=candidates)

    # --- what is linked and not published, or published as nothing

    def _not_published(self) -> Iterator[LinkProblem]:
        for link in self._index.by_variant.values():
            if link.code in self._policy.ignore:
                continue
            if link.no_stock is not None:
                yield LinkProblem("no_stock", link.variant_id, link.sku, link.code, link.no_stock)
            elif self._is_off(link.product_id) or self._is_off(link.master_unit_id):
                why = text("product_inactive", code=link.code, variant=_name(self._by_id[link.variant_id]))
                yield LinkProblem("inactive", link.variant_id, link.sku, link.code, why)

    def _is_off(self, product_id: int | None) -> bool:
        """Whether a product is sold at no branch at all."""
        product = self._product_by_id.get(product_id or 0)
        if product is None:
            return False
        return not product.active or (bool(product.stock) and all(row.active is False for row in product.stock))

    # --- products without a variant

    def _orphan_products(self) -> Iterator[LinkProblem]:
        """Products that no variant names; one that is sold nowhere is missed by nobody."""
        near_to = {code: variant_id for variant_id, codes in self._near.items() for code in codes}
        for code, rows in sorted(self._by_code.items()):
            if code in self._owners or code in self._policy.ignore or len(rows) > 1 or self._is_off(rows[0].id):
                continue
            why = text("product_orphan", code=code)
            if code in near_to:
                why = text("product_near", code=code, variant=_name(self._by_id[near_to[code]]))
            yield LinkProblem("orphan_product", None, "", code, why)


def _owners(claims: Mapping[int, Claim], index: Index) -> dict[str, int]:
    """A variant that names each claimed code, its packing units among them."""
    owners = {
        link.code: variant_id
        for variant_id, units in index.by_unit.items()
        for link in units.values()
        if link is not None
    }
    for variant_id, claim in claims.items():
        if claim.code is not None:
            owners.setdefault(claim.code, variant_id)
    return owners


def _first(near: Mapping[str, tuple[Text, ...]]) -> list[tuple[str, tuple[Text, ...]]]:
    return list(near.items())[:MOST_CANDIDATES]


def _listed(parts: Sequence[Text], count: int) -> tuple[Text, ...]:
    """The first few of `count` things, and how many more there are."""
    shown = tuple(parts[:_NAMED])
    return shown if count <= len(shown) else (*shown, text("members_more", count=count - len(shown)))


def _shown(candidate: Candidate) -> Text:
    return text("near_code", code=candidate.code, name=candidate.name or candidate.code, differs=candidate.why)


def _shown_variant(candidate: Candidate) -> Text:
    name = candidate.sku or str(candidate.variant_id)
    return text("near_code", code=name, name=candidate.name or candidate.code, differs=candidate.why)


def _name(variant: Variant) -> str | Text:
    """What a person finds it by: its SKU or barcode, else its title, always enough to tell it apart."""
    if variant.sku or variant.barcode or not variant.title:
        return variant.sku or variant.barcode or str(variant.id)
    return text("named", name=variant.title, id=variant.id)


def _title(variant: Variant) -> str:
    return " ".join(part for part in (variant.sku, variant.title) if part) or str(variant.id)


def of_kind(problems: Iterable[LinkProblem]) -> dict[str, list[LinkProblem]]:
    """Problems by kind, in the order of `KINDS`; near misses come first, under a name of their own."""
    groups: dict[str, list[LinkProblem]] = {}
    for problem in problems:
        near = problem.kind == "orphan_variant" and problem.candidates
        groups.setdefault("near_miss" if near else problem.kind, []).append(problem)
    order = ("near_miss", *KINDS)
    return dict(sorted(groups.items(), key=lambda group: order.index(group[0])))
