"""Families of keys in the catalogues: those that the code puts together, with all that may follow."""

import ast
from collections.abc import Iterable, Mapping

from database.models import (
    AuditAct,
    Author,
    Availability,
    BroadcastKind,
    BroadcastState,
    Mode,
    RequestState,
    Tier,
    VersionState,
)
from database.queries.dead import DeadKind
from handlers.console.answer import FACTS
from handlers.console.attachment import STATUSES
from handlers.console.audit_search import NAMES
from handlers.routes import ROUTES
from handlers.telegram.messages import KINDS
from services.administration.granting import GIVEN
from services.broadcast.drafting import Awaited
from services.broadcast.jobs import BroadcastVerb
from services.broadcast.questions import Decided
from services.dead_letters import Why
from services.deep_link import LinkProblem
from services.desk.ending import LABELS
from services.desk.queueing import Reason
from services.explanation import NoSuchAnswer
from services.jobs import Refusal
from services.knowledge import errors
from services.knowledge.remarks import Noticed
from services.outbound import FileKind
from services.privacy_rights.documents import FORMS
from services.privacy_rights.jobs import Right
from services.privacy_rights.page import FACTS as PRIVACY_FACTS
from services.privacy_rights.showing import TERMS
from services.reply import Outcome
from services.running.checking import SAID_OF_VALUES
from services.running.fields import FIELDS, TEXTS, Area
from services.running.sheet import Origin
from services.status import QUEUES
from services.waiting.rules import First
from utils.personal_data import DataClass
from utils.phones import PhoneProblem

_SETTINGS: dict[str, Iterable[object]] = {
    "settings.area.": Area,
    "settings.choice.": First,
    "settings.error.": {*SAID_OF_VALUES, "unknown", "changed"},
    "settings.name.": [field.name.lower() for field in FIELDS],
    "settings.origin.": {*Origin} - {Origin.CHANGED},
    "settings.text.": [key.replace(".", "_") for key in TEXTS],
    "system.dead.": DeadKind,
    "system.part.": ["front", "worker", "scheduler", "api"],
    "system.queue.": QUEUES,
    "system.why.": Why,
}

_UNLABELLED = {  # acts whose buttons are named by what they choose
    *(BroadcastVerb.LANG, BroadcastVerb.TIER, BroadcastVerb.ACTIVE, BroadcastVerb.SILENT, BroadcastVerb.TAG),
    *(BroadcastVerb.KIND, BroadcastVerb.AT, BroadcastVerb.SEND),
}

_BROADCASTS: dict[str, Iterable[object]] = {
    "broadcast.at.": ["now", "hour", "morning"],
    "broadcast.button.": {*BroadcastVerb} - _UNLABELLED,
    "broadcast.give.": {*Awaited} - {Awaited.MOMENT},
    "broadcast.kind.": BroadcastKind,
    "broadcast.question.": Decided,
    "broadcast.speaks.": ["ru", "en", "kk", "uz"],
    "broadcast.state.": BroadcastState,
    "broadcast.tier.": Tier,
    "broadcast.": ["active", "silent"],
    "console.broadcasts.act.": {
        *("save", "preview", "trial", "send", "cancel", "approve", "reject"),
        *("withdraw", "pause", "resume", "stop", "report"),
    },
    "console.broadcasts.figure.": ["total", "sent", "blocked", "failed", "unknown", "opted_out", "left"],
}


_ROOMS: dict[str, Iterable[object]] = {
    "admin.staff.": ["approve", "decline"],
    "admin.staff.state.": RequestState,
    "admin.tier.": Tier,
    "audit.act.": AuditAct,
    "audit.field.": NAMES,
    "desk.break.": LABELS["break"],
    "desk.button.": ["next", "queue", "away"],
    "desk.code.": LABELS["code"],
    "desk.reason.": Reason,
    "desk.state.": {*Availability, "on_call"},
    "privacy.button.": Right,
    "privacy.export.": FORMS,
    "privacy.fact.": PRIVACY_FACTS,
    "privacy.page.": Author,
    "privacy.term.": TERMS,
    "role.": GIVEN,
}


def families(nodes: Iterable[ast.AST]) -> Mapping[str, frozenset[str]]:
    """Return the keys that the code puts together, by how they begin."""
    whats = {
        keyword.value.value
        for node in nodes
        if isinstance(node, ast.Call)
        for keyword in node.keywords
        if keyword.arg == "what" and isinstance(keyword.value, ast.Constant)
    }
    refusals = [kind for kind in vars(errors).values() if isinstance(kind, type) and hasattr(kind, "code")]
    endings: dict[str, Iterable[object]] = {
        "link.": LinkProblem,
        "console.error.": {"unavailable", NoSuchAnswer.code, *(kind.code for kind in refusals)},
        "console.state.": {*VersionState, "in_force", "scheduled", "over", "replaced"} - {VersionState.APPROVED},
        "console.outcome.": Outcome,
        "console.class.": DataClass,
        "console.fact.": FACTS,
        "console.file.": STATUSES,
        "console.warning.": Noticed,
        "menu.": [route.key[1:] for route in ROUTES if route.key.startswith("/") and route.key != "/"],
        "mode.": Mode,
        "phone.done.": [Tier.TYPED, Tier.CONFIRMED],
        "phone.wrong.": PhoneProblem,
        "refused.": Refusal,
        "tier.": Tier,
        "unsupported.": {*KINDS, *FileKind, "location", "edited", *whats, "other"},
    }
    return {
        family: frozenset(f"{family}{ending}" for ending in ends)
        for family, ends in (endings | _SETTINGS | _BROADCASTS | _ROOMS).items()
    }
