"""Why a knowledge file was refused.

KnowledgeError
├── KnowledgeEmptyError
├── KnowledgeTooLargeError
├── KnowledgeBinaryError
└── KnowledgeUndecodableError
"""


class KnowledgeError(ValueError):
    """A knowledge file that cannot be used; the message says what to change."""


class KnowledgeEmptyError(KnowledgeError):
    """There is no entry with an answer in the file."""


class KnowledgeTooLargeError(KnowledgeError):
    """The file is larger than `parse.MAX_BYTES`."""


class KnowledgeBinaryError(KnowledgeError):
    """The file is not text: a document, an archive, a picture."""


class KnowledgeUndecodableError(KnowledgeError):
    """The file is text in neither UTF-8, UTF-16 with a mark, nor Windows-1251."""
