"""RemoteWriter: has records asked about, and finds what was answered before."""

from __future__ import annotations

import asyncio
import hashlib
import logging
import tempfile
from collections.abc import Callable, Coroutine, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np

from acclimate.errors import ModelError
from acclimate.models.ref import Integers, Written
from acclimate.models.remote import endpoint, redaction
from acclimate.models.remote.allowance import Allowance
from acclimate.models.remote.answers import Answers
from acclimate.models.remote.asked import Asked
from acclimate.models.remote.job import Job, Record, tokens_of

logger = logging.getLogger(__name__)


class RemoteWriter:
    """What the engine calls to have texts written by a remote model.

    Args:
        ref: the model and its settings.
    """

    whole = True
    """The engine hands over all it has at once: requests are out side by side."""

    def __init__(self, ref: Asked) -> None:
        self.ref = ref
        self.allowance = Allowance()
        self._redact = redaction.find(ref.redact) if ref.redact else str
        self._key = ref.fingerprint()
        self._answers: Answers | None = None
        self._scratch: tempfile.TemporaryDirectory[str] | None = None
        self._left_out: set[str] = set()

    def keep_in(self, answers: Answers, allowance: Allowance) -> None:
        """Where answers are kept and what may be spent; all models of a run share both.

        Raises:
            ModelError: when money is bounded and the prices of another machine's model are unknown.
        """
        unknown = not (self.ref.price_in or self.ref.price_out)
        if allowance.max_cost is not None and unknown and not endpoint.is_local(self.ref.url):
            raise ModelError(
                f"max_cost={allowance.max_cost:g} needs the prices of {self.ref.model}: give "
                "price_in and price_out, money per million tokens "
                "(openai:…#MODEL?price_in=0.15&price_out=0.6)."
            )
        self.allowance = allowance
        self._answers = answers

    @property
    def answers(self) -> Answers:
        """The ledger; a temporary one until `keep_in` is called."""
        if self._answers is None:
            self._scratch = tempfile.TemporaryDirectory(prefix="acclimate-")
            self._answers = Answers(Path(self._scratch.name))
        return self._answers

    def paid(self) -> tuple[int, float]:
        """Requests and money of all models that keep their answers in this ledger."""
        return self.answers.total.calls, self.answers.total.cost

    def count_tokens(self, prompts: Sequence[str]) -> Integers:
        """Tokens of each prompt, about: the tokenizer is the server's."""
        return np.array([tokens_of(prompt) for prompt in prompts], dtype=np.int64)

    def write(self, prompts: Sequence[str], *, count: int, seed: int) -> list[list[Written]]:
        """`count` texts for each prompt; an empty one where there is only a reason.

        Raises:
            ServiceError: when the server cannot be asked, or the allowance is used up; all
                answers so far are kept.
        """
        rows = [[self.record(p, seed + draw) for draw in range(count)] for p in prompts]
        self.ask([record for row in rows for record in row])
        return [[self._written(record.id) for record in row] for row in rows]

    def record(self, prompt: str, seed: int) -> Record:
        """A question with its id: the same for the same model, settings, prompt, input and seed."""
        text = f"{self._key}\0{seed}\0{prompt}".encode("utf-8", "surrogatepass")
        return Record(hashlib.sha256(text).hexdigest(), self._redact(prompt), seed)

    def ask(self, records: Sequence[Record]) -> None:
        """Ask about those records that are not answered yet."""
        missing = {r.id: r for r in records if not self._known(r.id)}
        if not missing:
            return
        endpoint.check_egress(self.ref.url)
        total = self.answers.total
        calls, cost = total.calls, total.cost
        job = Job(self.ref, list(missing.values()), self.answers, self.allowance, self._left_out)
        try:
            _carry_out(job.run)
        finally:
            self.answers.flush()
            logger.info(
                "%s: %d records, %d requests, money %.4f; in all %d answers, without one: %s",
                self.ref.model,
                len(missing),
                total.calls - calls,
                total.cost - cost,
                total.answered,
                total.reasons or "none",
            )

    def _known(self, record: str) -> bool:
        found = self.answers.find(record)
        return found is not None and not found.passing

    def _written(self, record: str) -> Written:
        found = self.answers.find(record)
        if found is None or found.text is None:
            return Written("")
        return Written(found.text, found.log_prob)


def _carry_out(run: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """Run to the end, also where a loop is running already, as in a notebook."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        asyncio.run(run())
        return
    with ThreadPoolExecutor(1) as pool:
        pool.submit(asyncio.run, run()).result()
