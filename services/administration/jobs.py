"""The job of the administrators' panel: a section, what is done in it, and to what."""

from typing import Literal

from services.job import Frozen


class Administer(Frozen):
    """An administrator pressed `admin:<section>:<act>[:<argument>…]`, or typed `/admin <section> [<words>]`.

    `message_id` is the messenger's number of the screen that the button stood under: the next one takes its place.
    """

    kind: Literal["administer"] = "administer"
    section: str
    act: str = "open"
    arguments: tuple[str, ...] = ()
    message_id: int | None = None
