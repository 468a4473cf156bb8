"""Retention: after how many days what goes; 0 keeps it for good."""

from typing import Self

from pydantic import model_validator

from settings.group import Group, env


class RetentionSettings(Group):
    """Days by class of data; what customers and the staff said goes only where the bank says so."""

    conversations: int = env("RETENTION_CONVERSATIONS_DAYS", default=0, ge=0, le=36_500)
    files: int = env("RETENTION_FILES_DAYS", default=0, ge=0, le=36_500)
    archives: int = env("RETENTION_ARCHIVES_DAYS", default=0, ge=0, le=36_500)
    notices: int = env("RETENTION_NOTICES_DAYS", default=0, ge=0, le=36_500)
    broadcasts: int = env("RETENTION_BROADCASTS_DAYS", default=0, ge=0, le=36_500)
    drafts: int = env("RETENTION_DRAFTS_DAYS", default=30, ge=0, le=36_500)
    updates: int = env("RETENTION_UPDATES_DAYS", default=30, ge=0, le=36_500)
    callbacks: int = env("RETENTION_CALLBACKS_DAYS", default=0, ge=0, le=36_500)
    events: int = env("RETENTION_EVENTS_DAYS", default=0, ge=0, le=36_500)
    holds: int = env("RETENTION_HOLDS_DAYS", default=0, ge=0, le=36_500)
    sessions: int = env("RETENTION_SESSIONS_DAYS", default=30, ge=0, le=36_500)
    idle: int = env("CONVERSATION_IDLE_DAYS", default=90, ge=0, le=36_500)

    @model_validator(mode="after")
    def _archives_last(self) -> Self:
        if self.archives and not 0 < self.conversations < self.archives:
            raise ValueError("RETENTION_ARCHIVES_DAYS: has to be more days than RETENTION_CONVERSATIONS_DAYS, not 0")
        return self
