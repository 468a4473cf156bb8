"""Files that retrieval is measured on: what is read, and what is refused with a sentence."""

import json
from pathlib import Path

import pytest

from benchmarks.retrieval.corpora import CorpusError, read
from benchmarks.retrieval.figures import measured
from benchmarks.retrieval.refusal import Judged, auroc, held_out, refusals
from benchmarks.retrieval.report import KEYS, means, table, write_json, write_plot
from services.wiring_index import build_index

ARTICLES = [("Cards", "A card is free for the first year."), ("Loans", "A loan is given for the time of five years.")]
SQUAD = {
    "data": [
        {
            "paragraphs": [
                {"context": text, "qas": [{"question": f"What is said of {title}?"}]},
                {
                    "context": f"{title} are explained in the office.",
                    "qas": [
                        {"question": f"Where are {title} explained?"},
                        {"question": "Who?", "is_impossible": True},
                    ],
                },
            ]
        }
        for title, text in ARTICLES
    ]
}


def written(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def test_squad_is_read(tmp_path: Path) -> None:
    corpus = read(written(tmp_path, "squad.json", json.dumps(SQUAD)))
    assert (len(corpus.chunks), len(corpus.asked), corpus.language) == (4, 4, "en")
    assert corpus.articles == ("0", "0", "1", "1")
    assert {one.answer for one in corpus.asked} <= {chunk.text for chunk in corpus.chunks}


def test_questions_and_answers_are_read_with_each_answer_once(tmp_path: Path) -> None:
    corpus = read(written(tmp_path, "faq.csv", "\ufeffquestion,answer\nКак?,Так.\nКак же?,Так.\nГде?,Тут.\n"))
    assert [chunk.text for chunk in corpus.chunks] == ["Так.", "Тут."]
    assert [one.answer for one in corpus.asked] == ["Так.", "Так.", "Тут."]


def test_of_rows_with_a_category_every_fifth_is_asked(tmp_path: Path) -> None:
    rows = "".join(f"text {number},c{number % 2}\n" for number in range(11))
    corpus = read(written(tmp_path, "rows.csv", f"text,category\n{rows}"))
    assert [one.question for one in corpus.asked] == ["text 0", "text 5", "text 10"]
    assert len(corpus.chunks) == 8


def test_our_own_questions_belong_to_the_demo() -> None:
    corpus = read(Path(__file__).parents[1] / "data" / "questions.en.csv")
    assert corpus.language == "en"
    assert {"", *(chunk.text for chunk in corpus.chunks)} >= {one.answer for one in corpus.asked}


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.json", "{", "a.json"),
        ("a.json", "[]", "SQuAD"),
        ("a.json", '{"data": [{"title": "x"}]}', "paragraphs"),
        ("a.json", '{"data": ["x"]}', "a.json"),
        ("a.json", '{"data": []}', "no questions"),
        ("a.csv", "", "columns"),
        ("a.csv", "one,two\n1,2\n", "one, two"),
        ("a.csv", "question,answer\n", "no questions"),
        ("a.csv", "question,answer\nw,\n", "empty"),
        ("a.csv", "question,answer\nonly one\n", "empty"),
        ("a.csv", b"question,answer\n\xff\xfe,b\n", "UTF-8"),
        ("a.csv", "question,expected\nWhat?,No such heading\n", "No such heading"),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_sentence(tmp_path: Path, name: str, content: str, said: str) -> None:
    with pytest.raises(CorpusError, match=said):
        read(written(tmp_path, name, content))


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="nowhere"):
        read(tmp_path / "nowhere.csv")


def test_auroc_counts_pairs(tmp_path: Path) -> None:
    asked = read(written(tmp_path, "squad.json", json.dumps(SQUAD))).asked[0]
    judged = [Judged(asked, known, sure) for known, sure in ((True, 0.9), (True, 0.4), (False, 0.4), (False, 0.1))]
    assert auroc(judged) == pytest.approx(3.5 / 4)
    assert auroc(judged[:2]) is None


def test_half_is_held_out_and_the_report_is_written(tmp_path: Path) -> None:
    corpus = read(written(tmp_path, "squad.json", json.dumps(SQUAD)))
    assert len(held_out(corpus, "articles", 1)) == len(held_out(corpus, "paragraphs", 1)) == 2
    assert held_out(corpus, "paragraphs", 1) == held_out(corpus, "paragraphs", 1)
    row = {**measured(corpus, build_index), **refusals(corpus, "articles", build_index)}
    assert set(row) == set(KEYS)
    assert row["recall_at_10"] == 1
    results = {"squad.json": row, "other": {**row, "auroc": None}}
    assert means(results)["auroc"] == row["auroc"]
    assert "squad.json" in table(results)
    write_json(results, tmp_path / "out" / "eval.json")
    assert set(json.loads((tmp_path / "out" / "eval.json").read_text())) == {*KEYS, "files"}
    write_plot(results, tmp_path / "eval.png")
    assert (tmp_path / "eval.png").read_bytes().startswith(b"\x89PNG")
