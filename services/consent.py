"""Consent to a version of the text: given, declined, asked for again when the text has changed, taken back.

Every consent stays as a record of what was agreed to and when; the version stands beside the text, in the catalogues.
"""

from database.models import AuditAct, Step, Tier, User
from services import asked, registration
from services.jobs import Consent
from services.policy import Policy
from services.turn import Turn


def outdated(user: User, policy: Policy) -> bool:
    """Return whether somebody agreed to a text that is no longer the one in force."""
    return user.registered and user.consent_version != policy.consent_version


def ask_again(turn: Turn) -> None:
    """Show the new text, and tell that the question is kept meanwhile."""
    registration.ask_consent(turn, changed=True)


def answer(turn: Turn, job: Consent) -> None:
    """Keep the answer to the consent text; an older version's button shows the newer text instead."""
    registering = turn.user.step in {Step.LANGUAGE, Step.CONSENT}
    if not registering and not outdated(turn.user, turn.tools.policy):
        turn.say("consent.known")
    elif job.version != turn.tools.policy.consent_version:
        registration.ask_consent(turn)
    elif job.given:
        _give(turn, job.version)
    else:
        _decline(turn, job.version)


def withdraw(turn: Turn) -> None:
    """End all consents that a person gave, and forget the phone: it was given under them."""
    version = turn.user.consent_version
    turn.uow.users.withdraw(turn.user)
    turn.user.step, turn.user.tier = Step.CONSENT, Tier.NONE
    registration.record(turn, AuditAct.CONSENT_WITHDRAWN, version=version)


def _give(turn: Turn, version: str) -> None:
    again = turn.user.registered
    turn.user.language = turn.language
    turn.uow.users.consent(turn.user, version, turn.language)
    registration.record(turn, AuditAct.CONSENT_GIVEN, version=version, language=turn.language)
    if again:
        turn.say("consent.renewed")
        asked.go_on(turn)
    else:
        turn.user.step = Step.PHONE
        registration.ask_phone(turn)


def _decline(turn: Turn, version: str) -> None:
    again = turn.user.registered
    registration.record(turn, AuditAct.CONSENT_DECLINED, version=version)
    if again:
        withdraw(turn)
    turn.say("consent.declined")
    if again and turn.tools.policy.answer_unregistered:
        asked.go_on(turn)
