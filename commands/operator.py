"""Who types a command, as the audit log names them: by the number of the account on this machine."""

import os
from typing import Any

BY_COMMAND = "command"


def operator() -> dict[str, Any]:
    """Return the details that tell an act of the command line; such an act has no Telegram account."""
    return {"via": BY_COMMAND, "uid": os.getuid()}
