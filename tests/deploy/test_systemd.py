"""The systemd units: they start what the README names, with settings that the product knows, and systemd takes them."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from config import ROOT
from tests.deploy.test_compose import PARTS
from tests.house.test_settings_documented import variables

UNITS = ROOT / "deploy" / "systemd"
PREFIX = "/opt/bank-bot/.venv/bin/"
UNIT_OF = {"bot": "front"}  # the others are called alike in both


def unit(part: str) -> str:
    return (UNITS / f"bank-bot-{UNIT_OF.get(part, part)}.service").read_text()


def starts(part: str) -> list[str]:
    return [line.removeprefix(PREFIX) for line in re.findall(r"^ExecStart=(.+)$", unit(part), re.MULTILINE)]


@pytest.mark.parametrize("part", PARTS)
def test_a_part_is_started_as_documented(part: str) -> None:
    [start] = starts(part)
    assert start.startswith(PARTS[part])
    assert f"bank-bot-{UNIT_OF.get(part, part)}.service" in (UNITS / "bank-bot.target").read_text()


@pytest.mark.parametrize("part", PARTS)
def test_a_part_waits_for_the_migration(part: str) -> None:
    assert re.search(r"^Requires=bank-bot-migrate\.service$", unit(part), re.MULTILINE)
    assert re.search(r"^After=.*bank-bot-migrate\.service", unit(part), re.MULTILINE)


def test_the_migration_takes_its_steps_in_order() -> None:
    assert starts("migrate")[1:] == [
        "alembic upgrade head",
        "python manage.py check-real",
        "python manage.py knowledge load ${CONTEXT_FILE}",
    ]


def test_the_settings_it_gives_are_settings_of_the_product() -> None:
    common = (UNITS / "bank-bot-.service.d" / "common.conf").read_text()
    given = set(re.findall(r"^Environment=(\w+)=", common, re.MULTILINE))
    assert given - {"PYTHONUNBUFFERED"} <= variables()


@pytest.mark.parametrize("page", ["README.md", "README.ru.md", "docs/runbooks/README.md"])
def test_a_command_gets_the_account_the_settings_and_the_folders_of_the_units(page: str) -> None:
    [(name, program)] = re.findall(r"systemd-run [^`]*--unit=(\S+) (\S+)", (ROOT / page).read_text())
    assert name.startswith("bank-bot-")  # so that the drop-ins of `bank-bot-.service.d` hold for it
    assert program == f"{PREFIX}python"


def test_systemd_takes_the_units(tmp_path: Path) -> None:
    systemd = shutil.which("systemd-analyze")
    if systemd is None:
        pytest.skip("systemd is not installed here")
    programs = tmp_path / "bin"
    programs.mkdir()
    for name in ("python", "celery", "alembic"):
        (programs / name).symlink_to("/bin/true")
    units = tmp_path / "units"
    shutil.copytree(UNITS, units)
    for file in units.glob("*.service"):
        file.write_text(file.read_text().replace(PREFIX, f"{programs}/"))
    files = [str(file) for file in units.iterdir() if file.is_file()]
    done = subprocess.run([systemd, "verify", "--man=no", *files], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout + done.stderr) == (0, "")
