"""ReaderLikelihood: a document is as relevant as it makes a text likely to a language model."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from acclimate.errors import RecipeError
from acclimate.models.readers import NGramReader
from acclimate.models.ref import Floats, Integers, Ref, Scorer
from acclimate.parts._answers import MASK, answers
from acclimate.parts._pairs import Grid, grid, labelled, pairs
from acclimate.parts._sources import sources
from acclimate.parts.part import Context
from acclimate.tables import Candidates, Corpus, Labels, Queries

Target = Literal["query", "answer", "source"]
PROMPTS: dict[Target, str] = {
    "query": "Passage: {document} . Please write a question based on this passage.\n",
    "answer": "{document}\n{query}\n",
    "source": "{document}\n{query}\n",
}
"""What a reader has read before the text, where no prompt is given."""


@dataclass(frozen=True, kw_only=True)
class ReaderLikelihood:
    """Labels from a frozen reader: log p(text | document), as the reader gives it.

    The text is the query ("query": does the document make one ask this?), what its mask hides
    ("answer": does the document know?), or the document that the query was written from ("source":
    does the candidate help to go on from the query to that, as the output for an input, or the next
    chunk after a chunk?). With `gain` what the reader gives without any document is subtracted:
    above 0 the document helps.

    Rows: [004], [017], [020], [045], [048], [066].

    Paper:   ART: Questions are all you need, 2022 ("query", per token).
             https://arxiv.org/abs/2206.10658
             EPR: Learning To Retrieve Prompts for In-Context Learning, 2022 ("source").
             https://arxiv.org/abs/2112.08633
             Guu, Lee, Tung, Pasupat, Chang, REALM, ICML 2020 ("answer").
             https://arxiv.org/abs/2002.08909
             Long-range Language Modeling with Self-retrieval (RPT), 2023 (the gain).
             https://arxiv.org/abs/2306.13421
    Code:    none followed; the prompt is that of the authors' release of ART.
    Differs: the gain is over no document, where RPT's is over the text just before. A counting
             reader reads neither the prompt nor the query where that is not the text.
    Cost:    one reading per distinct pair, and with `gain` one more per query.

    Args:
        reader: readers.LanguageModel, or readers.NGramReader, which counts words. Whether its
            values are means or sums over the text's tokens is its own setting.
        target: the text whose likelihood is asked for.
        gain: whether the likelihood without a document is subtracted.
        prompt: what a language model reads before the text, with {document} and, if wanted,
            {query} in it. None: ART's for queries; for the others the document and the query on
            lines of their own.
        mask: what stands for the answer in a query, as its generator has it.

    Returns:
        One label per candidate, in the order of the candidates, in nats. Queries that have no
        such text are left out, and with "source" the source itself.
    """

    reader: Ref[Scorer] | NGramReader = field(default_factory=NGramReader)
    target: Target = "query"
    gain: bool = False
    prompt: str | None = None
    mask: str = MASK

    def __post_init__(self) -> None:
        """Refuse a prompt that shows no document, and a mask that cannot be seen."""
        if not self.mask:
            raise RecipeError("ReaderLikelihood(mask=''): give what stands for the answer.")
        if self.prompt is not None and "{document}" not in self.prompt:
            raise RecipeError(
                f"ReaderLikelihood(prompt={self.prompt!r}) shows the reader no document. Write "
                "{document} where it is to stand."
            )

    def __call__(
        self, corpus: Corpus, queries: Queries, candidates: Candidates, ctx: Context
    ) -> Labels:
        """Label the candidates."""
        asked, found = pairs(corpus, queries, candidates)
        texts, own = self._texts(corpus, queries)
        told = np.array([bool(text) for text in texts], dtype=bool)[asked] & (own[asked] != found)
        candidates, asked, found = candidates.keep(told), asked[told], found[told]
        if isinstance(self.reader, NGramReader):
            values = self._counted(self.reader, corpus, texts, grid(asked, found), ctx)
        else:
            values = self._read(self.reader, corpus, queries, texts, asked, found, ctx)
        return labelled(candidates, values, repr(self.reader))

    def _texts(self, corpus: Corpus, queries: Queries) -> tuple[list[str], Integers]:
        """The text of each query, (Q,), "" for none, and the document that it is, -1 for none."""
        nothing = np.full(len(queries), -1, dtype=np.int64)
        if self.target == "query":
            return queries["text"], nothing
        if self.target == "answer":
            return answers(corpus, queries, self.mask), nothing
        contents, own = corpus.contents, sources(corpus, queries)
        return [contents[row] if row >= 0 else "" for row in own.tolist()], own

    def _counted(
        self, reader: NGramReader, corpus: Corpus, texts: list[str], cells: Grid, ctx: Context
    ) -> Floats:
        """What a counting reader gives each candidate; the last document is none."""
        documents = [*corpus.contents, ""]
        asked = [texts[row] for row in cells.queries.tolist()]
        values = ctx.engine.search(reader, documents, asked, among=cells.documents).scores
        if self.gain:
            nothing = np.full((len(asked), 1), len(corpus), dtype=np.int64)
            values = values - ctx.engine.search(reader, documents, asked, among=nothing).scores
        return cells.of(values)

    def _read(
        self,
        reader: Ref[Scorer],
        corpus: Corpus,
        queries: Queries,
        texts: list[str],
        asked: Integers,
        found: Integers,
        ctx: Context,
    ) -> Floats:
        """What a language model gives each candidate; the last document is none."""
        documents, questions = [*corpus.contents, ""], queries["text"]

        def read(rows: Integers) -> Floats:
            contexts = [
                self._context(documents[d], questions[q])
                for q, d in zip(asked.tolist(), rows.tolist(), strict=True)
            ]
            return ctx.engine.score(reader, [texts[row] for row in asked.tolist()], contexts)

        values = read(found)
        return values - read(np.full_like(found, len(corpus))) if self.gain else values

    def _context(self, document: str, query: str) -> str:
        """The prompt with a document and a query in it."""
        told = {"{document}": document, "{query}": query}
        prompt = self.prompt if self.prompt is not None else PROMPTS[self.target]
        return re.sub(r"\{(?:document|query)\}", lambda slot: told[slot.group()], prompt)
