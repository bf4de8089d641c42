"""DropoutPairs: a document asks for itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from acclimate.parts.generators._written import Rng, written
from acclimate.parts.part import Context
from acclimate.tables import Corpus, Queries

KIND = "dropout"


@dataclass(frozen=True, kw_only=True)
class DropoutPairs:
    """Pseudo-queries: whole documents, each asking for itself.

    Read twice under dropout, a text has two vectors that differ by chance alone. To find the one by
    the other among those of other texts spreads the vectors of a domain evenly. Without dropout
    query and document are one and the same to begin with: train a student with
    `students.Dense(dropout=True)`, and hold other queries out, as every student answers these.

    Rows: [035].

    Paper:   LaPraDoR: Unsupervised Pretrained Dense Retriever for Zero-Shot Text Retrieval,
             Findings of ACL 2022. https://arxiv.org/abs/2203.06169; the idea: Gao, Yao, Chen,
             SimCSE, EMNLP 2021, section 3. https://arxiv.org/abs/2104.08821
    Code:    none followed.
    Differs: documents as they are, title and text, where SimCSE takes sentences.
    Cost:    one pass over the drawn documents; no model.

    Args:
        queries: how many in all; documents are drawn by their ids. None: all documents.

    Returns:
        Queries of kind "dropout", in the order of the corpus. A document without words gives none.

    Example:
        >>> from acclimate.testing import toys
        >>> DropoutPairs()(toys.CORPUS, Context())["text"] == toys.CORPUS.contents
        True
    """

    queries: int | None = None

    def __call__(self, corpus: Corpus, ctx: Context) -> Queries:
        """Let the documents ask."""
        contents = corpus.contents

        def write(row: int, rng: Rng) -> Iterator[tuple[str, str]]:
            del rng
            yield KIND, contents[row]

        return written(self, corpus, ctx, write, self.queries)
