"""`manage.py` itself: what it wants before a command runs."""

import pytest
from click.testing import CliRunner

from manage import cli
from utils.settings import SettingsError


def test_a_command_explains_itself_without_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("BOT_TOKEN", "TELEGRAM_BOT_TOKEN"):
        monkeypatch.setenv(name, "")
    assert isinstance(CliRunner().invoke(cli, ["ratings"]).exception, SettingsError)
    told = CliRunner().invoke(cli, ["desk", "report", "--help"])
    assert (told.exit_code, "--promised" in told.output) == (0, True)
