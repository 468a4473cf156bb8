"""Deep links: what stands behind `t.me/<bot>?start=`, signed, for one purpose and for a time; arithmetic alone."""

import binascii
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum, auto
from struct import Struct
from uuid import UUID

from database.models import LinkPurpose
from utils.encryption import EncryptionError, Keyring

_PAYLOAD = re.compile(r"[A-Za-z0-9_-]{1,64}")  # core.telegram.org/bots/features#deep-linking
_VERSION = 1
_BODY = Struct(">BBI16s")  # version, purpose, seconds since 1970, subject
_CODES = {LinkPurpose.CONVERSATION: 1, LinkPurpose.TOPIC: 2, LinkPurpose.CAMPAIGN: 3}
_PURPOSES = {code: purpose for purpose, code in _CODES.items()}


class LinkProblem(StrEnum):
    """Why a link is refused."""

    FORGED = auto()
    EXPIRED = auto()
    FOREIGN = auto()


class LinkError(Exception):
    """A link that is not followed; `problem` says why."""

    def __init__(self, problem: LinkProblem) -> None:
        super().__init__(problem)
        self.problem = problem


@dataclass(frozen=True)
class Ticket:
    """What a link says: its purpose, and the conversation or the row of `links` that it leads to."""

    purpose: LinkPurpose
    subject: UUID


def payload(keyring: Keyring, bot_id: int, ticket: Ticket, expires_at: datetime) -> str:
    """Return the payload of a link, 56 characters; it holds until a moment, in this bot, for this purpose only.

    `version (1) | purpose (1) | expiry (4) | subject (16) | stamp (20)` bytes. The stamp names the key that made it, so
    that links go on to hold while keys rotate, as long as the ring has that key (`Keyring.stamp`).
    """
    body = _BODY.pack(_VERSION, _CODES[ticket.purpose], int(expires_at.timestamp()), ticket.subject.bytes)
    return _encoded(body + keyring.stamp(_stamped(bot_id, body)))


def read(keyring: Keyring, bot_id: int, text: str, now: datetime) -> Ticket:
    """Return what a payload says; raises LinkError for one that we did not make, or whose time is over."""
    raw = _decoded(text)
    body, stamp = raw[: _BODY.size], raw[_BODY.size :]
    try:
        genuine = keyring.is_stamp(stamp, _stamped(bot_id, body))
    except EncryptionError:  # of a key that is not in the ring any more, or never was
        genuine = False
    if not genuine:
        raise LinkError(LinkProblem.FORGED)
    version, code, expires, subject = _BODY.unpack(body)
    if version != _VERSION or code not in _PURPOSES:
        raise LinkError(LinkProblem.FORGED)
    if now.timestamp() >= expires:
        raise LinkError(LinkProblem.EXPIRED)
    return Ticket(_PURPOSES[code], UUID(bytes=subject))


def address(username: str, text: str) -> str:
    """Return a link to a bot with a payload."""
    return f"https://t.me/{username}?start={text}"


def _stamped(bot_id: int, body: bytes) -> bytes:
    return b"deep-link" + bot_id.to_bytes(8, "big") + body


def _encoded(raw: bytes) -> str:
    return urlsafe_b64encode(raw).decode().rstrip("=")


def _decoded(text: str) -> bytes:
    """Return the bytes of a payload, which has one spelling; raises LinkError."""
    try:
        raw = urlsafe_b64decode(text + "=" * (-len(text) % 4)) if _PAYLOAD.fullmatch(text) else b""
    except (binascii.Error, ValueError):
        raw = b""
    if len(raw) <= _BODY.size or _encoded(raw) != text:
        raise LinkError(LinkProblem.FORGED)
    return raw
