"""What the bot knows."""

from pathlib import Path

from settings.group import ROOT, Group, env


class KnowledgeSettings(Group):
    """What the bot knows: a file in the default language and its twins beside it (`context.en.txt`)."""

    file: Path = env("CONTEXT_FILE", default=ROOT / "context.txt")
    embedding_model: str = env("EMBEDDING_MODEL", default="")
