"""How the bot receives updates: getUpdates and webhooks."""

import re

import orjson
from aiogram import methods, types

from sandbox.telegram.errors import BadRequestError, ConflictError
from sandbox.telegram.schema import Wire, wire
from sandbox.telegram.server import BotServer

_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
_ADDRESS = re.compile(r"https?://[^\s/?#]+")
_CONNECTIONS = range(1, 101)


async def get_updates(server: BotServer, call: methods.GetUpdates) -> list[orjson.Fragment]:
    """Return updates that are not confirmed yet."""
    if server.webhook.url:
        raise ConflictError(
            "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
        )
    queue = server.world.updates
    if call.allowed_updates is not None:
        queue.allowed = call.allowed_updates
    limit = min(max(call.limit or 100, 1), 100)
    given = await queue.poll(call.offset or 0, limit, call.timeout or 0)
    return [orjson.Fragment(update.body) for update in given]


def set_webhook(server: BotServer, call: methods.SetWebhook) -> bool:
    """Deliver updates to an address; an empty one ends that.

    Plain HTTP and any port are taken, as by Telegram's own server in local mode.
    """
    if not call.url:
        return _unset(server, drop=bool(call.drop_pending_updates))
    if not _ADDRESS.match(call.url):
        raise BadRequestError("bad webhook: invalid webhook URL specified")
    if call.secret_token is not None and not _SECRET.fullmatch(call.secret_token):
        raise BadRequestError("secret token contains unallowed characters")
    connections = call.max_connections or 40
    if connections not in _CONNECTIONS:
        raise BadRequestError("max_connections must be between 1 and 100")
    if call.drop_pending_updates:
        server.world.updates.pending.clear()
    if call.allowed_updates is not None:
        server.world.updates.allowed = call.allowed_updates
    server.webhook.set(call.url, call.secret_token, connections, certificate=call.certificate is not None)
    return True


def delete_webhook(server: BotServer, call: methods.DeleteWebhook) -> bool:
    """End delivery to an address."""
    return _unset(server, drop=bool(call.drop_pending_updates))


def _unset(server: BotServer, *, drop: bool) -> bool:
    server.webhook.unset()
    if drop:
        server.world.updates.pending.clear()
    return True


def get_webhook_info(server: BotServer, _call: methods.GetWebhookInfo) -> Wire:
    """Tell how delivery goes."""
    return wire(types.WebhookInfo, server.webhook.info())
