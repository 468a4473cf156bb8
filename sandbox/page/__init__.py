"""The sandbox's page: a messenger in the browser where one developer is several people at once."""

from sandbox.page.site import mount

__all__ = ["mount"]
