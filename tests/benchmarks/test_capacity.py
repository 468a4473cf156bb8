"""The page's arithmetic: what it takes follows from what was measured, by the formulas of docs/capacity.md."""

import json
import sys
from pathlib import Path

import pytest

from benchmarks import capacity
from benchmarks.capacity import page, put_into
from benchmarks.needs import FIGURES, Assumptions, Load, costs_of, needs
from config import ROOT

_MEASURED = [{"name": name, "value": 10.0} for name in FIGURES.values()] + [{"name": "front, webhook", "value": 2000}]


def test_what_comes_in_is_the_page_s_table() -> None:
    load = Load(10_000_000, Assumptions())
    assert round(load.rate, 1) == 19.3
    assert round(load.daily) == 166_667


def test_cores_are_the_peak_s_time_over_the_share_that_is_used() -> None:
    costs = costs_of(_MEASURED)
    assert costs.front_ms == 0.5
    load = Load(2_592_000, Assumptions(questions=1, peak=6, load=0.6))  # six questions a second
    taken = needs(load, costs)
    assert taken.worker_cores == pytest.approx(6 * 0.010 / 0.6)
    assert taken.front_cores == pytest.approx(6 * 1.5 * 0.0005 / 0.6)
    assert taken.statements == pytest.approx(60)
    assert taken.stored == pytest.approx(2_592_000 / 30 * 365 * 10)


def test_ten_times_the_customers_take_ten_times_as_much_but_two_processes_at_least() -> None:
    few, many = (needs(Load(customers, Assumptions()), costs_of(_MEASURED)) for customers in (10**6, 10**7))
    assert many.database_cores == pytest.approx(10 * few.database_cores)
    assert few.answer_workers == many.answer_workers == 2


def test_slots_and_bots_grow_by_whole_ones() -> None:
    taken = needs(Load(100_000_000, Assumptions()), costs_of(_MEASURED))
    assert (taken.answer_workers, taken.bots) == (10, 12)


def test_a_figure_that_is_missing_is_named() -> None:
    with pytest.raises(KeyError, match="SQL statements"):
        costs_of([figure for figure in _MEASURED if "SQL statements" not in str(figure["name"])])


def test_the_command_prints_the_page_of_a_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "bench.json"
    file.write_text(json.dumps(_MEASURED))
    monkeypatch.setattr(sys, "argv", ["capacity", str(file), "--questions", "1"])
    assert capacity.main() == 0
    assert capsys.readouterr().out.strip() == page(costs_of(_MEASURED), Assumptions(questions=1))


def test_the_tables_of_the_page_can_be_replaced_and_replaced_again() -> None:
    document = (ROOT / "docs" / "capacity.md").read_text()
    once = put_into(document, "| a |")
    assert "| a |" in once
    assert put_into(put_into(once, "| b |"), "| a |") == once
    assert once.startswith(document.partition("## ")[0])
    with pytest.raises(ValueError, match="has no <!-- computed -->"):
        put_into("nothing", "| a |")
