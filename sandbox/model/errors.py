"""Errors in the shape of OpenAI's API: `{"error": {"message", "type", "param", "code"}}`."""

from http import HTTPStatus

from pydantic import ValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

_TYPES = {
    HTTPStatus.UNAUTHORIZED: ("invalid_request_error", "invalid_api_key"),
    HTTPStatus.NOT_FOUND: ("invalid_request_error", "not_found"),
    HTTPStatus.TOO_MANY_REQUESTS: ("rate_limit_error", "rate_limit_exceeded"),
}


class ApiError(HTTPException):
    """A request that ends with an error: HTTP status, sentence and, where one is to blame, the parameter."""

    def __init__(self, status: int, message: str, param: str | None = None) -> None:
        super().__init__(status, message)
        self.param = param

    @classmethod
    def of_body(cls, error: ValidationError) -> "ApiError":
        """Name the first thing that is wrong with a body."""
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        param = ".".join(map(str, first["loc"])) or None
        return cls(HTTPStatus.BAD_REQUEST, f"Invalid request: {param or 'body'}: {first['msg']}", param)


async def as_json(_request: Request, error: Exception) -> Response:
    """Answer an HTTPException, our own or the router's."""
    if not isinstance(error, HTTPException):
        raise TypeError("only HTTPException is answered here") from error
    fault = "server_error" if error.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR else "invalid_request_error"
    kind, code = _TYPES.get(HTTPStatus(error.status_code), (fault, None))
    body = {"message": error.detail, "type": kind, "param": getattr(error, "param", None), "code": code}
    return JSONResponse({"error": body}, error.status_code, headers=error.headers)
