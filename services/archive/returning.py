"""Returning: a conversation from an archive goes back into the database, if it is not there any more."""

from uuid import UUID

from database.db import Database
from services.archive.errors import NotReturned
from services.archive.lines import read
from services.archive.restoring import Restored


def put_back(database: Database, restored: Restored) -> int:
    """Put a conversation's rows back where they were; returns how many. Raises NotReturned, ArchiveDamaged.

    Nothing that is there is written over. It goes again by the schedule, unless a legal hold keeps it.
    """
    lines = read(restored.lines)
    with database.unit_of_work() as uow:
        if uow.putting_back.is_there(restored.conversation_id):
            raise NotReturned(f"the conversation {restored.conversation_id} is still in the database")
        uow.users.hold([lines[0]["chat_id"]])  # whoever erases the customer waits, or has done so
        if not uow.putting_back.has_customer(UUID(lines[0]["user_id"])):
            raise NotReturned(f"the customer of {restored.conversation_id} is not known to the bot any more")
        returned = uow.putting_back.put_back(lines)
        if returned < sum(line["type"] != "event" for line in lines):  # SQLite gives numbers away again
            raise NotReturned(f"other rows have the numbers of rows of {restored.conversation_id} by now")
        return returned
