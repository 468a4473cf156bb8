"""Why a knowledge file was refused, and why an act on the knowledge was.

KnowledgeError
├── KnowledgeEmptyError
├── KnowledgeTooLargeError
├── KnowledgeBinaryError
├── KnowledgeUndecodableError
├── KnowledgeEncryptedError
├── KnowledgeColumnsError
└── KnowledgeUnreadableError
LifecycleError
├── NotPermittedError
├── UnknownVersionError
├── UnknownDocumentError
├── SamePersonError
├── DecidedError
├── WrongDatesError
├── UnchangedError
├── NothingBeforeError
├── NoAnswerNamedError
├── UncheckedError
└── WorseError
"""

from collections.abc import Sequence


class KnowledgeError(ValueError):
    """A knowledge file that cannot be used; the message says what to change, `code` names the kind."""

    code = "file"


class KnowledgeEmptyError(KnowledgeError):
    """There is no entry with an answer in the file."""

    code = "empty"


class KnowledgeTooLargeError(KnowledgeError):
    """The file is larger than `parse.MAX_BYTES`."""

    code = "too_large"


class KnowledgeBinaryError(KnowledgeError):
    """The file is not text: a document, an archive, a picture."""

    code = "binary"


class KnowledgeUndecodableError(KnowledgeError):
    """The file is text in neither UTF-8, UTF-16 with a mark, nor Windows-1251."""

    code = "undecodable"


class KnowledgeEncryptedError(KnowledgeError):
    """The document is protected by a password."""

    code = "encrypted"


class KnowledgeColumnsError(KnowledgeError):
    """A table has no columns of questions and answers."""

    code = "columns"


class KnowledgeUnreadableError(KnowledgeError):
    """The document is damaged, or takes more time or memory to read than is allowed."""

    code = "unreadable"


class LifecycleError(Exception):
    """An act on the knowledge that is refused; the message says why, `code` names the kind."""

    code = "refused"


class NotPermittedError(LifecycleError):
    """The account may not do this."""

    code = "not_permitted"


class UnknownVersionError(LifecycleError):
    """There is no such version."""

    code = "unknown_version"


class UnknownDocumentError(LifecycleError):
    """No version of the document is in force or will be."""

    code = "unknown_document"


class SamePersonError(LifecycleError):
    """Whoever uploaded a version does not approve it."""

    code = "same_person"


class DecidedError(LifecycleError):
    """The version is in another state by now."""

    code = "decided"


class WrongDatesError(LifecycleError):
    """The version would hold at no time."""

    code = "wrong_dates"


class UnchangedError(LifecycleError):
    """The file is the same as the version in force, or as a draft that waits."""

    code = "unchanged"


class NothingBeforeError(LifecycleError):
    """There is no earlier version to go back to."""

    code = "nothing_before"


class NoAnswerNamedError(LifecycleError):
    """A golden question says nothing, or not where its answer stands."""

    code = "no_answer_named"


class UncheckedError(LifecycleError):
    """The golden questions have not been asked of the knowledge as it would be; a check has been asked for."""

    code = "unchecked"


class WorseError(LifecycleError):
    """The version does worse on the golden questions; `questions` are those that lose."""

    code = "worse"

    def __init__(self, message: str, questions: Sequence[str]) -> None:
        super().__init__(message)
        self.questions = tuple(questions)
