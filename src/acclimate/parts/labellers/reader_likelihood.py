"""ReaderLikelihood: a document is as relevant as it makes a text likely to a language model."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from acclimate.models.readers import NGramReader
from acclimate.models.ref import Floats, Integers, Ref, Scorer
from acclimate.parts._answers import MASK
from acclimate.parts._pairs import Grid, grid, labelled
from acclimate.parts.labellers._reading import Asked, Target, asked, check_reading, context
from acclimate.parts.part import Context
from acclimate.tables import Candidates, Corpus, Labels, Queries


@dataclass(frozen=True, kw_only=True)
class ReaderLikelihood:
    """Labels from a frozen reader: log p(text | document), as the reader gives it.

    The text is the query ("query": does the document make one ask this?), the answer that comes
    with it or else what its mask hides ("answer": does the document know?), the document that the
    query was written from ("source": does the candidate help to go on from the query to that, as
    the next chunk after a chunk?), that document without its title ("output": of documents that are
    examples, with the input as title and the output as text, does this one help to give the
    output?), or what was said next in that document, a conversation ("reply": does the candidate
    help to answer?). With `gain` what the reader gives without any document is subtracted: above 0
    the document helps.

    Rows: [004], [017], [020], [040], [045], [048], [066].

    Paper:   ART: Questions are all you need, 2022 ("query", per token).
             https://arxiv.org/abs/2206.10658
             EPR: Learning To Retrieve Prompts for In-Context Learning, 2022 ("output").
             https://arxiv.org/abs/2112.08633
             Guu, Lee, Tung, Pasupat, Chang, REALM, ICML 2020 ("answer").
             https://arxiv.org/abs/2002.08909
             AdaQR: Adaptive Query Rewriting, EMNLP 2024 ("reply").
             https://arxiv.org/abs/2406.10991
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
        such text are left out, and with "source", "output" and "reply" the source itself.
    """

    reader: Ref[Scorer] | NGramReader = field(default_factory=NGramReader)
    target: Target = "query"
    gain: bool = False
    prompt: str | None = None
    mask: str = MASK

    def __post_init__(self) -> None:
        """Refuse a prompt that shows no document, and a mask that cannot be seen."""
        check_reading(self, self.prompt, self.mask)

    def __call__(
        self, corpus: Corpus, queries: Queries, candidates: Candidates, ctx: Context
    ) -> Labels:
        """Label the candidates."""
        told = asked(self.target, self.mask, corpus, queries, candidates)
        if isinstance(self.reader, NGramReader):
            cells = grid(told.queries, told.documents)
            values = self._counted(self.reader, corpus, told.texts, cells, ctx)
        else:
            values = self._read(self.reader, corpus, queries, told, ctx)
        return labelled(told.candidates, values, repr(self.reader))

    def _counted(
        self, reader: NGramReader, corpus: Corpus, texts: list[str], cells: Grid, ctx: Context
    ) -> Floats:
        """What a counting reader gives each candidate; the last document is none."""
        documents = [*corpus.contents, ""]
        read = [texts[row] for row in cells.queries.tolist()]
        values = ctx.engine.search(reader, documents, read, among=cells.documents).scores
        if self.gain:
            nothing = np.full((len(read), 1), len(corpus), dtype=np.int64)
            values = values - ctx.engine.search(reader, documents, read, among=nothing).scores
        return cells.of(values)

    def _read(
        self, reader: Ref[Scorer], corpus: Corpus, queries: Queries, told: Asked, ctx: Context
    ) -> Floats:
        """What a language model gives each candidate; the last document is none."""
        documents, questions = [*corpus.contents, ""], queries["text"]
        texts = [told.texts[row] for row in told.queries.tolist()]

        def read(rows: Integers) -> Floats:
            contexts = [
                context(self.prompt, self.target, documents[d], questions[q])
                for q, d in zip(told.queries.tolist(), rows.tolist(), strict=True)
            ]
            return ctx.engine.score(reader, texts, contexts)

        values = read(told.documents)
        if not self.gain:
            return values
        return values - read(np.full_like(told.documents, len(corpus)))
