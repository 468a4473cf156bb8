"""The front process starts without what only workers need, and a worker without what few of them do."""

import subprocess
import sys

import pytest

from tests.house.sources import ROOT

HEAVY = {"faiss", "torch", "openai", "boto3", "botocore", "anthropic", "sentence_transformers", "bm25s", "numpy"}
RARE = {"faiss", "openai", "boto3", "anthropic", "pypdf", "docx", "icalendar"}


@pytest.mark.parametrize("entry", ["bot", "api"])
def test_an_entry_point_imports_nothing_heavy(entry: str) -> None:
    loaded = _loaded(entry)
    assert "telegram" in loaded or entry != "bot"
    assert loaded & HEAVY == set()


def test_a_worker_imports_what_few_need_when_it_is_needed() -> None:
    loaded = _loaded("services.wiring_worker")
    assert "numpy" in loaded
    assert loaded & RARE == set()


def _loaded(entry: str) -> set[str]:
    """Return the packages that a fresh process has after an import."""
    script = f"import sys, {entry}; print(*(name.partition('.')[0] for name in sys.modules))"
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    return set(done.stdout.split())
