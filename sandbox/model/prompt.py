"""Reads what a chat request asks: the passages it offers and the question, from the user's last message."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import unescape

from sandbox.model.requests import Message

_PASSAGES = re.compile(r"<passages>(.*?)</passages>", re.DOTALL)
_PASSAGE = re.compile(r"<passage\b([^>]*)>(.*?)</passage>", re.DOTALL)
_ATTRIBUTE = re.compile(r'(\w+)="([^"]*)"')
_QUESTION = re.compile(r"<question>(.*)</question>", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Passage:
    """One piece of knowledge that the prompt offers."""

    id: int
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Prompt:
    """A question and all that may be said in answer to it."""

    question: str
    passages: tuple[Passage, ...]


def read_prompt(messages: Sequence[Message]) -> Prompt:
    """Read the last user message; without `<question>` all outside `<passages>` is the question.

    Only the first `<passages>` block counts: whatever a customer writes comes after it.
    """
    content = next((message.plain() for message in reversed(messages) if message.role == "user"), "")
    block = _PASSAGES.search(content)
    if block is None:
        return Prompt(_question(content), ())
    passages = tuple(filter(None, map(_passage, _PASSAGE.finditer(block.group(1)))))
    return Prompt(_question(content[: block.start()] + content[block.end() :]), passages)


def _passage(match: re.Match[str]) -> Passage | None:
    attributes = dict(_ATTRIBUTE.findall(match.group(1)))
    if not attributes.get("id", "").isdecimal():
        return None
    return Passage(int(attributes["id"]), unescape(attributes.get("title", "")), unescape(match.group(2)).strip())


def _question(text: str) -> str:
    marked = _QUESTION.search(text)
    return unescape(marked.group(1) if marked else text).strip()
