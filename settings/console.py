"""The console in the browser."""

from settings.group import Group, env


class ConsoleSettings(Group):
    """The console in the browser."""

    session_hours: float = env("CONSOLE_SESSION_HOURS", default=8.0, gt=0, le=72)

    @property
    def session(self) -> float:
        """Seconds after which somebody has to sign in again."""
        return self.session_hours * 3600
