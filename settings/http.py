"""Where the HTTP front listens, and whose word it takes for where a browser is."""

from settings.group import Group, env


class HttpSettings(Group):
    """Where the HTTP front listens, and whose word it takes for where a browser is."""

    host: str = env("HTTP_HOST", default="127.0.0.1")
    port: int = env("HTTP_PORT", default=8000, ge=1, le=65535)
    proxies: str = env("HTTP_PROXIES", default="127.0.0.1")
