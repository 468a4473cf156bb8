"""What the audit log raises.

AuditError
├── NotVouchedFor    a checkpoint is not signed by a known key, or says something else than it is held against
│   └── UnknownSigner    it is not signed by a known key
├── NoSuchEvent      there is no sealed event of this id
└── BadProof         a proof does not hold
"""


class AuditError(Exception):
    """Base of this package's errors; the message says what is wrong, for an operator."""


class NotVouchedFor(AuditError):  # noqa: N818 - reads as what it says
    """A checkpoint is not what it should be."""


class UnknownSigner(NotVouchedFor):
    """No key that is known here signed a checkpoint."""


class NoSuchEvent(AuditError):  # noqa: N818 - reads as what it says
    """There is no sealed event of this id."""


class BadProof(AuditError):  # noqa: N818 - reads as what it says
    """A proof does not hold."""
