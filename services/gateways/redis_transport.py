"""The way to Redis as a broker of hints: what it holds of them when it goes away is not worth giving back."""

from typing import Any

from kombu.transport.redis import Channel, Transport


class HintChannel(Channel):
    """A channel that closes even when Redis is gone: unfinished hints come back by themselves, or the sweep finds rows.

    (Kombu's own asks the closed connection for its address then: an AttributeError that ends the worker.)
    """

    do_restore = False

    def basic_ack(self, delivery_tag: str, multiple: bool = False) -> None:  # noqa: FBT001, FBT002 - kombu's signature
        """Take a hint off the list of those under way, if there is still a connection to say so on."""
        if self.connection is not None and self.connection.client is not None:
            super().basic_ack(delivery_tag, multiple=multiple)


class HintTransport(Transport):
    """Kombu's transport, with channels that close."""

    Channel: Any = HintChannel
