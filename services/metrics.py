"""Every metric of the product: the four golden signals of each stage, with bounded labels and nothing personal."""

from prometheus_client import Counter, Gauge, Histogram

_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)

ACCEPTED = Counter("bot_updates_accepted_total", "Updates committed to the inbox", ["kind"])
ACCEPT_SECONDS = Histogram("bot_accept_seconds", "From a batch's arrival to its commit", buckets=_SECONDS)
ACCEPT_ERRORS = Counter("bot_accept_errors_total", "Batches that could not be committed")
GUARDS = Counter("bot_guard_verdicts_total", "What the guards said of updates", ["verdict"])
GUARD_SECONDS = Histogram("bot_guard_seconds", "What the guards took for a batch", buckets=_SECONDS)
INTAKE = Counter("bot_intake_total", "Updates worked on", ["kind", "outcome"])
INTAKE_SECONDS = Histogram("bot_intake_seconds", "Work on the updates of a chat that were claimed", buckets=_SECONDS)
ANSWERS = Counter("bot_answers_total", "Answers to questions", ["outcome"])
ANSWERS_GUARDED = Counter("bot_answers_guarded_total", "Sentences and answers that were not said", ["reason"])
PERSONAL_HIDDEN = Counter("bot_personal_data_hidden_total", "Calls from which personal data was taken out", ["kind"])
ANSWER_SECONDS = Histogram(
    "bot_answer_seconds", "From the claim of a question to its answer's commit", buckets=_SECONDS
)
RETRIEVAL_SECONDS = Histogram("bot_retrieval_seconds", "Searches of the knowledge", ["outcome"], buckets=_SECONDS)
MODEL_SECONDS = Histogram("bot_model_seconds", "Calls of the language model", ["outcome"], buckets=_SECONDS)
TRIGGERS = Counter("bot_triggers_total", "Messages that called a person by their words", ["trigger"])
RATINGS = Counter("bot_ratings_total", "Ratings of chats with a person, changed ones again", ["score"])
THUMBS = Counter("bot_answer_thumbs_total", "Thumbs under answers of the AI, turned ones again", ["verdict"])
QUICK_ANSWERS = Counter("bot_quick_answers_total", "Questions of waiting customers looked up", ["outcome"])
LINKS = Counter("bot_links_total", "Deep links that people came by", ["purpose", "outcome"])
CACHE = Counter("bot_answer_cache_total", "Questions looked up in the answers of a while ago", ["outcome"])
SUMMARIES = Counter("bot_summaries_total", "Summaries of what fell out of a dialog's window", ["outcome"])
_WAITS = (1.0, 5.0, 15.0, 30.0, 60.0, 120.0, 300.0, 600.0, 1800.0, 3600.0)
DESK_WAIT = Histogram("bot_desk_wait_seconds", "From the queue to an operator", ["line"], buckets=_WAITS)
DESK_FIRST_REPLY = Histogram(
    "bot_desk_first_reply_seconds", "From a chat's taking to the operator's first words", ["line"], buckets=_WAITS
)
DESK_HANDLING = Histogram("bot_desk_handling_seconds", "From a chat's taking to its end", ["line"], buckets=_WAITS)
DESK_ABANDONED = Counter("bot_desk_abandoned_total", "Customers who left the queue", ["line"])
DESK_TRANSFERS = Counter("bot_desk_transfers_total", "Chats given to somebody else", ["how"])
DESK_WAITING = Gauge("bot_desk_waiting", "Customers who wait for a person", ["line"], multiprocess_mode="mostrecent")
DESK_OLDEST = Gauge(
    "bot_desk_oldest_wait_seconds", "How long the first in the queue has waited", multiprocess_mode="mostrecent"
)
DESK_OPERATORS = Gauge("bot_desk_operators", "Operators by availability", ["state"], multiprocess_mode="mostrecent")
DESK_LEVEL = Gauge(
    "bot_desk_service_level", "Share of the last hour's customers taken in time", multiprocess_mode="mostrecent"
)
SENDS = Counter("bot_sends_total", "Attempts to deliver a message", ["outcome"])
SEND_SECONDS = Histogram("bot_send_seconds", "Calls that deliver a message", buckets=_SECONDS)
UNKNOWN_SENDS = Counter("bot_unknown_sends_total", "Messages whose delivery is unknown", ["resent"])
LIMITED = Counter("bot_limited_sends_total", "Messages put off because of the messenger's limits")
FILES = Counter("bot_files_fetched_total", "Files of the dialog that a reader asked for first", ["outcome"])
WAKEUPS = Counter("bot_wakeups_total", "Hints to workers", ["queue", "outcome"])
SWEPT = Counter("bot_swept_total", "Rows that the sweep found left behind", ["what"])
QUEUE_DEPTH = Gauge("bot_queue_depth", "Rows that wait", ["queue"], multiprocess_mode="mostrecent")
QUEUE_AGE = Gauge(
    "bot_queue_age_seconds", "Age of the oldest row that waits", ["queue"], multiprocess_mode="mostrecent"
)
LEASE_OVERDUE = Gauge(
    "bot_lease_overdue_seconds",
    "How long ago the oldest lease that is still held ran out",
    ["queue"],
    multiprocess_mode="mostrecent",
)
QUEUES_MEASURED = Gauge(
    "bot_queues_measured_timestamp_seconds",
    "When this worker last measured the queues (Unix time); older figures of it say nothing",
    multiprocess_mode="mostrecent",
)
LIMITER_WAIT = Histogram("bot_limiter_wait_seconds", "What the limiter asked messages to wait", buckets=_SECONDS)
BREAKER_OPEN = Gauge(
    "bot_breaker_open", "Whether a breaker lets nothing through", ["name"], multiprocess_mode="livemax"
)
ANSWER_SLOTS = Gauge("bot_answer_slots_in_use", "Answers being made", multiprocess_mode="livesum")
SENDS_IN_FLIGHT = Gauge("bot_sends_in_flight", "Messages being sent", multiprocess_mode="livesum")
MODEL_TOKENS = Counter("bot_model_tokens_total", "Tokens of the language model", ["direction"])
MODEL_COST = Counter("bot_model_cost_total", "Cost of the language model, in the currency of the prices set")
MODEL_CALLS = Counter("bot_model_calls_total", "Attempts to ask a provider of a model", ["provider", "outcome"])
BUDGET_REFUSALS = Counter("bot_model_budget_refusals_total", "Replies not asked for, as the day's budget was spent")
DRAFTS = Counter("bot_drafts_total", "Looks at an answer while it grows", ["outcome"])
KNOWLEDGE_CHUNKS = Gauge("bot_knowledge_chunks", "Passages in the index", multiprocess_mode="livemax")
KNOWLEDGE_WORSE = Counter(
    "bot_knowledge_worse_total", "Versions in force that were found to do worse on the golden questions"
)
INDEX_BUILDS = Counter("bot_index_builds_total", "Indexes of the knowledge that were built", ["outcome"])
INDEX_SECONDS = Histogram("bot_index_build_seconds", "Builds of an index", buckets=(*_SECONDS, 60.0, 300.0))
INDEX_SWAPS = Counter("bot_index_swaps_total", "Indexes taken into use by a worker", ["source"])
SIGN_INS = Counter("bot_console_sign_ins_total", "Codes for the console, by what became of them", ["outcome"])
ERASURES = Counter("bot_erasures_total", "Customers who wanted to be erased, by what became of it", ["outcome"])
AUDIT_SEALED = Counter("bot_audit_sealed_total", "Acts that were sealed in the audit log's tree")
AUDIT_FORGED = Counter("bot_audit_forged_total", "Rows in the audit log that nobody of ours recorded")
AUDIT_AGE = Gauge(
    "bot_audit_unsealed_seconds", "For how long the oldest act has waited to be sealed", multiprocess_mode="livemax"
)
AUDIT_STOPPED = Gauge(
    "bot_audit_stopped",
    "Whether the audit log is not what was signed, so that nothing more is",
    multiprocess_mode="livemax",
)
AUDIT_FINDINGS = Gauge(
    "bot_audit_findings", "What the last check of the audit log found", multiprocess_mode="mostrecent"
)
AUDIT_CHECKED = Gauge(
    "bot_audit_checked_timestamp_seconds",
    "When the audit log was last checked (Unix time)",
    multiprocess_mode="mostrecent",
)
ARCHIVED = Counter("bot_archived_conversations_total", "Conversations that are in an archive that was read back")
ARCHIVE_RUNS = Counter("bot_archive_runs_total", "Attempts to archive what closed", ["outcome"])
ARCHIVE_WAITS = Gauge(
    "bot_archive_waiting_seconds",
    "How long ago the first conversation closed that is in no archive",
    multiprocess_mode="mostrecent",
)
ARCHIVE_LAST = Gauge(
    "bot_archive_last_timestamp_seconds",
    "When an archive was last known to be whole (Unix time)",
    multiprocess_mode="mostrecent",
)
RETAINED = Counter("bot_retention_removed_total", "Rows that went because their time was over", ["class"])
