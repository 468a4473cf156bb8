"""Who may do what: the whole table, and what is not in it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.access import Permission, Role, allowed

KNOWLEDGE = {Permission.EDIT_KNOWLEDGE, Permission.APPROVE_KNOWLEDGE}
PEOPLE = {Permission.SEE_PEOPLE, Permission.BAR_PEOPLE, Permission.SEE_STAFF}
TABLE = {
    Role.CUSTOMER: {Permission.TALK},
    Role.MODERATOR: {Permission.TALK, Permission.TAKE_CHATS, Permission.BROADCAST},
    Role.EDITOR: {Permission.TALK, Permission.EDIT_KNOWLEDGE},
    Role.SUPERVISOR: {
        Permission.TALK,
        Permission.TAKE_CHATS,
        Permission.SUPERVISE,
        Permission.BROADCAST,
        Permission.APPROVE_BROADCASTS,
        Permission.READ_ANSWERS,
        Permission.READ_STATE,
        *PEOPLE,
        *KNOWLEDGE,
    },
    Role.AUDITOR: {
        *(Permission.TALK, Permission.READ_ANSWERS, Permission.READ_AUDIT, Permission.READ_STATE),
        *(Permission.SEE_PEOPLE, Permission.SEE_STAFF),
    },
    Role.ADMIN: {
        *(Permission.TALK, Permission.BROADCAST, Permission.ADMINISTER, Permission.READ_AUDIT, Permission.READ_STATE),
        Permission.APPROVE_BROADCASTS,
        *PEOPLE,
        *KNOWLEDGE,
    },
    Role.TESTER: {Permission.TALK, Permission.TEST_AI},
}


def test_the_expected_table_names_every_role() -> None:
    assert set(TABLE) == set(Role)


@pytest.mark.parametrize("permission", Permission)
@pytest.mark.parametrize("role", Role)
def test_a_role_carries_its_permissions_and_no_other(role: Role, permission: Permission) -> None:
    assert allowed([role], permission) is (permission in TABLE[role])


@given(st.sets(st.sampled_from(Role)), st.sampled_from(Permission))
def test_roles_add_up(roles: set[Role], permission: Permission) -> None:
    assert allowed(roles, permission) is any(permission in TABLE[role] for role in {Role.CUSTOMER, *roles})


@given(st.text().filter(lambda name: name not in set(Role)), st.sampled_from(Permission))
def test_a_role_that_is_not_known_carries_nothing(name: str, permission: Permission) -> None:
    assert allowed([name], permission) is (permission is Permission.TALK)
