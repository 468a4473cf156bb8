"""Signing in and out: plain forms without any script, so that the session's cookie is out of every script's reach."""

from collections.abc import Callable
from html import escape, unescape
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Cookie, Form, Request
from fastapi.responses import FileResponse, HTMLResponse, RedirectResponse

from handlers.console.console import COOKIE, PATH, Console

_LONGEST_ID = 15  # digits; Telegram's numbers have at most 52 bits
_STYLE = Path(__file__).parent / "style.css"
_POLICY = (
    "default-src 'none'; style-src 'self'; img-src data:; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
_PAGE = """<!doctype html>
<html lang="{language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title><link rel="icon" href="data:,"><link rel="stylesheet" href="{path}/style.css"></head>
<body class="entry"><main class="entry-card"><h1>{title}</h1>{body}</main></body></html>"""
_FORM = """<p class="hint">{hint}</p>{problem}<form method="post" action="{path}/{action}">{hidden}
<label for="{name}">{label}</label>
<input id="{name}" name="{name}" inputmode="numeric" autocomplete="{complete}" maxlength="{longest}" required autofocus>
<button class="primary" type="submit">{submit}</button></form>{after}"""


def entry_router(console: Console) -> APIRouter:
    """Return the ways in and out, and the style sheet."""
    router = APIRouter(prefix=PATH, include_in_schema=False)

    @router.get("/style.css")
    def style() -> FileResponse:
        return FileResponse(_STYLE, media_type="text/css", headers={"cache-control": "no-cache"})

    @router.get("/sign-in")
    def ask_for_account(request: Request) -> HTMLResponse:
        return _Forms(console, request).account()

    @router.post("/sign-in")
    def send_code(request: Request, telegram_id: Annotated[str, Form()] = "") -> HTMLResponse:
        forms = _Forms(console, request)
        if (number := _number(telegram_id)) is None:
            return forms.account(forms.text("console.not_a_number"))
        console.sign_in.send_code(number)
        return forms.code(number)

    @router.post("/code", response_model=None)
    def enter(
        request: Request, telegram_id: Annotated[str, Form()] = "", code: Annotated[str, Form()] = ""
    ) -> HTMLResponse | RedirectResponse:
        forms = _Forms(console, request)
        if (number := _number(telegram_id)) is None:
            return forms.account(forms.text("console.not_a_number"))
        token = console.sign_in.open(number, code.strip())
        if token is None:
            return forms.code(number, forms.text("console.wrong_code"))
        return _signed_in(token, secure=request.headers.get("origin", "").startswith("https:"))

    @router.post("/sign-out")
    def leave(session: Annotated[str | None, Cookie(alias=COOKIE)] = None) -> RedirectResponse:
        if session:
            console.sign_in.end(session)
        return _signed_out()

    return router


def lost(console: Console) -> Callable[[Request, Exception], HTMLResponse]:
    """Return what answers an address that leads nowhere: a page in the browser's language, with the way back."""
    return lambda request, _error: _Forms(console, request).lost()


def _signed_in(token: str, *, secure: bool) -> RedirectResponse:
    """Give the browser its session; `secure` by what it says of the page's address, since a proxy may end TLS."""
    answer = RedirectResponse(f"{PATH}/", 303)
    answer.set_cookie(COOKIE, token, path=PATH, httponly=True, samesite="strict", secure=secure)
    return answer


def _signed_out() -> RedirectResponse:
    answer = RedirectResponse(f"{PATH}/sign-in", 303)
    answer.delete_cookie(COOKIE, path=PATH)
    return answer


class _Forms:
    """The two forms, in the language that the browser asks for."""

    def __init__(self, console: Console, request: Request) -> None:
        self._words = console.words
        asked = request.headers.get("accept-language", "").split(",")[0].split(";")[0].strip()
        self._language = console.words.pick(asked or console.language)

    def text(self, key: str) -> str:
        return unescape(self._words.text(self._language, key))

    def account(self, problem: str = "") -> HTMLResponse:
        return self._page(
            problem,
            action="sign-in",
            hint=self.text("console.id_hint"),
            hidden="",
            name="telegram_id",
            label=self.text("console.your_id"),
            complete="username",
            longest=_LONGEST_ID,
            submit=self.text("console.send_code"),
            after="",
        )

    def code(self, number: int, problem: str = "") -> HTMLResponse:
        again = f'<p class="hint"><a href="{PATH}/sign-in">{escape(self.text("console.another_account"))}</a></p>'
        return self._page(
            problem,
            action="code",
            hint=self.text("console.code_sent"),
            hidden=f'<input type="hidden" name="telegram_id" value="{number}">',
            name="code",
            label=self.text("console.code"),
            complete="one-time-code",
            longest=6,
            submit=self.text("console.enter"),
            after=again,
        )

    def lost(self) -> HTMLResponse:
        hint, back = escape(self.text("console.no_page")), escape(self.text("console.to_start"))
        return self._answer(f'<p class="hint">{hint}</p><p><a href="{PATH}/">{back}</a></p>', 404)

    def _page(self, problem: str, **form: str | int) -> HTMLResponse:
        raw = {name: str(form.pop(name)) for name in ("hidden", "after")}  # mark-up of our own
        shown = f'<p class="problem" role="alert">{escape(problem)}</p>' if problem else ""
        body = _FORM.format(path=PATH, problem=shown, **raw, **{name: escape(str(v)) for name, v in form.items()})
        return self._answer(body, 403 if problem else 200)

    def _answer(self, body: str, status: int) -> HTMLResponse:
        title = escape(self.text("console.title"))
        html = _PAGE.format(language=escape(self._language), title=title, path=PATH, body=body)
        return HTMLResponse(html, status, {"content-security-policy": _POLICY})


def _number(text: str) -> int | None:
    digits = text.strip()
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) <= _LONGEST_ID else None
