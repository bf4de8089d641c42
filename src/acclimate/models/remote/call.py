"""Call: one request, and what came of it in our words.

What a server does not know is left out from then on: schemas, log-probabilities, seeds.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Literal

from acclimate.models.prompts import Form
from acclimate.models.remote.endpoint import advice
from acclimate.models.remote.structured import Tops

LONGEST_WAIT = 120.0
"""Seconds a server may ask us to wait; longer counts as this."""
BUSY_WAIT = 1.0
"""Seconds to wait when it is busy and does not say how long."""
TOPS = 10
"""Likely tokens asked for in the place of each token."""

Kind = Literal["busy", "stalled", "failed", "option", "refused", "stop"]

_OPTIONS: Mapping[str, tuple[str, ...]] = {
    "response_format": ("response_format", "json_schema", "guided", "structured"),
    "logprobs": ("logprobs", "top_logprobs"),
    "seed": ("seed",),
    "stop": ("stop",),
    "temperature": ("temperature",),
    "max_tokens": ("max_tokens", "max_completion_tokens"),
}
"""What can be left out, and the words by which a server complains of it."""


class FaultError(Exception):
    """A request that brought no answer.

    Args:
        kind: "busy": too much at once; "stalled": no answer in time; "failed": broken on the way
            or in the server; "option": it does not know an option, which is left out now;
            "refused": this record will never be answered; "stop": none will.
        message: what happened, without any key.
        wait: seconds the server asks us to wait.
    """

    def __init__(self, kind: Kind, message: str, wait: float = 0.0) -> None:
        super().__init__(message)
        self.kind = kind
        self.wait = wait


@dataclass(frozen=True)
class Given:
    """What a server gave.

    Args:
        text: of the first choice.
        log_prob: mean over its tokens; None where unknown.
        tops: likely tokens in the place of each token.
        tokens_in: tokens read.
        tokens_out: tokens written.
        cut: whether the text was cut at the length allowed.
        choices: how many there were; one was asked for.
    """

    text: str
    log_prob: float | None
    tops: Tops
    tokens_in: int
    tokens_out: int
    cut: bool
    choices: int


class Caller:
    """Sends requests to one model.

    Args:
        client: an open `openai.AsyncOpenAI`.
        url: of the endpoint, for messages.
        model: its name there.
        form: what an answer must look like.
        settings: temperature, max_tokens.
        key: name of the environment variable that holds the key.
    """

    def __init__(
        self,
        client: Any,
        *,
        url: str,
        model: str,
        form: Form,
        settings: Mapping[str, Any],
        key: str,
    ) -> None:
        self.client = client
        self.url = url
        self.model = model
        self.form = form
        self.settings = dict(settings)
        self.key = key
        self.left_out: set[str] = set()

    async def ask(
        self, prompt: str, *, seed: int, repair: Sequence[Mapping[str, str]] = ()
    ) -> Given:
        """One request.

        Args:
            prompt: the question.
            seed: of drawing, where the server knows seeds.
            repair: messages after the question: a bad answer, and what was wrong with it.

        Raises:
            FaultError: when it brought no answer.
        """
        import openai

        body = self._body(prompt, seed, repair)
        try:
            given = await self.client.chat.completions.create(**body)
            return _given(given)
        except openai.APIStatusError as error:
            raise self._status(error, body) from error
        except openai.APITimeoutError as error:
            raise FaultError("stalled", "no answer in time") from error
        except openai.APIConnectionError as error:
            cause = type(error.__cause__ or error).__name__
            raise FaultError("failed", f"the connection broke ({cause})") from error
        except (openai.OpenAIError, ValueError, TypeError, AttributeError) as error:
            what = type(error).__name__
            raise FaultError("failed", f"the reply is not whole ({what})") from error

    def _body(self, prompt: str, seed: int, repair: Sequence[Mapping[str, str]]) -> dict[str, Any]:
        messages = [{"role": "user", "content": prompt}, *repair]
        if self.form.system:
            messages.insert(0, {"role": "system", "content": self.form.system})
        wanted: dict[str, Any] = {**self.settings, "seed": seed % 2**31, "logprobs": True}
        if self.form.stop:
            wanted["stop"] = list(self.form.stop)
        if self.form.schema is not None:
            wanted["response_format"] = {
                "type": "json_schema",
                "json_schema": {
                    "name": self.form.name, "strict": True, "schema": self.form.properties
                },
            }  # fmt: skip
        kept = {k: v for k, v in wanted.items() if k not in self.left_out}
        if self.form.rated is not None and "logprobs" in kept:
            kept["top_logprobs"] = TOPS
        return {"model": self.model, "messages": messages, **kept}

    def _status(self, error: Any, sent: Mapping[str, Any]) -> FaultError:
        status, said = int(error.status_code), self._clean(str(error.message))
        if stop := self._stop(error, status, said):
            return FaultError("stop", stop)
        if status == 429:
            return FaultError("busy", "too many requests", _wait(error.response.headers))
        if status in {408, 409} or status >= 500:
            wait = _wait(error.response.headers, default=0.0)
            return FaultError("failed", f"the server failed ({status})", wait)
        return self._unknown(said, sent) or FaultError("refused", f"refused ({status}): {said}")

    def _stop(self, error: Any, status: int, said: str) -> str:
        """Why no record will be answered; empty: it is not so."""
        if status < 400:
            there = error.response.headers.get("location", "elsewhere")[:100]
            return f"{self.url} points to {there}; name that address if it is meant."
        if status in {401, 403}:
            return f"{self.url} refuses us ({status}). {advice(self.url, self.key)}"
        if status == 404:
            return f"{self.url} has no model {self.model!r} (404): {said}"
        if status == 429 and error.code == "insufficient_quota":
            return f"{self.url}: the quota is used up. {said}"
        return ""

    def _unknown(self, said: str, sent: Mapping[str, Any]) -> FaultError | None:
        """An option the server does not know is left out from now on; the record comes again."""
        for option, words in _OPTIONS.items():
            if option in sent and any(re.search(rf"\b{word}\b", said) for word in words):
                self.left_out.add(option)
                return FaultError("option", f"the server does not know {option}")
        return None

    def _clean(self, said: str) -> str:
        """A server's words without the key, which some of them repeat."""
        secret = getattr(self.client, "api_key", "") or ""
        if len(secret) > 4:
            said = said.replace(secret, "[KEY]")
        return re.sub(r"\b(sk|pk)-[-_\w*]{6,}", "[KEY]", said)[:300]


