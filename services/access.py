"""Who may do what: permissions, roles, and the one table that joins them."""

from collections.abc import Collection
from enum import StrEnum, auto


class Permission(StrEnum):
    """An act that somebody has to be allowed."""

    TALK = auto()
    TAKE_CHATS = auto()
    SUPERVISE = auto()
    BROADCAST = auto()
    APPROVE_BROADCASTS = auto()
    ADMINISTER = auto()
    EDIT_KNOWLEDGE = auto()
    APPROVE_KNOWLEDGE = auto()
    READ_AUDIT = auto()
    READ_ANSWERS = auto()
    TEST_AI = auto()
    SEE_PEOPLE = auto()
    BAR_PEOPLE = auto()
    SEE_STAFF = auto()
    READ_STATE = auto()


class Role(StrEnum):
    """What a member of the staff is; everybody is a customer (features.md, B10; 0025 adds the editor)."""

    CUSTOMER = auto()
    MODERATOR = auto()
    EDITOR = auto()
    SUPERVISOR = auto()
    AUDITOR = auto()
    TESTER = auto()
    ADMIN = auto()


_KNOWLEDGE = frozenset({Permission.EDIT_KNOWLEDGE, Permission.APPROVE_KNOWLEDGE})
_CHATS = frozenset({Permission.TALK, Permission.TAKE_CHATS, Permission.BROADCAST})

_PEOPLE = frozenset({Permission.SEE_PEOPLE, Permission.BAR_PEOPLE, Permission.SEE_STAFF})
_SUPERVISION = frozenset({Permission.SUPERVISE, Permission.READ_ANSWERS, Permission.READ_STATE})
_READING = frozenset({Permission.READ_ANSWERS, Permission.READ_AUDIT, Permission.READ_STATE})
_BROADCASTS = frozenset({Permission.BROADCAST, Permission.APPROVE_BROADCASTS})
_ADMINISTRATION = _BROADCASTS | {
    *(Permission.TALK, Permission.ADMINISTER, Permission.READ_AUDIT, Permission.READ_STATE)
}

_ALLOWED: dict[Role, frozenset[Permission]] = {
    Role.CUSTOMER: frozenset({Permission.TALK}),
    Role.MODERATOR: _CHATS,
    Role.EDITOR: frozenset({Permission.TALK, Permission.EDIT_KNOWLEDGE}),
    Role.ADMIN: _ADMINISTRATION | _KNOWLEDGE | _PEOPLE,
    Role.SUPERVISOR: _CHATS | _KNOWLEDGE | _PEOPLE | _BROADCASTS | _SUPERVISION,
    Role.AUDITOR: frozenset({Permission.TALK, *_READING, Permission.SEE_PEOPLE, Permission.SEE_STAFF}),
    Role.TESTER: frozenset({Permission.TALK, Permission.TEST_AI}),
}


READS_KNOWLEDGE = frozenset({*_KNOWLEDGE, Permission.READ_ANSWERS})  # any of them, drafts included


def allowed(roles: Collection[str], permission: Permission) -> bool:
    """Return whether any of the roles carries the permission; a role that is not known carries none."""
    known = {Role.CUSTOMER, *(role for role in Role if role in roles)}
    return any(permission in _ALLOWED[role] for role in known)
