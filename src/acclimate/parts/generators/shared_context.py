"""SharedContext: inputs and outputs of several kinds of task on the same few documents."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import product
from typing import Any

from acclimate.errors import RecipeError
from acclimate.models.prompts import load
from acclimate.models.ref import Ref, Writer
from acclimate.parts._asking import Question, ask, verdicts
from acclimate.parts._contexts import Contexts
from acclimate.parts._numbered import numbered
from acclimate.parts.generators._documents import drawn
from acclimate.parts.generators._written import rows_of
from acclimate.parts.part import Context
from acclimate.tables import Corpus, Queries

TASKS = (
    ("question", "A question, and its answer in a few words."),
    ("claim", "A statement to be checked, true or false, and in one sentence what is the case."),
    ("dialogue", "What somebody who seeks advice says, and the adviser's reply in one sentence."),
    ("slot", 'The name of a thing and one of its properties, as "name: property", and its value.'),
)
"""Kinds of task: what the queries are called, and what input and output are."""

_PROPERTIES = ("input", "output")


@dataclass(frozen=True, kw_only=True)
class SharedContext:
    """Queries with answers, of each kind of task one, on documents that have to do with each other.

    A document is drawn, and with it come those near it in the graph of what the documents speak of
    (`miners.EntityNeighbours` brings the same). Shown all of them, a language model writes for each
    kind of task an input, which asks, and an output, which is the query's answer. Whether the
    output follows from the documents is asked once more, and what does not is left out. As the same
    documents serve all tasks, what a document is worth can be told from what it only looks like:
    `labellers.PerturbationAttribution` says what each adds to the output.

    Rows: [008].

    Paper:   SCARLet: Utility-based retriever via shared-context attribution, EMNLP 2025.
             https://arxiv.org/abs/2504.00573
    Code:    the authors' release was not followed.
    Differs: a graph of what meets in a sentence for a knowledge graph; our own wording and tasks,
             a language model's verdict for the checks of quality.
    Cost:    a generation per document and task, with `size` documents to read, and as many
             judgements with `check`.

    Args:
        writer: writes.
        tasks: a name, which is the query's kind, and what input and output are, of each.
        documents: how many a context is made for, drawn by their ids. None: all.
        size: documents of a context at most, the drawn one among them.
        check: whether outputs are looked at once more.
        checker: looks at them. None: the writer.

    Returns:
        Queries with the drawn document as source and the output as `answer`, in the order of the
        corpus and of `tasks`. The log-probability is that of input and output together.

    Example:
        >>> from acclimate.testing import toys
        >>> from acclimate.testing.fakes import FakeEngine
        >>> from acclimate.testing.recorded import Recorded
        >>> said = (("A question,", '{"input": "who dances?", "output": "bees"}'),)
        >>> part = SharedContext(writer=Recorded(answers=said), check=False, documents=1)
        >>> written = part(toys.CORPUS, Context(engine=FakeEngine()))
        >>> written["kind"], written["text"], written["answer"]
        (['question'], ['who dances?'], ['bees'])
    """

    writer: Ref[Writer]
    tasks: tuple[tuple[str, str], ...] = TASKS
    documents: int | None = None
    size: int = 5
    check: bool = True
    checker: Ref[Writer] | None = None

    def __post_init__(self) -> None:
        """Refuse no task, one twice, and no document."""
        if not self.tasks or len(set(self.kinds)) < len(self.tasks):
            raise RecipeError(
                f"SharedContext(tasks={self.kinds}): name each task once, at least one."
            )
        if min(self.size, 1 if self.documents is None else self.documents) < 1:
            raise RecipeError(
                f"SharedContext(documents={self.documents}, size={self.size}) would write nothing. "
                "Give 1 or more."
            )

    @property
    def kinds(self) -> tuple[str, ...]:
        """Of its queries: one for each document and task."""
        return tuple(name for name, _ in self.tasks)

    def __call__(self, corpus: Corpus, ctx: Context) -> Queries:
        """Write inputs and outputs, and look at them once more."""
        asked = drawn(self, corpus, self.documents, ctx)
        shown = self._shown(corpus, asked, ctx)
        rows = self._written(shown, ctx)
        left = {"without an input or an output": len(shown) * len(self.tasks) - len(rows)}
        if self.check:
            sees = [numbered(shown[r["source_doc_id"]], query=r["text"], answer=r["answer"])
                    for r in rows]  # fmt: skip
            told = verdicts(self.checker or self.writer, load("supported"), sees, ctx)
            left |= {"not supported": told.count(False), "no verdict": told.count(None)}
            rows = [row for row, verdict in zip(rows, told, strict=True) if verdict]
        ctx.note("left out", left)
        return Queries.of(rows)

    def _shown(self, corpus: Corpus, asked: Corpus, ctx: Context) -> dict[str, list[str]]:
        """The documents of each context, by the id of the one that was drawn."""
        contexts, contents = Contexts(corpus), corpus.contents
        shown = {
            name: [contents[row] for row, _ in contexts.of(corpus.position[name], self.size)]
            for name in ctx.track(asked["doc_id"], "contexts", len(asked))
        }
        sizes = Counter(map(len, shown.values()))
        ctx.note("contexts by their documents", {str(n): sizes[n] for n in sorted(sizes)})
        return shown

    def _written(self, shown: dict[str, list[str]], ctx: Context) -> list[dict[str, Any]]:
        """What is written of each context and task; nothing where input or output is missing."""
        wanted = list(product(shown.items(), self.tasks))
        questions = [
            Question(data={}, words={**numbered(documents).words, "task": told})
            for (_, documents), (_, told) in wanted
        ]
        seed = int(ctx.rng(self).integers(2**31))
        said = ask(self.writer, load("shared_context"), questions, ctx, seed=seed)
        rows: list[dict[str, Any]] = []
        for ((name, _), (kind, _)), (answer, *_) in zip(wanted, said, strict=True):
            text, told = (" ".join(str(answer.values.get(of, "")).split()) for of in _PROPERTIES)
            if told:
                made = rows_of(name, [(kind, text, answer.log_prob)])
                rows += [{**row, "answer": told} for row in made]
        return rows
