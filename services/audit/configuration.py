"""What a worker runs with, written down when it is another than the last time: settings, prompt, models, keys."""

import json
from collections.abc import Mapping

from database.db import Database
from database.models import AuditAct

_CHANGED, _BEFORE = "changed", "before"


def record_configuration(database: Database, facts: Mapping[str, str]) -> bool:
    """Write down what a worker starts with, if any of it is new; returns whether it is.

    `facts` are names and short digests; no secret and nothing that differs between the machines of an installation.
    """
    with database.unit_of_work() as uow:
        last = uow.audit.latest(AuditAct.SETTINGS_CHANGED)
        known: dict[str, object] = json.loads(last.details) if last else {}
        changed = sorted(name for name, value in facts.items() if known.get(name) != value)
        if not changed:
            return False
        before = ",".join(f"{name}={known[name]}" for name in changed if name in known)
        said = {**facts, _CHANGED: ",".join(changed), _BEFORE: before}
        uow.audit.record(AuditAct.SETTINGS_CHANGED, actor=None, **said)
        return True
