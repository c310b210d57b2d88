"""Small things that every endpoint says."""

from __future__ import annotations

from syncd.sandbox.http import Response
from syncd.sandbox.kiotviet.books import Books
from syncd.sandbox.kiotviet.refusals import Refused
from syncd.sandbox.kiotviet.wire import Payload

DELETED = "Xóa dữ liệu thành công"


def written(books: Books, payload: Payload, message: str, *, wrapped: bool) -> Response:
    """The answer to a write; `wrapped` says what was seen of this endpoint."""
    style = books.switches.post_answers
    if style == "wrapped" or (style == "as_seen" and wrapped):
        return Response.of_json({"message": message, "data": payload})
    return Response.of_json(payload)


def numbered(names: tuple[str, ...]) -> int:
    """The id in a path.

    Raises:
        Refused: It is not a number.
    """
    text = names[0]
    if not text.lstrip("-").isdigit() or len(text) > 19:
        raise Refused(f"Unable to bind request: '{text}'", "RequestBindingException", status=400)
    return int(text)
