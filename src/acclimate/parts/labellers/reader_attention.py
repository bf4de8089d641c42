"""ReaderAttention: a document is as relevant as a reader looks at it while it answers."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from acclimate.models.readers import FusionInDecoder
from acclimate.models.readers.fusion_in_decoder import packed, unpacked
from acclimate.models.ref import Ref, Writer
from acclimate.parts._answers import MASK, answers, check_mask
from acclimate.parts._pairs import grid, labelled, pairs
from acclimate.parts.part import Context
from acclimate.tables import Candidates, Corpus, Labels, Queries

_AT_ONCE = 128
"""Queries whose lists are held at once."""


@dataclass(frozen=True, kw_only=True)
class ReaderAttention:
    """Labels from the attention of a frozen reader that has all documents of a query before it.

    Where the decoder of a reader looks is what it takes its answer from. Nobody says which document
    is relevant, and no answer need be known: the attention of the first token it would write is
    read ("first"), or that of the tokens of the answer ("answer"), where one comes with the query
    or is hidden by its mask.

    Rows: [067], [073], [088].

    Paper:   Izacard, Grave, Distilling Knowledge from Reader to Retriever for Question Answering,
             ICLR 2021 ("first"). https://arxiv.org/abs/2012.04584
             Yu, Xiong, Yu, Liu, Augmentation-Adapted Retriever, ACL 2023 (a reader of another
             task's data, as it is). https://arxiv.org/abs/2305.17331
             MAKER: Multi-Grained Knowledge Retrieval for End-to-End Task-Oriented Dialog, ACL 2023
             ("answer": the tokens of entities). https://arxiv.org/abs/2305.10149
    Code:    as readers.FusionInDecoder.
    Differs: the reader is not trained; one that was trained on questions and answers of the domain
             can be given.
    Cost:    one encoding per query and candidate.

    Args:
        reader: reads the list of a query.
        tokens: in whose place attention is read.
        mask: what stands for the answer in a query, as its generator has it.

    Returns:
        One label per candidate, in the order of the candidates. With "answer" queries without one
        are left out.
    """

    reader: Ref[Writer] = field(default_factory=FusionInDecoder)
    tokens: Literal["first", "answer"] = "first"
    mask: str = MASK

    def __post_init__(self) -> None:
        """Refuse a mask that cannot be seen."""
        check_mask(self, self.mask)

    def __call__(
        self, corpus: Corpus, queries: Queries, candidates: Candidates, ctx: Context
    ) -> Labels:
        """Label the candidates."""
        told = [""] * len(queries)
        asked, found = pairs(corpus, queries, candidates)
        if self.tokens == "answer":
            told = answers(corpus, queries, self.mask)
            known = np.array([bool(text) for text in told], dtype=bool)[asked]
            candidates, asked, found = candidates.keep(known), asked[known], found[known]
        cells = grid(asked, found)
        values = np.full(cells.documents.shape, np.nan, dtype=np.float32)
        contents, texts, silent = corpus.contents, queries["text"], 0
        blocks = range(0, len(cells.queries), _AT_ONCE)
        for start in ctx.track(blocks, "reading lists", len(blocks)):
            rows = cells.queries[start : start + _AT_ONCE].tolist()
            lists = [line[line >= 0].tolist() for line in cells.documents[start:][: len(rows)]]
            prompts = [
                packed(texts[row], [contents[place] for place in places], told[row])
                for row, places in zip(rows, lists, strict=True)
            ]
            read = ctx.engine.write(self.reader, prompts, count=1, seed=0)
            for line, (places, written) in enumerate(zip(lists, read, strict=True), start):
                looked = unpacked(written[0].text, len(places))
                silent += looked is None
                if looked is not None:
                    values[line, : len(places)] = looked
        ctx.note("lists", {"read": len(cells.queries) - silent, "not read": silent})
        return labelled(candidates, cells.of(values), f"attention, {self.reader!r}")
