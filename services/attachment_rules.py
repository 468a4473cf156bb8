"""Which files may cross: by their size, and documents by what their name and type say they are."""

from pathlib import PurePath

from services.outbound import File, FileKind
from services.policy import Policy

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


def refusal(file: File, policy: Policy) -> tuple[str, dict[str, object]] | None:
    """Return the key and the parameters of what to say of a file that may not cross, or None for one that may."""
    is_image = file.kind is FileKind.PHOTO or file.mime.startswith(_IMAGE)
    most = policy.max_image if is_image else policy.max_file
    if file.size is not None and file.size > most:
        return "media.too_large", {"limit": most // _MB}
    if file.kind is FileKind.DOCUMENT and not may_be(file.name, file.mime, policy):
        return "media.wrong_type", {"types": ", ".join(sorted(policy.file_types))}
    return None


def may_be(name: str, mime: str, policy: Policy) -> bool:
    """Return whether a document may cross: the end of its name is on the list, and its type is nothing that runs."""
    ending = PurePath(name).suffix.lower().lstrip(".")
    return ending in policy.file_types and not mime.lower().startswith(_ACTIVE)
