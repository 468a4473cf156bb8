"""Access: the table of permissions decides, and roles that cannot be read refuse."""

import pytest
from sqlalchemy.exc import OperationalError

from middlewares.auth_middleware import Authorise
from middlewares.chain import Chain, Incoming
from services.access import Permission, Role, allowed
from services.jobs import Refusal, Refused, Sender

UNAVAILABLE = Refused(reason=Refusal.UNAVAILABLE)


class Staff:
    """Roles by account; `asked` keeps who was looked up."""

    def __init__(self, roles: dict[int, frozenset[str]]) -> None:
        self._roles = roles
        self.asked: list[int] = []

    def roles_of(self, telegram_id: int) -> frozenset[str]:
        """Return an account's roles."""
        self.asked.append(telegram_id)
        return self._roles.get(telegram_id, frozenset())


class Unreadable:
    """Roles of a database that is away."""

    def roles_of(self, telegram_id: int) -> frozenset[str]:
        """Raise as SQLAlchemy does."""
        raise OperationalError(f"SELECT {telegram_id}", {}, OSError("away"))


def not_allowed(permission: Permission) -> Refused:
    return Refused(reason=Refusal.NOT_ALLOWED, what=permission.value)


def refused(roles: frozenset[str], permission: Permission) -> Refused | None:
    incoming = Incoming(Sender(telegram_id=5), permission, "message")
    Chain([Authorise(Staff({5: roles}))]).check([incoming])
    return incoming.refused


@pytest.mark.parametrize("permission", Permission)
@pytest.mark.parametrize("role", Role)
def test_the_table_decides(role: Role, permission: Permission) -> None:
    expected = None if allowed({role}, permission) else not_allowed(permission)
    assert refused(frozenset({role}), permission) == expected


@pytest.mark.parametrize(
    ("permission", "roles"),
    [
        (Permission.TALK, set(Role)),
        (Permission.TAKE_CHATS, {Role.MODERATOR, Role.SUPERVISOR}),
        (Permission.BROADCAST, {Role.MODERATOR, Role.SUPERVISOR, Role.ADMIN}),
        (Permission.ADMINISTER, {Role.ADMIN}),
    ],
)
def test_who_carries_what(permission: Permission, roles: set[Role]) -> None:
    assert all(allowed({role}, permission) == (role in roles) for role in Role)


@pytest.mark.parametrize("roles", [frozenset[str](), frozenset({"owner", "ADMIN"})])
@pytest.mark.parametrize("permission", [one for one in Permission if one is not Permission.TALK])
def test_strangers_and_unknown_roles_carry_nothing(permission: Permission, roles: frozenset[str]) -> None:
    assert refused(roles, permission) == not_allowed(permission)


def test_several_roles_add_up() -> None:
    several = frozenset({Role.SUPERVISOR.value, Role.ADMIN.value, Role.TESTER.value})
    assert [refused(several, permission) for permission in Permission] == [None] * len(Permission)


def test_customers_are_not_looked_up() -> None:
    staff = Staff({})
    batch = [
        Incoming(Sender(telegram_id=1), Permission.TALK, "message"),
        Incoming(Sender(telegram_id=2), Permission.BROADCAST, "broadcast"),
    ]
    Authorise(staff)(batch)
    assert staff.asked == [2]


def test_roles_that_cannot_be_read_refuse() -> None:
    verdicts: list[str] = []
    incoming = Incoming(Sender(telegram_id=5), Permission.ADMINISTER, "admin")
    Chain([Authorise(Unreadable())], verdicts.append).check([incoming])
    assert incoming.refused == UNAVAILABLE
    assert verdicts == ["unavailable"]


def test_customers_talk_while_roles_cannot_be_read_for_somebody_in_the_same_batch() -> None:
    customer = Incoming(Sender(telegram_id=5), Permission.TALK, "message")
    administrator = Incoming(Sender(telegram_id=6), Permission.ADMINISTER, "admin")
    Chain([Authorise(Unreadable())]).check([customer, administrator])
    assert (customer.refused, administrator.refused) == (None, UNAVAILABLE)
