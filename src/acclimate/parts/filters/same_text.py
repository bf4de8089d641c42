"""SameText: no copies of the document a query was written from."""

from __future__ import annotations

from dataclasses import dataclass

from acclimate.parts._sources import copies_of_source
from acclimate.parts.part import Context
from acclimate.tables import Candidates, Corpus, Queries


@dataclass(frozen=True, kw_only=True)
class SameText:
    """Candidates without documents that say the same as the source under another id.

    Capitals, punctuation and spaces do not count. A copy taken for a negative would teach the
    student to tell a text from itself.

    Rows: [P1].

    Origin: the check in Haystack's PseudoLabelGenerator (version 1), which compares contents.
    Code:   deepset-ai/haystack v1, nodes/label_generator/pseudo_label_generator.py.
    Differs: title and text are compared, and not the text alone.
    Cost:   one pass over the candidates and their documents.

    Returns:
        The candidates kept, rows and order unchanged; the source itself always.

    Example:
        >>> from acclimate.parts.part import Context
        >>> corpus = Corpus.of([{"doc_id": d, "title": "", "text": t} for d, t in (
        ...     ("a", "Warm milk."), ("b", "warm  milk"), ("c", "cold milk"))])
        >>> queries = Queries.of([
        ...     {"query_id": "q", "text": "milk", "source_doc_id": "a", "split": "train"}])
        >>> found = Candidates.of([
        ...     {"query_id": "q", "doc_id": d, "rank": r, "score": 0.0, "is_source": d == "a",
        ...      "miner": "m"} for r, d in enumerate("abc", 1)])
        >>> SameText()(corpus, queries, found, Context())["doc_id"]
        ['a', 'c']
    """

    def __call__(
        self, corpus: Corpus, queries: Queries, candidates: Candidates, ctx: Context
    ) -> Candidates:
        """Drop the copies."""
        dropped = copies_of_source(corpus, queries, candidates)
        ctx.note("dropped", {"copies of the source": int(dropped.sum())})
        return candidates.keep(~dropped)
