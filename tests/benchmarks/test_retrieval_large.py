"""The large knowledge that queries are timed in: it is made of the file's sentences, built once, then opened."""

import json
import sys
from pathlib import Path

import pytest

from benchmarks.retrieval import large
from benchmarks.retrieval.corpora import read
from services.knowledge.text import sentences
from tests.benchmarks.test_retrieval_corpora import SQUAD, written


def test_a_large_knowledge_has_the_own_texts_first_and_then_mixed_ones(tmp_path: Path) -> None:
    corpus = read(written(tmp_path, "squad.json", json.dumps(SQUAD)))
    chunks = list(large.mixed(corpus, 40))
    own = [chunk.text for chunk in corpus.chunks]
    assert [chunk.text for chunk in chunks][: len(own)] == own
    every = {part for text in own for part in sentences(text)}
    assert all(set(sentences(chunk.text)) <= every for chunk in chunks)
    assert len({chunk.id for chunk in chunks}) == 40
    assert chunks == list(large.mixed(corpus, 40))


def test_it_is_built_once_and_then_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = written(tmp_path, "squad.json", json.dumps(SQUAD))
    kept = tmp_path / "large"
    monkeypatch.setattr(sys, "argv", ["large", str(file), "--chunks", "20", "30", "--folder", str(kept)])
    assert large.main() == 0
    printed = capsys.readouterr().out
    assert "squad.json, 20 chunks" in printed
    assert printed.count("p95") == 4
    before = {path: path.stat().st_mtime_ns for path in kept.rglob("*")}
    assert large.main() == 0
    assert {path: path.stat().st_mtime_ns for path in kept.rglob("*")} == before


def test_a_file_that_cannot_be_read_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["large", str(tmp_path / "none.json")])
    assert large.main() == 2
