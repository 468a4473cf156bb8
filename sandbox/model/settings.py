"""Settings of the model server: what it starts with, and from the command line."""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass

from sandbox.model.embeddings import DEFAULT_DIMENSIONS


@dataclass(frozen=True, slots=True)
class ModelSettings:
    """How one model server runs; times are seconds.

    `latency` comes before an answer, with up to `jitter` drawn anew for each; `pace` between the events of a stream.
    """

    host: str = "127.0.0.1"
    port: int = 8082
    latency: float = 0.0
    jitter: float = 0.0
    pace: float = 0.0
    seed: int | None = None
    models: tuple[str, ...] = ("sandbox-chat", "sandbox-embedding")
    dimensions: int = DEFAULT_DIMENSIONS
    journal_size: int = 10_000


def parse_settings(arguments: Sequence[str]) -> ModelSettings:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m sandbox.model", description=__doc__)
    parser.add_argument("--host", default=ModelSettings().host, help="address to listen on")
    parser.add_argument("--port", type=int, default=ModelSettings().port, help="port to listen on")
    parser.add_argument("--latency", type=float, default=0.0, help="seconds that each answer takes at least")
    parser.add_argument("--jitter", type=float, default=0.0, help="seconds added at random, at most")
    parser.add_argument("--pace", type=float, default=0.0, help="seconds between the events of a stream")
    parser.add_argument("--seed", type=int, default=None, help="makes the jitter repeatable")
    return ModelSettings(**vars(parser.parse_args(arguments)))
