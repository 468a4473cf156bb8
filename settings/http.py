"""Where the HTTP front listens."""

from settings.group import Group, env


class HttpSettings(Group):
    """Where the HTTP front listens."""

    host: str = env("HTTP_HOST", default="127.0.0.1")
    port: int = env("HTTP_PORT", default=8000, ge=1, le=65535)
