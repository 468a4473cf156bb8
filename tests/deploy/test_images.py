"""The two container images, put together by hand: each has the code and packages that it needs, and runs as a user."""

import os
import re
import shutil
import subprocess
import sys
from itertools import chain
from pathlib import Path

import pytest

from config import ROOT
from tests.house.test_settings_documented import FILLED

DOCKERFILE = (ROOT / "Dockerfile").read_text()

# Run with the packages that a requirements file does not name out of reach, as they are in that image.
ONLY_WITH = """
import importlib.abc, re, sys
from importlib.metadata import packages_distributions

def plain(name): return re.sub("[-_.]+", "-", name).lower()
named = {plain(line.split("==")[0]) for line in open(sys.argv[1]) if re.match(r"\\w", line)}
away = {top for top, owners in packages_distributions().items() if not named & {plain(owner) for owner in owners}}

class Away(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in away:
            raise ModuleNotFoundError(f"{name} is not in this image")

sys.meta_path.insert(0, Away())
sys.path.insert(0, ".")
"""


def code_sources() -> list[str]:
    """Return what the Dockerfile copies of this project's code."""
    copied = re.findall(r"^COPY (?!--from)(.+)$", DOCKERFILE, re.MULTILINE)
    sources = chain.from_iterable(line.split()[:-1] for line in copied)
    return [source for source in sources if not source.startswith("requirements/")]


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the code that both images hold."""
    folder = tmp_path_factory.mktemp("image")
    for source in code_sources():
        if (ROOT / source).is_dir():
            shutil.copytree(ROOT / source, folder / source, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / source, folder)
    return folder


def run_in(image: Path, requirements: str, script: str) -> None:
    packages = ROOT / "requirements" / requirements
    environment = {**FILLED, "PATH": os.environ["PATH"], "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-c", ONLY_WITH + script, str(packages)]
    done = subprocess.run(command, cwd=image, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def pins(requirements: str) -> set[str]:
    text = (ROOT / "requirements" / requirements).read_text()
    return set(re.findall(r"^[\w.\[\],-]+==[^\s;\\]+", text, re.MULTILINE))


@pytest.mark.parametrize("target", ["front", "worker"])
def test_an_image_runs_as_a_user(target: str) -> None:
    [stage] = [text for text in DOCKERFILE.split("\nFROM ") if text.startswith(f"runtime AS {target}\n")]
    assert "USER 10001:10001" in stage


def test_what_is_copied_is_let_through_and_nothing_else_is() -> None:
    ignore = (ROOT / ".dockerignore").read_text().splitlines()
    let_through = {line.removeprefix("!") for line in ignore if line.startswith("!")}
    assert "*" in ignore
    assert let_through == {*code_sources(), "requirements"}


def test_the_front_image_has_what_the_front_needs(image: Path) -> None:
    run_in(image, "front.txt", "import api, bot, services.queue_service as q; q.app.conf.broker_url")


def test_the_front_image_reads_files_from_a_bucket(image: Path, tmp_path: Path) -> None:
    """The console gives files to those who may read them, wherever they lie."""
    storage = "from services.gateways.cloud_storage import S3Options, S3Storage\n"
    away = "S3Options('bank', '', 'http://127.0.0.1:9', 'eu', 'key', 'secret', attempts=1)"
    asked = f"try: S3Storage({away}).fetch('attachments/1', pathlib.Path({str(tmp_path)!r}) / 'file')\n"
    told = "except StorageError as error: assert 'EndpointConnectionError' in str(error), error\n"
    lost = "else: raise AssertionError('nobody is there')"
    imports = "import pathlib\nfrom services.storage import StorageError\n"
    run_in(image, "front.txt", imports + storage + asked + told + lost)


def test_the_worker_image_has_what_the_worker_needs(image: Path) -> None:
    loading = "q.app.loader.import_default_modules()"
    run_in(image, "base.txt", f"import manage, services.wiring_worker, services.queue_service as q; {loading}")


def test_the_front_uses_the_same_versions_of_fewer_packages() -> None:
    assert pins("front.txt") <= pins("base.txt")
    assert not {pin.partition("==")[0] for pin in pins("front.txt")} & {"faiss-cpu", "numpy", "openai"}
