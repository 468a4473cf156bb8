"""What the database layer raises.

DatabaseError
└── StaleLease    another worker has taken the row since; whatever was being done must be dropped
"""


class DatabaseError(Exception):
    """Base of this layer's errors."""


class StaleLease(DatabaseError):  # noqa: N818 - named for what happened, as in contract.md
    """The attempt number no longer matches: somebody else owns the row now (fencing)."""
