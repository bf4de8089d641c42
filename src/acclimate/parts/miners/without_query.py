"""WithoutQuery: a document is rated without the query that was cut out of it.

Shapes: N candidates, R of them sources that are read otherwise.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from acclimate.models.student import Student
from acclimate.parts._cloze import reread
from acclimate.parts._pairs import pairs
from acclimate.parts._scored import scored
from acclimate.parts.miners._lists import listed
from acclimate.parts.miners.with_student import WithStudent
from acclimate.parts.part import Context, Miner
from acclimate.tables import Candidates, Corpus, Queries


@dataclass(frozen=True, kw_only=True)
class WithoutQuery:
    """What another miner finds with the student, the source of a query rated as it will be read.

    A source that holds its query word for word is rated above all else, and who draws documents
    about as close as it, or by their share of a softmax with it, is misled. Of kinds that end in
    "_cloze" the student rates the source without the query, of kinds that end in "_crop" a crop of
    it, as `loops.Cloze` has it read. The same documents stay.

    Origin:  own; the reading is that of Lee, Chang, Toutanova, Latent Retrieval for Weakly
             Supervised Open Domain Question Answering, ACL 2019, section 5.
             https://arxiv.org/abs/1906.00300
    Code:    none followed.
    Differs: nothing known.
    Cost:    that of the miner, and one encoding of the documents that are read otherwise.

    Args:
        miner: finds the documents, and rates them by the student's own similarities.

    Returns:
        Candidates of the miner, for each query by falling score.
    """

    miner: Miner = field(default_factory=WithStudent)

    def __call__(
        self, corpus: Corpus, queries: Queries, student: Student, ctx: Context
    ) -> Candidates:
        """Search, and rate the sources anew."""
        lists = listed(self.miner, corpus, queries, student, ctx)
        read = reread(corpus, queries)
        ctx.note("documents read otherwise", len(read))
        both = zip(lists.found["query_id"], lists.found["doc_id"], strict=True)
        rows = np.flatnonzero([pair in read.names for pair in both])
        asked, found = pairs(read.corpus, read.queries, read.of(lists.found.take(rows)))
        contents, score = read.corpus.contents, lists.score.copy()
        texts = [contents[row] for row in found.tolist()]
        score[rows] = scored(
            student.encoder, queries["text"], texts, asked, np.arange(len(rows)), ctx
        )
        return lists.kept(np.ones(len(score), dtype=bool), score)
