"""Faults on demand: what the bot's side of the wire sees, and what took place all the same."""

import socket
import time

import httpx
import pytest

from sandbox.client import SandboxClient
from sandbox.faults import FaultPlan, FaultRule, Faults

ANNA, BORIS = 71, 72


def seen(sandbox: SandboxClient) -> list[str]:
    return [message["text"] for message in sandbox.chat(ANNA)["messages"] if message["from"] == "bot"]


@pytest.mark.parametrize(("kind", "effect"), [("drop_before", []), ("drop_after", ["hi"])])
def test_a_dropped_call_has_no_answer_and_an_effect_only_when_dropped_after(
    sandbox: SandboxClient, kind: str, effect: list[str]
) -> None:
    sandbox.send(ANNA, text="hello")
    sandbox.faults({"method": "sendMessage", "kind": kind})
    with pytest.raises(httpx.RemoteProtocolError):
        sandbox.call("sendMessage", chat_id=ANNA, text="hi")
    assert seen(sandbox) == effect
    line = sandbox.journal()[-1]
    assert (line["fault"], line["effect"], line["answered"]) == (kind, bool(effect), "no")


def test_a_dropped_connection_gives_not_one_byte(sandbox: SandboxClient) -> None:
    sandbox.faults({"method": "getMe", "kind": "drop_before"})
    host, port = sandbox.address.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=30) as connection:
        connection.sendall(f"GET /bot{sandbox.bot_token}/getMe HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
        try:
            received = connection.recv(1)
        except ConnectionResetError:
            received = b""
    assert received == b""


def test_a_status_is_answered_without_effect(sandbox: SandboxClient) -> None:
    sandbox.send(ANNA, text="hello")
    sandbox.faults({"kind": "status", "status": 502})
    answer = sandbox.call("sendMessage", chat_id=ANNA, text="hi")
    assert (answer["ok"], answer["error_code"]) == (False, 502)
    assert seen(sandbox) == []


def test_retry_after_is_answered_without_effect(sandbox: SandboxClient) -> None:
    sandbox.send(ANNA, text="hello")
    sandbox.faults({"kind": "retry_after", "retry_after": 7})
    answer = sandbox.call("sendMessage", chat_id=ANNA, text="hi")
    assert (answer["error_code"], answer["parameters"]) == (429, {"retry_after": 7})
    assert seen(sandbox) == []


def test_a_delay_makes_the_answer_late(sandbox: SandboxClient) -> None:
    sandbox.send(ANNA, text="hello")
    sandbox.faults({"kind": "delay", "seconds": 0.3})
    begun = time.monotonic()
    sandbox.result("sendMessage", chat_id=ANNA, text="hi")
    assert time.monotonic() - begun >= 0.3
    assert seen(sandbox) == ["hi"]


def test_a_rule_may_be_for_one_chat_and_for_so_many_times(sandbox: SandboxClient) -> None:
    for person in (ANNA, BORIS):
        sandbox.send(person, text="hello")
    sandbox.faults({"method": "sendMessage", "chat_id": ANNA, "kind": "status", "times": 1})
    sandbox.result("sendMessage", chat_id=BORIS, text="hi")
    assert not sandbox.call("sendMessage", chat_id=ANNA, text="hi")["ok"]
    sandbox.result("sendMessage", chat_id=ANNA, text="hi")


def test_a_seed_repeats_the_same_faults() -> None:
    plan = FaultPlan(seed=5, rules=[FaultRule(kind="status", probability=0.5)])

    def drawn() -> list[bool]:
        faults = Faults(plan)
        return [faults.draw("sendMessage", 1) is not None for _ in range(200)]

    assert drawn() == drawn()
    assert 60 < sum(drawn()) < 140


def test_wrong_rules_are_refused(sandbox: SandboxClient) -> None:
    response = sandbox.request("PUT", "/control/faults", json={"rules": [{"kind": "explode"}]})
    assert response.status_code == 422
    assert "kind" in response.text
