"""Ratings: one to five after a chat with a person, with words if wanted; a thumb under each answer of the AI."""

from datetime import timedelta

from database.models import Author, Conversation
from services.jobs import LONGEST
from services.metrics import RATINGS, THUMBS
from services.ports import Button, Outbound
from services.turn import Speaker, Turn
from services.waiting.jobs import GiveThumb, Rate, WantComment
from services.way_back import way_back

SCORES = range(1, 6)
_COMMENT_MINUTES = 10


def ask(speaker: Speaker, conversation: Conversation) -> None:
    """Ask a customer whose chat with a person has ended what it was worth, and tell the way back to it."""
    if conversation.taken_at is None or _barred(speaker, conversation):
        return
    words, language = speaker.tools.words, speaker.language_of(conversation.chat_id)
    html = words.text(language, "rating.ask")
    if link := way_back(speaker, conversation):
        html += "\n\n" + words.text(language, "link.way_back", link=link)
    stars = tuple(Button(label=f"{score} ⭐", data=f"rate:{score}:{conversation.id}") for score in SCORES)
    speaker.send(conversation.chat_id, Outbound(html=html, buttons=(stars,)), Author.SYSTEM, conversation)


def _barred(speaker: Speaker, conversation: Conversation) -> bool:
    customer = speaker.uow.users.get(conversation.chat_id)
    return customer is not None and customer.barred_at is not None


def rate(turn: Turn, job: Rate) -> None:
    """Keep a rating, or what somebody who changed their mind gives now; the same one again changes nothing."""
    conversation = _own(turn, job)
    if conversation is None or conversation.staff_id is None:
        turn.say("button.stale")
        return
    if not turn.uow.ratings.rate(conversation.id, conversation.staff_id, job.score):
        return
    RATINGS.labels(str(job.score)).inc()
    comment = turn.button("rating.comment", f"comment:{conversation.id}")
    turn.say("rating.thanks", buttons=((comment,),), score=job.score)


def want_comment(turn: Turn, job: WantComment) -> None:
    """Take the customer's next words as a comment on their rating, if they come within minutes."""
    if _own(turn, job) is None or turn.uow.ratings.of(job.conversation_id) is None:
        turn.say("button.stale")
        return
    turn.user.comments_on = job.conversation_id
    turn.user.comments_until = turn.uow.now() + timedelta(minutes=_COMMENT_MINUTES)
    turn.say("rating.write")


def comment(turn: Turn, text: str) -> bool:
    """Keep words as the comment that was announced; False when they are something else."""
    conversation_id, until = turn.user.comments_on, turn.user.comments_until
    turn.user.comments_on = turn.user.comments_until = None
    if conversation_id is None or until is None or turn.uow.now() > until:
        return False
    rating = turn.uow.ratings.of(conversation_id)
    if rating is None:
        return False
    turn.uow.ratings.comment(rating, text[:LONGEST])
    turn.say("rating.commented")
    return True


def give_thumb(turn: Turn, job: GiveThumb) -> None:
    """Keep whether an answer helped; whoever was not helped may call a person."""
    answer = turn.uow.ratings.answer(turn.user, job.message_id)
    if answer is None:
        turn.say("button.stale")
        return
    if not turn.uow.ratings.thumb(answer.id, up=job.up):
        return
    THUMBS.labels("up" if job.up else "down").inc()
    if job.up:
        turn.say("rating.thumb_up")
    else:
        turn.say("rating.thumb_down", buttons=((turn.button("answer.person", "person"),),))


def _own(turn: Turn, job: Rate | WantComment) -> Conversation | None:
    """Return a conversation with a person that was the sender's own."""
    conversation = turn.uow.conversations.lock(job.conversation_id)
    own = conversation and conversation.chat_id == turn.user.telegram_id and conversation.taken_at
    return conversation if own else None
