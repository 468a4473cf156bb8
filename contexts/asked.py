"""What a customer asks in one turn, with all that is known of the dialog in which it is asked."""

from dataclasses import dataclass

from contexts.prompt import NO_BACKGROUND, Background, Turn


@dataclass(frozen=True, slots=True)
class Asked:
    """A question in a language (a code such as "ru"), and what was said before it, oldest turn first.

    `names` are the customer's, which no model sees; `back` says that the question answers one of ours.
    """

    question: str
    language: str
    history: tuple[Turn, ...] = ()
    background: Background = NO_BACKGROUND
    names: tuple[str, ...] = ()
    back: bool = False

    @property
    def alone(self) -> bool:
        """Whether nothing was said before the question."""
        return not self.history and self.background == NO_BACKGROUND
