"""Health and documentation of the HTTP front: alive while dependencies hang, and nothing from other sites."""

import asyncio
from threading import Event

import httpx
from fastapi import FastAPI
from fastapi.testclient import TestClient

from handlers.http.docs import docs_router
from handlers.http.health import health_router

MANY = 60  # more than the threads that are kept for calls


def test_the_process_says_that_it_lives_while_all_that_it_depends_on_hangs() -> None:
    released = Event()
    app = FastAPI()

    def hang() -> None:
        assert released.wait(120)

    app.include_router(health_router({"database": hang}))

    async def asked() -> tuple[int, set[int]]:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://bank.example") as client:
            hanging = [asyncio.create_task(client.get("/ready")) for _ in range(MANY)]
            await asyncio.sleep(0)
            try:
                alive = await asyncio.wait_for(client.get("/health"), 60)
            finally:
                released.set()
            return alive.status_code, {answer.status_code for answer in await asyncio.gather(*hanging)}

    assert asyncio.run(asked()) == (200, {200})


def test_the_documentation_names_what_is_there_and_needs_no_other_site() -> None:
    app = FastAPI(title="Bank <bot>", docs_url=None)
    app.include_router(health_router({}))
    app.include_router(docs_router(app.openapi))
    page = TestClient(app).get("/docs")
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert all(word in page.text for word in ("GET /health", "GET /ready", "Bank &lt;bot&gt;"))
    assert "<script" not in page.text
    assert "://" not in page.text
