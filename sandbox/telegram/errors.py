"""The errors a Bot API call may end with, in the shape and wording that Telegram gives them.

ApiError
├── BadRequestError (400)        ├── ConflictError (409)
├── UnauthorizedError (401)      ├── TooManyRequestsError (429)
├── ForbiddenError (403)         └── NotBuiltError (501)
├── NotFoundError (404)
"""


class ApiError(Exception):
    """An answer `{"ok": false, "error_code": code, "description": …}` to a Bot API call."""

    code = 500
    prefix = ""

    def __init__(self, description: str, parameters: dict[str, int] | None = None) -> None:
        self.description = f"{self.prefix}{description}"
        self.parameters = parameters
        super().__init__(self.description)

    def payload(self) -> dict[str, object]:
        """Return the JSON body that Telegram would send."""
        body: dict[str, object] = {"ok": False, "error_code": self.code, "description": self.description}
        if self.parameters is not None:
            body["parameters"] = self.parameters
        return body


class BadRequestError(ApiError):
    """The parameters or the state of the chat do not allow the call."""

    code = 400
    prefix = "Bad Request: "


class UnauthorizedError(ApiError):
    """The token is well-formed but is not this bot's."""

    code = 401

    def __init__(self) -> None:
        super().__init__("Unauthorized")


class ForbiddenError(ApiError):
    """The person does not let the bot write."""

    code = 403
    prefix = "Forbidden: "


class NotFoundError(ApiError):
    """There is no such method, or the token is not a token at all."""

    code = 404

    def __init__(self, description: str = "Not Found") -> None:
        super().__init__(description)


class ConflictError(ApiError):
    """Two ways of receiving updates exclude each other."""

    code = 409
    prefix = "Conflict: "


class TooManyRequestsError(ApiError):
    """The bot or the chat is over its limit; `retry_after` is in whole seconds."""

    code = 429

    def __init__(self, retry_after: int) -> None:
        super().__init__(f"Too Many Requests: retry after {retry_after}", {"retry_after": retry_after})


class NotBuiltError(ApiError):
    """Telegram has this method and the sandbox does not."""

    code = 501

    def __init__(self, method: str) -> None:
        super().__init__(f"Not Implemented: the sandbox does not offer {method}")
