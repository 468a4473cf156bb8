"""An OpenAI-compatible model server on loopback that answers only from the passages in its prompt."""
