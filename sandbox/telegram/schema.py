"""An independent model of the Bot API: aiogram's types check every call and shape every answer."""

import types
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin

import orjson
from aiogram import methods as aiogram_methods
from aiogram.client.default import Default
from aiogram.methods.base import TelegramMethod
from aiogram.types.base import TelegramObject
from pydantic import BaseModel, ValidationError

from sandbox.telegram.errors import BadRequestError
from sandbox.telegram.params import attached

ValueT = TypeVar("ValueT")
Wire = dict[str, Any]
"""A Bot API object as it goes over the wire."""


@dataclass(frozen=True, slots=True)
class MethodType:
    """One Bot API method: its name, aiogram's type, and the parameters that may come as JSON in a string."""

    name: str
    model: type[TelegramMethod[Any]]
    nested: frozenset[str]


def _leaves(annotation: Any) -> Iterator[Any]:
    if get_origin(annotation) in (Union, types.UnionType):
        for part in get_args(annotation):
            yield from _leaves(part)
    elif get_origin(annotation) is Annotated:
        yield from _leaves(get_args(annotation)[0])
    else:
        yield annotation


def _is_nested(annotation: Any) -> bool:
    for leaf in _leaves(annotation):
        if get_origin(leaf) in (list, dict):
            return True
        if isinstance(leaf, type) and issubclass(leaf, BaseModel):
            return True
    return False


def _method_type(model: type[TelegramMethod[Any]]) -> MethodType:
    fields = model.model_fields
    nested = frozenset(name for name, field in fields.items() if _is_nested(field.annotation))
    return MethodType(model.__api_method__, model, nested)


def _all_methods() -> dict[str, MethodType]:
    found: dict[str, MethodType] = {}
    for name in aiogram_methods.__all__:
        model = getattr(aiogram_methods, name)
        if isinstance(model, type) and issubclass(model, TelegramMethod) and model is not TelegramMethod:
            found[model.__api_method__.lower()] = _method_type(model)
    return found


METHODS = _all_methods()
"""Method types by lower-case name: Telegram's method names are case-insensitive."""

_EMPTY = {"chat_id": "chat_id is empty", "text": "message text is empty"}


def parse(method: MethodType, params: dict[str, Any]) -> TelegramMethod[Any]:
    """Check a call's parameters against the method's type; raise BadRequestError in Telegram's words."""
    values = dict(params)
    for name in method.nested & values.keys():
        value = values[name]
        if isinstance(value, str) and value[:1] in ("[", "{"):
            try:
                values[name] = attached(orjson.loads(value), values)
            except orjson.JSONDecodeError as error:
                raise BadRequestError(f"can't parse {name}: not valid JSON") from error
    try:
        return method.model.model_validate(values)
    except ValidationError as error:
        raise BadRequestError(_sentence(error)) from error


def _sentence(error: ValidationError) -> str:
    first = error.errors(include_url=False, include_context=False, include_input=False)[0]
    name = str(first["loc"][0]) if first["loc"] else "request"
    if first["type"] == "missing" and len(first["loc"]) == 1:
        return _EMPTY.get(name, f'parameter "{name}" is required')
    path = ".".join(str(part) for part in first["loc"])
    return f'parameter "{name}" is invalid: {first["msg"]} at {path}'


def chosen(value: ValueT | Default | None) -> ValueT | None:
    """Return the value of an optional parameter; aiogram marks some that were not sent with a Default."""
    return None if isinstance(value, Default) else value


def wire(model: type[TelegramObject], raw: Wire) -> Wire:
    """Check a Bot API object against its type and return its wire form.

    Raises pydantic.ValidationError when the sandbox itself built a wrong object.
    """
    return dump(model.model_validate(raw))


def dump(value: BaseModel) -> Wire:
    """Return the wire form of an aiogram object: aliases as names, nothing that is absent."""
    return value.model_dump(mode="json", by_alias=True, exclude_none=True, exclude_unset=True)
