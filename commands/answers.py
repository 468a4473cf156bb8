"""Tell why an answer was said; for auditors, who may read a customer's dialog."""

import json
from collections.abc import Iterator

import click

from database.db import Database
from services.explanation import Explanation, read

_MICRO = 1_000_000


@click.group()
def answers() -> None:
    """Tell why answers were said."""


@answers.command("show")
@click.argument("answer_id", type=int, required=False)
@click.option("--chat", type=int, help="Show a chat's last answers, by the customer's Telegram number.")
@click.option("--last", type=click.IntRange(1, 100), default=5, show_default=True, help="How many of a chat's answers.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@click.pass_obj
def show(database: Database, answer_id: int | None, chat: int | None, last: int, *, as_json: bool) -> None:
    """Show ANSWER_ID: what was asked, what was said, and from which passages of which versions."""
    if (answer_id is None) == (chat is None):
        raise click.UsageError("give the number of an answer, or --chat")
    with database.unit_of_work() as uow:
        found = uow.answers.latest(chat, last) if chat is not None else [uow.answers.by_id(answer_id or 0)]
        told = [read(uow, answer, by=None) for answer in found if answer]
    if not told:
        raise click.ClickException("there is no such answer")
    for explanation in told:
        lines = [json.dumps(_fields(explanation), ensure_ascii=False)] if as_json else _lines(explanation)
        click.echo("\n".join(lines))


def _fields(explanation: Explanation) -> dict[str, object]:
    answer = explanation.answer
    return {
        "answer": answer.id,
        "conversation": str(answer.conversation_id),
        "at": answer.created_at.isoformat(),
        "question": explanation.question,
        "said": explanation.said,
        "outcome": answer.outcome,
        "confidence": round(answer.confidence, 4),
        "passages": answer.passages,
        "provider": answer.provider,
        "model": answer.model,
        "prompt_version": answer.prompt_version,
        "index_version": answer.index_version,
        "tokens_in": answer.tokens_in,
        "tokens_out": answer.tokens_out,
        "cost": answer.cost / _MICRO,
        "masked": answer.masked,
        "trace": explanation.trace,
    }


def _lines(explanation: Explanation) -> Iterator[str]:
    fields = _fields(explanation)
    for name, value in fields.items():
        if name != "passages" and value not in (None, ""):
            yield f"{name:>14}  " + str(value).replace("\n", "\n" + " " * 16)
    for place, passage in enumerate(explanation.answer.passages, start=1):
        source = " ".join(filter(None, (str(passage.get("document", "")), str(passage.get("version", "")))))
        yield f"{'passage ' + str(place):>14}  {passage['score']}  {passage.get('title', passage['chunk'])}  {source}"
    yield ""
