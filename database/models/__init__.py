"""All tables, one file per aggregate."""

from database.models.attachment import Attachment, AttachmentState
from database.models.audit import AuditAct, AuditEvent, AuditLeaf, AuditTree, AuditWaiting
from database.models.base import Base
from database.models.bot import Bot
from database.models.broadcast import (
    Broadcast,
    BroadcastKind,
    BroadcastListed,
    BroadcastRecipient,
    BroadcastState,
    Skip,
    UserTag,
)
from database.models.callback import Callback, CallbackState
from database.models.console import ConsoleSession, SignInCode
from database.models.conversation import Conversation, ConversationState
from database.models.desk import CannedReply, DeskAct, DeskEvent, DeskNote, NoteKind
from database.models.golden import CheckState, GoldenQuestion, KnowledgeCheck
from database.models.inbox import InboxRow, InboxState
from database.models.index import IndexState, IndexVersion
from database.models.knowledge import Answer, KnowledgeChunk, KnowledgeVersion, VersionState
from database.models.link import Link, LinkOpening, LinkPurpose
from database.models.message import Author, Delivery, Message, Priority
from database.models.operator import Availability, Operator, PinAttempts
from database.models.presence import Presence
from database.models.rating import Rating, Thumb
from database.models.role import RoleGrant
from database.models.schedule import Duty, ScheduledRun
from database.models.user import Consent, Mode, Step, Tier, User

__all__ = [
    "Answer",
    "Attachment",
    "AttachmentState",
    "AuditAct",
    "AuditEvent",
    "AuditLeaf",
    "AuditTree",
    "AuditWaiting",
    "Author",
    "Availability",
    "Base",
    "Bot",
    "Broadcast",
    "BroadcastKind",
    "BroadcastListed",
    "BroadcastRecipient",
    "BroadcastState",
    "Callback",
    "CallbackState",
    "CannedReply",
    "CheckState",
    "Consent",
    "ConsoleSession",
    "Conversation",
    "ConversationState",
    "Delivery",
    "DeskAct",
    "DeskEvent",
    "DeskNote",
    "Duty",
    "GoldenQuestion",
    "InboxRow",
    "InboxState",
    "IndexState",
    "IndexVersion",
    "KnowledgeCheck",
    "KnowledgeChunk",
    "KnowledgeVersion",
    "Link",
    "LinkOpening",
    "LinkPurpose",
    "Message",
    "Mode",
    "NoteKind",
    "Operator",
    "PinAttempts",
    "Presence",
    "Priority",
    "Rating",
    "RoleGrant",
    "ScheduledRun",
    "SignInCode",
    "Skip",
    "Step",
    "Thumb",
    "Tier",
    "User",
    "UserTag",
    "VersionState",
]
