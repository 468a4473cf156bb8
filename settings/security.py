"""Keys that protect what is stored."""

from typing import Self

from pydantic import SecretStr, model_validator

from settings.group import Group, env, listed
from utils.encryption import BlindIndex, EncryptionError, Keyring


class SecuritySettings(Group):
    """Keys that protect what is stored, newest first, separated by commas; `manage.py keys new` makes one."""

    encryption_keys: SecretStr = env("ENCRYPTION_KEY")
    index_keys: SecretStr = env("BLIND_INDEX_KEY")

    @model_validator(mode="after")
    def _usable(self) -> Self:
        try:
            Keyring(self.encryption)
        except (EncryptionError, ValueError):
            raise ValueError("ENCRYPTION_KEY: not a list of different keys; `manage.py keys new` makes one") from None
        try:
            BlindIndex(*self.index[:2])
        except (EncryptionError, ValueError, TypeError):
            raise ValueError("BLIND_INDEX_KEY: not a key; `manage.py keys new` makes one") from None
        if {*self.encryption} & {*self.index}:  # who learnt one would have the other
            raise ValueError("BLIND_INDEX_KEY: a key of ENCRYPTION_KEY's; `manage.py keys new` makes another")
        return self

    @property
    def encryption(self) -> list[str]:
        """Encryption keys, newest first."""
        return listed(self.encryption_keys)

    @property
    def index(self) -> list[str]:
        """Keys of the phone's blind index: the current one, and the one before while it rotates."""
        return listed(self.index_keys)
