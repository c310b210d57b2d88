"""Which tags an order should carry, and what is left to do: tables over plain values."""

from __future__ import annotations

import pytest

from syncd.core.tags import Tagged, attention_tags, respelt, strays, stuck, wanted

ATTENTION = "KV:cần xử lý"


@pytest.mark.parametrize(
    ("code", "attention", "tags"),
    [
        ("", None, ()),
        ("DH000185", None, ("KV:DH000185",)),
        ("", "cần xử lý", (ATTENTION,)),
        ("DH000185.01", "cần xử lý", ("KV:DH000185.01", ATTENTION)),
        ("D" * 50, None, ("KV:" + "D" * 37,)),
        ("DH1,2", None, ("KV:DH1 2",)),
    ],
)
def test_an_order_carries_its_code_and_calls_for_attention(
    code: str, attention: str | None, tags: tuple[str, ...]
) -> None:
    assert wanted(code, attention) == tags


def test_every_call_for_attention_fits_a_tag() -> None:
    assert attention_tags() == ("KV:needs attention", ATTENTION)
    assert all(len(tag) <= 40 for tag in attention_tags())


@pytest.mark.parametrize(
    ("tagged", "wish", "missing", "surplus"),
    [
        (Tagged(), (), (), ()),
        (Tagged(), ("KV:A",), ("KV:A",), ()),
        (Tagged(("KV:A",)), ("KV:A",), (), ()),
        (Tagged(("kv:a",)), ("KV:A",), (), ()),
        (Tagged(("KV:A",)), ("KV:B",), ("KV:B",), ("KV:A",)),
        (Tagged((), ("KV:A",)), ("KV:A",), ("KV:A",), ()),
        (Tagged((), ("KV:A",)), (), (), ("KV:A",)),
        (Tagged(("KV:A",), ("KV:B",)), ("KV:C",), ("KV:C",), ("KV:A", "KV:B")),
    ],
)
def test_only_the_difference_to_what_was_written_is_left_to_do(
    tagged: Tagged, wish: tuple[str, ...], missing: tuple[str, ...], surplus: tuple[str, ...]
) -> None:
    assert (tagged.missing(wish), tagged.surplus(wish)) == (missing, surplus)


def test_a_call_puts_its_tags_in_doubt_until_it_is_answered() -> None:
    written = Tagged(("KV:A",))
    adding = written.doubting(("KV:B",))
    assert adding == Tagged(("KV:A",), ("KV:B",))
    assert adding.put_on(("KV:B",)) == Tagged(("KV:A", "KV:B"))
    removing = written.doubting(("KV:A",))
    assert removing == Tagged((), ("KV:A",))
    assert removing.taken_off(("KV:A",)) == Tagged()
    assert adding.doubting(("kv:b",)) == Tagged(("KV:A",), ("kv:b",))


def test_calls_for_attention_that_we_forgot_are_found_in_either_language() -> None:
    shown = ("VIP", "kv:CẦN xử lý", "KV:needs attention", "KV:DH1", "KV:gọi lại")
    assert strays(shown, ("KV:DH1",)) == ("kv:CẦN xử lý", "KV:needs attention")
    assert strays(shown, ("KV:DH1", ATTENTION)) == ("KV:needs attention",)


@pytest.mark.parametrize(
    ("left", "found"),
    [
        (("VIP", "cần xử lý"), ()),
        ((ATTENTION,), ()),
        (("kv:cần xử lý",), ("kv:cần xử lý",)),
        (("KV:cần x",), ("KV:cần x",)),
        (("KV:gọi lại",), ()),
        (("KV:",), ()),
        (("KV", "K"), ()),
    ],
)
def test_what_a_shop_made_of_a_removed_tag_is_named_as_it_is(left: tuple[str, ...], found: tuple[str, ...]) -> None:
    assert respelt(left, (ATTENTION,), ("KV:DH1",)) == found


def test_a_removed_tag_that_is_still_there_is_stuck() -> None:
    assert stuck(("VIP", "KV:cần xử lý"), (ATTENTION,)) == (ATTENTION,)
    assert stuck(("VIP",), (ATTENTION,)) == ()
