"""The archive: when closed conversations go there, and how object storage keeps them."""

from datetime import time
from typing import Annotated, Self

from pydantic import model_validator

from settings.group import Group, env
from utils.settings import Choices

_FAR = frozenset({"GLACIER", "DEEP_ARCHIVE"})  # what lies there cannot be read back at once


class ArchiveSettings(Group):
    """`at` is a time of the day, in UTC; an empty `bucket` is the one of large objects, or their folder."""

    at: time = env("ARCHIVE_TIME", default=time(3))
    after_hours: float = env("ARCHIVE_AFTER_HOURS", default=1.0, ge=0, le=8760)
    bucket: str = env("ARCHIVE_S3_BUCKET", default="")
    storage_class: str = env("ARCHIVE_STORAGE_CLASS", default="")
    lock_mode: Annotated[str, Choices("GOVERNANCE", "COMPLIANCE")] = env("ARCHIVE_LOCK_MODE", default="")
    lock_days: int = env("ARCHIVE_LOCK_DAYS", default=0, ge=0, le=36_500)

    @model_validator(mode="after")
    def _goes_together(self) -> Self:
        if self.storage_class in _FAR:
            raise ValueError("ARCHIVE_STORAGE_CLASS: what lies there cannot be read back at once; use a lifecycle rule")
        if bool(self.lock_mode) != bool(self.lock_days):
            raise ValueError("ARCHIVE_LOCK_DAYS: goes together with ARCHIVE_LOCK_MODE, both or neither")
        return self
