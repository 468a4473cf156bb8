"""Alerts: they ask for what is exported, fire when they should, and each has its page."""

import re
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped]  # its types would be one more package, for these tests alone

from config import ROOT
from tests.deploy.promql import RULES, complaints, promtool, rules

RUNBOOKS = ROOT / "docs" / "runbooks"
STAGES = {"ingest", "intake", "answers", "model", "delivery", "workers", "audit", "archive", "console", "metrics"}
SECTIONS = ["What customers notice", "How to look", "What to do", "What not to do"]
CASES = ROOT / "deploy" / "prometheus" / "tests" / "alerts.yml"
ALERTS: dict[str, dict[str, Any]] = {rule["alert"]: rule for rule in rules() if "alert" in rule}
PAGES = sorted(path.stem for path in RUNBOOKS.glob("*.md") if path.name != "README.md")


def page(alert: str) -> str:
    return (RUNBOOKS / f"{alert}.md").read_text()


@pytest.mark.parametrize("rule", rules(), ids=lambda rule: rule.get("alert") or rule.get("record"))
def test_a_rule_asks_for_what_is_exported(rule: dict[str, Any]) -> None:
    assert complaints(rule["expr"]) == []


@pytest.mark.parametrize(
    ("query", "wrong"),
    [
        ("sum(rate(bot_nothing_total[5m]))", "bot_nothing_total"),
        ('bot_queue_depth{que="inbox"}', "bot_queue_depth has no label que"),
        ('bot_queue_depth{queue=~"inbox|outbocks"}', "bot_queue_depth: queue is never outbocks"),
        ('sum by (le) (rate(bot_send_seconds{le="1.0"}[5m]))', "bot_send_seconds"),
    ],
)
def test_a_slip_in_a_query_is_found(query: str, wrong: str) -> None:
    assert wrong in complaints(query)


def test_prometheus_takes_the_rules() -> None:
    promtool("check", "rules", *RULES)


def test_alerts_fire_when_they_should_and_only_then() -> None:
    promtool("test", "rules", CASES)


def test_every_alert_fires_in_a_case() -> None:
    cases = yaml.safe_load(CASES.read_text())["tests"]
    samples = [sample for case in cases for test in case["promql_expr_test"] for sample in test.get("exp_samples", [])]
    fired = {name for sample in samples for name in re.findall(r'alertname="(\w+)"', sample["labels"])}
    assert fired == set(ALERTS)


@pytest.mark.parametrize("name", ALERTS)
def test_an_alert_says_how_bad_it_is_where_and_what_to_read(name: str) -> None:
    alert = ALERTS[name]
    assert alert["labels"]["severity"] in {"critical", "warning"}
    assert alert["labels"]["stage"] in STAGES
    assert alert["annotations"]["summary"]
    assert alert["annotations"]["description"].endswith(".")
    assert alert["annotations"]["runbook_url"] == f"docs/runbooks/{name}.md"


def test_every_alert_has_its_page_and_every_page_its_alert() -> None:
    assert sorted(ALERTS) == PAGES


@pytest.mark.parametrize("name", PAGES)
def test_a_page_answers_the_same_questions(name: str) -> None:
    text = page(name)
    assert text.startswith(
        f"# {name}\n\n{ALERTS[name]['labels']['severity'].capitalize()}, {ALERTS[name]['labels']['stage']}."
    )
    assert re.findall(r"^## (.+)$", text, re.MULTILINE) == SECTIONS


@pytest.mark.parametrize("name", PAGES)
def test_a_page_names_only_what_is_there(name: str) -> None:
    links = re.findall(r"\]\(([^)#:]+?)(?:#[^)]*)?\)", page(name))
    assert [link for link in links if not (RUNBOOKS / link).exists()] == []
    for query in re.findall(r"`([^`]*\bbot_\w+[^`]*)`", page(name)):
        assert complaints(query) == []


def test_the_index_lists_every_page_by_how_bad_it_is() -> None:
    rows = re.findall(r"^\| \[(\w+)\]\(\1\.md\) \| (\w+) \|", (RUNBOOKS / "README.md").read_text(), re.MULTILINE)
    assert dict(rows) == {name: alert["labels"]["severity"] for name, alert in ALERTS.items()}
