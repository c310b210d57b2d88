"""What can go wrong with an answer on its way, or in the program that gave it: one change to a real one. Pure.

Values are replaced by JSON tokens rather than by values, because what is wrong with many of them (`NaN`, `1e400`, a key
that is there twice, half of a surrogate pair) has no value that a JSON writer would write.
"""

from __future__ import annotations

import gzip
import json
import random
import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from syncd.sandbox.http import Response

Path = tuple[Any, ...]

DEEP = "[" * 900 + "]" * 900
BOTTOMLESS = "[" * 100_000 + "]" * 100_000
LONG = json.dumps("Đơn hàng " * 20_000)

NEVER_A_NUMBER = (
    "NaN",
    "Infinity",
    "-Infinity",
    "1e400",
    "1E+999999999999",
    "-1e-400",
    str(10**40),
    "9" * 5000,
    "9e99",
)
NUMBERS = ("0", "-1", "1", "0.5", "2.0", "1e2", '"7"', str(2**31), str(2**53 + 1), str(2**63 - 1), str(2**63), "1e21")
DATES = (
    '"0000-01-01T00:00:00Z"',
    '"0001-01-01T00:00:00"',
    '"0001-01-01T23:00:00+14:00"',
    '"1970-01-01T00:00:00Z"',
    '"9999-12-31T23:59:59.9999999Z"',
    '"9999-12-31T23:59:59-14:00"',
    '"2026-02-30T00:00:00Z"',
    '"2026-11-23T09:00:00+25:00"',
    '"2026-11-23T24:00:00Z"',
    '"2026-11-23"',
    '"/Date(1760000000000)/"',
)
TEXTS = (
    '""',
    '" "',
    '"\\ud800"',
    '"a\\udfffb\\u0000c"',
    '"\\u202eABC\\u202c"',
    '"e\\u0301\\u0301\\u0301\\u200b\\ufeff"',
    '"\\u0661\\u0662"',
    '"<script>alert(1)</script>"',
    '"\'; DROP TABLE orders; --"',
    '"\\r\\nX-Header: 1"',
    '"{{ 7 * 7 }} %s %(x)s {0} [red]"',
    LONG,
)
SHAPES = ("null", "true", "false", "[]", "{}", "[[]]", '[{"id": 1}]', '{"id": 1}', '{"data": null}', DEEP)
TOKENS = (*NEVER_A_NUMBER, *NUMBERS, *DATES, *TEXTS, *SHAPES)
_ABSENT = frozenset({"null", '""', '" "'})
_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_MARK = "@@here@@"


@dataclass(frozen=True)
class Damage:
    """A changed answer; `kind` names the change, `plausible` means that it may as well be the truth: a lie."""

    kind: str
    response: Response
    plausible: bool = False


@dataclass(frozen=True)
class Spot:
    """One value in one record, and the token that stands there from now on, in whatever answer the record comes."""

    record_id: int
    path: Path
    token: str
    plausible: bool

    def __str__(self) -> str:
        return f"{self.record_id} {'.'.join(map(str, self.path))} = {self.token[:40]}"


def places(value: Any, path: Path = ()) -> list[Path]:
    """The path of every value inside a document, the document's own not among them."""
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [place for key, item in children for place in ((*path, key), *places(item, (*path, key)))]


def at(document: Any, path: Path) -> Any:
    """The value at a path."""
    for key in path:
        document = document[key]
    return document


def with_token(document: Any, path: Path, token: str) -> bytes:
    """The document as JSON with `token` where the value at `path` was; the document is left as it is."""
    parent, old = at(document, path[:-1]), at(document, path)
    parent[path[-1]] = _MARK
    try:
        return written(document).replace(json.dumps(_MARK), token).encode("utf-8", "surrogatepass")
    finally:
        parent[path[-1]] = old


def written(document: Any) -> str:
    """A document as JSON."""
    return json.dumps(document, ensure_ascii=False, default=float)


def read(body: bytes) -> Any:
    """A document of a sandbox; None where there is none."""
    try:
        return json.loads(body, parse_float=Decimal)
    except ValueError:
        return None


def is_plausible(old: Any, token: str) -> bool:
    """Whether a reader can take `token` for the truth where `old` stood; what is missing is always plausible."""
    if token in _ABSENT:
        return True
    shape = token[0] in "[{" or token in ("true", "false")
    match old:
        case bool():
            return token in ("true", "false", "0", "1")
        case int() | Decimal():
            return not shape and token not in NEVER_A_NUMBER and (token[0] != '"' or token == '"7"')
        case str() if _DATE.match(old):
            return token in DATES
        case str():
            return not shape
        case list() | dict():
            return token[0] in "[{"
        case _:
            return True


