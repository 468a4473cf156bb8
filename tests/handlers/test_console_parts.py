"""Small parts of the console's pages, where no browser is needed to see what they do."""

from typing import cast

from nicegui import ui

from handlers.console.parts import close


class Dialog:
    """A dialog; one whose page was left has been taken off it already, and cannot be again."""

    def __init__(self, *, is_deleted: bool) -> None:
        self.is_deleted = is_deleted

    def delete(self) -> None:
        if self.is_deleted:
            raise ValueError
        self.is_deleted = True


def test_an_answered_dialog_goes_and_one_whose_page_was_left_is_gone() -> None:
    for dialog in (Dialog(is_deleted=False), Dialog(is_deleted=True)):
        close(cast("ui.dialog", dialog))
        assert dialog.is_deleted
