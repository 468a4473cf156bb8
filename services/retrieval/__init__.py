"""Retrieval: what the knowledge has on a question, and how sure that is; no input or output."""

from services.retrieval.index import Index, RetrievalSettings

__all__ = ["Index", "RetrievalSettings"]
