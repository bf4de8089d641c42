"""Contexts: documents that have to do with each other, by the entities they speak of.

Example:
    >>> from acclimate.tables import Corpus
    >>> texts = ("Ada Lovelace met Mr Babbage.", "Mr Babbage built an engine.",
    ...          "An engine has gears.", "Bees dance.")
    >>> corpus = Corpus.of({"doc_id": t[-5:], "title": "", "text": t} for t in texts)
    >>> [row for row, _ in Contexts(corpus).of(0, size=4)]
    [0, 1, 2]
"""

from __future__ import annotations

from collections import defaultdict

from acclimate.parts._graph import EntityGraph
from acclimate.tables import Corpus

_EVERYWHERE = 100
"""Documents with an entity, as a year, above which it joins nothing."""


class Contexts:
    """The context of each document: itself, and the documents that are reached by its entities.

    From a document one goes to one of its entities, from there perhaps to a neighbour, an entity
    that meets it in a sentence somewhere, and from there to any of the documents that have it. So
    documents come first that share with it what few others have. Of the pieces of one document the
    best is taken alone, and of a document's own none.

    Args:
        corpus: the documents.
    """

    def __init__(self, corpus: Corpus) -> None:
        self._graph = EntityGraph(corpus.contents)
        names = zip(corpus["doc_id"], corpus["parent_id"], strict=True)
        self._whole = [parent or doc_id for doc_id, parent in names]

    def of(self, row: int, size: int) -> list[tuple[int, float]]:
        """A document's row and those near it, nearest first, with the chance to get there.

        Args:
            row: of the document, which is the first.
            size: how many there are at most.
        """
        chances: dict[int, float] = defaultdict(float)
        having = self._graph.having
        telling = (name for name in self._graph.told[row] if len(having[name]) <= _EVERYWHERE)
        for name, chance in self._graph.hop(telling).items():
            for other in having[name] if len(having[name]) <= _EVERYWHERE else ():
                chances[other] += chance / len(having[name])
        found, taken = [(row, chances[row])], {self._whole[row]}
        for other in sorted(chances, key=lambda other: (-chances[other], other)):
            if len(found) < size and self._whole[other] not in taken:
                taken.add(self._whole[other])
                found.append((other, chances[other]))
        return found
