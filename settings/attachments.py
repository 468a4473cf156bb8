"""What people may send each other."""

import re
from typing import Annotated, Self

from pydantic import AfterValidator, model_validator

from settings.group import Group, env

_MB = 2**20
_HOST_AND_PORT = re.compile(r"(?:\[[\da-fA-F:.]+\]|[^\s:/@]+):(\d{1,5})")


def _findable(address: str) -> str:
    found = _HOST_AND_PORT.fullmatch(address)
    if address and not address.startswith("/") and not (found and 0 < int(found[1]) < 2**16):
        raise ValueError("must be host:port, or the whole path of a socket")
    return address


class AttachmentSettings(Group):
    """Sizes and kinds of files, who scans them, and whether the staff's may be passed on; Telegram gives bots 20 MB."""

    max_image_mb: int = env("MAX_IMAGE_SIZE_MB", default=10, ge=1, le=20)
    max_file_mb: int = env("MAX_FILE_SIZE_MB", default=20, ge=1, le=20)
    types_text: str = env(
        "FILE_TYPES", default="pdf,jpg,jpeg,png,webp,heic,txt,csv,doc,docx,xls,xlsx,odt,ods,rtf,zip,mp4,mp3,ogg"
    )
    protect: bool = env("PROTECT_CONTENT", default=True)
    clamav_text: Annotated[str, AfterValidator(_findable)] = env("CLAMAV_ADDRESS", default="")

    @model_validator(mode="after")
    def _plain(self) -> Self:
        if wrong := next((ending for ending in self.types if not ending.isalnum()), None):
            raise ValueError(f"FILE_TYPES: {wrong} is not the end of a file's name, such as pdf")
        return self

    @property
    def types(self) -> frozenset[str]:
        """Ends of names that documents may have, without the dot."""
        return frozenset(ending for piece in self.types_text.split(",") if (ending := piece.strip().lower()))

    @property
    def max_image(self) -> int:
        """The largest picture, in bytes."""
        return self.max_image_mb * _MB

    @property
    def max_file(self) -> int:
        """The largest file of any other kind, in bytes."""
        return self.max_file_mb * _MB

    @property
    def clamav(self) -> str | tuple[str, int] | None:
        """Where ClamAV's daemon listens, if files are scanned: the path of its socket, or host and port."""
        if not self.clamav_text or self.clamav_text.startswith("/"):
            return self.clamav_text or None
        host, _, port = self.clamav_text.rpartition(":")
        return host.strip("[]"), int(port)
