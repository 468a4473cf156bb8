"""Who types a command, as the audit log names them: by the number of the account on this machine."""

import os
from typing import Any


def typed_by() -> dict[str, Any]:
    """Return the details that tell an act of the command line; such an act has no Telegram account."""
    return {"via": "command", "uid": os.getuid()}
