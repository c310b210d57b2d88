"""From a request to an answer: the rules of access around each page, and a sentence when something goes wrong."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Awaitable, Callable, Sequence
from urllib.parse import quote, urlencode

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from syncd.core.concerns import Concern
from syncd.core.texts import Text, text
from syncd.errors import SyncdError
from syncd.logs import get_logger
from syncd.web.desk import Desk
from syncd.web.gate import HEADERS, Gate
from syncd.web.rendering import Renderer
from syncd.web.sessions import SESSION_SECONDS, Session, Sessions, Tries
from syncd.web.visits import Notes, Visit, keep_language, language_of, read_form

Handler = Callable[[Visit], Response]
SIGN_IN = "/sign-in"
_log = get_logger()


class Front:
    """Makes routes of handlers. A handler runs in a thread of its own and may use the store."""

    def __init__(self, desk: Desk) -> None:
        """Judge by the token of `desk`, if it has one."""
        token = desk.status.token
        self._desk = desk
        self._sessions = Sessions(None if token is None else token.reveal(), desk.clock)
        self._gate = Gate(self._sessions, Tries(desk.clock), guarded=token is not None)
        self._renderer = Renderer(desk.settings.shop, guarded=token is not None)
        # several shops of one machine differ by their ports alone, which cookies do not know
        self._cookie = f"syncd_{hashlib.sha256(str(desk.settings.database).encode()).hexdigest()[:8]}"
        self.notes = Notes()

    def shows(self, path: str, handler: Handler) -> Route:
        """A page that can be looked at."""
        return Route(path, self._endpoint(handler), methods=["GET"])

    def does(self, path: str, handler: Handler) -> Route:
        """A button that can be pressed; its handler is only reached by a form of ours."""
        return Route(path, self._endpoint(handler), methods=["POST"])

    def open_routes(self) -> list[Route]:
        """What can be had without the token: the way in, and how it looks."""
        return [
            Route(SIGN_IN, self._endpoint(self._sign_in_form, is_open=True), methods=["GET"]),
            Route(SIGN_IN, self._endpoint(self._sign_in, is_open=True), methods=["POST"]),
            Route("/sign-out", self._endpoint(self._sign_out, is_open=True), methods=["POST"]),
            Route("/static/{name}", self._endpoint(self._static, is_open=True), methods=["GET"]),
        ]

    def guards(self, route: Route, *, is_open: bool) -> Route:
        """What a program asks: under the same rules, but answered without a page."""

        def answer(request: Request) -> Response:
            if why := self._gate.misplaced(request):
                return PlainTextResponse(f"{why.said(self._desk.settings.language)}\n", 403)
            session = self._sessions.of_cookie(request.cookies.get(self._cookie, ""))
            if not is_open and not self._gate.admits(request, session):
                return Response(status_code=401, headers={"WWW-Authenticate": "Bearer"})
            response: Response = route.endpoint(request)
            return response

        return Route(route.path, answer, methods=["GET"])

    def page(self, name: str, visit: Visit, **values: object) -> Response:
        """A page from its template."""
        return self._renderer.page(name, visit, {"note": self.notes.take(visit.session)} | values)

    def refusal(self, visit: Visit, status: int, title: Text, why: Text | str) -> Response:
        """A page that says no."""
        return self._renderer.page("message", visit, {"title": visit.say(title), "why": why, "concerns": ()}, status)

    def _failure(self, visit: Visit, status: int, why: Text | str, concerns: Sequence[Concern]) -> Response:
        """A page that could not be made, with what is known all the same: it may say why."""
        values = {"title": visit.say(text("page_failed")), "why": why, "concerns": concerns}
        return self._renderer.page("message", visit, values, status)

    def done(self, visit: Visit, note: Text, target: str) -> Response:
        """After a button: go on at `target`, where the note is told."""
        self.notes.leave(visit.session, note)
        return RedirectResponse(target, 303)

    # --- around every page -------------------------------------------------------------------------------------------

    def _endpoint(self, handler: Handler, *, is_open: bool = False) -> Callable[[Request], Awaitable[Response]]:
        async def endpoint(request: Request) -> Response:
            form = await read_form(request) if request.method == "POST" else {}
            try:
                return await run_in_threadpool(self._answer, request, form, handler, is_open)
            except asyncio.CancelledError:
                # the daemon stops: whoever waits gets an answer, and the thread ends by itself
                return Response(status_code=503)

        return endpoint

    def _answer(self, request: Request, form: dict[str, str] | None, handler: Handler, is_open: bool) -> Response:
        known = self._sessions.of_cookie(request.cookies.get(self._cookie, ""))
        session = known or self._sessions.begin(inside=False)
        visit = self._visit(request, session, form or {})
        response = self._attempt(visit, handler, is_open, is_form=form is not None)
        if known is None and response.media_type == "text/html":
            self._keep(visit, response, session)
        keep_language(request, response)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        return response

    def _visit(self, request: Request, session: Session, form: dict[str, str]) -> Visit:
        language = language_of(request, self._desk.settings.language)
        form_token = self._sessions.form_token(session)
        return Visit(request, session, form_token, language, self._desk.clock.now(), form)

    def _attempt(self, visit: Visit, handler: Handler, is_open: bool, *, is_form: bool) -> Response:
        known: Sequence[Concern] = ()
        try:
            if refused := self._refuse(visit, is_open, is_form=is_form):
                return refused
            known = () if is_open else self._desk.concerns()
            return handler(visit)
        except SyncdError as error:
            return self._failure(visit, 503, error.said(visit.language), known)
        except Exception as error:  # noqa: BLE001 - a page that fails must neither end the listener nor show its trace
            _log.error("page_failed", path=visit.path, exc_info=error)
            return self._failure(visit, 500, text("page_failed_hint"), known)
        finally:
            # threads come and go: each gives its connection back
            self._desk.store.close()

    def _refuse(self, visit: Visit, is_open: bool, *, is_form: bool) -> Response | None:
        request, session = visit.request, visit.session
        if why := self._gate.misplaced(request):
            return self.refusal(visit, 403, text("page_refused"), why)
        if not is_open and not self._gate.admits(request, session):
            return self._ask_for_token(visit)
        is_post = request.method == "POST"
        if is_post and not (is_form and self._gate.is_own_form(request, session, visit.form)):
            return self.refusal(visit, 403, text("page_refused"), text("page_not_from_here"))
        return None

    def _ask_for_token(self, visit: Visit) -> Response:
        if "authorization" in visit.request.headers:
            return Response(status_code=401, headers={"WWW-Authenticate": "Bearer"})
        target = visit.here() if visit.request.method == "GET" else "/"
        return RedirectResponse(f"{SIGN_IN}?{urlencode({'next': target})}", 303)

    def _keep(self, visit: Visit, response: Response, session: Session) -> None:
        is_secure = visit.request.headers.get("x-forwarded-proto", visit.request.url.scheme) == "https"
        response.set_cookie(
            self._cookie,
            self._sessions.cookie(session),
            max_age=SESSION_SECONDS,
            httponly=True,
            samesite="strict",
            secure=is_secure,
        )

    # --- signing in and out ------------------------------------------------------------------------------------------

    def _sign_in_form(self, visit: Visit) -> Response:
        if not self._gate.guarded or visit.session.inside:
            return RedirectResponse("/", 303)
        return self._renderer.page("sign_in", visit, {"why": None, "target": _own_path(visit.asked("next"))})

    def _sign_in(self, visit: Visit) -> Response:
        target = _own_path(visit.form.get("next", ""))
        why = self._gate.offer(visit.request, visit.form.get("token", "").strip()) if self._gate.guarded else None
        if why is not None:
            _log.warning("status_token_refused")
            status = 429 if why == text("page_too_many_tries") else 403
            return self._renderer.page("sign_in", visit, {"why": why, "target": target}, status)
        response = RedirectResponse(target, 303)
        self._keep(visit, response, self._sessions.begin(inside=True))
        return response

    def _sign_out(self, visit: Visit) -> Response:
        response = RedirectResponse(SIGN_IN, 303)
        response.delete_cookie(self._cookie, httponly=True, samesite="strict")
        return response

    def _static(self, visit: Visit) -> Response:
        found = self._renderer.static(visit.part("name"))
        return found or self.not_found(visit, text("page_no_such_page"))

    def not_found(self, visit: Visit, why: Text) -> Response:
        """A page that is not there."""
        return self.refusal(visit, 404, text("page_not_found"), why)


def _own_path(target: str) -> str:
    """A path of this page; anything that leads elsewhere leads to the overview."""
    is_own = target.startswith("/") and not target.startswith(("//", "/\\")) and target.isprintable()
    return quote(target, safe="/?=&%+#") if is_own else "/"
