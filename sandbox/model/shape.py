"""Fills a JSON schema with what a reply has, and with the plainest value of its type where it has nothing."""

from collections.abc import Mapping
from typing import Any

_PLAINEST: Mapping[str, Any] = {
    "string": "",
    "integer": 0,
    "number": 0,
    "boolean": False,
    "array": [],
    "null": None,
}


def fill(schema: Mapping[str, Any], values: Mapping[str, Any]) -> dict[str, Any]:
    """Return an object of the schema; properties named like a value take it, others are set only if required.

    A schema without properties takes all values as they are.
    """
    properties: Mapping[str, Any] = schema.get("properties", {})
    if not properties:
        return dict(values)
    wanted = [name for name in properties if name in values or name in schema.get("required", ())]
    return {name: values[name] if name in values else _plainest(properties[name]) for name in wanted}


def _plainest(schema: Mapping[str, Any]) -> Any:
    if "const" in schema:
        return schema["const"]
    if schema.get("enum"):
        return schema["enum"][0]
    kind = schema.get("type", "string")
    name = kind[0] if isinstance(kind, list) else kind
    return fill(schema, {}) if name == "object" else _PLAINEST.get(name)
