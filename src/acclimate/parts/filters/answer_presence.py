"""AnswerPresence: no queries whose answer their document does not hold."""

from __future__ import annotations

from dataclasses import dataclass

from acclimate.parts._answers import MASK, Held, answers, check_mask
from acclimate.parts._sources import sources
from acclimate.parts.part import Context
from acclimate.tables import Corpus, Queries


@dataclass(frozen=True, kw_only=True)
class AnswerPresence:
    """Queries without those whose answer does not stand in their source, word for word.

    What a language model answers from elsewhere, or made up, is no reason to find the document.
    Capitals and punctuation do not count.

    Rows: [039].

    Paper:   SK-VQA: Synthetic Knowledge Generation at Scale for Training Context-Augmented
             Multimodal LLMs, ICML 2025 (the answer must stand in the context).
             https://arxiv.org/abs/2406.19593
    Code:    none followed.
    Differs: nothing known.
    Cost:    one pass over the sources' words.

    Args:
        mask: what stands for the answer in a query that has none beside it.

    Returns:
        The queries kept, in their order; those without an answer or a source are among them.

    Example:
        >>> from acclimate.testing import toys
        >>> rows = [{"query_id": a, "text": "who dances?", "source_doc_id": "bees", "answer": a,
        ...          "split": "train"} for a in ("Bees", "nobody")]
        >>> AnswerPresence()(toys.CORPUS, Queries.of(rows), Context())["answer"]
        ['Bees']
    """

    mask: str = MASK

    def __post_init__(self) -> None:
        """Refuse a mask that cannot be seen."""
        check_mask(self, self.mask)

    def __call__(self, corpus: Corpus, queries: Queries, ctx: Context) -> Queries:
        """Keep what is answered there."""
        told, held = answers(corpus, queries, self.mask), Held(corpus.contents)
        rows = zip(sources(corpus, queries).tolist(), told, strict=True)
        kept = [row < 0 or not answer or held.of(row, answer) for row, answer in rows]
        ctx.note("dropped", {"answer is not in the document": kept.count(False)})
        ctx.note("without an answer", sum(not answer for answer in told))
        return queries.keep(kept)
