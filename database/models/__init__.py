"""All tables, one file per aggregate."""

from database.models.archive import Archive, ArchivedConversation, ArchiveState
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
from database.models.data_key import DataKey
from database.models.desk import CannedReply, DeskAct, DeskEvent, DeskNote, NoteKind
from database.models.erasure import Erasure, ErasureState
from database.models.golden import CheckState, GoldenQuestion, KnowledgeCheck
from database.models.hold import LegalHold
from database.models.inbox import InboxRow, InboxState
from database.models.index import IndexState, IndexVersion
from database.models.knowledge import Answer, KnowledgeChunk, KnowledgeVersion, VersionState
from database.models.link import Link, LinkOpening, LinkPurpose
from database.models.message import Author, Delivery, Message, Priority
from database.models.operator import Availability, Operator, PinAttempts
from database.models.presence import Presence
from database.models.rating import Rating, Thumb
from database.models.role import RequestState, RoleGrant, RoleRequest
from database.models.rotation import Rotation
from database.models.schedule import Duty, ScheduledRun
from database.models.setting import SettingVersion
from database.models.user import Consent, Mode, Step, Tier, User

__all__ = [
    "Answer",
    "Archive",
    "ArchiveState",
    "ArchivedConversation",
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
    "DataKey",
    "Delivery",
    "DeskAct",
    "DeskEvent",
    "DeskNote",
    "Duty",
    "Erasure",
    "ErasureState",
    "GoldenQuestion",
    "InboxRow",
    "InboxState",
    "IndexState",
    "IndexVersion",
    "KnowledgeCheck",
    "KnowledgeChunk",
    "KnowledgeVersion",
    "LegalHold",
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
    "RequestState",
    "RoleGrant",
    "RoleRequest",
    "Rotation",
    "ScheduledRun",
    "SettingVersion",
    "SignInCode",
    "Skip",
    "Step",
    "Thumb",
    "Tier",
    "User",
    "UserTag",
    "VersionState",
]
