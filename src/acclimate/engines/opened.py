"""Opened: the models this process holds, and in which precision each one works."""

from __future__ import annotations

import gc
import hashlib
import json
import logging
import os
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any, Literal, Protocol, TypeVar, runtime_checkable

from acclimate.engines.precision import Halvable, Precision, chosen
from acclimate.errors import StoreError
from acclimate.models.ref import Floats, Ref
from acclimate.models.remote.allowance import Allowance
from acclimate.models.remote.answers import Answers

logger = logging.getLogger(__name__)

ModelT = TypeVar("ModelT")
Wanted = Literal["auto", "float32", "bfloat16"]

HELD = 2
"""Models held at once: a miner and a teacher take turns without being loaded again."""


@runtime_checkable
class Keeping(Protocol):
    """A model that is paid by the request: it keeps what it was told, and stays within bounds."""

    def keep_in(self, answers: Answers, allowance: Allowance) -> None:
        """Where answers are kept, and what may be spent."""
        ...

    def paid(self) -> tuple[int, float]:
        """Requests and money so far, of all models that keep their answers together."""
        ...


class Opened:
    """Models by fingerprint, the last used ones only.

    The precision of a model is written down, so that a run that goes on, here or on another
    machine, computes as it began.

    Args:
        folder: where precisions are written down.
        device: where models work.
        wanted: "auto" takes what is faster here and right enough.
        allowance: what models behind an endpoint may be asked.
    """

    def __init__(
        self, folder: Path, device: str, wanted: Wanted, allowance: Allowance | None = None
    ) -> None:
        self.folder = folder / "precision"
        self._answers = folder / "answers"
        self.allowance = allowance or Allowance()
        self.device = device
        self.wanted = wanted
        self._models: OrderedDict[str, Any] = OrderedDict()

    @cached_property
    def answers(self) -> Answers:
        """What models behind an endpoint answered: one ledger, and one sum, for all of them."""
        return Answers(self._answers)

    def get(self, ref: Ref[ModelT]) -> ModelT:
        """The opened model, in the precision written down for it (float32 until one is)."""
        key = ref.fingerprint()
        if key not in self._models:
            while len(self._models) >= HELD:
                self._models.popitem(last=False)
                gc.collect()
            model = ref.open(self.device)
            if self._noted(key) == "bfloat16" and isinstance(model, Halvable):
                model.halve()
            if isinstance(model, Keeping):
                model.keep_in(self.answers, self.allowance)
            self._models[key] = model
        self._models.move_to_end(key)
        held: ModelT = self._models[key]
        return held

    def precision(
        self,
        ref: Ref[ModelT],
        sample: Callable[[ModelT], Floats],
        agree: Callable[[Floats, Floats], bool],
    ) -> Precision:
        """In which precision a model works; tried out on a sample when it is new.

        Args:
            ref: the model.
            sample: what it gives for some of its inputs.
            agree: whether what it gives in bfloat16 is as good as in float32.
        """
        key = ref.fingerprint()
        noted = self._noted(key)
        if noted is None:
            noted = self._try(ref, sample, agree)
            self._note(key, noted)
        return noted

    @contextmanager
    def paying(self, model: object, usage: dict[str, float]) -> Iterator[None]:
        """Add to the usage what a model behind an endpoint is sent and costs meanwhile."""
        if not isinstance(model, Keeping):
            yield
            return
        requests, money = model.paid()
        try:
            yield
        finally:
            now = model.paid()
            usage["requests"] += now[0] - requests
            usage["money"] += now[1] - money

    def _try(
        self,
        ref: Ref[ModelT],
        sample: Callable[[ModelT], Floats],
        agree: Callable[[Floats, Floats], bool],
    ) -> Precision:
        wanted = chosen(self.device) if self.wanted == "auto" else self.wanted
        if wanted == "float32":
            return wanted
        model = self.get(ref)
        if not isinstance(model, Halvable):
            return "float32"
        single = sample(model)
        model.halve()
        if self.wanted == "bfloat16" or agree(single, sample(model)):
            return "bfloat16"
        logger.warning("%r loses too much in bfloat16; it works in float32.", ref)
        del self._models[ref.fingerprint()]
        return "float32"

    def _noted(self, key: str) -> Precision | None:
        path = self._path(key)
        if not path.exists():
            return None
        try:
            noted: Precision = json.loads(path.read_text("utf-8"))["precision"]
        except (OSError, ValueError, KeyError) as error:
            raise StoreError(f"{path} cannot be read ({error}). Delete it.") from error
        return noted

    def _path(self, key: str) -> Path:
        return self.folder / f"{hashlib.sha256(key.encode()).hexdigest()[:32]}.json"

    def _note(self, key: str, precision: Precision) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        path = self._path(key)
        part = path.with_name(f"{path.name}.{os.getpid()}.part")
        part.write_text(json.dumps({"precision": precision, "device": self.device}), "utf-8")
        part.replace(path)
