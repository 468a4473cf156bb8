"""A talk that ended goes to the archive, and comes back from there."""

import json

import pytest

from tests.e2e.conftest import Person
from tests.e2e.own import FACT, QUESTION
from tests.system import System

pytestmark = pytest.mark.e2e


def test_what_a_customer_said_is_archived_and_restored(system: System, customer: Person) -> None:
    customer.says(QUESTION)
    answer = customer.sees(FACT)["text"]
    customer.says("/end")
    customer.sees("")
    assert " read back and opened" in system.manage("archive", "run", "--after", "0")
    assert "all is what was written" in system.manage("archive", "verify")
    restored = system.manage("archive", "restore", "--customer", str(customer.id))
    told = [json.loads(line) for line in restored.splitlines()]
    assert [line["body"] for line in told if line.get("author") == "customer"][:1] == [QUESTION]
    assert any(answer.split("\n", maxsplit=1)[0] in (line["body"] or "") for line in told if line.get("author") == "ai")
    assert f"customer: {QUESTION}" in system.manage("archive", "restore", "--customer", str(customer.id), "--readable")
    assert "last verified" in system.manage("status")
