"""What every process is put together from: settings → database, limiter, rules. Light enough for the front."""

from collections.abc import Sequence

from redis import Redis

from config import ROOT, Settings
from database.db import Database
from database.engine import make_engine
from database.queries.scope import Vault
from services.broadcast.rules import BroadcastRules
from services.gateways.redis_limiter import RedisLimiter
from services.limits import Limiter
from services.policy import DeskRules, Policy
from services.waiting.rules import First, WaitingRules
from utils.encryption import BlindIndex, Keyring
from utils.hours import Closure, Hours, closed_on, read_days, read_week
from utils.logging import setup_logging
from utils.metrics import MetricsServer, serve_metrics
from utils.settings import SettingsError
from utils.tracing import Tracing, TracingError, setup_tracing

LOCALES = ROOT / "locales"
_REDIS_TIMEOUT = 1.0  # seconds; a limiter that is slower than that is as good as away


def make_database(settings: Settings) -> Database:
    """Return the bot's database."""
    security = settings.security
    vault = Vault(Keyring(security.encryption), BlindIndex(*security.index[:2]))
    engine = make_engine(settings.database.url.get_secret_value(), settings.database.pool_size)
    return Database(engine, settings.telegram.bot_id, vault)


def make_limiter(settings: Settings) -> Limiter:
    """Return the limiter that all processes share."""
    return RedisLimiter(make_redis(settings))


def make_redis(settings: Settings) -> Redis:
    """Return the connections to Redis, which nobody waits for longer than a moment."""
    return Redis.from_url(
        settings.redis.url.get_secret_value(),
        socket_timeout=_REDIS_TIMEOUT,
        socket_connect_timeout=_REDIS_TIMEOUT,
    )


def make_policy(settings: Settings) -> Policy:
    """Return the rules of conversation."""
    rules, files = settings.conversation, settings.attachments
    return Policy(
        language=rules.language,
        region=rules.region,
        answer_unregistered=rules.answer_unregistered,
        debounce=rules.debounce,
        debounce_max=rules.debounce_max,
        lease=rules.lease,
        history=rules.history,
        context_tokens=rules.context_tokens,
        emergency_phone=rules.emergency_phone,
        misses=rules.misses,
        messages_per_minute=rules.messages_per_minute,
        commands_per_minute=rules.commands_per_minute,
        protect=files.protect,
        max_image=files.max_image,
        max_file=files.max_file,
        file_types=files.types,
        waiting=make_waiting_rules(settings),
        desk=_desk_rules(settings),
        kept_days=settings.retention.model_dump(),
        broadcasts=_broadcast_rules(settings),
    )


def make_waiting_rules(settings: Settings, closures: Sequence[Closure] = ()) -> WaitingRules:
    """Return how waiting customers are treated, with the moments at which the desk is closed beside its hours."""
    waiting = settings.waiting
    closed = closed_on(read_days(waiting.closed_days), waiting.zone)
    return WaitingRules(
        hours=Hours(waiting.zone, read_week(waiting.hours), (*closures, *closed)),
        first=First(waiting.first),
        quick=waiting.quick,
        pause=waiting.pause,
        reopen_hours=waiting.reopen_hours,
        link_days=waiting.link_days,
    )


def _broadcast_rules(settings: Settings) -> BroadcastRules:
    rules = settings.broadcast
    hours = Hours(settings.waiting.zone, read_week(rules.hours))
    return BroadcastRules(rules.approval_above, settings.telegram.rate, hours)


def _desk_rules(settings: Settings) -> DeskRules:
    rules = settings.desk
    return DeskRules(
        pin_required=rules.pin_required,
        session=3600 * rules.session_hours,
        chats=rules.chats,
        offer=rules.offer,
        wrap_up=rules.wrap_up,
        operator_silent=60 * rules.operator_silent,
        customer_silent=60 * rules.customer_silent,
        customer_close=60 * rules.customer_close,
        reopen=60 * rules.reopen,
        service_level=rules.service_level,
        codes=rules.codes,
        breaks=rules.breaks,
    )


def serve_own_metrics(settings: Settings) -> MetricsServer | None:
    """Serve this process's metrics where each process serves its own; raises MetricsError."""
    seen = settings.observability
    return serve_metrics(seen.metrics_port, seen.metrics_host, None) if seen.metrics_in_process else None


def make_observable(part: str, settings: Settings) -> Tracing:
    """Set up this process's logs and traces; raises SettingsError for an exporter that no package offers."""
    seen = settings.observability
    setup_logging(part, seen.log_level, seen.log_folder)
    try:
        return setup_tracing(part, seen.traces_exporter, seen.traces_endpoint, seen.traces_ratio)
    except TracingError as error:
        raise SettingsError([f"OTEL_TRACES_EXPORTER: {error}"]) from None
