"""What the bot knows."""

from pathlib import Path
from typing import Annotated

from settings.group import ROOT, Group, env
from utils.settings import Choices


class KnowledgeSettings(Group):
    """What the bot knows: a file in the default language and its twins beside it (`context.en.txt`)."""

    file: Path = env("CONTEXT_FILE", default=ROOT / "context.txt")
    index_folder: Path = env("INDEX_DIR", default=ROOT / "data" / "index")
    vector_backend: Annotated[str, Choices("faiss", "pgvector")] = env("VECTOR_BACKEND", default="faiss")
    embedding_model: str = env("EMBEDDING_MODEL", default="")
