"""The chain: guards in their order, and whatever fails in one of them refuses."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pytest

from middlewares.chain import Chain, Incoming
from services.access import Permission
from services.jobs import Refusal, Refused, Sender


def incoming(telegram_id: int = 1, permission: Permission = Permission.TALK) -> Incoming:
    return Incoming(Sender(telegram_id=telegram_id), permission, "message")


@dataclass
class Does:
    """A guard that does what a test tells it."""

    act: Callable[[Sequence[Incoming]], None]

    def __call__(self, batch: Sequence[Incoming]) -> None:
        """Do it."""
        self.act(batch)


def refusing(reason: Refusal, seconds: int = 0, *, silent: bool = False) -> Does:
    def act(batch: Sequence[Incoming]) -> None:
        for one in batch:
            one.refuse(reason, seconds, silent=silent)

    return Does(act)


def broken(_batch: Sequence[Incoming]) -> None:
    raise ArithmeticError("a guard's own mistake")


def test_guards_are_asked_in_their_order_about_the_whole_batch() -> None:
    asked: list[tuple[str, int]] = []
    Chain(
        [
            Does(lambda batch: asked.append(("first", len(batch)))),
            Does(lambda batch: asked.append(("second", len(batch)))),
        ]
    ).check([incoming(), incoming()])
    assert asked == [("first", 2), ("second", 2)]


def test_what_no_guard_refuses_is_allowed() -> None:
    verdicts: list[str] = []
    batch = [incoming()]
    Chain([Does(lambda _batch: None)], verdicts.append).check(batch)
    assert batch[0].refused is None
    assert verdicts == ["allowed"]


@pytest.mark.parametrize("permission", Permission)
def test_a_guard_that_fails_refuses_everything(permission: Permission, caplog: pytest.LogCaptureFixture) -> None:
    verdicts: list[str] = []
    batch = [incoming(1, permission), incoming(2, permission)]
    Chain([Does(broken)], verdicts.append).check(batch)
    assert [one.refused for one in batch] == [Refused(reason=Refusal.UNAVAILABLE)] * 2
    assert verdicts == ["unavailable", "unavailable"]
    assert [(record.message, vars(record)["guard"]) for record in caplog.records] == [("a guard failed", "Does")]


def test_the_guards_after_a_failed_one_are_still_asked() -> None:
    asked: list[int] = []
    Chain([Does(broken), Does(lambda batch: asked.append(len(batch)))]).check([incoming()])
    assert asked == [1]


@pytest.mark.parametrize("later", [Does(broken), refusing(Refusal.NOT_ALLOWED)])
def test_the_first_reason_stays(later: Does) -> None:
    verdicts: list[str] = []
    batch = [incoming()]
    Chain([refusing(Refusal.TOO_FAST, 3, silent=True), later], verdicts.append).check(batch)
    assert batch[0].refused == Refused(reason=Refusal.TOO_FAST, seconds=3)
    assert batch[0].silent
    assert verdicts == ["too_fast"]


def test_a_told_refusal_is_not_silenced_later() -> None:
    batch = [incoming()]
    Chain([refusing(Refusal.NOT_ALLOWED), refusing(Refusal.TOO_FAST, silent=True)]).check(batch)
    assert not batch[0].silent


@pytest.mark.parametrize("permission", Permission)
def test_only_talking_is_everybodys(permission: Permission) -> None:
    assert incoming(permission=permission).privileged is (permission is not Permission.TALK)
