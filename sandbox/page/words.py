"""Every word that the page itself says; the page is a developer's tool and speaks English."""

TITLE = "Sandbox"
SUBTITLE = "local Telegram"
FAULTS = "Faults"
FAULTS_CUSTOM = "custom"
JOURNAL = "Journal"
ADD_PERSON = "Add a person"
START_AFRESH = "Start afresh"
START_AFRESH_QUESTION = "Forget all chats, files and faults?"
CONFIRM = "OK"
CANCEL = "Cancel"
SAVE = "Save"
PEOPLE = "People"

CUSTOMER = "Customer"
MODERATOR = "Moderator"
ADMINISTRATOR = "Administrator"
PERSON = "Person"

PERSON_MENU = "What to do with this person"
EDIT_PERSON = "Edit person"
BLOCK_BOT = "Block the bot"
UNBLOCK_BOT = "Unblock the bot"
BLOCKED = "This person has blocked the bot"
CLOSE_PANE = "Close this pane"
PERSON_ID = "Telegram id"
FIRST_NAME = "First name"
LAST_NAME = "Last name"
USERNAME = "Username"
LANGUAGE_CODE = "Language code"
PHONE_NUMBER = "Phone number"
ID_IS_A_NUMBER = "A Telegram id is a whole number above zero."
NOT_TAKEN = "Not taken: {reason}"

CHAT = "Chat with {bot}"
EMPTY = "No messages yet"
EMPTY_HINT = "Press START or write something to {bot}."
START = "START"
WRITE = "Message"
SEND = "Send"
MENU = "Menu"
ATTACH = "Attach"
SHOW_KEYBOARD = "Show or hide the keyboard"
TO_NEWEST = "To the newest message"
PINNED = "Pinned message"
DISMISS = "Dismiss"

PHOTO = "Photo"
VIDEO = "Video"
VOICE = "Voice message"
DOCUMENT = "Document"
STICKER = "Sticker"
POLL = "Poll"
LOCATION = "Location"
OWN_CONTACT = "Own contact"
OTHER_CONTACT = "Somebody else's contact"
CONTACT = "Contact"
SHARE = "Share"
NOT_A_PICTURE = "This is not a picture; send it as a document."
POLL_QUESTION = "Is this a poll?"
POLL_OPTIONS = ("Yes", "No")

EDITING = "Editing"
REPLYING = "Reply"
EDIT = "Edit"
REPLY = "Reply"
EDITED = "edited"
DELETED = "message deleted"
PROTECTED = "Protected from forwarding and copying"
TOO_FAR_BACK = "an earlier message"
ONLY_IN_TELEGRAM = "This button works only in Telegram itself."
COPIED = "Copied"

ACTIONS = {
    "typing": "typing",
    "upload_photo": "sending a photo",
    "upload_voice": "sending a voice message",
    "record_voice": "recording a voice message",
    "upload_document": "sending a file",
    "choose_sticker": "choosing a sticker",
    "find_location": "looking for a place",
}
ACTION = "busy"

NO_FAULTS = "Off"
LOST_ANSWERS = "Lose answers"
LOST_CALLS = "Lose calls"
TOO_MANY = "429 Too Many Requests"
BAD_GATEWAY = "502 Bad Gateway"
SLOW = "Slow"
FAULT_HINTS = {
    NO_FAULTS: "every call is served",
    LOST_ANSWERS: "1 call in 3 takes effect, its answer is cut off",
    LOST_CALLS: "1 call in 3 is cut off before it takes effect",
    TOO_MANY: "1 message in 2 is told to wait 3 s",
    BAD_GATEWAY: "1 message in 2 fails without effect",
    SLOW: "every call takes 2 s longer",
}
