"""What a Bot API method works on: the world, and the webhook that delivers from it."""

from dataclasses import dataclass

from sandbox.telegram.webhook import Webhook
from sandbox.telegram.world import World


@dataclass(frozen=True, slots=True)
class BotServer:
    """The parts that the methods need."""

    world: World
    webhook: Webhook
