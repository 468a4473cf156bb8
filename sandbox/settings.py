"""Settings of the sandbox: command-line arguments, each with an environment variable to fall back on."""

import argparse
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from sandbox.telegram.limits import Limits

DEFAULT_BOT = "100000001:SANDBOX-local-bot-for-development"
DEFAULT_NAME = "Sandbox Bank"
DEFAULT_USERNAME = "sandbox_bank_bot"


@dataclass(frozen=True, slots=True)
class Settings:
    """How one sandbox runs. Times are in seconds."""

    host: str = "127.0.0.1"
    port: int = 8081
    bot_token: str = DEFAULT_BOT
    bot_name: str = DEFAULT_NAME
    bot_username: str = DEFAULT_USERNAME
    data: Path | None = None
    page: bool = True
    model_port: int | None = None
    limits: Limits = field(default_factory=Limits)
    callback_seconds: float = 60.0
    webhook_retry_seconds: float = 1.0
    webhook_timeout_seconds: float = 60.0
    journal_size: int = 200_000

    @property
    def bot_id(self) -> int:
        """The bot's user id: the token's first part."""
        return int(self.bot_token.split(":", maxsplit=1)[0])


def parse_settings(arguments: Sequence[str], environment: Mapping[str, str]) -> Settings:
    """Read the command line; an argument `--bot-token` falls back on `SANDBOX_BOT_TOKEN`, and so on."""
    options = _parser(environment).parse_args(arguments)
    limits = Limits(
        bot_per_second=options.bot_per_second,
        tolerance=options.tolerance,
        chat_per_second=options.chat_per_second,
        chat_burst=options.chat_burst,
        group_per_minute=options.group_per_minute,
    )
    return Settings(
        host=options.host,
        port=options.port,
        bot_token=options.bot_token,
        bot_name=options.bot_name,
        bot_username=options.bot_username,
        data=options.data,
        page=not options.no_page,
        model_port=options.model_port,
        limits=limits,
    )


def _parser(environment: Mapping[str, str]) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m sandbox", description="Local Telegram Bot API server.")

    def add(name: str, kind: Callable[[str], object], default: object, text: str) -> None:
        variable = f"SANDBOX_{name.upper().replace('-', '_')}"
        value = environment.get(variable, default)
        parser.add_argument(f"--{name}", type=kind, default=value, help=f"{text} [{variable}; default: {default}]")

    add("host", str, "127.0.0.1", "address to listen on")
    add("port", int, 8081, "port to listen on; 0 takes a free one")
    add("bot-token", _token, DEFAULT_BOT, "the one token that is let in")
    add("bot-name", str, DEFAULT_NAME, "the bot's name")
    add("bot-username", str, DEFAULT_USERNAME, "the bot's username")
    add("data", Path, None, "folder that keeps chats over a restart")
    add("model-port", int, None, "start the model server on this port too")
    limits = Limits()
    add("bot-per-second", int, limits.bot_per_second, "messages a second for the bot; 0: no limit")
    add("tolerance", int, limits.tolerance, "messages over that which a second still lets through")
    add("chat-per-second", float, limits.chat_per_second, "messages a second for one chat; 0: no limit")
    add("chat-burst", int, limits.chat_burst, "messages that one chat takes at once")
    add("group-per-minute", int, limits.group_per_minute, "messages a minute for one group; 0: no limit")
    no_page = environment.get("SANDBOX_NO_PAGE", "").lower() in ("1", "true", "yes")
    parser.add_argument(
        "--no-page", action="store_true", default=no_page, help="no page in the browser [SANDBOX_NO_PAGE]"
    )
    return parser


def _token(value: str) -> str:
    number, colon, secret = value.partition(":")
    if not (number.isdigit() and colon and secret):
        raise argparse.ArgumentTypeError("a bot token looks like 123456:letters")
    return value
