"""What every group of settings is made of."""

from pathlib import Path
from typing import Any
from urllib.parse import quote

from pydantic import AliasChoices, BaseModel, ConfigDict, Field, SecretStr

ROOT = Path(__file__).resolve().parent.parent


class Group(BaseModel):
    """A frozen set of settings; variables of other groups are none of its business."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)


def env(name: str, *aliases: str, **field: Any) -> Any:
    """Return a field read from the variable `name`, or from an older name that users know."""
    return Field(validation_alias=AliasChoices(name, *aliases), **field)


def listed(value: SecretStr) -> list[str]:
    """Return the parts of a list that commas separate."""
    return [part for part in (piece.strip() for piece in value.get_secret_value().split(",")) if part]


def quoted(part: Any) -> str:
    """Return a part of an address so that none of its characters divides it."""
    return quote(str(part), safe="")
