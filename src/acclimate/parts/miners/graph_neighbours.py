"""GraphNeighbours: what is found for a question about something near by, and is no answer."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import numpy as np

from acclimate.errors import RecipeError
from acclimate.models.student import Student
from acclimate.parts._answers import MASK, answers
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
    it where it has none.

    Rows: [105].

    Paper:   ARK: Answer-Centric Retriever Tuning via KG-augmented Curriculum Learning, 2025.
             https://arxiv.org/abs/2511.16326
    Code:    valleysprings/ARK (its walk: damping 0.85).
    Differs: a graph of what meets in a sentence for one that a language model extracts; an exchange
             of entities for questions that it writes; entities of like vectors are not joined. That
             what is found does not answer the query is a labeller's work.
    Cost:    one pass over the words of the corpus; `questions` searches for each query.

    Args:
        miner: answers the questions.
        count: documents of each query besides its source.
        entities: fewest and most of a neighbourhood, those of the query among them. Paper: 20 and
            50 for a large one, 3 and 10 for a small one.
        questions: of each query. Paper: 10.
        mask: what stands for the answer in a query, as its generator has it.

    Returns:
        The source, and of what was found for any of the questions the documents of best rank.
    """

    miner: Miner = field(default_factory=lambda: BM25(depth=10))
    count: int = 20
    entities: tuple[int, int] = (20, 50)
    questions: int = 10
    mask: str = MASK

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
        graph, key = EntityGraph(corpus.contents), salt(ctx, self)
        told = answers(corpus, queries, self.mask)
        rows, query, alone = [], [], 0
        for place, row in enumerate(ctx.track(queries.dicts(), "neighbours", len(queries))):
            texts = self._asked(graph, row["text"], told[place], rng_of(row["query_id"], key))
            alone += not texts
            for number, text in enumerate(texts or [row["text"]]):
                rows.append({**row, "query_id": f"{row['query_id']} ~ {number}", "text": text})
                query.append(place)
        ctx.note("entities", len(graph.names))
        ctx.note("queries without a neighbour", alone)
        asked = Queries.of(rows)
        found: Candidates = apply(self.miner, (corpus, asked, student), ctx)
        lists = Lists.of(folded(found, np.asarray(query, np.int64), asked, corpus, queries))
        return lists.kept(lists.first(lists.rank, self.count, lists.others))

    def _asked(
        self, graph: EntityGraph, query: str, answer: str, rng: np.random.Generator
    ) -> list[str]:
        """Questions about what is near a query and its answer; none where nothing is."""
        fewest, most = self.entities
        shown = query.replace(self.mask, " ")
        near = graph.near([shown, answer], fewest=fewest, most=most)
        own = [(name, at) for name in graph.entities(shown) if (at := _at(query, name))]
        texts = []
        for place in rng.permutation(len(near))[: self.questions].tolist():
            sort = graph.sort_of(near[place])
            alike = [at for name, at in own if graph.sort_of(name) == sort]
            start, end = alike[int(rng.integers(len(alike)))] if alike else (len(query), len(query))
            texts.append(" ".join(f"{query[:start]} {near[place]} {query[end:]}".split()))
        return texts


def _at(text: str, name: str) -> tuple[int, int] | None:
    """Where a text has a name, in whatever capitals and as words of its own; None where it has not.

    Where words are not told by spaces, a name may stand inside a run of letters.
    """
    plain = re.escape(name)
    found = re.search(plain if unspaced(name) else rf"(?<!\w){plain}(?!\w)", text, re.IGNORECASE)
    return found.span() if found else None
