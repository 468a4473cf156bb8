"""What calls of language models used: tokens, and their cost in millionths of the currency that prices are set in."""

from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Usage:
    """Tokens in and out, and their cost in micro-units; sums of several calls add up."""

    tokens_in: int = 0
    tokens_out: int = 0
    cost: int = 0

    def __add__(self, other: "Usage") -> "Usage":
        return Usage(self.tokens_in + other.tokens_in, self.tokens_out + other.tokens_out, self.cost + other.cost)

    def priced(self, price_in: float, price_out: float) -> "Usage":
        """Return the same with its cost; prices are for a million tokens, so one token costs that many micro-units."""
        return replace(self, cost=round(self.tokens_in * price_in + self.tokens_out * price_out))


NOTHING = Usage()
