"""Answerable: no queries that a reader finds no answer to in their document."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from acclimate.errors import RecipeError
from acclimate.models.readers import Answering, Extractive
from acclimate.models.readers.answering import asked
from acclimate.parts._sources import sources
from acclimate.parts.part import Context
from acclimate.tables import Corpus, Queries


@dataclass(frozen=True, kw_only=True)
class Answerable:
    """Queries that an extractive reader can answer from their source; the answer goes with them.

    What a writer asks about something that the document does not say is no reason to find it. The
    words of the answer are kept beside the query, so that `labellers.AnswerMatch` and
    `labellers.ReaderLikelihood(target="answer")` can label with them.

    Rows: [082].

    Paper:   Open-Domain Question Answering with Pre-Constructed Question Spaces, 2020.
             https://arxiv.org/abs/2006.08337
    Code:    none followed.
    Differs: spans are found for questions that are there, and not questions written for spans.
    Cost:    one reading per query.

    Args:
        reader: finds answers, and was trained to say where there is none.
        at_least: probability that there is an answer, 0 to 1, from which a query is kept. 0 keeps
            all with their best answer.

    Returns:
        The queries kept, in their order, with `answer` where they had none; queries without a
        source stay as they are.
    """

    reader: Extractive = field(default_factory=lambda: Extractive("acclimate-offline/reader"))
    at_least: float = 0.5

    def __post_init__(self) -> None:
        """Refuse what is no probability."""
        if not 0 <= self.at_least <= 1:
            raise RecipeError(f"Answerable(at_least={self.at_least}): give 0 to 1.")

    def __call__(self, corpus: Corpus, queries: Queries, ctx: Context) -> Queries:
        """Have each query answered from its source."""
        rows, texts = sources(corpus, queries).tolist(), queries["text"]
        contents = corpus.contents
        about = [place for place, row in enumerate(rows) if row >= 0]
        prompts = [asked(texts[place], contents[rows[place]]) for place in about]
        said = ctx.engine.write(Answering(self.reader), prompts, count=1, seed=0)
        answers, kept = list(queries["answer"]), np.ones(len(queries), dtype=bool)
        for place, (one,) in zip(about, said, strict=True):
            kept[place] = np.exp(one.log_prob or 0.0) >= self.at_least
            answers[place] = answers[place] or one.text or None
        ctx.note("dropped", {"no answer in the document": int((~kept).sum())})
        at = queries.rows.schema.get_field_index("answer")
        column = pa.array(answers, type=pa.string())
        return Queries(queries.rows.set_column(at, "answer", column)).keep(kept)
