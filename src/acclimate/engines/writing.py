"""Writing: prompts to texts, in shards on disk."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from acclimate.engines.batching import Plan, budget_of, calls, key_of, plan
from acclimate.engines.opened import Opened
from acclimate.engines.shards import Shards
from acclimate.models.ref import Ref, Writer, Written

Follow = Callable[[Iterable[Any], str, int | None], Iterator[Any]]


class _Draw(NamedTuple):
    each: int
    seed: int
    budget: int


class Writing:
    """Lets a writer write, and keeps what it wrote.

    Writers work in float32: a draw near a border would fall otherwise in bfloat16.

    Args:
        folder: where shards are kept.
        opened: the models.
    """

    def __init__(self, folder: Path, opened: Opened) -> None:
        self.folder = folder
        self.opened = opened

    def texts(
        self,
        writer: Ref[Writer],
        prompts: Sequence[str],
        *,
        count: int,
        seed: int,
        track: Follow,
        usage: dict[str, float],
    ) -> list[list[Written]]:
        """`count` texts per prompt, in the order of the prompts."""
        if not prompts or count < 1:
            return [[] for _ in prompts]
        work = plan(prompts, [len(prompt) for prompt in prompts])
        key = key_of(f"write {count} {seed}", writer.fingerprint(), work.items)
        shards = Shards(self.folder / key[:32])
        missing = [n for n in work.order if not shards.has(n, "texts")]
        if missing:
            model = self.opened.get(writer)
            total = sum(len(work.items[work.shards[n]]) for n in missing)
            usage["computed"] += total * count
            draw = _Draw(count, seed, budget_of(self.opened.device))
            with self.opened.paying(model, usage):
                if getattr(model, "whole", False):
                    # All side by side; a model elsewhere keeps its answers, and the shards find
                    # them.
                    wanted = [row for n in missing for row in work.items[work.shards[n]]]
                    model.write(wanted, count=count, seed=seed)
                done = (row for n in missing for row in _make(model, work, n, draw, shards, usage))
                for _ in track(done, "write texts", total):
                    pass
        written = [texts for n in range(len(work.shards)) for texts in _read(shards, n, count)]
        return [written[place] for place in work.inverse]


def _make(
    model: Writer,
    work: Plan[str],
    number: int,
    draw: _Draw,
    shards: Shards,
    usage: dict[str, float],
) -> Iterator[int]:
    prompts = work.items[work.shards[number]]
    counts = model.count_tokens(prompts)
    usage["tokens"] += int(counts.sum())
    written: list[list[Written]] = [[] for _ in prompts]
    for rows in calls(model, counts, draw.budget):
        found = model.write([prompts[row] for row in rows], count=draw.each, seed=draw.seed)
        for row, texts in zip(rows, found, strict=True):
            written[row] = texts
        yield from rows
    flat = [text for texts in written for text in texts]
    data = [text.text.encode("utf-8", "surrogatepass") for text in flat]
    log_probs = [np.nan if text.log_prob is None else text.log_prob for text in flat]
    shards.write(
        number,
        {
            "ends": np.cumsum([0, *map(len, data)]),
            "log_probs": np.array(log_probs, dtype=np.float32),
            "texts": np.frombuffer(b"".join(data), dtype=np.uint8),
        },
    )


def _read(shards: Shards, number: int, count: int) -> list[list[Written]]:
    ends, log_probs = shards.read(number, "ends"), shards.read(number, "log_probs")
    data = shards.read(number, "texts").tobytes()
    flat = [
        Written(
            data[a:b].decode("utf-8", "surrogatepass"),
            None if np.isnan(log_prob) else float(log_prob),
        )
        for a, b, log_prob in zip(ends[:-1], ends[1:], log_probs, strict=True)
    ]
    return [flat[first : first + count] for first in range(0, len(flat), count)]
