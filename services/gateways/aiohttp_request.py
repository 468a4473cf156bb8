"""PTB's requests over aiohttp: several times as many sends a core as over httpx (contract.md, "What counts")."""

from typing import Any

import aiohttp
from telegram._utils.defaultvalue import DefaultValue
from telegram._utils.types import ODVInput
from telegram.error import NetworkError, TimedOut
from telegram.request import BaseRequest, RequestData

_KEEP_ALIVE = 15.0  # seconds; shorter than what servers keep, so that no request meets a closing connection


class AiohttpRequest(BaseRequest):
    """One pool of connections, made on the loop that initialises it; time-outs in seconds."""

    def __init__(self, connections: int, connect_timeout: float, read_timeout: float) -> None:
        self._connections = connections
        self._connect_timeout = connect_timeout
        self._read_timeout = read_timeout
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float:
        """How long an answer may take."""
        return self._read_timeout

    async def initialize(self) -> None:
        """Make the pool."""
        if self._session is None:
            connector = aiohttp.TCPConnector(limit=self._connections, keepalive_timeout=_KEEP_ALIVE)
            headers = {"User-Agent": self.USER_AGENT}
            self._session = aiohttp.ClientSession(connector=connector, headers=headers, trust_env=True)

    async def shutdown(self) -> None:
        """Close the pool."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def do_request(  # noqa: PLR0913, PLR0917 - the signature is PTB's
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
        write_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
        connect_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
        pool_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """Make a request; raises PTB's TimedOut and NetworkError with aiohttp's error as their cause."""
        del write_timeout, pool_timeout  # aiohttp has one bound from the connection to the answer
        if self._session is None:
            raise RuntimeError("the request is not initialised")
        timeout = aiohttp.ClientTimeout(
            sock_connect=_given(connect_timeout, self._connect_timeout),
            sock_read=_given(read_timeout, self._read_timeout),
        )
        try:
            async with self._session.request(method, url, data=_form(request_data), timeout=timeout) as response:
                return response.status, await response.read()
        except TimeoutError as error:
            raise TimedOut from error
        except aiohttp.ClientError as error:
            raise NetworkError(type(error).__name__) from error


def _given(value: ODVInput[float], default: float) -> float | None:
    return default if isinstance(value, DefaultValue) else value


def _form(request_data: RequestData | None) -> Any:
    if request_data is None:
        return None
    if not (files := request_data.multipart_data):
        return request_data.json_parameters
    # Names as they are, in UTF-8: Telegram would show percent signs to whoever gets the file.
    form = aiohttp.FormData(request_data.json_parameters, quote_fields=False)
    for name, (filename, content, mime_type) in files.items():
        form.add_field(name, content, filename=filename, content_type=mime_type)
    return form
