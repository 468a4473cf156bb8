"""What PromQL queries name, and what there is to name: metrics, their labels and the labels' values."""

import re
import shutil
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, get_args, get_type_hints

import pytest
import yaml  # type: ignore[import-untyped]  # its types would be one more package, for these tests alone
from prometheus_client import Counter, Gauge, Histogram

from config import ROOT
from database.db import Database
from database.engine import make_engine
from database.models import Base
from database.queries.scope import Vault
from services import metrics
from services.drafts import Draft
from services.errors import DeliveryError
from services.jobs import Refusal
from services.queue_service import QUEUES
from services.reply import Outcome
from utils.encryption import BlindIndex, Keyring, generate_key

RULES = sorted((ROOT / "deploy" / "prometheus" / "rules").glob("*.yml"))

_STRING = r'"[^"]*"'
_SELECTOR = re.compile(rf"([a-zA-Z_:][\w:]*)\{{((?:{_STRING}|[^}}])*)\}}")
_MATCHER = re.compile(rf"(\w+)\s*(?:=|!=|=~|!~)\s*({_STRING})")
_NOT_NAMES = re.compile(
    rf"{_STRING}|\{{[^}}]*\}}|\[[^\]]*\]|\b(?:by|without|on|ignoring|group_left|group_right)\s*\([^)]*\)"
)
_NAME = re.compile(r"(?<![\w:.])[a-zA-Z_:][\w:]*(?!\w*\s*\()")
_WORDS = frozenset({"and", "or", "unless", "bool", "offset", "by", "without", "on"})
_OF_PROMETHEUS = {"up": {"job", "instance"}, "ALERTS": {"alertname", "alertstate", "severity", "stage"}}

_MODEL = ("failed", "stopped", *get_args(get_type_hints(Draft)["kind"]))
_RETRIEVAL = ("found", "not_found", "failed")
# Bounded values, from the code that sets them where it has a name for them.
_VALUES: Mapping[tuple[str, str], Iterable[str]] = {
    ("up", "job"): ("bank-bot",),
    ("ALERTS", "alertstate"): ("firing", "pending"),
    ("bot_guard_verdicts_total", "verdict"): ("allowed", *Refusal),
    ("bot_intake_total", "outcome"): ("done", "failed", "dead"),
    ("bot_answers_total", "outcome"): Outcome,
    ("bot_model_seconds_bucket", "outcome"): _MODEL,
    ("bot_model_seconds_count", "outcome"): _MODEL,
    ("bot_model_seconds_sum", "outcome"): _MODEL,
    ("bot_retrieval_seconds_bucket", "outcome"): _RETRIEVAL,
    ("bot_retrieval_seconds_count", "outcome"): _RETRIEVAL,
    ("bot_retrieval_seconds_sum", "outcome"): _RETRIEVAL,
    ("bot_sends_total", "outcome"): ("sent", *(error.__name__ for error in DeliveryError.__subclasses__())),
    ("bot_unknown_sends_total", "resent"): ("yes", "no"),
    ("bot_archive_runs_total", "outcome"): ("done", "failed"),
    ("bot_console_sign_ins_total", "outcome"): ("sent", "opened", "wrong", "spent", "refused"),
    ("bot_wakeups_total", "queue"): QUEUES,
    ("bot_wakeups_total", "outcome"): ("published", "failed", "skipped"),
    ("bot_swept_total", "what"): ("inbox", "answers", "unknown"),
    ("bot_model_tokens_total", "direction"): ("in", "out"),
}


@dataclass(frozen=True)
class Selector:
    """A metric with a matcher for each label: the values that are asked for."""

    metric: str
    matchers: Mapping[str, frozenset[str]]


def names_in(query: str) -> set[str]:
    """Return the names of all metrics in a query."""
    return set(_NAME.findall(_NOT_NAMES.sub(" ", query))) - _WORDS


def selectors_in(query: str) -> Iterator[Selector]:
    """Yield every metric of a query that stands with matchers."""
    for metric, inside in _SELECTOR.findall(query):
        matchers = {label: frozenset(value.strip('"').split("|")) for label, value in _MATCHER.findall(inside)}
        yield Selector(metric, matchers)


@cache
def known() -> Mapping[str, frozenset[str]]:
    """Return all metrics that queries may name, each with its labels."""
    found = {name: frozenset(labels) for name, labels in _OF_PROMETHEUS.items()}
    for metric in vars(metrics).values():
        if isinstance(metric, Counter | Gauge | Histogram):
            found |= _exported(metric)
    for rule in rules():
        if "record" in rule:
            found[rule["record"]] = frozenset(re.findall(r"by \((\w+)\)", rule["expr"]))
    return found


def rules() -> list[dict[str, Any]]:
    """Return all rules, recorded and alerting."""
    files = [yaml.safe_load(path.read_text()) for path in RULES]
    return [rule for file in files for group in file["groups"] for rule in group["rules"]]


def complaints(query: str) -> list[str]:
    """Return what a query asks for that nobody exports: metrics, labels, values."""
    wrong = sorted(names_in(query) - known().keys())
    for selector in selectors_in(query):
        for label, asked in selector.matchers.items():
            if label not in known().get(selector.metric, frozenset()):
                wrong.append(f"{selector.metric} has no label {label}")
            elif strange := asked - _values(selector.metric, label) - {""}:
                wrong.append(f"{selector.metric}: {label} is never {', '.join(sorted(strange))}")
    return wrong


def promtool(*arguments: str | Path) -> str:
    """Run Prometheus's own checker and return what it says; skips where Debian's `prometheus` is not installed."""
    command = shutil.which("promtool")
    if command is None:
        pytest.skip("promtool is not installed (Debian: prometheus)")
    done = subprocess.run([command, *map(str, arguments)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def _exported(metric: Counter | Gauge | Histogram) -> dict[str, frozenset[str]]:
    [family] = metric.describe()
    labels = frozenset(metric._labelnames)
    match family.type:
        case "counter":
            return {f"{family.name}_total": labels}
        case "histogram":
            sums = {f"{family.name}_{ending}": labels for ending in ("sum", "count")}
            return {f"{family.name}_bucket": labels | {"le"}, **sums}
        case _:
            return {family.name: labels}


def _values(metric: str, label: str) -> frozenset[str]:
    if label == "queue" and metric != "bot_wakeups_total":
        return _queues()
    return frozenset(_VALUES.get((metric, label), ()))


@cache
def _queues() -> frozenset[str]:
    engine = make_engine("sqlite://")
    Base.metadata.create_all(engine)
    key = generate_key()
    with Database(engine, 1, Vault(Keyring([key]), BlindIndex(key))).reading() as uow:
        names = frozenset(queue.queue for queue in uow.backlog.all())
    engine.dispose()
    return names
