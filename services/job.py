"""The base of jobs and of what goes out to people: frozen, and silent about what they hold."""

from pydantic import BaseModel, ConfigDict


class Frozen(BaseModel):
    """A model that never changes, and whose errors show nothing of what it holds: that may be personal."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)
