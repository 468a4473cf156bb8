"""What customers think: ratings of chats by member of the staff, thumbs under answers of the AI."""

import json

import click

from database.db import Database
from database.models import AuditAct
from database.queries.rating import Score

_SCORES = range(1, 6)


@click.command()
@click.option("--days", type=click.FloatRange(min=0.01), default=30.0, show_default=True, help="How far to look back.")
@click.option("--comments", type=click.IntRange(0, 1000), default=0, help="How many of the last comments to show, too.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@click.pass_obj
def ratings(database: Database, days: float, comments: int, *, as_json: bool) -> None:
    """Show how chats and answers were rated. Comments are customers' words: that they were read is recorded."""
    with database.unit_of_work() as uow:
        scores, thumbs = uow.ratings.scores(days), uow.ratings.thumbs(days)
        said = uow.ratings.comments(days, comments) if comments else []
        if comments:
            uow.audit.record(AuditAct.COMMENTS_READ, actor=None, number=len(said))
    words = [
        {"at": f"{word.rated_at:%Y-%m-%d %H:%M}", "operator": word.staff_id, "score": word.score, "text": word.text}
        for word in said
    ]
    if as_json:
        shown = {"operators": [_row(score) for score in scores], "ai": _ai(*thumbs), "comments": words}
        click.echo(json.dumps(shown, ensure_ascii=False))
        return
    for score in scores:
        given = "  ".join(f"{step}: {score.given.get(step, 0)}" for step in _SCORES)
        click.echo(f"{score.staff_id:>14}  {score.mean:.2f} of {score.number}   {given}")
    up, down = thumbs
    click.echo(f"{'AI':>14}  👍 {up}  👎 {down}" + (f"   {up / (up + down):.0%} helped" if up + down else ""))
    for word in words:
        click.echo(f"{word['at']}  {word['operator']}  {word['score']}  {word['text']}")


def _row(score: Score) -> dict[str, object]:
    given = {str(step): score.given.get(step, 0) for step in _SCORES}
    return {"operator": score.staff_id, "number": score.number, "mean": round(score.mean, 3), "given": given}


def _ai(up: int, down: int) -> dict[str, object]:
    return {"up": up, "down": down, "share": round(up / (up + down), 3) if up + down else None}