# --- a value ---------------------------------------------------------------------------------------------------------


def one_value(rng: random.Random, document: Any) -> tuple[str, bytes, bool]:
    """Another token for one value, wherever it stands."""
    path = rng.choice(places(document))
    old, token = at(document, path), rng.choice(TOKENS)
    return f"value {shape_of(path)} = {token[:30]}", with_token(document, path, token), is_plausible(old, token)


def one_key(rng: random.Random, document: Any) -> tuple[str, bytes, bool]:
    """A key that is missing, there twice, or spelt otherwise."""
    keyed = [path for path in places(document) if isinstance(path[-1], str)]
    path = rng.choice(keyed)
    parent, old = at(document, path[:-1]), at(document, path)
    match rng.randrange(3):
        case 0:
            kept = {key: value for key, value in parent.items() if key != path[-1]}
            changed = kept if len(path) == 1 else None
            body = written(changed).encode() if changed is not None else _replaced(document, path[:-1], kept)
            return f"missing {shape_of(path)}", body, True
        case 1:
            token = rng.choice(TOKENS)
            twice = f"{written(old)}, {json.dumps(path[-1])}: {token}"
            return f"twice {shape_of(path)} = {token[:30]}", with_token(document, path, twice), is_plausible(old, token)
        case _:
            twice = f"{written(old)}, {json.dumps(path[-1].upper())}: {written(old)}"
            return f"also in capitals {shape_of(path)}", with_token(document, path, twice), False


def one_list(rng: random.Random, document: Any) -> tuple[str, bytes, bool] | None:
    """A list with no rows, one row less, one twice, one again with other content, or the other way round."""
    lists = [path for path in places(document) if isinstance(at(document, path), list) and at(document, path)]
    if not lists:
        return None
    path = rng.choice(lists)
    rows: list[Any] = at(document, path)
    name = shape_of(path)
    match rng.randrange(5):
        case 0:
            return f"no rows {name}", _replaced(document, path, []), True
        case 1:
            gone = rng.randrange(len(rows))
            return f"row lost {name}", _replaced(document, path, [*rows[:gone], *rows[gone + 1 :]]), True
        case 2:
            return f"row twice {name}", _replaced(document, path, [rng.choice(rows), *rows]), False
        case 3:
            return f"rows turned round {name}", _replaced(document, path, rows[::-1]), True
        case _:
            stranger = rng.choice([None, 7, "x", [], {}, True, {"id": -1}, {"id": 0}, {"ID": "9" * 30}])
            return f"foreign row {name}", _replaced(document, path, [*rows, stranger]), False


def _replaced(document: Any, path: Path, value: Any) -> bytes:
    return with_token(document, path, written(value))


def shape_of(path: Path) -> str:
    """A path without the numbers of rows."""
    return ".".join("*" if isinstance(key, int) else str(key) for key in path)


# --- the body, the status, the headers -------------------------------------------------------------------------------

