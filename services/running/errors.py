"""What is said to somebody who cannot change a setting; who may not is told by NotPermitted.

SettingError
├── NoSuchSetting      no setting of this name may change while the bot runs
├── ChangedMeanwhile   somebody else changed it since it was shown
└── WrongValue         it is not of the setting's kind, or out of its bounds
"""

from services.errors import OfficeRefusal


class SettingError(OfficeRefusal):
    """A setting stays as it is; `code` says why."""

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(f"settings.error.{code}", **params)
        self.code = code


class NoSuchSetting(SettingError):  # noqa: N818 - reads as what it says
    """No setting of this name may change while the bot runs."""

    def __init__(self, name: str) -> None:
        super().__init__("unknown", name=name)


class ChangedMeanwhile(SettingError):  # noqa: N818 - reads as what it says
    """Somebody else changed the setting since it was shown; `value` is what it is now."""

    def __init__(self, value: str) -> None:
        super().__init__("changed", value=value)


class WrongValue(SettingError):  # noqa: N818 - reads as what it says
    """A value is refused."""
