"""The people of the sandbox: who they are to the bot."""

from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

_SUBSCRIBER_NUMBERS = 10_000_000


class PersonDetails(BaseModel):
    """What may be said about a person; what is left out stays as it is."""

    model_config = ConfigDict(extra="forbid")

    first_name: str | None = Field(None, min_length=1, max_length=64)
    last_name: str | None = Field(None, max_length=64)
    username: str | None = Field(None, pattern=r"^[A-Za-z0-9_]{4,32}$")
    language_code: str | None = Field(None, pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]+)*$")
    phone_number: str | None = Field(None, pattern=r"^\+?[0-9]{5,15}$")
    blocked: bool | None = None


@dataclass(slots=True)
class Person:
    """One Telegram account. `blocked` tells that the person has blocked the bot."""

    id: int
    first_name: str
    last_name: str | None
    username: str | None
    language_code: str
    phone_number: str
    blocked: bool = False

    def user(self) -> dict[str, Any]:
        """Return the Bot API's User."""
        return {"id": self.id, "is_bot": False, **self._names(), "language_code": self.language_code}

    def private_chat(self) -> dict[str, Any]:
        """Return the Bot API's Chat of the talk between this person and the bot."""
        return {"id": self.id, "type": "private", **self._names()}

    def contact(self) -> dict[str, Any]:
        """Return the person's own card."""
        card = {"phone_number": self.phone_number, "first_name": self.first_name, "user_id": self.id}
        return card if self.last_name is None else {**card, "last_name": self.last_name}

    def describe(self, details: PersonDetails) -> None:
        """Take over what is said about the person."""
        for name, value in details.model_dump(exclude_none=True).items():
            setattr(self, name, value)

    def _names(self) -> dict[str, str]:
        names = {"first_name": self.first_name, "last_name": self.last_name, "username": self.username}
        return {name: value for name, value in names.items() if value is not None}


def new_person(person_id: int) -> Person:
    """Make up a person: a Russian mobile number and a name that follow from the id."""
    number = f"+7900{person_id % _SUBSCRIBER_NUMBERS:07d}"
    return Person(person_id, f"Person {person_id}", None, None, "ru", number)
