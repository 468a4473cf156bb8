"""The readable form of an export: one page that needs nothing else, no script, no picture, no network."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from html import escape
from typing import Any

from services.ports import Words

_STYLE = """
:root{color-scheme:light dark}
body{font:16px/1.5 system-ui,sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.2rem 1rem}dt{opacity:.7}dd{margin:0}
.said{border-inline-start:3px solid #8886;padding:.1rem .8rem;margin:.6rem 0;white-space:pre-wrap;
overflow-wrap:anywhere}
.customer{border-color:#2a7}small{opacity:.7;display:block}h2{margin-top:2.5rem}
"""
_MOMENT = 16  # characters of a moment down to the minute


def page(fields: Mapping[str, Any], words: Words, language: str) -> str:
    """Return a disclosure as a page in a language."""
    return "".join(_Page(words, language).written(fields))


class _Page:
    def __init__(self, words: Words, language: str) -> None:
        self._words = words
        self._language = language

    def written(self, fields: Mapping[str, Any]) -> Iterator[str]:
        title = self._text("privacy.page.title")
        yield f'<!doctype html><html lang="{escape(self._language)}"><meta charset="utf-8">'
        yield '<meta name="viewport" content="width=device-width"><title>' + title + f"</title><style>{_STYLE}</style>"
        yield f"<h1>{title}</h1><p>{self._text('privacy.page.made', at=_moment(fields['made_at']))}</p>"
        yield self._facts(fields["profile"], ("name", "telegram_id", "phone", "language", "since"))
        yield f"<h2>{self._text('privacy.page.consents')}</h2>"
        for consent in fields["consents"]:
            yield self._facts(consent, ("version", "given_at", "withdrawn_at"))
        for number, talk in enumerate(fields["conversations"], start=1):
            yield f"<h2>{self._text('privacy.page.conversation', number=number)}</h2>"
            yield from self._conversation(talk)
        if fields["other_messages"]:
            yield f"<h2>{self._text('privacy.page.others')}</h2>"
            yield from self._messages(fields["other_messages"])
        if fields["calls"]:
            yield f"<h2>{self._text('privacy.page.calls')}</h2>"
            for call in fields["calls"]:
                yield self._facts(call, ("asked_at", "done_at"))
        yield "</html>\n"

    def _conversation(self, talk: Mapping[str, Any]) -> Iterator[str]:
        yield self._facts(talk, ("began_at", "ended_at", "summary"))
        if rating := talk["rating"]:
            yield self._facts(rating, ("score", "comment"))
        yield from self._messages(talk["messages"])
        for note in talk["notes"]:
            yield self._said("note", self._text("privacy.page.note"), note)

    def _messages(self, messages: Sequence[Mapping[str, Any]]) -> Iterator[str]:
        for message in messages:
            yield self._said(message["from"], self._text(f"privacy.page.{message['from']}"), message)

    def _said(self, kind: str, who: str, message: Mapping[str, Any]) -> str:
        files = "".join(f"\n📎 {escape(str(file['name'] or file['kind']))}" for file in message.get("files", ()))
        deleted = f" · {self._text('privacy.page.deleted')}" if message.get("deleted_at") else ""
        head = f"<small>{who} · {_moment(message['at'])}{deleted}</small>"
        return f'<div class="said {escape(kind)}">{head}{escape(message["text"])}{files}</div>'

    def _facts(self, fields: Mapping[str, Any], names: Sequence[str]) -> str:
        shown = [(name, fields[name]) for name in names if fields[name] not in (None, "")]
        told = "".join(f"<dt>{self._text(f'privacy.fact.{name}')}</dt><dd>{_value(name, v)}</dd>" for name, v in shown)
        return f"<dl>{told}</dl>"

    def _text(self, key: str, **params: object) -> str:
        return self._words.text(self._language, key, **params)


FACTS = (
    *("name", "telegram_id", "phone", "language", "since", "version", "given_at", "withdrawn_at"),
    *("began_at", "ended_at", "summary", "score", "comment", "asked_at", "done_at"),
)


def _value(name: str, value: object) -> str:
    return _moment(str(value)) if name == "since" or name.endswith("_at") else escape(str(value))


def _moment(text: str) -> str:
    return datetime.fromisoformat(text).strftime("%Y-%m-%d %H:%M")[:_MOMENT] + " UTC"
