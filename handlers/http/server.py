"""The server in front of the webhook: it logs no addresses, and says neither what it is nor what time it has."""

import uvicorn

from handlers.http.webhook import Webhook


def make_server(webhook: Webhook, host: str, port: int) -> uvicorn.Server:
    """Return a server, not yet started."""
    config = uvicorn.Config(
        webhook,
        host,
        port,
        log_config=None,
        access_log=False,
        lifespan="off",
        server_header=False,
        date_header=False,
    )
    return uvicorn.Server(config)
