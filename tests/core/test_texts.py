"""What people read is written once, in each language, with the same facts and the same advice."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator
from string import Formatter

import pytest

from syncd.core.events import PREFIX
from syncd.core.texts import LANGUAGES, SENTENCES, Text, speaker, text
from tests.architecture import TEMPLATES, trees

WRITERS = {module: tree for module, tree in trees().items() if not module.startswith("syncd.core.texts")}
NOT_FOR_PEOPLE = (
    "syncd.sandbox",  # the simulated remotes speak as the real ones do
    "syncd.core.lifecycle",  # why each move is legal, what each kind, event and metric means: documentation
    "syncd.core.concerns",
    "syncd.core.events",
    "syncd.web.metric_table",
    "syncd.store.migrations",  # SQL
    "syncd.cli.peek",
)
NOT_SAID = {
    "Phí vận chuyển (Website)",
    "thanh toán khi giao hàng",
    "đang giao hàng",
    "đang xử lý",
    "Đang xử lý",
    "đã xác nhận",
    "không giao được",
    "Chưa giao hàng",
    "Đã thu hộ",
    "Đã nhận tiền",
    "Chưa gửi hàng",
    "Chưa nhận tiền",
    "Hộp quà Tết",
    "Hai Bà Trưng",
    "Trần Hưng Đạo",
    "Lý Thường Kiệt",
    "Hồ Chí Minh",
    "name or service not known",
    "nodename nor servname",
    "mapping values are not allowed",
    "unable to open",
    "Got unexpected extra arguments? \\((.*)\\)",
    "does not take",
    "str | Saying",
}
"""What is written into a remote or looked for in somebody else's words, and names."""
SAME_EVERYWHERE = re.compile(
    r"(syncd|eval|kill|curl|PRAGMA|default-src|(Haravan|KiotViet) (GET|POST|DELETE|PUT)|LC_ALL,|shop:) ?.*", re.DOTALL
)
"""Commands, calls and config files."""
OUR_MISTAKES = {"LookupError", "ValueError", "TypeError", "KeyError", "AssertionError", "IllegalMove"}


def fields_of(sentence: str) -> set[tuple[str, str | None]]:
    return {(name, conversion) for _, name, _, conversion in Formatter().parse(sentence) if name is not None}


def names_of(sentence: str) -> set[str]:
    return {name for name, _ in fields_of(sentence)}


@pytest.mark.parametrize("key", sorted(SENTENCES))
def test_each_language_says_the_same(key: str) -> None:
    english, vietnamese = SENTENCES[key]
    assert fields_of(english) == fields_of(vietnamese)
    for pattern in (r"'syncd [^']+'", r"\b(?:orders|stock|products)\.[a-z_]+"):
        kept = set(re.findall(pattern, english))
        assert set(re.findall(pattern, vietnamese)) == kept, "commands and config keys stay as they are"
    sides = re.compile("Haravan|KiotViet")
    assert set(sides.findall(english)) <= set(sides.findall(vietnamese)), "both say which side"


def _calls() -> Iterator[tuple[str, str, ast.Call]]:
    """Every call of `text` with a key that stands there: module, key, call."""
    for module, tree in WRITERS.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in ("text", "texts.text") and node.args:
                first = node.args[0]
                keys = (first.body, first.orelse) if isinstance(first, ast.IfExp) else (first,)
                yield from ((module, k.value, node) for k in keys if isinstance(k, ast.Constant))


def test_every_sentence_that_is_said_exists_and_gets_its_fields() -> None:
    wrong = []
    for module, key, call in _calls():
        given = {keyword.arg for keyword in call.keywords}
        needed = names_of(SENTENCES[key][0]) if key in SENTENCES else None
        if needed is None or (given != needed and not (None in given and given - {None} <= needed)):
            wrong.append(f"{module}:{call.lineno} {key}")
    assert wrong == []


