"""Which files may cross: by their size, and documents by what their name and type say they are."""

from pathlib import PurePath

from services.outbound import File, FileKind
from services.policy import Policy
from services.turn import Turn

_MB = 2**20
_IMAGE = "image/"
# What a browser or a machine would run; no name makes any of it harmless.
_ACTIVE = (
    "text/html",
    "application/xhtml",
    "image/svg",
    "text/javascript",
    "application/javascript",
    "application/x-javascript",
    "application/x-msdownload",
    "application/x-msdos-program",
    "application/x-executable",
    "application/x-sh",
    "application/java-archive",
    "application/vnd.android.package-archive",
    "application/vnd.microsoft.portable-executable",
)


def crosses(file: File, policy: Policy) -> bool:
    """Return whether a file may cross."""
    return not _too_large(file, policy) and not _wrong_type(file, policy)


def refused(turn: Turn, file: File | None) -> bool:
    """Return whether a file may not cross; its sender is told why."""
    policy = turn.tools.policy
    if file is None or crosses(file, policy):
        return False
    if _too_large(file, policy):
        turn.say("media.too_large", limit=largest(file.kind, file.mime, policy) // _MB)
    else:
        turn.say("media.wrong_type", types=", ".join(sorted(policy.file_types)))
    return True


def largest(kind: str, mime: str, policy: Policy) -> int:
    """Return how many bytes a file may have."""
    return policy.max_image if kind == FileKind.PHOTO or mime.startswith(_IMAGE) else policy.max_file


def _too_large(file: File, policy: Policy) -> bool:
    return file.size is not None and file.size > largest(file.kind, file.mime, policy)


def _wrong_type(file: File, policy: Policy) -> bool:
    return file.kind is FileKind.DOCUMENT and not may_be(file.name, file.mime, policy)


def may_be(name: str, mime: str, policy: Policy) -> bool:
    """Return whether a document may cross: the end of its name is on the list, and its type is nothing that runs."""
    ending = PurePath(name).suffix.lower().lstrip(".")
    return ending in policy.file_types and not mime.lower().startswith(_ACTIVE)