_HTML = b"<!DOCTYPE html><html><body>502 \xff Bad Gateway</body></html>"
_BODIES: tuple[tuple[str, Callable[[bytes], bytes]], ...] = (
    ("truncated", lambda body: body[: len(body) * 2 // 3]),
    ("cut inside a letter", lambda body: body + "Đ".encode()[:1]),
    ("byte order mark", lambda body: b"\xef\xbb\xbf" + body),
    ("two byte order marks", lambda body: b"\xef\xbb\xbf\xef\xbb\xbf" + body),
    ("UTF-16", lambda body: body.decode().encode("utf-16")),
    ("bytes that are no text", lambda body: body.replace(b":", b":\xff\xfe", 1)),
    ("NUL in front", lambda body: b"\x00" + body),
    ("two documents", lambda body: body + body),
    ("nothing", lambda body: b""),
    ("blanks", lambda body: b" \r\n\t "),
    ("HTML", lambda body: _HTML),
    ("bottomless", lambda body: BOTTOMLESS.encode()),
    ("bottomless object", lambda body: b'{"data":' * 50_000),
    ("null", lambda body: b"null"),
    ("a text", lambda body: b'"ok"'),
    ("a number", lambda body: b"1e999"),
)
_EMPTY: tuple[tuple[str, bytes], ...] = (("an empty list", b"[]"), ("an empty object", b"{}"))


def whole_body(rng: random.Random, response: Response) -> Damage:
    """Other bytes instead of the document; an empty document may be the truth."""
    if rng.random() < 0.1:
        name, body = rng.choice(_EMPTY)
        return Damage(name, Response(response.status, body, response.headers), plausible=True)
    name, change = rng.choice(_BODIES)
    return Damage(name, Response(response.status, change(response.body), response.headers))


def encoding(rng: random.Random, response: Response) -> Damage:
    """A content encoding that is not there, breaks off, or is there indeed."""
    coded, packed = rng.choice(["gzip", "deflate", "br", "zstd", "gzip, gzip"]), gzip.compress(response.body)
    name, body = rng.choice(
        [("not packed", response.body), ("broken off", packed[: len(packed) // 2]), ("packed", packed)]
    )
    headers = {**response.headers, "content-encoding": coded}
    return Damage(f"{coded}, {name}", Response(response.status, body, headers))


def refusal(rng: random.Random, response: Response) -> Damage:
    """A status of some kind with a complaint in some shape."""
    status = rng.choice([300, 302, 400, 401, 403, 404, 408, 409, 418, 420, 422, 429, 429, 500, 502, 503, 504, 599])
    token = rng.choice(TOKENS)
    pattern = rng.choice(
        [
            '{"errors": %s}',
            '{"message": %s}',
            '{"error": %s}',
            '{"responseStatus": {"errorCode": "Refused", "message": %s, "errors": []}}',
            '{"responseStatus": {"errorCode": %s, "message": "0900000001 \\ud83d"}}',
            '{"responseStatus": %s}',
            "%s",
        ]
    )
    headers = {**response.headers, **odd_headers(rng)}
    body = (pattern % token).encode("utf-8", "surrogatepass")
    return Damage(f"status {status}", Response(status, body, headers), plausible=True)


def odd_headers(rng: random.Random) -> dict[str, str]:
    """Headers that tell of time and limits, in ways nobody asked for."""
    values = [
        *("", " ", "NaN", "inf", "-1", "0", "1e400", "9" * 400, "abc", "\x00", "1.5", "½"),
        *("Sun, 06 Nov 1994 08:49:37 GMT", "Fri, 31 Dec 9999 23:59:59 GMT", "Sun, 06 Nov 0000 08:49:37 GMT"),
        *("Thu, 01 Jan 1970 00:00:00 +99999999", "Wed, 30 Feb 2026 25:61:61 GMT", "Mon, 01 Jan 0001 00:00:00 +2359"),
        *("80/80", "79/80", "0/0", "-1/80", "9999999/9999999", "1/", "/", "1/2/3"),
    ]
    names = ["retry-after", "date", "x-haravan-api-call-limit", "content-type", "age"]
    return {name: rng.choice(values) for name in rng.sample(names, 2)}


def headers(rng: random.Random, response: Response) -> Damage:
    """The right answer under odd headers."""
    return Damage("odd headers", Response(response.status, response.body, {**response.headers, **odd_headers(rng)}))


def damaged(rng: random.Random, response: Response) -> Damage:
    """One change of any kind; most of them inside the document."""
    document = read(response.body)
    if rng.random() < 0.2 or not isinstance(document, dict | list) or not places(document):
        chosen = rng.choice([whole_body, whole_body, encoding, refusal, refusal, headers])
        return chosen(rng, response)
    change = rng.choice([one_value] * 6 + [one_key] * 2 + [one_list])(rng, document)
    kind, body, plausible = change or one_value(rng, document)
    return Damage(kind, Response(response.status, body, response.headers), plausible)


# --- one record, again and again -------------------------------------------------------------------------------------


def records(document: Any) -> list[tuple[Path, dict[str, Any]]]:
    """The records of an answer with their paths: rows of a list, or the one that an answer is about."""
    found = [((), document)] if isinstance(document, dict) else []
    for key, value in document.items() if isinstance(document, dict) else ():
        rows = enumerate(value) if isinstance(value, list) else ()
        found += [((key, number), row) for number, row in rows if isinstance(row, dict)]
        found += [((key,), value)] if isinstance(value, dict) else []
    return [(path, record) for path, record in found if isinstance(record.get("id"), int)]


def spot_in(rng: random.Random, record: dict[str, Any]) -> Spot:
    """Some value of a record that is not its id."""
    path = rng.choice([path for path in places(record) if path != ("id",)])
    token = rng.choice(TOKENS)
    return Spot(record["id"], path, token, is_plausible(at(record, path), token))


def with_spot(response: Response, spot: Spot) -> Response | None:
    """The answer with the spot wherever its record comes; None where it does not come."""
    document = read(response.body)
    for path, record in records(document):
        inside = set(places(record))
        if record["id"] == spot.record_id and spot.path in inside:
            body = with_token(document, (*path, *spot.path), spot.token)
            return Response(response.status, body, response.headers)
    return None
