"""The front process starts without what only workers need."""

import subprocess
import sys

import pytest

from tests.house.sources import ROOT

HEAVY = {"faiss", "torch", "openai", "boto3", "botocore", "anthropic", "sentence_transformers", "bm25s", "numpy"}


@pytest.mark.parametrize("entry", ["bot", "api"])
def test_an_entry_point_imports_nothing_heavy(entry: str) -> None:
    script = f"import sys, {entry}; print(*(name.partition('.')[0] for name in sys.modules))"
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    loaded = set(done.stdout.split())
    assert "telegram" in loaded or entry != "bot"
    assert loaded & HEAVY == set()
