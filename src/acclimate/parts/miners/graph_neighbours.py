"""GraphNeighbours: what is found for a question about something near by, and is no answer."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import numpy as np

from acclimate.errors import RecipeError
from acclimate.models.prompts import load
from acclimate.models.ref import Ref, Writer
from acclimate.models.student import Student
from acclimate.parts._answers import MASK, answers
from acclimate.parts._asking import Question, ask
from acclimate.parts._graph import EntityGraph
from acclimate.parts._hashing import rng_of, salt
from acclimate.parts._words import unspaced
from acclimate.parts.miners._lists import Lists
from acclimate.parts.miners._rows import folded
from acclimate.parts.miners.bm25 import BM25
from acclimate.parts.part import Context, Miner, apply
from acclimate.tables import Candidates, Corpus, Queries


@dataclass(frozen=True, kw_only=True)
class GraphNeighbours:
    """What another miner finds when an entity of a query is exchanged for one near by.

    Who asks when the bridge of Aston was opened, and is shown when the bridge of Burley was,
    learns what makes the difference. Entities are names and rare words, joined where they stand in
    one sentence; those near the query and its answer are found by a walk that begins there. A
    large neighbourhood gives documents that are easily told apart, a small one hard ones.

    Each query asks as often as `questions` says, each time with another entity of the
    neighbourhood: in the place of one of its own that is also a name, a number or a word, or behind
    it where it has none. With a language model it asks with questions that this model writes about
    the neighbourhood.

    Rows: [105].

    Paper:   ARK: Answer-Centric Retriever Tuning via KG-augmented Curriculum Learning, 2025.
             https://arxiv.org/abs/2511.16326
    Code:    valleysprings/ARK (its walk: damping 0.85).
    Differs: a graph of what meets in a sentence for one that a language model extracts; without a
             writer an exchange of entities for questions that it writes; entities of like vectors
             are not joined. That what is found does not answer the query is a labeller's work.
    Cost:    one pass over the words of the corpus; `questions` searches for each query, and as many
             generations with a writer.

    Args:
        miner: answers the questions.
        count: documents of each query besides its source.
        entities: fewest and most of a neighbourhood, those of the query among them. Paper: 20 and
            50 for a large one, 3 and 10 for a small one.
        questions: of each query. Paper: 10.
        mask: what stands for the answer in a query, as its generator has it.
        writer: writes the questions. None: entities are exchanged.

    Returns:
        The source, and of what was found for any of the questions the documents of best rank.
    """

    miner: Miner = field(default_factory=lambda: BM25(depth=10))
    count: int = 20
    entities: tuple[int, int] = (20, 50)
    questions: int = 10
    mask: str = MASK
    writer: Ref[Writer] | None = None

    def __post_init__(self) -> None:
        """Refuse to ask nothing."""
        fewest, most = self.entities
        if min(self.count, self.questions, fewest) < 1 or most < fewest:
            raise RecipeError(
                f"{self!r}: give a count, questions and fewest entities of 1 or more, and most "
                "entities that are no fewer."
            )

    def __call__(
        self, corpus: Corpus, queries: Queries, student: Student, ctx: Context
    ) -> Candidates:
        """Ask about the neighbours."""
        graph, rows, query, alone = EntityGraph(corpus.contents), [], [], 0
        texts = self._questions(graph, corpus, queries, ctx)
        for place, row in enumerate(queries.dicts()):
            alone += not texts[place]
            for number, text in enumerate(texts[place] or [row["text"]]):
                rows.append({**row, "query_id": f"{row['query_id']} ~ {number}", "text": text})
                query.append(place)
        ctx.note("entities", len(graph.names))
        ctx.note("queries without a neighbour", alone)
        asked = Queries.of(rows)
        found: Candidates = apply(self.miner, (corpus, asked, student), ctx)
        lists = Lists.of(folded(found, np.asarray(query, np.int64), asked, corpus, queries))
        return lists.kept(lists.first(lists.rank, self.count, lists.others))

    def _questions(
        self, graph: EntityGraph, corpus: Corpus, queries: Queries, ctx: Context
    ) -> list[list[str]]:
        """Questions about what is near each query and its answer; none where nothing is."""
        told = answers(corpus, queries, self.mask)
        texts, (fewest, most) = queries["text"], self.entities
        near = [
            graph.near([text.replace(self.mask, " "), answer], fewest=fewest, most=most)
            for text, answer in ctx.track(zip(texts, told, strict=True), "neighbours", len(queries))
        ]
        if self.writer is not None:
            return self._written(self.writer, texts, told, near, ctx)
        key = salt(ctx, self)
        rngs = (rng_of(name, key) for name in queries["query_id"])
        rows = zip(texts, near, rngs, strict=True)
        return [self._exchanged(graph, text, names, rng) for text, names, rng in rows]

    def _exchanged(
        self, graph: EntityGraph, query: str, near: list[str], rng: np.random.Generator
    ) -> list[str]:
        """A query with another entity of its neighbourhood each time."""
        shown = query.replace(self.mask, " ")
        own = [(name, at) for name in graph.entities(shown) if (at := _at(query, name))]
        texts = []
        for place in rng.permutation(len(near))[: self.questions].tolist():
            sort = graph.sort_of(near[place])
            alike = [at for name, at in own if graph.sort_of(name) == sort]
            start, end = alike[int(rng.integers(len(alike)))] if alike else (len(query), len(query))
            texts.append(" ".join(f"{query[:start]} {near[place]} {query[end:]}".split()))
        return texts

    def _written(
        self,
        writer: Ref[Writer],
        texts: list[str],
        told: list[str],
        near: list[list[str]],
        ctx: Context,
    ) -> list[list[str]]:
        """What a language model asks about each neighbourhood."""
        asked = [row for row, names in enumerate(near) if names]
        questions = [
            Question(
                data={
                    "query": texts[row],
                    "answer": told[row] or "(not told)",
                    "entities": "; ".join(near[row]),
                }
            )
            for row in asked
        ]
        seed, prompt = int(ctx.rng(self).integers(2**31)), load("confusing_question")
        said = ask(writer, prompt, questions, ctx, count=self.questions, seed=seed)
        written: list[list[str]] = [[] for _ in texts]
        for row, answered in zip(asked, said, strict=True):
            written[row] = list(dict.fromkeys(one.text for one in answered if one.text))
        return written


def _at(text: str, name: str) -> tuple[int, int] | None:
    """Where a text has a name, in whatever capitals and as words of its own; None where it has not.

    Where words are not told by spaces, a name may stand inside a run of letters.
    """
    plain = re.escape(name)
    found = re.search(plain if unspaced(name) else rf"(?<!\w){plain}(?!\w)", text, re.IGNORECASE)
    return found.span() if found else None
