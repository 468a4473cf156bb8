"""The audit log: who signs its checkpoints, and how often one goes outside the database."""

from typing import Self

from pydantic import SecretStr, model_validator

from settings.group import Group, env, listed
from utils.encryption import EncryptionError, signing_seed


class AuditSettings(Group):
    """Keys that sign checkpoints, newest first; without any they are derived from ENCRYPTION_KEY."""

    signing_keys: SecretStr = env("AUDIT_KEY", default=SecretStr(""))
    pause: float = env("AUDIT_CHECKPOINT_SECONDS", default=60.0, ge=1, le=86_400)

    @model_validator(mode="after")
    def _usable(self) -> Self:
        try:
            for key in self.keys:
                signing_seed(key)
        except (EncryptionError, ValueError):
            raise ValueError("AUDIT_KEY: not a list of keys; `manage.py keys new` makes one") from None
        return self

    @property
    def keys(self) -> list[str]:
        """The keys, newest first."""
        return listed(self.signing_keys)
