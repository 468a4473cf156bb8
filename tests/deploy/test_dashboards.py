"""Dashboards: they ask for what is exported, show all of it, and can be loaded."""

import json
import re
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped]  # its types would be one more package, for these tests alone

from config import ROOT
from tests.deploy.promql import complaints, known, names_in, promtool, rules

GRAFANA = ROOT / "deploy" / "grafana"
BOARDS: dict[str, dict[str, Any]] = {
    path.stem: json.loads(path.read_text()) for path in sorted((GRAFANA / "dashboards").glob("*.json"))
}
STAGES = ["Ingest", "Guards", "Intake", "Answers", "Retrieval", "Model", "Delivery"]
SIGNALS = ["Traffic", "Errors", "Latency", "Saturation"]
SCHEMA = 42  # Grafana's newest of the classic dashboards, which its newer versions read and convert
COLUMNS = 24

every_board = pytest.mark.parametrize("name", BOARDS)


def queries(board: dict[str, Any]) -> Iterator[str]:
    """Yield every query of a dashboard, with Grafana's variables filled in."""
    expressions = [target["expr"] for panel in board["panels"] for target in panel.get("targets", [])]
    expressions += [annotation["expr"] for annotation in board["annotations"]["list"]]
    return (re.sub(r"\$__(rate_interval|range)", "5m", expression) for expression in expressions)


def rows(board: dict[str, Any]) -> dict[str, list[str]]:
    """Return the titles of the panels below each row's first word."""
    found: dict[str, list[str]] = {}
    titles: list[str] = []
    for panel in board["panels"]:
        if panel["type"] == "row":
            titles = found[panel["title"].split(":")[0]] = []
        else:
            titles.append(panel["title"])
    return found


def provisioned(kind: str) -> dict[str, Any]:
    [path] = (GRAFANA / "provisioning" / kind).glob("*.yml")
    content: dict[str, Any] = yaml.safe_load(path.read_text())
    return content


def test_the_dashboards_are_there() -> None:
    assert list(BOARDS) == ["audit", "model", "overview", "queues"]


@every_board
def test_a_dashboard_asks_for_what_is_exported(name: str) -> None:
    assert {query: wrong for query in queries(BOARDS[name]) if (wrong := complaints(query))} == {}


def test_prometheus_can_parse_every_query(tmp_path: Path) -> None:
    asked = [query for board in BOARDS.values() for query in queries(board)]
    recorded = [{"record": f"query:{number}", "expr": query} for number, query in enumerate(asked)]
    file = tmp_path / "queries.yml"
    file.write_text(yaml.safe_dump({"groups": [{"name": "queries", "rules": recorded}]}))
    assert f"{len(asked)} rules found" in promtool("check", "rules", file)


def test_everything_that_is_exported_is_shown() -> None:
    asked = [query for board in BOARDS.values() for query in queries(board)]
    asked += [rule["expr"] for rule in rules() if "record" in rule]
    shown = set().union(*map(names_in, asked))
    families = {re.sub("_(bucket|sum|count)$", "", name) for name in known() if name.startswith("bot_")}
    assert families - {re.sub("_(bucket|sum|count)$", "", name) for name in shown} == set()


def test_the_overview_shows_the_golden_signals_of_every_stage() -> None:
    assert rows(BOARDS["overview"]) == dict.fromkeys(STAGES, SIGNALS)


@every_board
def test_a_dashboard_can_be_told_from_others_and_linked(name: str) -> None:
    board = BOARDS[name]
    assert board["schemaVersion"] == SCHEMA
    assert board["uid"] == f"bank-bot-{name}"
    assert board["tags"] == ["bank-bot"]
    assert "id" not in board  # Grafana gives it


@every_board
def test_every_panel_says_what_it_shows_and_from_where(name: str) -> None:
    panels = BOARDS[name]["panels"]
    assert len({panel["id"] for panel in panels}) == len(panels)
    for panel in panels:
        if panel["type"] != "row":
            assert panel["description"].endswith(".")
            assert {target["datasource"]["uid"] for target in panel["targets"]} == {"${datasource}"}
            assert len({target["refId"] for target in panel["targets"]}) == len(panel["targets"])


@every_board
def test_panels_do_not_lie_on_each_other(name: str) -> None:
    places = [panel["gridPos"] for panel in BOARDS[name]["panels"]]
    assert all(place["x"] + place["w"] <= COLUMNS for place in places)
    for one, other in combinations(places, 2):
        beside = one["x"] + one["w"] <= other["x"] or other["x"] + other["w"] <= one["x"]
        above = one["y"] + one["h"] <= other["y"] or other["y"] + other["h"] <= one["y"]
        assert beside or above


def test_grafana_is_told_of_prometheus_and_the_dashboards() -> None:
    [source] = provisioned("datasources")["datasources"]
    assert (source["type"], source["uid"], source["isDefault"]) == ("prometheus", "prometheus", True)
    [provider] = provisioned("dashboards")["providers"]
    assert (provider["type"], provider["options"]) == ("file", {"path": "/var/lib/grafana/dashboards"})
