"""Files of account numbers: what they hold, by lines, so that a long one takes no more memory than its bytes."""

from collections.abc import Iterator
from io import BytesIO

_MOST_DIGITS = 15  # of an account; the messenger's numbers have at most 52 bits
_SHOWN = 3  # lines that are named when they are not understood


class Listed:
    """Accounts of a file with one a line; in CSV the first column counts, and a heading is let through.

    While it is gone through, `read` counts accounts, `wrong` lines that hold none, and `first_wrong` numbers some.
    """

    def __init__(self, content: bytes) -> None:
        self._content = content
        self.read = self.wrong = 0
        self.first_wrong: list[int] = []

    def __iter__(self) -> Iterator[int]:
        """Go through the accounts, in their order, as often as they are named."""
        for number, line in enumerate(BytesIO(self._content), start=1):
            word = line.decode("utf-8-sig", errors="replace").replace(";", ",").partition(",")[0].strip().strip('"')
            if word.isascii() and word.isdigit() and len(word) <= _MOST_DIGITS:
                self.read += 1
                yield int(word)
            elif word and number > 1:
                self.wrong += 1
                if len(self.first_wrong) < _SHOWN:
                    self.first_wrong.append(number)
