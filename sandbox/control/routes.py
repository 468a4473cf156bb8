"""The routes of the control API: what people do and see, faults, limits and the journal."""

import time
from typing import Annotated, Any

from fastapi import APIRouter, Depends, FastAPI, HTTPException, Path, Query, Request, Response
from fastapi.responses import JSONResponse

from sandbox.control.bodies import Act, Group
from sandbox.faults import FaultPlan, Faults
from sandbox.telegram.acts import ActError, Actor, Done, NoSuchMessageError, describe
from sandbox.telegram.chat import Chat
from sandbox.telegram.files import SentFile
from sandbox.telegram.limits import Limits
from sandbox.telegram.people import PersonDetails
from sandbox.telegram.view import chat_view
from sandbox.telegram.world import World

_LONGEST_WAIT = 60
_LARGEST_ID = 2**52

router = APIRouter(prefix="/control", tags=["control"])


def _world(request: Request) -> World:
    world = request.app.state.world
    if not isinstance(world, World):
        raise TypeError("the application has no world")
    return world


Here = Annotated[World, Depends(_world)]
PersonId = Annotated[int, Path(gt=0, le=_LARGEST_ID)]
GroupId = Annotated[int, Path(lt=0, ge=-_LARGEST_ID)]
After = Annotated[int, Query(ge=0)]
Wait = Annotated[float, Query(ge=0, le=_LONGEST_WAIT)]


@router.post("/users/{person_id}/send")
async def send(world: Here, person_id: PersonId, act: Act) -> dict[str, int | None]:
    """Let a person do something; return the update and the message that came of it."""
    details = act.details()
    if details.model_fields_set:
        describe(world, person_id, details)
    return _perform(Actor(world, person_id, act.chat_id), act)._asdict()


def _perform(actor: Actor, act: Act) -> Done:  # noqa: PLR0911 - one return for each kind of act
    if act.start is not None:
        return actor.start(act.start)
    if act.contact is not None:
        card = None if act.contact == "self" else act.contact.model_dump(exclude_none=True)
        return actor.share_contact(card, act.reply_to)
    if act.button is not None:
        return actor.press(act.button.message_id, act.button.data)
    if files := act.album or (act.file and [act.file]):
        sent = [SentFile(file.kind, file.name, file.content, file.caption, act.html) for file in files]
        return actor.send_files(sent, act.reply_to)
    if act.edit is not None:
        return actor.edit(act.edit.message_id, act.edit.text, html=act.html)
    if act.sticker is not None:
        return actor.send_sticker(act.sticker, act.reply_to)
    if act.dice is not None:
        return actor.throw(act.dice)
    if act.poll is not None:
        return actor.send_poll(act.poll.question, act.poll.options)
    if act.location is not None:
        return actor.send_location(act.location.latitude, act.location.longitude, act.reply_to)
    return actor.say(act.text or "", act.reply_to, html=act.html)


@router.get("/users/{person_id}/chat")
async def read_chat(
    world: Here,
    person_id: PersonId,
    after: After = 0,
    wait: Wait = 0,
    *,
    any_change: Annotated[bool, Query(alias="any")] = False,
) -> dict[str, Any]:
    """Return what changed in a person's chat; wait for a message after `after`, with `any` for anything."""
    chat = world.chat(person_id)
    await _wait(world, chat, after, wait, for_any=any_change)
    return chat_view(world, chat, after)


async def _wait(world: World, chat: Chat, after: int, seconds: float, *, for_any: bool) -> None:
    deadline = time.monotonic() + seconds
    while (chat.seq if for_any else chat.message_seq) <= after:
        if not await chat.changed.wait(deadline - time.monotonic()) or world.closing:
            return


@router.put("/users/{person_id}")
async def put_person(world: Here, person_id: PersonId, details: PersonDetails) -> dict[str, Any]:
    """Say who a person is, or that the person blocks the bot."""
    update_id = describe(world, person_id, details)
    person = world.person(person_id)
    known = {"phone_number": person.phone_number, "blocked": person.blocked}
    return {**person.user(), **known, "update_id": update_id}


@router.put("/chats/{chat_id}")
async def put_group(world: Here, chat_id: GroupId, group: Group) -> dict[str, Any]:
    """Make a group that the bot is a member of."""
    return world.group(chat_id, group.title).wire()


@router.get("/chats/{chat_id}")
async def read_group(world: Here, chat_id: GroupId, after: After = 0, wait: Wait = 0) -> dict[str, Any]:
    """Return what changed in a group, as `read_chat` does for a person."""
    chat = world.chats.get(chat_id)
    if chat is None:
        raise HTTPException(404, f"there is no chat {chat_id}")
    await _wait(world, chat, after, wait, for_any=False)
    return chat_view(world, chat, after)


@router.get("/files/{file_id}")
async def read_file(world: Here, file_id: str) -> Response:
    """Return a file as a person's client would show it."""
    file = world.files.by_id.get(file_id)
    if file is None:
        raise HTTPException(404, "there is no such file")
    return Response(file.content, media_type=file.mime_type)


@router.put("/faults")
async def put_faults(world: Here, plan: FaultPlan) -> FaultPlan:
    """Replace the fault rules."""
    world.faults = Faults(plan)
    return plan


@router.put("/limits")
async def put_limits(world: Here, limits: Limits) -> Limits:
    """Replace the flood limits; what is left out takes Telegram's value."""
    world.set_limits(limits)
    return limits


@router.get("/journal")
async def read_journal(
    world: Here, after: After = 0, limit: Annotated[int | None, Query(ge=1)] = None
) -> dict[str, list[dict[str, Any]]]:
    """Return calls and updates with a number above `after`."""
    return {"entries": world.journal.after(after, limit)}


@router.delete("")
async def start_afresh(world: Here) -> dict[str, bool]:
    """Forget all but the counters, the webhook and what the bot said of itself."""
    world.reset()
    return {"ok": True}


async def _refused(_request: Request, error: Exception) -> Response:
    status = 404 if isinstance(error, NoSuchMessageError) else 422
    return JSONResponse({"detail": str(error)}, status)


def include_control(app: FastAPI, world: World) -> None:
    """Give an application the control API of a world."""
    app.state.world = world
    app.include_router(router)
    app.add_exception_handler(ActError, _refused)
