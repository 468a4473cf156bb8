"""What the desk in the console is put together from; light, for the HTTP front."""

from config import Settings
from database.db import Database
from services.desk.door import Door
from services.gateways.telegram_signals import TelegramSignals
from services.ports import Wakeups
from services.running.spoken import Spoken
from services.turn import Tools

_PATIENCE = 5.0  # seconds that a sign may take


def make_door(settings: Settings, database: Database, spoken: Spoken, wakeups: Wakeups) -> Door:
    """Return the way to the desk for pages."""
    telegram = settings.telegram
    signals = TelegramSignals(telegram.token.get_secret_value(), telegram.api_url, _PATIENCE)
    return Door(database, Tools(spoken.words, spoken.running, wakeups, signals, spoken.sheet))
