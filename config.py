"""The settings of every process, read from the environment, `.env` and secret files.

Only composition roots (`bot.py`, `api.py`, `manage.py`, the worker's wiring) call `load_settings`.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass

from dotenv import dotenv_values
from pydantic import ValidationError

from settings.archive import ArchiveSettings
from settings.attachments import AttachmentSettings
from settings.audit import AuditSettings
from settings.broadcast import BroadcastSettings
from settings.console import ConsoleSettings
from settings.conversation import ConversationSettings
from settings.desk import DeskSettings
from settings.group import ROOT, Group
from settings.http import HttpSettings
from settings.knowledge import KnowledgeSettings
from settings.model import AnthropicSettings, GeminiSettings, LocalModelSettings, ModelSettings, OpenAiSettings
from settings.observability import ObservabilitySettings
from settings.protection import ProtectionSettings
from settings.retention import RetentionSettings
from settings.security import SecuritySettings
from settings.storage import StorageSettings
from settings.stores import DatabaseSettings, RedisSettings
from settings.telegram import TelegramSettings
from settings.waiting import WaitingSettings
from utils.settings import SettingsError, explain, read_secret_files, reject_placeholder

__all__ = ["ROOT", "Group", "Settings", "load_settings"]


@dataclass(frozen=True)
class Settings:
    """All groups together."""

    demo: bool
    telegram: TelegramSettings
    database: DatabaseSettings
    redis: RedisSettings
    security: SecuritySettings
    conversation: ConversationSettings
    desk: DeskSettings
    model: ModelSettings
    openai: OpenAiSettings
    anthropic: AnthropicSettings
    gemini: GeminiSettings
    local: LocalModelSettings
    knowledge: KnowledgeSettings
    storage: StorageSettings
    attachments: AttachmentSettings
    protection: ProtectionSettings
    observability: ObservabilitySettings
    http: HttpSettings
    console: ConsoleSettings
    waiting: WaitingSettings
    broadcast: BroadcastSettings
    audit: AuditSettings
    archive: ArchiveSettings
    retention: RetentionSettings


def _gather(environment: Mapping[str, str] | None) -> dict[str, str]:
    """Return variables as the process sees them: environment over `.env`, empty ones left out, `X_FILE` read."""
    if environment is None:
        known = {name: value for name, value in dotenv_values(ROOT / ".env").items() if value}
        environment = {**known, **os.environ}
    return read_secret_files({name: value for name, value in environment.items() if value.strip()})


def load_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """Read and check all settings.

    Raises SettingsError naming each variable that is missing or wrong, and the fix.
    """
    values = _gather(environment)
    demo = values.get("DEMO", "").lower() in {"1", "true", "yes"}
    groups: dict[str, Group] = {}
    complaints: list[str] = []
    for name, kind in Settings.__annotations__.items():
        if name == "demo":
            continue
        try:
            groups[name] = kind.model_validate(values)
        except ValidationError as error:
            complaints += explain(error)
    if not demo:
        names = ("BOT_TOKEN", "TELEGRAM_BOT_TOKEN", "ENCRYPTION_KEY", "BLIND_INDEX_KEY", "WEBHOOK_SECRET", "AUDIT_KEY")
        complaints += reject_placeholder({name: values.get(name, "") for name in names})
    if complaints:
        raise SettingsError(complaints)
    return Settings(demo=demo, **groups)  # type: ignore[arg-type]  # each name is validated by its own annotation
