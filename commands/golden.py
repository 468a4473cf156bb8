"""Golden questions, which the knowledge has to answer."""

import csv
from pathlib import Path

import click

from commands.knowledge_desk import KnowledgeDesk, refusing
from commands.knowledge_options import ACTOR, LANGUAGE
from database.queries.golden import NewQuestion


@click.group()
def golden() -> None:
    """Questions that the knowledge has to answer: no version that does worse on them is published."""


@golden.command("list")
@click.pass_obj
def list_questions(desk: KnowledgeDesk) -> None:
    """List the golden questions."""
    for row in desk.questions.all():
        click.echo(f"{row.language}  {row.question}  → {row.title or ''}{f' [{row.document}]' if row.document else ''}")


@golden.command()
@click.argument("question")
@click.option("--title", help="The title under which the answer stands.")
@click.option("--document", help="The document in which it stands.")
@LANGUAGE
@ACTOR
@click.pass_obj
def add(  # noqa: PLR0913 - one parameter an option
    desk: KnowledgeDesk, question: str, *, title: str | None, document: str | None, language: str | None, actor: int
) -> None:
    """Add QUESTION with the title or the document that answers it."""
    with refusing():
        new = desk.questions.add(actor, [NewQuestion(question, language or desk.default, title, document)])
    click.echo("added" if new else "it is there already")


@golden.command()
@click.argument("question")
@LANGUAGE
@ACTOR
@click.pass_obj
def remove(desk: KnowledgeDesk, question: str, language: str | None, actor: int) -> None:
    """Take QUESTION out of service."""
    with refusing():
        if not desk.questions.remove(actor, question, language or desk.default):
            raise click.ClickException("There is no such golden question.")
    click.echo("removed")


@golden.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@LANGUAGE
@ACTOR
@click.pass_obj
def import_file(desk: KnowledgeDesk, file: Path, language: str | None, actor: int) -> None:
    """Add the rows of a CSV FILE with the columns question, expected (a title) and, if wanted, document, language."""
    try:
        with file.open(encoding="utf-8-sig", newline="") as lines:
            rows = [
                {name: (value or "").strip() for name, value in row.items() if name} for row in csv.DictReader(lines)
            ]
    except (UnicodeDecodeError, csv.Error, AttributeError) as error:
        raise click.ClickException(f"{file.name}: not a CSV file in UTF-8: {error}") from None
    if rows and "question" not in rows[0]:
        raise click.ClickException(f"{file.name}: the first line has to name the columns, question among them")
    default = language or desk.default
    questions = [
        NewQuestion(
            row["question"], row.get("language") or default, row.get("expected") or None, row.get("document") or None
        )
        for row in rows
        if row["question"] and (row.get("expected") or row.get("document"))
    ]
    with refusing():
        new = desk.questions.add(actor, questions)
    click.echo(
        f"{new} added, {len(questions) - new} there already, {len(rows) - len(questions)} without an answer left out"
    )


@golden.command()
@click.pass_obj
def check(desk: KnowledgeDesk) -> None:
    """Ask the golden questions of the knowledge with each draft in it."""
    drafts = desk.questions.check()
    desk.check()
    click.echo(f"{drafts} drafts checked")
    desk.tell_what_got_worse(drafts=True)