def test_every_sentence_is_said_somewhere() -> None:
    said = {
        node.value
        for tree in WRITERS.values()
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    said |= {key for path in TEMPLATES.glob("*.html") for key in re.findall(r'\bt\("(\w+)"', path.read_text())}
    beginnings = (PREFIX, "operation_", "how_", "remote_", "cycle_", "noun_")  # said by names of our own
    named = {key for key in SENTENCES for start in beginnings if key.startswith(start) and key[len(start) :] in said}
    assert set(SENTENCES) - said - named == set()


def _is_told(node: ast.AST) -> bool:
    """What is raised becomes the reason of a hold or of a failed cycle; the log speaks to engineers."""
    if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call) and isinstance(node.exc.func, ast.Name):
        return node.exc.func.id not in OUR_MISTAKES
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and isinstance(node.func.value, ast.Name):
        return node.func.value.id != "_log"
    return not isinstance(node, ast.Assert)


def _strings(node: ast.AST) -> Iterator[str]:
    """The texts in a module that are not documentation."""
    body = getattr(node, "body", None)
    for child in ast.iter_child_nodes(node):
        is_documentation = isinstance(child, ast.Expr) and isinstance(child.value, ast.Constant)
        if not _is_told(child) or (is_documentation and isinstance(body, list)):
            continue
        if isinstance(child, ast.JoinedStr):
            yield "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in child.values)
        elif isinstance(child, ast.Constant) and isinstance(child.value, str):
            yield child.value
        else:
            yield from _strings(child)


def _reads_like_a_sentence(said: str) -> bool:
    words = [word for word in re.sub(r"\[/?bold\]|\{.*?\}", "", said).split() if re.search(r"[^\W\d_]{2}", word)]
    is_code = SAME_EVERYWHERE.fullmatch(said) or "(?" in said
    return len(words) > 2 and not is_code


@pytest.mark.parametrize("module", [name for name in WRITERS if not name.startswith(NOT_FOR_PEOPLE)])
def test_no_sentence_for_people_stands_outside_the_catalogue(module: str) -> None:
    sentences = [said for said in _strings(WRITERS[module]) if _reads_like_a_sentence(said)]
    assert [said for said in sentences if said not in NOT_SAID] == []


def test_a_key_belongs_to_one_page() -> None:
    written = Counter(
        key.value
        for module, tree in trees().items()
        if module.startswith("syncd.core.texts.")
        for node in ast.walk(tree)
        if isinstance(node, ast.Dict)
        for key in node.keys
        if isinstance(key, ast.Constant)
    )
    assert [key for key, times in written.items() if times > 1] == []
    assert written.keys() == SENTENCES.keys()


def test_a_sentence_inside_another_is_said_in_the_same_language() -> None:
    inner = (text("sku_unknown", sku="MOI-01"), text("gift_card", title="Thẻ 500k"))
    whole = text("order_problems", order="#100020", problems=inner)
    assert str(whole) == (
        "#100020: SKU 'MOI-01' is not in KiotViet: create it there or add it to products.links; "
        "line 'Thẻ 500k' is a gift card: enter this order in KiotViet by hand"
    )
    assert whole.said("vi") == (
        "Đơn #100020: mã SKU 'MOI-01' không có trong KiotViet: vui lòng tạo mã hàng này trong KiotViet, hoặc thêm vào "
        "products.links; dòng 'Thẻ 500k' là thẻ quà tặng: vui lòng nhập tay đơn này vào KiotViet"
    )


def test_what_a_remote_says_passes_unchanged_whatever_is_in_it() -> None:
    theirs = "Hàng {0} ngừng kinh doanh {order} 100%"
    for language in LANGUAGES:
        assert theirs in speaker(language)(text("refused", order="#1", why=theirs))


def test_equal_sentences_are_one() -> None:
    assert text("too_old") == Text("too_old")
    assert len({text("gift_card", title="a"), text("gift_card", title="a"), text("gift_card", title="b")}) == 2
