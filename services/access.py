"""Who may do what: permissions, roles, and the one table that joins them."""

from collections.abc import Collection
from enum import StrEnum, auto


class Permission(StrEnum):
    """An act that somebody has to be allowed."""

    TALK = auto()
    TAKE_CHATS = auto()
    BROADCAST = auto()
    ADMINISTER = auto()


class Role(StrEnum):
    """What a member of the staff is; everybody is a customer (features.md, B10)."""

    CUSTOMER = auto()
    MODERATOR = auto()
    SUPERVISOR = auto()
    AUDITOR = auto()
    ADMIN = auto()


_ALLOWED: dict[Role, frozenset[Permission]] = {
    Role.CUSTOMER: frozenset({Permission.TALK}),
    Role.MODERATOR: frozenset({Permission.TALK, Permission.TAKE_CHATS, Permission.BROADCAST}),
    Role.SUPERVISOR: frozenset({Permission.TALK, Permission.TAKE_CHATS, Permission.BROADCAST}),
    Role.AUDITOR: frozenset({Permission.TALK}),
    Role.ADMIN: frozenset({Permission.TALK, Permission.BROADCAST, Permission.ADMINISTER}),
}


def allowed(roles: Collection[str], permission: Permission) -> bool:
    """Return whether any of the roles carries the permission; a role that is not known carries none."""
    known = {Role.CUSTOMER, *(role for role in Role if role in roles)}
    return any(permission in _ALLOWED[role] for role in known)


def roles_with(permission: Permission) -> frozenset[Role]:
    """Return the roles that carry a permission."""
    return frozenset(role for role, permissions in _ALLOWED.items() if permission in permissions)
