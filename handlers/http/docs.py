"""What the HTTP front answers to, on a page of its own: FastAPI's takes its scripts from another site."""

from collections.abc import Callable
from html import escape
from typing import Any

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

_POLICY = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{title}</title></head>
<body><h1>{title}</h1><dl>{ways}</dl><p><a href="/openapi.json">openapi.json</a></p></body></html>"""


def docs_router(described: Callable[[], dict[str, Any]]) -> APIRouter:
    """Return `/docs`, which lists what the OpenAPI description names."""
    router = APIRouter(include_in_schema=False)

    @router.get("/docs")
    def docs() -> HTMLResponse:
        description = described()
        ways = "".join(
            f"<dt>{method.upper()} {escape(path)}</dt><dd>{escape(way.get('description', ''))}</dd>"
            for path, methods in description["paths"].items()
            for method, way in methods.items()
        )
        page = _PAGE.format(title=escape(description["info"]["title"]), ways=ways)
        return HTMLResponse(page, headers={"content-security-policy": _POLICY})

    return router
