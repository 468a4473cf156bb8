"""Why a knowledge file was refused.

KnowledgeError
├── KnowledgeEmptyError
├── KnowledgeTooLargeError
├── KnowledgeBinaryError
├── KnowledgeUndecodableError
├── KnowledgeEncryptedError
├── KnowledgeColumnsError
└── KnowledgeUnreadableError
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


class KnowledgeEncryptedError(KnowledgeError):
    """The document is protected by a password."""


class KnowledgeColumnsError(KnowledgeError):
    """A table has no columns of questions and answers."""


class KnowledgeUnreadableError(KnowledgeError):
    """The document is damaged, or takes more time or memory to read than is allowed."""
