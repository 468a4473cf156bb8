"""The window of a dialog: which of its last turns are told word for word, by number and by tokens."""

from collections.abc import Sequence

from contexts.prompt import Turn, estimate_tokens

_TURN_TOKENS = 4  # role and separators


def beginning(turns: Sequence[Turn], most: int, tokens: int) -> int:
    """Return where the window begins: it holds the newest turns, `most` of them and `tokens` in all at the utmost."""
    start = len(turns)
    while start > 0 and len(turns) - start < most:
        tokens -= estimate_tokens(turns[start - 1].text) + _TURN_TOKENS
        if tokens < 0:
            break
        start -= 1
    return start
