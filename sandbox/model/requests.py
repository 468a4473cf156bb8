"""Bodies that the two POST endpoints take, as far as they change the answer; other fields are ignored."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

Name = Annotated[str, StringConstraints(pattern=r"^[a-zA-Z0-9_-]{1,64}$")]
Text = Annotated[str, StringConstraints(min_length=1)]


class _Body(BaseModel):
    """A body whose numbers and words are not turned into one another."""

    model_config = ConfigDict(strict=True)


class Part(_Body):
    """One part of a message; only text parts are read."""

    type: str
    text: str = ""


class Message(_Body):
    """One message of a chat."""

    role: Literal["system", "developer", "user", "assistant", "tool", "function"]
    content: str | list[Part] | None = None

    def plain(self) -> str:
        """Return the message's text."""
        if isinstance(self.content, list):
            return "\n".join(part.text for part in self.content if part.type == "text")
        return self.content or ""


class Function(_Body):
    """A function that the model may call; `parameters` is its JSON schema."""

    name: Name
    parameters: dict[str, Any] = Field(default_factory=dict)


class Tool(_Body):
    """A tool; functions are the only kind."""

    type: Literal["function"]
    function: Function


class ChosenFunction(_Body):
    """The name of the function that must be called."""

    name: Name


class Choice(_Body):
    """A tool choice by name."""

    type: Literal["function"]
    function: ChosenFunction


class JsonSchema(_Body):
    """The shape that a structured answer must have."""

    name: Name
    shape: dict[str, Any] = Field(default_factory=dict, alias="schema")


class ResponseFormat(_Body):
    """What kind of text is wanted."""

    type: Literal["text", "json_object", "json_schema"]
    json_schema: JsonSchema | None = None

    @model_validator(mode="after")
    def _shape_is_there(self) -> "ResponseFormat":
        if self.type == "json_schema" and self.json_schema is None:
            raise ValueError("json_schema is missing")
        return self


class StreamOptions(_Body):
    """Extras of a stream."""

    include_usage: bool = False


class ChatRequest(_Body):
    """`POST /v1/chat/completions`; any model name is accepted, one choice is given."""

    model: Text
    messages: list[Message] = Field(min_length=1)
    tools: list[Tool] = Field(default_factory=list)
    tool_choice: Literal["none", "auto", "required"] | Choice = "auto"
    response_format: ResponseFormat | None = None
    stream: bool | None = False
    stream_options: StreamOptions | None = None
    n: Literal[1] | None = 1

    @model_validator(mode="after")
    def _choice_is_offered(self) -> "ChatRequest":
        names = {tool.function.name for tool in self.tools}
        if isinstance(self.tool_choice, Choice) and self.tool_choice.function.name not in names:
            raise ValueError(f"tool_choice names a tool that is not offered: {self.tool_choice.function.name}")
        if self.tool_choice == "required" and not names:
            raise ValueError("tool_choice is only allowed when tools are specified")
        if self.stream_options is not None and not self.stream:
            raise ValueError("stream_options is only allowed when stream is true")
        return self


class EmbeddingsRequest(_Body):
    """`POST /v1/embeddings`; texts only, not lists of tokens."""

    model: Text
    input: Text | Annotated[list[Text], Field(min_length=1, max_length=2048)]
    dimensions: int | None = Field(None, ge=1, le=4096)
    encoding_format: Literal["float", "base64"] | None = "float"

    def texts(self) -> list[str]:
        """Return the texts to embed, in order."""
        return [self.input] if isinstance(self.input, str) else self.input
