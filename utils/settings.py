"""Helpers that read settings: secret files, allowed values, and errors that name the variable and the fix."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from pydantic import AfterValidator, ValidationError

_PLACEHOLDERS = ("changeme", "change-me", "change_me", "your-", "your_", "example", "placeholder", "xxxxxx", "<")


class SettingsError(Exception):
    """The process cannot start with these settings; the text lists each complaint on a line of its own."""

    def __init__(self, complaints: Iterable[str]) -> None:
        self.complaints = tuple(complaints)
        lines = "\n".join(f"  - {complaint}" for complaint in self.complaints)
        super().__init__(
            f"Settings are not complete:\n{lines}\n"
            "Put them into .env (see .env.example), or try `make demo`, which needs none."
        )


def Choices(*allowed: str) -> AfterValidator:  # noqa: N802 - reads as a type in an annotation
    """Return a validator that lets only these words through."""

    def check(value: str) -> str:
        if value not in allowed:
            raise ValueError(f"must be one of {', '.join(allowed)}")
        return value

    return AfterValidator(check)


def read_secret_files(values: Mapping[str, str]) -> dict[str, str]:
    """Replace each `NAME_FILE` by `NAME` with the file's content, as container secrets are given.

    Raises SettingsError when such a file cannot be read.
    """
    result = dict(values)
    for name, path in values.items():
        target = name.removesuffix("_FILE")
        if target == name or target in values or not target.endswith(("TOKEN", "KEY", "SECRET", "URL", "PASSWORD")):
            continue
        try:
            result[target] = Path(path).read_text(encoding="utf-8").strip()
        except OSError as error:
            raise SettingsError([f"{name}: {error.strerror or 'cannot be read'}: {path}"]) from None
        except UnicodeDecodeError:
            raise SettingsError([f"{name}: not a text file: {path}"]) from None
    return result


def explain(error: ValidationError) -> list[str]:
    """Return one complaint per wrong setting: its variable, what is wrong, never its value."""
    return [": ".join((*map(str, item["loc"]), _said(item["msg"]))) for item in error.errors()]


def reject_placeholder(secrets: Mapping[str, str]) -> list[str]:
    """Return a complaint for each secret that is still the example's placeholder."""
    return [
        f"{name}: still a placeholder; put a secret of your own there"
        for name, value in secrets.items()
        if any(mark in value.lower() for mark in _PLACEHOLDERS)
    ]


def _said(message: str) -> str:
    text = message.removeprefix("Value error, ")
    return "missing" if text == "Field required" else text
