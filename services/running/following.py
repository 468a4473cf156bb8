"""The settings in force as one process sees them: a thread looks them up, so that using them costs nothing."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from logging import getLogger
from threading import Event, Thread
from types import MappingProxyType

from sqlalchemy.exc import SQLAlchemyError

from database.db import Database
from services.policy import Policy
from services.running.defaults import Defaults
from services.running.fields import text_of

INTERVAL = 1.0  # seconds between two looks: a change works everywhere within two (features.md, A11)

_log = getLogger(__name__)


@dataclass(frozen=True)
class _InForce:
    """What is in force since the last look; `mark` tells whether there is anything new to read."""

    policy: Policy
    texts: Mapping[tuple[str, str], str] = field(default_factory=lambda: MappingProxyType({}))
    mark: object = None


class Following:
    """Follows the changed settings of one bot; without a database what was in force stays so."""

    def __init__(self, database: Database, defaults: Defaults) -> None:
        self._database = database
        self._defaults = defaults
        self._now = _InForce(defaults.policy({}))
        self._stopped = Event()
        self._thread = Thread(target=self._run, name="settings", daemon=True)

    @property
    def policy(self) -> Policy:
        """How the bank wants its bot to behave."""
        return self._now.policy

    def text(self, lang: str, key: str) -> str | None:
        """Return what the bank says in words of its own, placeholders unfilled; None for the catalogue's text."""
        return self._now.texts.get((lang, key))

    def start(self) -> None:
        """Start looking."""
        self._thread.start()

    def stop(self) -> None:
        """Stop looking."""
        self._stopped.set()

    def look(self) -> bool:
        """Look once, by one statement if nothing changed; returns whether anything did. Raises SQLAlchemy's errors."""
        with self._database.reading() as uow:
            mark = (uow.settings.revision(), self._defaults.stamp())
            if mark == self._now.mark:
                return False
            values = {name: row.value for name, row in uow.settings.all().items() if row.value is not None}
        texts = {(lang, key): value for name, value in values.items() for key, lang in [text_of(name)] if lang}
        changed = {name: value for name, value in values.items() if not text_of(name)[1]}
        self._now = _InForce(self._policy(changed), MappingProxyType(texts), mark)
        return True

    def _policy(self, changed: Mapping[str, str]) -> Policy:
        """Return the policy; a value that only another version of the program let through is left out, and it alone."""
        fitting: dict[str, str] = {}
        policy = self._defaults.policy(fitting)
        for name, value in sorted(changed.items()):  # in every process the same ones
            try:
                more = fitting | {name: self._defaults.checked(name, value)}
                policy, fitting = self._defaults.policy(more), more
            except (ValueError, ArithmeticError) as error:
                _log.warning("a changed setting is not usable", extra={"setting": name, "error": str(error)})
        return policy

    def _run(self) -> None:
        while not self._stopped.is_set():
            try:
                self.look()
            except SQLAlchemyError as error:
                _log.info("settings cannot be looked up", extra={"error": type(error).__name__})
            except Exception:  # noqa: BLE001 - the thread must outlive whatever one look meets
                _log.exception("settings could not be taken up")
            self._stopped.wait(INTERVAL)
