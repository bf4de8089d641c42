"""DenseSearch: the documents whose vectors are closest to a query's."""

from __future__ import annotations

from dataclasses import dataclass

from acclimate.models.encoders.dense import Dense
from acclimate.models.indexes import Flat
from acclimate.models.ref import Encoder, Ref
from acclimate.parts.miners._found import searched
from acclimate.parts.part import Context
from acclimate.tables import Candidates, Corpus, Queries


@dataclass(frozen=True, kw_only=True)
class DenseSearch:
    """The documents closest to each query under a given encoder, and its source document.

    Rows: [P1].

    Paper:   Xiong et al., Approximate Nearest Neighbor Negative Contrastive Learning for Dense
             Text Retrieval, ICLR 2021. https://arxiv.org/abs/2007.00808; for pseudo-labels: Wang
             et al., GPL, NAACL 2022, section 4. https://arxiv.org/abs/2112.07577
    Code:    UKPLab/gpl, gpl/toolkit/mine.py.
    Differs: the source document does not count towards `depth`, and is there, marked, even where
             the encoder did not find it. Vectors are kept by the weights' hash, never by a name.
    Cost:    one encoding of the corpus and the queries; queries × documents × dimension products.

    Args:
        encoder: any dense encoder.
        depth: documents of each query besides its source. Paper (GPL): 50.
        name: what its candidates are called in the column `miner`.

    Returns:
        Candidates with the encoder's similarities, for each query by falling score.

    Example:
        >>> from acclimate.parts.part import Context
        >>> from acclimate.testing import toys
        >>> from acclimate.testing.fakes import FakeEncoder, FakeEngine
        >>> miner = DenseSearch(encoder=FakeEncoder(), depth=1)
        >>> found = miner(toys.CORPUS, toys.WRITTEN.head(1), Context(engine=FakeEngine()))
        >>> found["rank"], found["is_source"]
        ([1, 2], [True, False])
    """

    encoder: Ref[Encoder] = Dense()  # noqa: RUF009 (a frozen value)
    depth: int = 50
    name: str = "dense"

    def __call__(self, corpus: Corpus, queries: Queries, ctx: Context) -> Candidates:
        """Search."""
        return searched(Flat(self.encoder), self.name, corpus, queries, self.depth, ctx)
