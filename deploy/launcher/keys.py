"""The demo's own secrets: made at its first start, kept in `data/demo.env`, never good for anything real."""

import base64
import secrets
from collections.abc import Mapping
from pathlib import Path

from dotenv import dotenv_values

_HEADER = "# Made by the demo for itself. `make run` refuses these keys: make your own for real customers.\n"
_DEMO_BOT = 7_000_000_000  # bot numbers from here on are the demo's own invention


def demo_keys(file: Path) -> dict[str, str]:
    """Return the demo's secrets by variable, making the file (readable by its owner alone) at the first start."""
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch(mode=0o600)
        file.write_text(_HEADER + "".join(f"{name}={value}\n" for name, value in _new_keys().items()))
    return {name: value for name, value in dotenv_values(file).items() if value}


def shared_with_demo(environment: Mapping[str, str], file: Path) -> list[str]:
    """Return the names of variables whose value, or one of whose keys, is the demo's."""
    if not file.exists():
        return []
    demo = set(dotenv_values(file).values())
    return [
        name
        for name in _new_keys()
        if any(key.strip() in demo for key in environment.get(name, "").split(",") if key.strip())
    ]


def _new_keys() -> dict[str, str]:
    return {
        "BOT_TOKEN": f"{_DEMO_BOT + secrets.randbelow(10**9)}:{secrets.token_urlsafe(26)[:35]}",
        "ENCRYPTION_KEY": _fernet_key(),
        "BLIND_INDEX_KEY": _fernet_key(),
        "WEBHOOK_SECRET": secrets.token_urlsafe(24),
    }


def _fernet_key() -> str:
    """Return 32 random bytes in Fernet's form."""
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()
