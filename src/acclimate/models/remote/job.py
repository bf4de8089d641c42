"""Job: asking one model about many records, side by side."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from acclimate.errors import ServiceError
from acclimate.models.remote import endpoint
from acclimate.models.remote.allowance import Allowance
from acclimate.models.remote.answers import Answer, Answers
from acclimate.models.remote.asked import Asked
from acclimate.models.remote.call import Caller, FaultError, Given
from acclimate.models.remote.pace import Pace
from acclimate.models.remote.structured import InvalidError, read, repaired

logger = logging.getLogger(__name__)

TOKEN_BYTES = 3.0
"""Of UTF-8, at least, in most scripts: for bounds of money before a server has counted."""
FIRST_WAIT = 0.25
"""Seconds before a record is asked again; twice as many each time."""
MOST_WAIT = 20.0
ROOM_WAIT = 0.05
"""Seconds until it is looked again whether there is money left for a request."""
SPARE = 2
"""Records under way per request that may be out: some wait until they are asked again."""


@dataclass
class Record:
    """A record under way.

    Args:
        id: hash of model, settings, prompt and input.
        prompt: as it is sent.
        seed: of drawing.
    """

    id: str
    prompt: str
    seed: int
    calls: int = 0
    failures: int = 0
    tokens_in: int = 0
    tokens_out: int = 0
    begun: float = 0.0

    def wait_for(self, fault: FaultError) -> float:
        """Seconds until it is asked again: what the server says, or longer each time."""
        if fault.kind not in {"failed", "stalled"}:
            return fault.wait
        luck = int(self.id[self.failures % 32 : self.failures % 32 + 4], 16) / 0xFFFF
        wait = FIRST_WAIT * 2.0 ** max(self.failures - 1, 0) * (0.5 + luck)
        return min(MOST_WAIT, wait)


class Job:
    """Asks about records; workers take them one by one.

    Args:
        ref: the model.
        records: what is to be asked.
        answers: where answers are kept as they come.
        allowance: how much may be asked and paid.
        left_out: options the server is known not to know; added to.
    """

    def __init__(
        self,
        ref: Asked,
        records: Sequence[Record],
        answers: Answers,
        allowance: Allowance,
        left_out: set[str],
    ) -> None:
        self.ref = ref
        self.waiting = list(records)[::-1]
        self.total = len(records)
        self.answers = answers
        self.allowance = allowance
        self.left_out = left_out
        self.pace = Pace(ref.at_once)
        self.stopped = ""
        self._open_calls = 0
        self._open_cost = 0.0
        self._reserved = 0.0
        self._done = 0

    async def run(self) -> None:
        """Ask about all.

        Raises:
            ServiceError: when it ended early; what was answered is kept.
        """
        async with client_of(self.ref) as client:
            given, form = self.ref.temperature, self.ref.form
            caller = Caller(
                client,
                url=self.ref.url,
                model=self.ref.model,
                form=form,
                settings={
                    "max_tokens": self.ref.max_tokens,
                    "temperature": form.temperature if given is None else given,
                },
                key=self.ref.key,
            )
            caller.left_out = self.left_out
            workers = min(len(self.waiting), SPARE * self.ref.at_once)
            try:
                async with asyncio.TaskGroup() as group:
                    for _ in range(workers):
                        group.create_task(self._work(caller))
            except BaseExceptionGroup as errors:
                raise errors.exceptions[0] from None
        if self.stopped:
            raise ServiceError(
                f"{self.stopped} {self._done:,} of {self.total:,} records are done and kept; the "
                "same call goes on from there."
            )

    async def _work(self, caller: Caller) -> None:
        while self.waiting and not self.stopped:
            record = self.waiting.pop()
            record.begun = time.monotonic()
            answer = await self._answer(caller, record)
            if answer.kind == "stopped" and not answer.calls:
                return
            self.answers.add(answer)
            self._done += answer.kind != "stopped"

    async def _answer(self, caller: Caller, record: Record) -> Answer:
        """What becomes of a record: asked until there is an answer or a reason."""
        repair: list[dict[str, str]] = []
        while not self.stopped:
            try:
                given = await self._request(caller, record, repair)
            except FaultError as fault:
                if ended := self._given_up(record, fault):
                    return ended
                if not self.stopped:
                    await asyncio.sleep(record.wait_for(fault))
                continue
            try:
                text = read(given.text, self.ref.form, given.tops)
            except InvalidError as error:
                wrong = f"{error}{' (it was cut at max_tokens)' if given.cut else ''}"
                if repair:
                    return self._end(record, kind="invalid", reason=f"no answer: {wrong}")
                repair = repaired(given.text, wrong)
            else:
                return self._end(record, text=text, log_prob=given.log_prob)
        return self._end(record, kind="stopped", reason=self.stopped)

    def _given_up(self, record: Record, fault: FaultError) -> Answer | None:
        """The reason why a record gets no answer, where it is not asked again."""
        if fault.kind == "refused":
            return self._end(record, kind="refused", reason=str(fault))
        if record.failures >= self.ref.tries:
            reason = f"{record.failures} requests failed; the last: {fault}"
            return self._end(record, kind="unreached", reason=reason)
        return None

    async def _request(
        self, caller: Caller, record: Record, repair: Sequence[dict[str, str]]
    ) -> Given:
        """One request under the pace and within the allowance."""
        went = await self.pace.enter()
        bound = self._bound(record, repair)
        if self.stopped or not self._may(bound):
            self.pace.give_way()
            await asyncio.sleep(ROOM_WAIT)
            raise FaultError("busy", self.stopped)
        self._count(record, 1, bound)
        try:
            async with asyncio.timeout(self.ref.timeout_seconds):
                given = await caller.ask(record.prompt, seed=record.seed, repair=repair)
        except (FaultError, TimeoutError) as error:
            stalled = FaultError("stalled", "no answer in time")
            fault = error if isinstance(error, FaultError) else stalled
            self._count(record, -1 if fault.kind == "busy" else 0, -bound)
            self._failed(record, fault, went)
            raise fault from error
        self.pace.leave(went, ok=True)
        record.tokens_in += given.tokens_in
        record.tokens_out += given.tokens_out
        self._count(record, 0, -bound, self.ref.cost(given.tokens_in, given.tokens_out))
        return given

    def _failed(self, record: Record, fault: FaultError, went: float) -> None:
        if fault.kind == "busy":
            self.pace.busy(went, fault.wait)
        else:
            self._broke(record, fault, went)
        if self.pace.broken:
            self.stopped = self.stopped or (
                f"{self.ref.url} fails again and again (the last time: {fault}). Is the server "
                "running?"
            )

    def _broke(self, record: Record, fault: FaultError, went: float) -> None:
        record.failures += fault.kind in {"failed", "stalled"}
        if fault.kind == "stop":
            self.stopped = self.stopped or str(fault)
        if fault.kind == "stalled":
            self.pace.slower(went)
        self.pace.leave(went, ok=fault.kind in {"refused", "option"}, wait=fault.wait)

    def _count(self, record: Record, calls: int, reserved: float, cost: float = 0.0) -> None:
        record.calls += calls
        self._open_calls += calls
        self._reserved += reserved
        self._open_cost += cost

    def _bound(self, record: Record, repair: Sequence[dict[str, str]]) -> float:
        """What a request may cost at most."""
        texts = [self.ref.form.system, record.prompt, *(m["content"] for m in repair)]
        return self.ref.cost(sum(map(tokens_of, texts)), self.ref.max_tokens)

    def _may(self, bound: float) -> bool:
        """Whether one more request stays within the allowance, whatever those out will cost.

        Where only their bounds stand in the way, it waits until it is known what they do cost.
        """
        kept, may = self.answers.total, self.allowance
        calls, cost = kept.calls + self._open_calls + 1, kept.cost + self._open_cost + bound
        if broken := may.broken(calls, cost):
            self.stopped = self.stopped or f"The allowance of {broken} is used up."
        return not may.broken(calls, cost + self._reserved)

    def _end(self, record: Record, **told: Any) -> Answer:
        cost = self.ref.cost(record.tokens_in, record.tokens_out)
        self._open_calls -= record.calls
        self._open_cost -= cost
        return Answer(
            record=record.id,
            calls=record.calls,
            tokens_in=record.tokens_in,
            tokens_out=record.tokens_out,
            cost=cost,
            seconds=round(time.monotonic() - record.begun, 3),
            **told,
        )


def tokens_of(text: str) -> int:
    """Tokens of a text, about and rather more: the tokenizer is the server's."""
    return int(len(text.encode("utf-8", "surrogatepass")) / TOKEN_BYTES) + 1


def client_of(ref: Asked) -> Any:
    """An open client: no retries of its own, no redirects, no proxy for this machine.

    What else the environment says of the client's home service is for that service alone.
    """
    import openai

    nothing = {"OpenAI-Organization": openai.Omit(), "OpenAI-Project": openai.Omit()}
    return openai.AsyncOpenAI(
        api_key=endpoint.key_for(ref.url, ref.key),
        base_url=ref.url,
        timeout=ref.timeout_seconds,
        max_retries=0,
        default_headers=nothing,  # type: ignore[arg-type]
        http_client=openai.DefaultAsyncHttpx2Client(
            trust_env=not endpoint.is_local(ref.url),
            follow_redirects=False,
            timeout=ref.timeout_seconds,
        ),
    )
