"""Keys that protect what is stored."""

import click

from utils.encryption import generate_key


@click.group()
def keys() -> None:
    """Keys that protect what is stored."""


@keys.command("new")
def keys_new() -> None:
    """Print a new key for ENCRYPTION_KEY or BLIND_INDEX_KEY."""
    click.echo(generate_key())
