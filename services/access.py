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


class Role(StrEnum):
    """What a member of the staff is; everybody is a customer (features.md, B10; 0025 adds the editor)."""

    CUSTOMER = auto()
    MODERATOR = auto()
    EDITOR = auto()
    SUPERVISOR = auto()
    AUDITOR = auto()
    ADMIN = auto()


_KNOWLEDGE = frozenset({Permission.EDIT_KNOWLEDGE, Permission.APPROVE_KNOWLEDGE})
_CHATS = frozenset({Permission.TALK, Permission.TAKE_CHATS, Permission.BROADCAST})

_BROADCASTS = frozenset({Permission.BROADCAST, Permission.APPROVE_BROADCASTS})
_ADMINISTRATION = _BROADCASTS | {Permission.TALK, Permission.ADMINISTER, Permission.READ_AUDIT}

_ALLOWED: dict[Role, frozenset[Permission]] = {
    Role.CUSTOMER: frozenset({Permission.TALK}),
    Role.MODERATOR: _CHATS,
    Role.EDITOR: frozenset({Permission.TALK, Permission.EDIT_KNOWLEDGE}),
    Role.ADMIN: _ADMINISTRATION | _KNOWLEDGE,
    Role.SUPERVISOR: _CHATS | _KNOWLEDGE | _BROADCASTS | {Permission.SUPERVISE, Permission.READ_ANSWERS},
    Role.AUDITOR: frozenset({Permission.TALK, Permission.READ_ANSWERS, Permission.READ_AUDIT}),
}


def allowed(roles: Collection[str], permission: Permission) -> bool:
    """Return whether any of the roles carries the permission; a role that is not known carries none."""
    known = {Role.CUSTOMER, *(role for role in Role if role in roles)}
    return any(permission in _ALLOWED[role] for role in known)


def roles_with(permission: Permission) -> frozenset[Role]:
    """Return the roles that carry a permission."""
    return frozenset(role for role, permissions in _ALLOWED.items() if permission in permissions)
