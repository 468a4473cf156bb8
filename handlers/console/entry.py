"""Signing in and out: plain forms without any script, so that the session's cookie is out of every script's reach."""

import secrets
from collections.abc import Callable
from contextlib import suppress
from html import escape, unescape
from ipaddress import IPv6Address, IPv6Network, ip_address
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Cookie, Form, Request
from fastapi.responses import FileResponse, HTMLResponse, RedirectResponse

from handlers.console.console import COOKIE, PATH, Console
from services.sign_in import Browser

KNOWN = "console_browser"  # the cookie by which a browser is told from others that ask for codes
_KNOWN_SECONDS = 400 * 86_400  # longer no browser keeps a cookie (RFC 6265bis, 5.5)
_OWN_NETWORK = 64  # bits of an IPv6 address that whoever has one may choose the rest of (RFC 6177)
_LONGEST_CODE = 12  # signs, with spaces for whoever writes them
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
        browser = _browser(request)
        console.sign_in.send_code(number, browser)
        return _known(forms.code(number), browser, secure=_is_secure(request))

    @router.post("/code", response_model=None)
    def enter(
        request: Request, telegram_id: Annotated[str, Form()] = "", code: Annotated[str, Form()] = ""
    ) -> HTMLResponse | RedirectResponse:
        forms = _Forms(console, request)
        if (number := _number(telegram_id)) is None:
            return forms.account(forms.text("console.not_a_number"))
        token = console.sign_in.open(number, "".join(code.split()), _browser(request))
        if token is None:
            return forms.code(number, forms.text("console.wrong_code"))
        return _signed_in(token, secure=_is_secure(request))

    @router.post("/sign-out")
    def leave(session: Annotated[str | None, Cookie(alias=COOKIE)] = None) -> RedirectResponse:
        if session:
            console.sign_in.end(session)
        return _signed_out()

    return router


def _browser(request: Request) -> Browser:
    """Return who asks: a browser without a secret of its own gets one."""
    host = request.client.host if request.client else ""
    return Browser(request.cookies.get(KNOWN) or secrets.token_hex(32), network(host))


def network(host: str) -> str:
    """Return what an address stands for as a source: itself, or all that goes by the name of one IPv6 customer."""
    with suppress(ValueError):  # something that is no address stands for itself
        address = ip_address(host)
        if isinstance(address, IPv6Address):
            return str(address.ipv4_mapped or IPv6Network((int(address), _OWN_NETWORK), strict=False))
    return host


def _is_secure(request: Request) -> bool:
    """Return whether a cookie is for TLS alone: by what the browser says of the page, since a proxy may end TLS."""
    return request.headers.get("origin", "").startswith("https:")


def _known(answer: HTMLResponse, browser: Browser, *, secure: bool) -> HTMLResponse:
    answer.set_cookie(KNOWN, browser.secret, _KNOWN_SECONDS, path=PATH, httponly=True, samesite="strict", secure=secure)
    return answer


def lost(console: Console) -> Callable[[Request, Exception], HTMLResponse]:
    """Return what answers an address that leads nowhere: a page in the browser's language, with the way back."""
    return lambda request, _error: _Forms(console, request).lost()


def _signed_in(token: str, *, secure: bool) -> RedirectResponse:
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
            longest=_LONGEST_CODE,
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
