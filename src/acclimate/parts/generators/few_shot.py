"""FewShot: a language model writes queries after the example of a few."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from acclimate.errors import RecipeError
from acclimate.models.prompts import fence, load
from acclimate.models.ref import Ref, Writer
from acclimate.parts._asking import Question, ask
from acclimate.parts.generators._documents import drawn, queries_of
from acclimate.parts.part import Context
from acclimate.tables import Corpus, Queries

Example = tuple[str, str, str]
"""A document, a good query for it, and a bad one."""

EXAMPLES: tuple[Example, ...] = (
    (
        "Cast iron rusts when water stays on it. After washing, dry the pan on a warm stove and "
        "rub it with a drop of oil; the thin film keeps air and moisture away until the next meal.",
        "how to keep a cast iron pan from rusting after washing it",
        "what is cast iron",
    ),
    (
        "Leap seconds were added to civil time because the Earth turns unevenly. In 2022 the "
        "metrologists of the world agreed to stop inserting them by 2035.",
        "when will leap seconds be abolished",
        "why do clocks show the time",
    ),
    (
        "A tenant who leaves before the end of a fixed term owes rent until a new tenant moves in, "
        "but the landlord must look for one and may not let the flat stand empty on purpose.",
        "does a landlord have to look for a new tenant if I break my lease early",
        "where can I rent a flat",
    ),
)
"""Shown where no others are given: subjects far apart, so that none is copied."""


@dataclass(frozen=True, kw_only=True)
class FewShot:
    """Queries by a language model that has seen a few documents with theirs.

    In the second form, "gbq", each example carries a good and a bad question and the model is
    asked for the good one: then it asks for what only this document answers. Each query brings its
    mean token log-probability, by which `filters.LogProbTopK` keeps the best.

    Rows: [106].

    Paper:   Bonifacio, Abonizio, Fadaee, Nogueira, InPars: Data Augmentation for Information
             Retrieval using Large Language Models, SIGIR 2022. https://arxiv.org/abs/2202.05144
             With eight examples of the task at hand: Dai et al., Promptagator, ICLR 2023.
             https://arxiv.org/abs/2209.11755
    Code:    zetaalphavector/inpars, inpars/prompt.py and inpars/inpars.py.
    Differs: our own wording and examples; a chat model gets the standing part as its instruction,
             and documents are fenced as data.
    Cost:    one generation per query.

    Args:
        writer: writes the queries.
        style: "vanilla", or "gbq" with good and bad questions.
        examples: documents with a good and a bad query of each. None: three of our own.
        documents: how many are asked for queries. None: all. Paper: 100,000.
        per_document: queries of each. Paper: 1.

    Returns:
        Queries of kind "inpars" or "inpars_gbq", in the order of the corpus.

    Example:
        >>> from acclimate.parts.part import Context
        >>> from acclimate.testing import toys
        >>> from acclimate.testing.fakes import FakeEngine, FakeWriter
        >>> part = FewShot(writer=FakeWriter())
        >>> part(toys.CORPUS.head(1), Context(engine=FakeEngine()))["kind"]
        ['inpars']
    """

    writer: Ref[Writer]
    style: Literal["vanilla", "gbq"] = "vanilla"
    examples: tuple[Example, ...] | None = None
    documents: int | None = None
    per_document: int = 1

    def __post_init__(self) -> None:
        """Refuse to write nothing, or after no example."""
        if self.per_document < 1 or (self.documents is not None and self.documents < 1):
            raise RecipeError(
                f"FewShot(documents={self.documents}, per_document={self.per_document}) would "
                "write nothing. Give 1 or more."
            )
        if self.examples is not None and not self.examples:
            raise RecipeError("FewShot(examples=()) shows nothing. Give examples, or None.")

    @property
    def kind(self) -> str:
        """Of its queries, and the name of its prompt."""
        return "inpars_gbq" if self.style == "gbq" else "inpars"

    def __call__(self, corpus: Corpus, ctx: Context) -> Queries:
        """Write the queries."""
        asked = drawn(self, corpus, self.documents, ctx)
        words = {"examples": self.shown}
        questions = [Question(data={"document": text}, words=words) for text in asked.contents]
        said = ask(
            self.writer,
            load(self.kind),
            questions,
            ctx,
            count=self.per_document,
            seed=int(ctx.rng(self).integers(2**31)),
        )
        return queries_of(asked, said, lambda row: self.kind)

    @property
    def shown(self) -> str:
        """The examples as the model sees them."""
        blocks = []
        for document, good, bad in self.examples or EXAMPLES:
            lines = [fence("document", document)]
            if self.style == "gbq":
                lines += [f"Good question: {good}", f"Bad question: {bad}"]
            else:
                lines.append(f"Query: {good}")
            blocks.append("\n".join(lines))
        return "\n\n".join(blocks)
