"""What the commands of the knowledge share: who acts, checks made at once, and how versions are told."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from uuid import UUID

import click

from config import load_settings
from database.db import Database
from database.models import KnowledgeVersion, VersionState
from services.knowledge.checks import Checker
from services.knowledge.editing import Document, Editing, Opened
from services.knowledge.errors import KnowledgeError, LifecycleError, UncheckedError
from services.knowledge.golden import DEPTH
from services.knowledge.questions import Questions
from services.knowledge.remarks import remark_of


@contextmanager
def refusing(what: str = "") -> Iterator[None]:
    """Tell a person why something was refused."""
    try:
        yield
    except (KnowledgeError, LifecycleError) as error:
        raise click.ClickException(f"{what}: {error}" if what else str(error)) from None


class KnowledgeDesk:
    """The knowledge for a person at a terminal; checks are made here and now instead of by a worker."""

    def __init__(self, database: Database, default_language: str) -> None:
        self.database = database
        self.default = default_language
        self.editing = Editing(database, lambda: None, default_language)
        self.questions = Questions(database, lambda: None)

    def check(self) -> None:
        """Make every check that waits."""
        from services.wiring_index import build_index  # noqa: PLC0415 - heavy, other commands need none
        from services.wiring_worker import make_embedder  # noqa: PLC0415 - heavy, other commands need none

        build = partial(build_index, model=make_embedder(load_settings()))
        Checker(self.database, build, self.default).run()

    def checked(self, act: Callable[[], object]) -> None:
        """Do what needs the golden questions to be asked first, and ask them if need be; raises LifecycleError."""
        try:
            act()
        except UncheckedError:
            self.check()
            act()

    def find(self, document: str, language: str | None, number: int) -> UUID:
        """Return the key of a version; raises ClickException."""
        with refusing():
            return self.editing.find(document, language or self.language_of(document), number)

    def language_of(self, document: str) -> str:
        """Return the language that is meant where none is given: the document's only one, else the default one."""
        languages = [shown.language for shown in self.editing.documents() if shown.name == document]
        return languages[0] if len(languages) == 1 else self.default

    def tell_documents(self) -> None:
        """Print a line a version."""
        for document in self.editing.documents():
            click.echo(f"{document.name} ({document.language})")
            for version in document.versions:
                click.echo(f"  {version.number:3}  {_state(version, document)}{_dates(version)}  {_people(version)}")

    def tell(self, version_id: UUID, *, entries: bool = False) -> None:
        """Print what there is to know of a version."""
        opened = self.editing.open(version_id)
        version = opened.version
        click.echo(
            f"{version.document} ({version.language}) version {version.number}: {version.state}{_dates(version)}"
        )
        click.echo(f"{len(opened.entries)} entries, {_people(version)}")
        for warning in version.warnings:
            click.echo(f"warning: {remark_of(warning)}")
        _tell_golden(opened)
        for entry in opened.entries if entries else ():
            click.echo(f"\n{entry.question}\n  {entry.answer}")

    def tell_difference(self, version_id: UUID, against: UUID | None) -> None:
        """Print what a version changes."""
        opened = self.editing.open(version_id, against)
        for entry in opened.comparison.removed:
            click.echo(f"- {entry.question}\n    {entry.answer}")
        for change in opened.comparison.changed:
            click.echo(f"~ {change.after.question}\n  - {change.before.answer}\n  + {change.after.answer}")
        for entry in opened.comparison.added:
            click.echo(f"+ {entry.question}\n    {entry.answer}")
        click.echo(f"{opened.comparison.same} entries are the same")

    def tell_what_got_worse(self, *, drafts: bool = False) -> None:
        """Print the golden questions that versions in force (or drafts) lose."""
        for document in self.editing.documents():
            for version in document.versions:
                wanted = version.state == VersionState.DRAFT if drafts else version.id == document.in_force
                if wanted and (opened := self.editing.open(version.id)).golden and opened.golden.lost:
                    click.echo(f"{version.document} ({version.language}) version {version.number}:")
                    _tell_golden(opened)

    def tell_what_will_lose(self, document: str, language: str) -> None:
        """Print the golden questions that the version in force answers better than what would be there without it."""
        for shown in self.editing.documents():
            if (shown.name, shown.language) == (document, language) and shown.in_force:
                golden = self.editing.open(shown.in_force).golden
                for place in golden.gained if golden else ():
                    click.echo(f"warning: it answered better: {place.question}", err=True)


def _tell_golden(opened: Opened) -> None:
    golden = opened.golden
    if golden is None or not golden.places:
        click.echo("golden questions: " + (f"the check is {opened.check}" if golden is None else "none touch it"))
        return
    scores = (f"{golden.before(depth)} → {golden.after(depth)} among the first {depth}" for depth in (1, DEPTH))
    click.echo(f"golden questions: {len(golden.places)} asked; {'; '.join(scores)}")
    for place in golden.lost:
        click.echo(f"  worse: {place.question} (place {place.before} → {place.after or 'none'})")
    if golden.worse:
        click.echo("  it does worse: it may not be published")


def _state(version: KnowledgeVersion, document: Document) -> str:
    return "in force" if version.id == document.in_force else version.state


def _dates(version: KnowledgeVersion) -> str:
    if version.effective_from is None:
        return ""
    end = f" until {version.effective_to:%Y-%m-%d %H:%M}" if version.effective_to else ""
    return f" from {version.effective_from:%Y-%m-%d %H:%M}{end}"


def _people(version: KnowledgeVersion) -> str:
    uploaded = "the operator's file" if version.uploaded_by is None else f"uploaded by {version.uploaded_by}"
    return uploaded + (f", decided by {version.decided_by}" if version.decided_by else "")
