"""The methods that the sandbox offers, in one table: a name, and the function that takes the typed call."""

from collections.abc import Callable
from typing import Any

from sandbox.telegram.methods import albums, chats, edits, media, messages, places, profile, receiving

Handler = Callable[[Any, Any], Any]
"""Takes the bot server and the typed call; returns the result in wire form, or an awaitable of it."""

HANDLERS: dict[str, Handler] = {
    "answerCallbackQuery": chats.answer_callback_query,
    "copyMessage": messages.copy_message,
    "deleteMessage": edits.delete_message,
    "deleteMessages": edits.delete_messages,
    "deleteMyCommands": profile.delete_my_commands,
    "deleteWebhook": receiving.delete_webhook,
    "editMessageCaption": edits.edit_message_caption,
    "editMessageMedia": edits.edit_message_media,
    "editMessageReplyMarkup": edits.edit_message_reply_markup,
    "editMessageText": edits.edit_message_text,
    "forwardMessage": messages.forward_message,
    "getChat": chats.get_chat,
    "getFile": media.get_file,
    "getMe": profile.get_me,
    "getMyCommands": profile.get_my_commands,
    "getMyDescription": profile.get_my_description,
    "getMyShortDescription": profile.get_my_short_description,
    "getUpdates": receiving.get_updates,
    "getWebhookInfo": receiving.get_webhook_info,
    "pinChatMessage": chats.pin_chat_message,
    "sendAnimation": media.send_animation,
    "sendAudio": media.send_audio,
    "sendChatAction": chats.send_chat_action,
    "sendContact": places.send_contact,
    "sendDocument": media.send_document,
    "sendLocation": places.send_location,
    "sendMediaGroup": albums.send_media_group,
    "sendMessage": messages.send_message,
    "sendMessageDraft": messages.send_message_draft,
    "sendPhoto": media.send_photo,
    "sendSticker": media.send_sticker,
    "sendVenue": places.send_venue,
    "sendVideo": media.send_video,
    "sendVideoNote": media.send_video_note,
    "sendVoice": media.send_voice,
    "setMyCommands": profile.set_my_commands,
    "setMyDescription": profile.set_my_description,
    "setMyShortDescription": profile.set_my_short_description,
    "setWebhook": receiving.set_webhook,
    "unpinChatMessage": chats.unpin_chat_message,
}
