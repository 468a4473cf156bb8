"""The base of all jobs: frozen, and silent about what they hold."""

from pydantic import BaseModel, ConfigDict


class Frozen(BaseModel):
    """A part of a job; errors are logged and jobs are personal, so errors do not show what was wrong."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)
