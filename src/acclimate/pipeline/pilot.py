"""Pilot: how fast this machine encodes, trains, rates and writes with these very models.

Shapes: N texts, L tokens.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from acclimate.engines.engine import Engine
from acclimate.models.student import Student
from acclimate.pipeline.checks import refs_of
from acclimate.pipeline.costs import QUERY_TOKENS, Rates
from acclimate.recipes.recipe import Recipe
from acclimate.tables import Corpus

SAMPLE = 48
"""Documents the pilot reads."""
BATCH = 16
PATIENCE = 3.0
"""Seconds after which a measurement ends with what it has."""


def sample(corpus: Corpus, count: int = SAMPLE) -> list[str]:
    """Documents spread evenly over the corpus."""
    rows = np.unique(np.linspace(0, len(corpus) - 1, min(count, len(corpus))).astype(np.int64))
    return corpus.take(rows).contents


def measure(recipe: Recipe, corpus: Corpus, student: Student, engine: Engine) -> Rates:
    """Rates of the student and of every other model of the recipe."""
    texts = sample(corpus)
    begun = time.perf_counter()
    encoder = student.encoder.open(engine.device)
    start = time.perf_counter() - begun
    tokens = int(encoder.count_tokens(texts).sum())
    encode = _rate(lambda batch: encoder.encode(batch, kind="document"), texts, tokens)
    others = {
        repr(ref): _other(ref, texts, engine) for ref in refs_of((recipe.steps, recipe.judge))
    }
    return Rates(
        encode=encode, train=_train(student, texts, tokens, engine), others=others, start=start
    )


def tokens_of(corpus: Corpus, student: Student, engine: Engine) -> float:
    """Mean tokens of a document as the student reads it."""
    texts = sample(corpus, 256)
    return float(student.encoder.open(engine.device).count_tokens(texts).mean())


def _other(ref: Any, texts: Sequence[str], engine: Engine) -> float:
    """Pairs, texts or tokens a second of a model, by what it can do."""
    opened = ref.open(engine.device)
    few = list(texts[:BATCH])
    queries = [" ".join(text.split()[:QUERY_TOKENS]) for text in few]
    if hasattr(opened, "score"):
        return _rate(lambda b: opened.score(queries[: len(b)], b), few, len(few))
    if hasattr(opened, "write"):
        return _rate(lambda b: opened.write(b, count=1, seed=0), few, len(few))
    tokens = int(opened.count_tokens(few).sum())
    return _rate(lambda b: opened.encode(b, kind="document"), few, tokens)


def _rate(work: Callable[[list[str]], Any], texts: Sequence[str], units: int) -> float:
    """Units a second over batches of texts; the first batch warms up and is not counted."""
    ordered = sorted(texts, key=len)
    batches = [ordered[a : a + BATCH] for a in range(0, len(ordered), BATCH)]
    work(batches[len(batches) // 2][:4])
    begun, done = time.perf_counter(), 0
    for batch in batches:
        work(batch)
        done += len(batch)
        if time.perf_counter() - begun > PATIENCE:
            break
    return units * done / len(ordered) / max(time.perf_counter() - begun, 1e-6)


def _train(student: Student, texts: Sequence[str], tokens: int, engine: Engine) -> float:
    """Tokens a second of an update: forward, backward, and the optimiser's step."""
    import torch

    model = student.encoder.load(engine.device)
    if student.shape is not None:
        model = student.shape.prepare(model)
    weights = [w for w in model.parameters() if w.requires_grad]
    optimiser = torch.optim.AdamW(weights, lr=0.0)

    def update(batch: list[str]) -> None:
        features = model.tokenize(batch)
        vectors = model(
            {k: v.to(engine.device) if hasattr(v, "to") else v for k, v in features.items()}
        )["sentence_embedding"]
        if vectors.requires_grad:
            vectors.sum().backward()
        optimiser.step()
        optimiser.zero_grad()

    return _rate(update, texts, tokens)
