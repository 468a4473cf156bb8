"""What the archive raises; the message says what is wrong, for an operator.

ArchiveError
├── ArchiveBusy      another process is writing an archive
├── ArchiveDamaged   what lies in storage is not what was written
├── NotArchived      no archive holds what somebody asks for
└── NotReturned      a conversation cannot go back into the database
"""


class ArchiveError(Exception):
    """Base of this package's errors."""


class ArchiveBusy(ArchiveError):  # noqa: N818 - reads as what it says
    """Another process is writing an archive."""


class ArchiveDamaged(ArchiveError):  # noqa: N818 - reads as what it says
    """What lies in storage is missing, changed, or was never ours."""


class NotArchived(ArchiveError):  # noqa: N818 - reads as what it says
    """No archive holds what somebody asks for."""


class NotReturned(ArchiveError):  # noqa: N818 - reads as what it says
    """A conversation cannot go back into the database: it is there, or its customer is not."""
