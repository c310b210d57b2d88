"""Our tags on a Haravan order: which it should have, and what is left to do about those that it has."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from syncd.core.texts import LANGUAGES, text

PREFIX = "KV:"
LONGEST = 40
"""Characters of a tag. Source: Haravan docs, Orders."""

Tags = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Tagged:
    """What we know of our tags on one order.

    Args:
        settled: Put on, or refused for good: whether they are still there is up to the shop's staff.
        in_doubt: A call about them was begun and no answer came: they may be there or not.
    """

    settled: Tags = ()
    in_doubt: Tags = ()

    def missing(self, wanted: Tags) -> Tags:
        """What is still to be put on."""
        return _without(wanted, self.settled)

    def surplus(self, wanted: Tags) -> Tags:
        """What is to be taken off."""
        return _without((*self.settled, *self.in_doubt), wanted)

    def doubting(self, tags: Tags) -> Tagged:
        """As it stands once a call about some tags may be on its way."""
        return Tagged(_without(self.settled, tags), (*_without(self.in_doubt, tags), *tags))

    def put_on(self, tags: Tags) -> Tagged:
        """As it stands once that is done, or given up."""
        return Tagged((*_without(self.settled, tags), *tags), _without(self.in_doubt, tags))

    def taken_off(self, tags: Tags) -> Tagged:
        """As it stands once that is done, or given up."""
        return Tagged(_without(self.settled, tags), _without(self.in_doubt, tags))


def wanted(code: str, attention: str | None) -> Tags:
    """The tags of an order whose KiotViet order has `code` (empty: none yet) and which needs `attention`, or does not.

    A comma would make two tags of one.
    """
    words = [word for word in (code, attention) if word]
    return tuple(f"{PREFIX}{word}".replace(",", " ")[:LONGEST].strip() for word in words)


def attention_tags() -> Tags:
    """The tag of an order that needs attention, in every language that the shop may have had."""
    return tuple(tag for language in LANGUAGES for tag in wanted("", text("tag_attention").said(language)))


def strays(shown: Sequence[str], wanted: Tags) -> Tags:
    """Calls for attention that nothing calls for any more, and that we do not remember: our store was lost since."""
    return _without(_only(shown, attention_tags()), wanted)


def respelt(left: Sequence[str], removed: Tags, wanted: Tags) -> Tags:
    """Of the tags that a removal left, those that are what the shop had made of ours: other letters, or cut short.

    Taken off by our spelling they may stay, so they must be named as they are.
    """
    ours = [tag for tag in left if _key(tag).startswith(_key(PREFIX)) and tag not in removed]
    return tuple(tag for tag in ours if _begins(tag, removed) and not _begins(tag, wanted))


def stuck(left: Sequence[str], removed: Tags) -> Tags:
    """Of the tags that a removal left, those that it named: the other side did not do it."""
    return _only(left, removed)


def _key(tag: str) -> str:
    return tag.casefold()


def _without(tags: Iterable[str], others: Iterable[str]) -> Tags:
    known = {_key(tag) for tag in others}
    return tuple({_key(tag): tag for tag in tags if _key(tag) not in known}.values())


def _only(tags: Iterable[str], others: Iterable[str]) -> Tags:
    known = {_key(tag) for tag in others}
    return tuple(tag for tag in tags if _key(tag) in known)


def _begins(tag: str, others: Tags) -> bool:
    return any(_key(other).startswith(_key(tag)) for other in others)
