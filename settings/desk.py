"""The operators' desk."""

from typing import Self

from pydantic import SecretStr, model_validator

from settings.group import Group, env, listed


class DeskSettings(Group):
    """The operators' desk."""

    pins: SecretStr = env("OPERATOR_PINS", default=SecretStr(""))
    pin_required: bool = env("OPERATOR_PIN_REQUIRED", default=False)
    session_hours: float = env("OPERATOR_SESSION_HOURS", default=12.0, gt=0, le=168)
    chats: int = env("OPERATOR_CHATS", default=3, ge=1, le=50)
    offer: float = env("OFFER_SECONDS", default=45.0, ge=5, le=3600)
    wrap_up: float = env("WRAP_UP_SECONDS", default=30.0, ge=0, le=3600)
    operator_silent: float = env("OPERATOR_SILENT_MINUTES", default=10.0, gt=0, le=1440)
    customer_silent: float = env("CUSTOMER_SILENT_MINUTES", default=15.0, gt=0, le=1440)
    customer_close: float = env("CUSTOMER_CLOSE_MINUTES", default=5.0, gt=0, le=1440)
    reopen: float = env("REOPEN_MINUTES", default=10.0, ge=0, le=1440)
    service_level: float = env("SERVICE_LEVEL_SECONDS", default=120.0, ge=5, le=86_400)
    code_names: str = env("DISPOSITION_CODES", default="solved,complaint,fraud,no_answer,other")
    break_names: str = env("BREAK_REASONS", default="break,lunch,training,meeting")

    @model_validator(mode="after")
    def _usable(self) -> Self:
        for entry in listed(self.pins):
            pin, _, _name = entry.partition(":")
            if not (pin.isascii() and pin.isdigit() and 6 <= len(pin) <= 12):  # noqa: PLR2004 - as the desk reads PINs
                raise ValueError("OPERATOR_PINS: a list of PINs of 6 to 12 digits, each with a name perhaps")
        return self

    @property
    def first_pins(self) -> list[tuple[str, str]]:
        """PINs of the first import with the names of their operators."""
        entries = (entry.partition(":") for entry in listed(self.pins))
        return [(pin, name.strip()) for pin, _, name in entries]

    @property
    def codes(self) -> tuple[str, ...]:
        """What a closed chat may be called."""
        return tuple(listed(SecretStr(self.code_names)))

    @property
    def breaks(self) -> tuple[str, ...]:
        """What a break may be called."""
        return tuple(name.lower() for name in listed(SecretStr(self.break_names)))
