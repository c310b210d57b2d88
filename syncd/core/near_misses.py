"""Which KiotViet product an unlinked Haravan variant may be: only ever shown to a person, never linked by itself."""

from __future__ import annotations

import json
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from syncd.core.model import PosProduct, Variant
from syncd.core.spelling import differences, fold
from syncd.core.texts import Text, text

MOST_CANDIDATES: Final = 20
"""So many are named for one variant; it bounds the work where thousands of codes look alike."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """What may be meant: a KiotViet code, or a variant where a line of the config names none.

    `line` is what to write under `products.links` for this pair, quoted for YAML; empty where there is none.
    """

    variant_id: int | None
    sku: str
    code: str
    name: str
    why: Text
    line: str


class Keys:
    """The key that names a variant in `products.links`: its SKU where that is its own, else its id."""

    def __init__(self, variants: Iterable[Variant]) -> None:
        """Count the SKUs and ids of all `variants`."""
        self._used: Counter[str] = Counter()
        for variant in variants:
            self._used.update({str(variant.id), variant.sku} if variant.sku else {str(variant.id)})

    def of(self, variant: Variant) -> str:
        """The key of one of the variants."""
        return variant.sku if variant.sku and self._used[variant.sku] == 1 else str(variant.id)


class Lookalikes:
    """KiotViet codes by what people read in them. Each look-up costs no more than what it finds."""

    def __init__(self, by_code: Mapping[str, Sequence[PosProduct]], ignored: Iterable[str] = ()) -> None:
        """Take in every code that means one product and is not `ignored`."""
        left_out = frozenset(ignored)
        self._products = {
            code: rows[0] for code, rows in by_code.items() if len(rows) == 1 and code and code not in left_out
        }
        self._by_fold: dict[str, list[str]] = defaultdict(list)
        self._by_barcode: dict[str, list[str]] = defaultdict(list)
        for code, product in self._products.items():
            self._by_fold[fold(code)].append(code)
            if product.barcode:
                self._by_barcode[product.barcode].append(code)

    def of_texts(self, texts: Iterable[str]) -> dict[str, tuple[Text, ...]]:
        """The codes near any of some texts, each with what differs; codes that are equal to one have nothing."""
        found: dict[str, tuple[Text, ...]] = {}
        for wanted in dict.fromkeys(filter(None, texts)):
            folded = fold(wanted)
            for code in self._by_fold.get(folded, ())[:MOST_CANDIDATES] if folded else ():
                found.setdefault(code, differences(wanted, code) or (text("near_rule_off"),))
            for code in self._by_barcode.get(wanted, ())[:MOST_CANDIDATES]:
                found.setdefault(code, (text("near_own_barcode"),))
        return found

    def candidate(self, code: str, why: tuple[Text, ...], key: str = "") -> Candidate:
        """One code as it is shown, with the line that links `key` to it."""
        line = links_line(key, code) if key else ""
        return Candidate(None, "", code, self._products[code].name, _joined(why), line)


def near_variants(texts: Iterable[str], variants: Iterable[Variant]) -> dict[str, list[tuple[Variant, Text]]]:
    """For each text, the variants whose SKU or barcode is near it, each with what differs."""
    wanted: dict[str, list[str]] = defaultdict(list)
    for one in texts:
        if folded := fold(one):
            wanted[folded].append(one)
    found: dict[str, list[tuple[Variant, Text]]] = defaultdict(list)
    for variant in variants if wanted else ():
        for own in dict.fromkeys(filter(None, (variant.sku, variant.barcode))):
            for one in wanted.get(fold(own), ()):
                if len(found[one]) < MOST_CANDIDATES and all(variant.id != other.id for other, _ in found[one]):
                    found[one].append((variant, _joined(differences(one, own) or (text("near_is_barcode"),))))
    return found


def links_line(key: str, code: str) -> str:
    """The line of `products.links` that sends a variant to a code, as in `"ao-01": "AO 01"`."""
    return f"{quoted(key)}: {quoted(code)}"


def quoted(value: str) -> str:
    """A text in YAML's double quotes; what cannot be told apart by eye, or does not survive copying, is escaped."""
    return "".join(_escaped(letter) for letter in json.dumps(value, ensure_ascii=False))


def _escaped(letter: str) -> str:
    if letter == " " or unicodedata.category(letter)[0] not in "MZC":
        return letter
    return f"\\u{ord(letter):04x}" if ord(letter) <= 0xFFFF else f"\\U{ord(letter):08x}"


def _joined(parts: tuple[Text, ...]) -> Text:
    """Several differences as one sentence part."""
    return parts[0] if len(parts) == 1 else text("near_differences", parts=parts)
