"""SummarizeThenAsk: a language model says what matters, then asks about it in any language."""

from __future__ import annotations

from dataclasses import dataclass

from acclimate.errors import RecipeError
from acclimate.models.prompts import load
from acclimate.models.ref import Ref, Writer
from acclimate.parts._asking import Question, Said, ask
from acclimate.parts.generators._documents import drawn
from acclimate.parts.generators._written import rows_of
from acclimate.parts.part import Context
from acclimate.tables import Corpus, Queries


@dataclass(frozen=True, kw_only=True)
class SummarizeThenAsk:
    """Questions about what a summary of a document names, in one language or several.

    Asked at once about a long document, a model takes its first sentence. So it says first what
    the document is about, z ~ p(summary | d), and then asks with both before it,
    q ~ p(question in the language | d, z). Each language has documents of its own, drawn by their
    ids; a document that several languages drew is summarised once.

    Rows: [117].

    Paper:   Leveraging LLMs for Synthesizing Training Data Across Many Languages in Multilingual
             Dense Retrieval (SWIM-IR), 2023. https://arxiv.org/abs/2311.05800
    Code:    none followed.
    Differs: our own wording, and no examples, where the paper shows five for a language other than
             the document's and three for the same.
    Cost:    two generations per question.

    Args:
        writer: summarises and asks.
        languages: of the questions, in words the writer knows. Paper: 33.
        documents: how many are asked about in each language. None: all.

    Returns:
        Queries of kind "sap LANGUAGE", in the order of the corpus and of `languages`.

    Example:
        >>> from acclimate.parts.part import Context
        >>> from acclimate.testing import toys
        >>> from acclimate.testing.fakes import FakeEngine, FakeWriter
        >>> part = SummarizeThenAsk(writer=FakeWriter(), languages=("German",))
        >>> part(toys.CORPUS.head(1), Context(engine=FakeEngine()))["kind"]
        ['sap German']
    """

    writer: Ref[Writer]
    languages: tuple[str, ...] = ("English",)
    documents: int | None = None

    def __post_init__(self) -> None:
        """Refuse no language, one twice, and no document."""
        if not self.languages or len(set(self.languages)) < len(self.languages):
            raise RecipeError(
                f"SummarizeThenAsk(languages={self.languages}): name each language once, at least "
                "one."
            )
        if self.documents is not None and self.documents < 1:
            raise RecipeError(
                f"SummarizeThenAsk(documents={self.documents}) would write nothing. Give 1 or more."
            )

    @property
    def kinds(self) -> tuple[str, ...]:
        """Of its queries: one for each document and language."""
        return tuple(f"sap {language}" for language in self.languages)

    def __call__(self, corpus: Corpus, ctx: Context) -> Queries:
        """Write the questions, one language after the other."""
        seed = int(ctx.rng(self).integers(2**31))
        asked = {
            language: drawn((self, language), corpus, self.documents, ctx)
            for language in self.languages
        }
        wanted = {name for those in asked.values() for name in those["doc_id"]}
        summaries = self._summaries(corpus.where("doc_id", wanted), seed, ctx)
        found: dict[str, list[tuple[str, Said]]] = {}
        for language, those in asked.items():
            told = those.where("doc_id", summaries)
            for name, said in zip(
                told["doc_id"], self._questions(language, told, summaries, seed, ctx), strict=True
            ):
                found.setdefault(name, []).append((f"sap {language}", said))
        return Queries.of(
            row
            for name in corpus["doc_id"]
            for row in rows_of(name, ((k, s.text, s.log_prob) for k, s in found.get(name, ())))
        )

    def _summaries(self, corpus: Corpus, seed: int, ctx: Context) -> dict[str, str]:
        """What each document is about; documents on which nothing was said are missing."""
        questions = [Question(data={"document": text}) for text in corpus.contents]
        said = ask(self.writer, load("summary"), questions, ctx, seed=seed)
        return {
            name: answers[0].text
            for name, answers in zip(corpus["doc_id"], said, strict=True)
            if answers[0].text
        }

    def _questions(
        self, language: str, corpus: Corpus, summaries: dict[str, str], seed: int, ctx: Context
    ) -> list[Said]:
        questions = [
            Question(
                data={"document": text, "summary": summaries[name]}, words={"language": language}
            )
            for name, text in zip(corpus["doc_id"], corpus.contents, strict=True)
        ]
        said = ask(self.writer, load("ask_summary"), questions, ctx, seed=seed)
        return [answers[0] for answers in said]
