"""GraphChains: two documents that meet in one entity, asked for one after the other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from acclimate.errors import RecipeError
from acclimate.parts._graph import EntityGraph
from acclimate.parts._words import clean, sentences
from acclimate.parts.generators._written import Rng, written
from acclimate.parts.part import Context
from acclimate.tables import Corpus, Queries

FIRST, SECOND = "hop_1", "hop_2"


class Chain(NamedTuple):
    """Two documents and the entities that join them.

    Args:
        begin: an entity of the first document alone.
        bridge: one of both.
        end: one of the second alone.
        first: row of the first document.
        second: row of the second.
    """

    begin: str
    bridge: str
    end: str
    first: int
    second: int


@dataclass(frozen=True, kw_only=True)
class GraphChains:
    """Both ends of a chain ask for its first document, and with what that says for its second.

    "The tower of Faro was drawn by Almeida"; "Almeida met Brandt": who asks of Faro and Brandt
    finds the first document, and only there the name that leads to the second. A retriever that
    searches in hops (`miners.MultiHop`) must do both: go from the question to the first, and from
    the question and a sentence of the first to the second.

    Entities are names, numbers and rare words; a chain is two of them that a third joins, which
    stands in both documents and in few others. No document is in a chain twice, and two pieces of
    one document are in none together.

    Rows: [006], [054].

    Paper:   CGR: Chain-Guided Retriever-reader, 2021. https://arxiv.org/abs/2109.02905; queries of
             a hop with the facts of the one before: Khattab, Potts, Zaharia, Baleen: Robust
             Multi-Hop Reasoning at Scale via Condensed Retrieval, NeurIPS 2021.
             https://arxiv.org/abs/2101.00436
    Code:    none followed.
    Differs: entities that meet stand for a graph of meanings (AMR); the ends of a chain stand for a
             question and an answer; two hops; the order of the documents is known, where Baleen
             learns it; the sentence with the bridge stands for what Baleen's condenser takes.
    Cost:    two passes over the words of the corpus; no model.

    Args:
        at_most_documents: that may hold a bridge: what stands everywhere joins nothing.
        queries: how many in all; documents are drawn by their ids. None: all documents.

    Returns:
        For each document that begins a chain a query of kind "hop_1", and for each that ends one a
        query of kind "hop_2", in the order of the corpus.

    Example:
        >>> from acclimate.parts.part import Context
        >>> texts = ("The tower of Faro was drawn by Almeida.", "Later, Almeida met Brandt.")
        >>> corpus = Corpus.of({"doc_id": t[-5:], "title": "", "text": t} for t in texts)
        >>> GraphChains()(corpus, Context())["text"][0]
        'faro brandt'
    """

    at_most_documents: int = 8
    queries: int | None = None

    def __post_init__(self) -> None:
        """Refuse bridges that join nothing."""
        if self.at_most_documents < 2:
            raise RecipeError(f"{self!r}: a bridge stands in 2 documents or more.")

    def __call__(self, corpus: Corpus, ctx: Context) -> Queries:
        """Write the queries of both hops."""
        chains = Chains(corpus, self.at_most_documents)

        def write(row: int, rng: Rng) -> Iterator[tuple[str, str]]:
            for kind in (FIRST, SECOND):
                chain = chains.of(row, rng, begins=kind == FIRST)
                if chain is not None:
                    asked = f"{chain.begin} {chain.end}"
                    told = f"{asked} {chains.fact(chain)}"
                    yield kind, asked if kind == FIRST else told

        return written(self, corpus, ctx, write, self.queries)


class Chains:
    """The chains of a corpus.

    Args:
        corpus: the documents.
        at_most_documents: that may hold a bridge.
    """

    def __init__(self, corpus: Corpus, at_most_documents: int) -> None:
        self._contents = corpus.contents
        self._graph = EntityGraph(self._contents)
        self._told = self._graph.told
        self._most = at_most_documents
        ids = zip(corpus["doc_id"], corpus["parent_id"], strict=True)
        self._whole = [parent or doc_id for doc_id, parent in ids]
        self._having = self._graph.having

    def of(self, row: int, rng: Rng, *, begins: bool) -> Chain | None:
        """A chain that a document begins, or ends; None where there is none."""
        names = self._told[row]
        for place in rng.permutation(len(names)).tolist():
            having = self._having[names[place]]
            if len(having) > self._most:
                continue
            for other in rng.permutation(having).tolist():
                first, second = (row, other) if begins else (other, row)
                begin, end = self._only(first, second), self._only(second, first)
                if self._whole[row] != self._whole[other] and begin and end:
                    return Chain(begin, names[place], end, first, second)
        return None

    def fact(self, chain: Chain) -> str:
        """The sentence of the first document that has the bridge."""
        text = self._contents[chain.first]
        cut = [text[start:end] for start, end in sentences(text)]
        found = (s for s in cut if chain.bridge in self._graph.entities(s))
        return clean(next(found, text))

    def _only(self, row: int, other: int) -> str:
        """An entity of one document that the other has not, names first; "" where there is none."""
        theirs = set(self._told[other])
        return next((name for name in self._told[row] if name not in theirs), "")
