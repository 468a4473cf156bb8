"""A person's phone: acts of that person, with a refusal shown instead of raised."""

from collections.abc import Callable

import orjson
from pydantic import ValidationError

from sandbox.page import words
from sandbox.page.people import introduce
from sandbox.telegram.acts import ActError, Actor, Done, describe
from sandbox.telegram.chat import Chat
from sandbox.telegram.people import Person, PersonDetails
from sandbox.telegram.world import World


class Phone:
    """One person's hands; `complain` shows a sentence to the one who looks at the page."""

    def __init__(self, world: World, person_id: int, complain: Callable[[str], None]) -> None:
        self.world = world
        self.person_id = person_id
        self.complain = complain

    @property
    def person(self) -> Person:
        """Whose phone it is."""
        return introduce(self.world, self.person_id)

    @property
    def chat(self) -> Chat:
        """The talk with the bot."""
        return self.world.chat(self.person.id)

    @property
    def bot_name(self) -> str:
        """The bot's name, as the person reads it."""
        return str(self.world.bot["first_name"])

    def do(self, act: Callable[[Actor], Done]) -> Done | None:
        """Let the person do something; None when it was refused."""
        try:
            return act(Actor(self.world, self.person_id))
        except ActError as error:
            self.complain(str(error))
            return None

    def describe(self, **details: str | bool) -> None:
        """Say who the person is; what is empty stays as it was."""
        given = {name: value for name, value in details.items() if value != ""}
        try:
            describe(self.world, self.person_id, PersonDetails.model_validate(given))
        except ValidationError as error:
            first = error.errors()[0]
            self.complain(words.NOT_TAKEN.format(reason=f"{first['loc'][0]}: {first['msg']}"))

    def press(self, message_id: int, data: str) -> str | None:
        """Press an inline button; return the id of the query that the bot is to answer, if it wants any."""
        done = self.do(lambda actor: actor.press(message_id, data))
        if done is None or done.update_id is None:
            return None
        update = orjson.loads(self.world.updates.pending[done.update_id].body)
        return str(update["callback_query"]["id"])
