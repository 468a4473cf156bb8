"""What leaves the house: what each model may see of customers, where answers may link to."""

from typing import Self

from pydantic import model_validator

from settings.group import Group, env
from utils.personal_data import Sight


class ProtectionSettings(Group):
    """Classes of personal data that a provider may see, and hosts that answers may link to."""

    openai: str = env("MODEL_SEES_OPENAI", default="")
    anthropic: str = env("MODEL_SEES_ANTHROPIC", default="")
    gemini: str = env("MODEL_SEES_GEMINI", default="")
    local: str = env("MODEL_SEES_LOCAL", default="all")
    link_hosts_text: str = env("ANSWER_LINK_HOSTS", default="")

    @model_validator(mode="after")
    def _known(self) -> Self:
        for provider in ("openai", "anthropic", "gemini", "local"):
            try:
                self.sight(provider)
            except ValueError as error:
                raise ValueError(f"MODEL_SEES_{provider.upper()}: {error}") from None
        if wrong := next((host for host in self.link_hosts if "/" in host or ":" in host or "@" in host), None):
            raise ValueError(f"ANSWER_LINK_HOSTS: {wrong} is not a host's name, such as bank.example")
        return self

    def sight(self, provider: str) -> Sight:
        """Return what a provider may see."""
        return Sight.read(getattr(self, provider))

    @property
    def link_hosts(self) -> tuple[str, ...]:
        """Hosts that answers may link to, their subdomains included."""
        return tuple(host for piece in self.link_hosts_text.split(",") if (host := piece.strip().lower()))
