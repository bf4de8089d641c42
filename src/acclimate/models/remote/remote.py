"""Remote: a language model behind an OpenAI-compatible endpoint, as a value."""

from __future__ import annotations

import hashlib
import importlib.util
import json
import typing
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Self
from urllib.parse import parse_qsl

from acclimate.errors import MissingExtraError, ModelError, near_miss
from acclimate.models.prompts import Form
from acclimate.models.remote import endpoint, redaction

if TYPE_CHECKING:
    from acclimate.models.remote.opened import RemoteWriter

SCHEME = "openai:"


@dataclass(frozen=True, kw_only=True)
class Remote:
    """Any chat model that a server offers by OpenAI's protocol: hosted, or vLLM, Ollama, llama.cpp.

    The key is read from the environment when a request is made and written nowhere. Every answer
    is kept as it comes, by model, settings, prompt and input; what is kept is never asked again.

    Args:
        model: its name at the endpoint.
        url: of the endpoint, such as http://127.0.0.1:8000/v1.
        temperature: of drawing; None: as each prompt says.
        max_tokens: length of an answer at most.
        key: name of the environment variable that holds the key.
        at_once: requests at once at most; fewer when the server is busy.
        timeout_seconds: until a request is given up and made again.
        tries: requests of a record at most, before the reason is recorded.
        price_in: money per million tokens read.
        price_out: money per million tokens written.
        redact: sees every text before it is sent: "personal", module:function, file.py:function.
        form: what an answer must look like; a part sets it.
    """

    model: str
    url: str
    temperature: float | None = None
    max_tokens: int = 256
    key: str = "OPENAI_API_KEY"
    at_once: int = 64
    timeout_seconds: float = 60.0
    tries: int = 8
    price_in: float = 0.0
    price_out: float = 0.0
    redact: str | None = None
    form: Form = Form()  # noqa: RUF009 - frozen

    def __post_init__(self) -> None:
        """Refuse an address that is none, and settings that ask nothing."""
        object.__setattr__(self, "url", endpoint.checked(self.url))
        if not self.model:
            raise ModelError(f"{SCHEME}{self.url}# lacks the model's name behind the #.")
        if min(self.max_tokens, self.at_once, self.tries) < 1 or self.timeout_seconds <= 0:
            raise ModelError(
                f"{self.model}: max_tokens, at_once, tries and timeout_seconds must be above 0."
            )
        if min(self.price_in, self.price_out, self.temperature or 0) < 0:
            raise ModelError(f"{self.model}: prices and temperature must be 0 or more.")

    @classmethod
    def parse(cls, text: str) -> Self:
        """A model as on the command line: `openai:http://host/v1#MODEL?temperature=0&at_once=8`.

        Raises:
            ModelError: when it names no address or model, or a setting that there is not.
        """
        url, _, rest = text.removeprefix(SCHEME).partition("#")
        model, _, settings = rest.partition("?")
        hints = typing.get_type_hints(cls)
        known = [name for name in hints if name not in {"model", "url", "form"}]
        given: dict[str, typing.Any] = {}
        for name, value in parse_qsl(settings, keep_blank_values=True):
            if name not in known:
                raise ModelError(f"{SCHEME}… has no setting {name!r}.{near_miss(name, known)}")
            kind = next(k for k in (int, float, str) if k in (hints[name], *_options(hints[name])))
            try:
                given[name] = kind(value)
            except ValueError:
                raise ModelError(f"{name}={value!r} must be a number.") from None
        return cls(model=model, url=url, **given)

    def answering(self, form: Form) -> Self:
        """The same model, asked for answers of a form."""
        return replace(self, form=form)

    def fingerprint(self) -> str:
        """Hash of all that changes what is sent: address, name, settings, form, redaction.

        Weights behind an endpoint cannot be seen: a server that changes them under the same name
        is not noticed.

        Raises:
            MissingExtraError: when the client is not installed.
            ModelError: when the address is another machine and this process is offline.
        """
        if importlib.util.find_spec("openai") is None:
            raise MissingExtraError("openai", "llm")
        endpoint.check_egress(self.url)
        told = [
            "remote", self.url, self.model, self.temperature, self.max_tokens,
            redaction.fingerprint(self.redact), self.form.fingerprint(),
        ]  # fmt: skip
        return hashlib.sha256(json.dumps(told).encode()).hexdigest()

    @property
    def licence(self) -> str:
        """Under which its texts may be used."""
        return "as its provider says; look it up before you pass a model on that it taught"

    def cost(self, tokens_in: float, tokens_out: float) -> float:
        """Money for so many tokens."""
        return (tokens_in * self.price_in + tokens_out * self.price_out) / 1e6

    def open(self, device: str) -> RemoteWriter:
        """Make ready to ask; nothing is sent yet."""
        from acclimate.models.remote.opened import RemoteWriter

        del device
        self.fingerprint()
        return RemoteWriter(self)


def _options(hint: object) -> tuple[object, ...]:
    return typing.get_args(hint)
