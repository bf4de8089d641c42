"""Pilot: how fast this machine encodes, trains, rates and writes with these very models."""

from __future__ import annotations

import functools
import time
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from acclimate.engines.local import Local
from acclimate.models.encoders import MultiVector, Sparse
from acclimate.models.family import reading
from acclimate.models.remote import Judge, Remote
from acclimate.models.scorers import CrossEncoder
from acclimate.models.student import Student
from acclimate.pipeline.checks import refs_of
from acclimate.pipeline.costs import QUERY_TOKENS
from acclimate.pipeline.flow import Rates
from acclimate.recipes.recipe import Recipe
from acclimate.tables import Corpus

WARM = 4
"""Documents that warm a model up; they are not counted."""
SAMPLE = 64
"""Documents the pilot reads."""
BATCH = 16
ANSWERS = 10.0
"""Of a model behind an endpoint, a second, about; a dry run's pilot of money knows better."""
QUERY_LETTERS = 4 * QUERY_TOKENS
VERBS: dict[type, str] = {
    Sparse: "encode_terms", MultiVector: "encode_tokens", CrossEncoder: "score",
}  # fmt: skip
"""What of the engine a student needs, where that is not `encode`."""
PATIENCE = 3.0
"""Seconds after which a measurement ends with what it has."""


def sample(corpus: Corpus, count: int = SAMPLE) -> list[str]:
    """Documents spread evenly over the corpus."""
    rows = np.unique(np.linspace(0, len(corpus) - 1, min(count, len(corpus))).astype(np.int64))
    return corpus.take(rows).contents


def measure(recipe: Recipe, corpus: Corpus, student: Student, device: str) -> Rates:
    """Rates of the student and of every other model of the recipe, through an engine of its own.

    A model behind an endpoint is not asked: that would be paid, and nobody would use the answers.
    """
    texts = sample(corpus)
    engine = Local(device=device)
    begun = time.perf_counter()
    _read(engine, student.encoder, texts[:WARM])
    start = time.perf_counter() - begun
    encode = _encoded(engine, student.encoder, texts[WARM:])
    others = {
        repr(ref): ANSWERS if isinstance(ref, Judge | Remote) else _other(engine, ref, texts)
        for ref in refs_of((recipe.steps, recipe.judge))
    }
    return Rates(
        encode=encode, train=_trained(student, texts[WARM:], device), others=others, start=start
    )


def tokens_of(corpus: Corpus, student: Student, device: str) -> float:
    """Mean tokens of a document as the student reads it."""
    texts = sample(corpus, 256)
    return float(_counts(student.encoder.open(device), texts).mean())


def _read(engine: Local, ref: Any, texts: Sequence[str]) -> None:
    """Let a model read documents, with what it needs of the engine."""
    verb = VERBS.get(type(ref), "encode")
    if verb == "score":
        engine.score(ref, [text[:QUERY_LETTERS] for text in texts], texts)
    else:
        getattr(engine, verb)(ref, texts, kind="document")


def _counts(opened: Any, texts: Sequence[str]) -> Any:
    """Tokens of documents, as a student of any family reads them."""
    pairs = hasattr(opened, "score")
    return opened.count_tokens([""] * len(texts), texts) if pairs else opened.count_tokens(texts)


def _encoded(engine: Local, ref: Any, texts: Sequence[str]) -> float:
    """Tokens a second; the model is open already."""
    verb = VERBS.get(type(ref), "encode")
    before = dict(engine.usage[verb])
    _read(engine, ref, texts)
    after = engine.usage[verb]
    tokens = after["tokens"] - before["tokens"]
    return max(tokens, 1.0) / max(after["seconds"] - before["seconds"], 1e-6)


def _other(engine: Local, ref: Any, texts: Sequence[str]) -> float:
    """Pairs, texts or tokens a second of a model, by what it can do."""
    few = list(texts[: WARM + BATCH])
    queries = [" ".join(text.split()[:QUERY_TOKENS]) for text in few]
    opened = ref.open(engine.device)
    if hasattr(opened, "score"):
        engine.score(ref, queries[:WARM], few[:WARM])
        work: Callable[[], Any] = functools.partial(engine.score, ref, queries[WARM:], few[WARM:])
    elif hasattr(opened, "write"):
        engine.write(ref, few[:WARM], count=1, seed=0)
        work = functools.partial(engine.write, ref, few[WARM:], count=1, seed=0)
    else:
        _read(engine, ref, few[:WARM])
        return _encoded(engine, ref, few[WARM:])
    begun = time.perf_counter()
    work()
    return max(len(few) - WARM, 1) / max(time.perf_counter() - begun, 1e-6)


def _trained(student: Student, texts: Sequence[str], device: str) -> float:
    """Tokens a second of an update: forward, backward, and the optimiser's step."""
    import torch

    model = student.encoder.load(device)
    if student.shape is not None:
        model = student.shape.prepare(model)
    reader = reading(model)
    weights = [w for w in model.parameters() if w.requires_grad]
    optimiser = torch.optim.AdamW(weights, lr=0.0)
    ordered = sorted(texts, key=len)
    batches = [ordered[a : a + BATCH] for a in range(0, len(ordered), BATCH)]
    tokens, begun = 0, time.perf_counter()
    for number, batch in enumerate([batches[0][:2], *batches]):
        if number == 1:  # the first warms up
            tokens, begun = 0, time.perf_counter()
        tokens += int(_counts(reader, batch).sum())
        if hasattr(reader, "score"):
            made = reader.tensors([text[:QUERY_LETTERS] for text in batch], batch)
        else:
            made = reader.tensors(batch, kind="document")
        if made.requires_grad:
            made.sum().backward()
        optimiser.step()
        optimiser.zero_grad()
        if number and time.perf_counter() - begun > PATIENCE:
            break
    return tokens / max(time.perf_counter() - begun, 1e-6)
