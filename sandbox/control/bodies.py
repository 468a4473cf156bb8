"""What the control API takes: acts of people, as JSON."""

import base64
import binascii
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from sandbox.telegram.people import PersonDetails

_KINDS = ("text", "start", "contact", "button", "file", "album", "edit", "sticker", "poll", "location", "dice")


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Contact(_Body):
    """A card that a person shares."""

    phone_number: str = Field(min_length=1)
    first_name: str = "Contact"
    last_name: str | None = None
    user_id: int | None = None


class Button(_Body):
    """An inline button that a person presses."""

    message_id: int
    data: str


class File(_Body):
    """A file that a person sends."""

    kind: Literal["photo", "voice", "document", "video", "animation", "audio", "video_note"]
    name: str | None = None
    content: bytes = Field(alias="base64")
    caption: str = ""

    @field_validator("content", mode="before")
    @classmethod
    def _decoded(cls, value: object) -> bytes:
        try:
            return base64.b64decode(str(value), validate=True)
        except binascii.Error as error:
            raise ValueError("not valid base64") from error


class Edit(_Body):
    """An own message that a person changes."""

    message_id: int
    text: str


class Poll(_Body):
    """A poll that a person sends."""

    question: str = Field(min_length=1, max_length=300)
    options: list[str] = Field(min_length=1, max_length=12)


class Location(_Body):
    """A place that a person sends."""

    latitude: float = Field(ge=-90, le=90)
    longitude: float = Field(ge=-180, le=180)


class Act(PersonDetails):
    """Exactly one thing that a person does, and optionally who the person is.

    With `html` the words of it (text, captions, an edit) are HTML and become formatted text.
    """

    text: str | None = None
    start: str | None = None
    contact: Contact | Literal["self"] | None = None
    button: Button | None = None
    file: File | None = None
    album: list[File] | None = Field(None, min_length=2, max_length=10)
    edit: Edit | None = None
    sticker: str | None = Field(None, min_length=1)
    poll: Poll | None = None
    location: Location | None = None
    dice: Literal["🎲", "🎯", "🏀"] | None = None
    html: bool = False
    chat_id: int | None = None
    reply_to: int | None = None

    @model_validator(mode="after")
    def _one_kind(self) -> "Act":
        if sum(getattr(self, kind) is not None for kind in _KINDS) != 1:
            raise ValueError(f"give exactly one of {', '.join(_KINDS)}")
        return self

    def details(self) -> PersonDetails:
        """Return what the act says about the person."""
        return PersonDetails(**self.model_dump(include=set(PersonDetails.model_fields)))


class Group(_Body):
    """A group that the bot is a member of."""

    title: str = Field(min_length=1, max_length=128)
