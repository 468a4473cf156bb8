"""The parameters of a Bot API call: from the query, a form, multipart or JSON, as the Bot API allows."""

from typing import Any
from urllib.parse import parse_qsl

import orjson
from aiogram.types import BufferedInputFile
from starlette.datastructures import UploadFile
from starlette.requests import Request

from sandbox.telegram.errors import BadRequestError

_ATTACHED = "attach://"


async def read_params(request: Request) -> dict[str, Any]:
    """Return a call's parameters, uploads as BufferedInputFile; raise BadRequestError on a broken body."""
    params: dict[str, Any] = dict(parse_qsl(request.scope["query_string"].decode(), keep_blank_values=True))
    content_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if content_type == "multipart/form-data":
        return params | await _multipart(request)
    body = await request.body()
    if not body:
        return params
    if content_type == "application/json":
        return params | _json(body)
    return params | dict(parse_qsl(body.decode(errors="replace"), keep_blank_values=True))


def _json(body: bytes) -> dict[str, Any]:
    try:
        values = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise BadRequestError("can't parse JSON object") from error
    if not isinstance(values, dict):
        raise BadRequestError("JSON object expected")
    return {name: value for name, value in values.items() if value is not None}


async def _multipart(request: Request) -> dict[str, Any]:
    values: dict[str, Any] = {}
    async with request.form() as form:
        for name, value in form.multi_items():
            if isinstance(value, UploadFile):
                values[name] = BufferedInputFile(await value.read(), value.filename or "")
            else:
                values[name] = value
    for name, value in tuple(values.items()):
        if isinstance(value, str) and value.startswith(_ATTACHED):
            values[name] = values.pop(value.removeprefix(_ATTACHED), value)
    return values


def attached(value: Any, params: dict[str, Any]) -> Any:
    """Put the uploads that parts of a parameter name, such as the media of an album, in the place of their names."""
    if isinstance(value, list):
        return [attached(each, params) for each in value]
    if isinstance(value, dict):
        return {name: attached(each, params) for name, each in value.items()}
    if isinstance(value, str) and value.startswith(_ATTACHED):
        return params.get(value.removeprefix(_ATTACHED), value)
    return value


def shown(params: dict[str, Any]) -> dict[str, Any]:
    """Return parameters fit for the journal: of an upload only its name and size, in bytes."""
    return {
        name: {"file": value.filename, "size": len(value.data)} if isinstance(value, BufferedInputFile) else value
        for name, value in params.items()
    }


def chat_id_of(params: dict[str, Any]) -> int | None:
    """Return the numeric chat that a call concerns, if it names one."""
    try:
        return int(params["chat_id"])
    except (KeyError, TypeError, ValueError):
        return None
