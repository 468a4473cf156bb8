"""The baseline: a bot that does everything in its PTB handler, with the same retrieval and the same model server."""

import os
from pathlib import Path
from typing import Any

from openai import AsyncOpenAI
from telegram import Update
from telegram.ext import ApplicationBuilder, MessageHandler, filters

from contexts.asked import Asked
from contexts.context_manager import messages_for
from contexts.prompt import REPLY_TOOL, PromptPassage
from services.knowledge.parse import parse
from services.knowledge.passages import chunks_of
from services.wiring_index import build_index


def main() -> None:
    """Poll and answer until killed."""
    index = build_index(chunks_of(parse(Path("context.txt").read_bytes()).entries, "ru"), "ru")
    model = AsyncOpenAI(api_key=os.environ["OPENAI_API_KEY"], base_url=os.environ["OPENAI_BASE_URL"])

    async def answer(update: Update, _context: Any) -> None:
        assert update.message is not None  # noqa: S101 - the filter lets only messages through
        question = update.message.text or ""
        await update.message.chat.send_action("typing")
        found = index.search(question)
        passages = [PromptPassage(n, p.chunk.title, p.chunk.text) for n, p in enumerate(found.passages, start=1)]
        messages: Any = messages_for(Asked(question, "ru"), passages)
        tool: Any = REPLY_TOOL
        completion = await model.chat.completions.create(
            model="baseline", messages=messages, tools=[tool], tool_choice="required"
        )
        calls: Any = completion.choices[0].message.tool_calls
        await update.message.reply_text(calls[0].function.arguments[:500])

    server = os.environ["TELEGRAM_API_URL"]
    builder = ApplicationBuilder().token(os.environ["BOT_TOKEN"]).base_url(f"{server}/bot").concurrent_updates(256)
    application = builder.connection_pool_size(256).pool_timeout(30).build()
    application.add_handler(MessageHandler(filters.TEXT, answer))
    application.run_polling()


if __name__ == "__main__":
    main()
