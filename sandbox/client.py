"""A small client of the sandbox: for tests, benchmarks and scripts that play a person."""

import time
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self

import httpx

_PAUSE = 0.05

Json = dict[str, Any]


class SandboxClient:
    """Speaks to the control API as people do, and to the Bot API as a bot does. Ends as a context manager."""

    def __init__(self, address: str, bot_token: str) -> None:
        self.address = address
        self.bot_token = bot_token
        self._http = httpx.Client(base_url=address, timeout=70, trust_env=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self._http.close()

    def wait_ready(self, seconds: float) -> None:
        """Wait until the sandbox takes calls; raise TimeoutError when it does not."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            try:
                self.call("getMe")
            except httpx.TransportError:
                time.sleep(_PAUSE)
            else:
                return
        raise TimeoutError(f"no sandbox at {self.address} within {seconds} s")

    def request(self, method: str, path: str, **options: Any) -> httpx.Response:
        """Make any request to the sandbox."""
        return self._http.request(method, path, **options)

    def call(self, method: str, **params: Any) -> Json:
        """Call a Bot API method with a JSON body; return Telegram's whole answer, refusals too."""
        answer: Json = self._http.post(f"/bot{self.bot_token}/{method}", json=params).json()
        return answer

    def result(self, method: str, **params: Any) -> Any:
        """Call a Bot API method and return its result; raise RuntimeError when it is refused."""
        answer = self.call(method, **params)
        if not answer["ok"]:
            raise RuntimeError(f"{method}: {answer['description']}")
        return answer["result"]

    def refusal(self, method: str, **params: Any) -> str:
        """Call a Bot API method that should be refused; return code and description, or fail with ValueError."""
        answer = self.call(method, **params)
        if answer["ok"]:
            raise ValueError(f"{method} was not refused: {answer['result']}")
        return f"{answer['error_code']} {answer['description']}"

    def write(self, person: int, text: str = "hi", **params: Any) -> int:
        """Let the bot send a text message; return its id."""
        return int(self.result("sendMessage", chat_id=person, text=text, **params)["message_id"])

    def _control(self, method: str, path: str, body: Json | None = None, **query: Any) -> Any:
        response = self._http.request(method, f"/control{path}", json=body, params=query)
        response.raise_for_status()
        return response.json()

    def send(self, person: int, **act: Any) -> Json:
        """Let a person do something: `text=…`, `contact="self"`, `button={…}` and so on."""
        done: Json = self._control("POST", f"/users/{person}/send", act)
        return done

    def describe(self, person: int, **details: Any) -> Json:
        """Say who a person is."""
        described: Json = self._control("PUT", f"/users/{person}", details)
        return described

    def chat(self, person: int, after: int = 0, wait: float = 0, *, for_any: bool = False) -> Json:
        """Return what changed in a person's chat after `after`, waiting up to `wait` seconds."""
        seen: Json = self._control("GET", f"/users/{person}/chat", after=after, wait=wait, any=for_any)
        return seen

    def last(self, person: int) -> Json:
        """Return what changed last in a person's chat; raise IndexError when nothing was said."""
        message: Json = self.chat(person)["messages"][-1]
        return message

    def wait_for(self, person: int, wanted: Callable[[Json], bool], after: int = 0, wait: float = 10) -> Json:
        """Return the first message after `after` that is wanted; raise TimeoutError when none comes."""
        deadline = time.monotonic() + wait
        while (remaining := deadline - time.monotonic()) > 0:
            messages: list[Json] = self.chat(person, after, remaining)["messages"]
            for message in messages:
                if wanted(message):
                    return message
                after = message["seq"]
        raise TimeoutError(f"person {person} did not see what was waited for within {wait} s")

    def faults(self, *rules: Json, seed: int | None = None) -> None:
        """Replace the fault rules."""
        self._control("PUT", "/faults", {"seed": seed, "rules": list(rules)})

    def limits(self, **limits: float) -> None:
        """Replace the flood limits."""
        self._control("PUT", "/limits", limits)

    def journal(self, after: int = 0) -> list[Json]:
        """Return the journal's lines with a number above `after`."""
        entries: list[Json] = self._control("GET", "/journal", after=after)["entries"]
        return entries

    def reset(self) -> None:
        """Start afresh."""
        self._control("DELETE", "")
