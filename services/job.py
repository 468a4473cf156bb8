"""The base of jobs, of what goes out to people and of what a model says: frozen, and silent about what they hold."""

from pydantic import BaseModel, ConfigDict


class Frozen(BaseModel):
    """A model that never changes, and whose errors show nothing of what it holds: that may be personal."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)