def _wait(headers: Any, default: float = BUSY_WAIT) -> float:
    """Seconds of Retry-After: a number, or a date."""
    told = headers.get("retry-after", "").strip()
    try:
        seconds = float(told)
    except ValueError:
        try:
            seconds = (parsedate_to_datetime(told) - datetime.now(UTC)).total_seconds()
        except (ValueError, TypeError):
            seconds = default
    return min(max(seconds, 0.0), LONGEST_WAIT)


def _given(reply: Any) -> Given:
    choices = reply.choices
    if not choices:
        raise FaultError("failed", "the reply holds no choice")
    first = min(choices, key=lambda choice: choice.index or 0)
    if first.finish_reason == "content_filter" or getattr(first.message, "refusal", None):
        raise FaultError("refused", "the server does not want to answer")
    tokens = list((first.logprobs and first.logprobs.content) or ())
    known = [t.logprob for t in tokens if t.logprob is not None and t.logprob > -1000]
    usage = reply.usage
    return Given(
        text=first.message.content or "",
        log_prob=sum(known) / len(known) if known else None,
        tops=[(t.token, {o.token: o.logprob for o in t.top_logprobs or ()}) for t in tokens],
        tokens_in=int((usage and usage.prompt_tokens) or 0),
        tokens_out=int((usage and usage.completion_tokens) or 0),
        cut=first.finish_reason == "length",
        choices=len(choices),
    )
