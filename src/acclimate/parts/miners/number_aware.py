"""NumberAware: documents with numbers, so that numbers must be told apart."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import numpy as np

from acclimate.errors import RecipeError
from acclimate.models.student import Student
from acclimate.parts._codes import coded, looked_up
from acclimate.parts.miners._lists import listed
from acclimate.parts.miners.union import Union
from acclimate.parts.part import Context, Miner
from acclimate.tables import Candidates, Corpus, Queries

_NUMBER = re.compile(r"\d+(?:[.,:]\d+)*")


@dataclass(frozen=True, kw_only=True)
class NumberAware:
    """Of what another miner finds, the best documents that hold numbers.

    Where queries ask for figures, a document without any is no temptation: the student is to tell
    the right year, amount or row from others. Beside documents without numbers, in a
    `miners.Union`, they keep what the student knows of words.

    Rows: [013].

    Paper:   Sun et al., APOLLO: An Optimized Training Approach for Long-form Numerical Reasoning,
             LREC-COLING 2024. https://arxiv.org/abs/2212.07249
    Code:    none followed: the released number_aware.py filters positives, and draws negatives
             evenly from all facts.
    Differs: the best of a search, where the paper draws from one document's facts.
    Cost:    that of the miner, and a pass over the texts it finds.

    Args:
        miner: finds the documents.
        count: documents of each query besides the source. Code: 3.
        at_least_numbers: how many a document must hold; 1,200.50 is one.

    Returns:
        Candidates with the miner's scores, ranked anew; fewer than `count` where fewer hold
        numbers.
    """

    miner: Miner = field(default_factory=Union)
    count: int = 3
    at_least_numbers: int = 1

    def __post_init__(self) -> None:
        """Refuse to keep nothing, and to keep everything."""
        if min(self.count, self.at_least_numbers) < 1:
            raise RecipeError(
                f"NumberAware(count={self.count}, at_least_numbers={self.at_least_numbers}): give "
                "1 or more."
            )

    def __call__(
        self, corpus: Corpus, queries: Queries, student: Student, ctx: Context
    ) -> Candidates:
        """Keep documents with numbers."""
        lists = listed(self.miner, corpus, queries, student, ctx)
        document, doc_ids = coded(lists.found, "doc_id")
        contents = corpus.contents
        counts = [
            len(_NUMBER.findall(contents[row])) for row in looked_up(doc_ids, corpus.position)
        ]
        numeric = (np.asarray(counts, dtype=np.int64) >= self.at_least_numbers)[document]
        ctx.note("without numbers", int((~numeric & lists.others).sum()))
        return lists.kept(lists.first(lists.rank, self.count, numeric))
