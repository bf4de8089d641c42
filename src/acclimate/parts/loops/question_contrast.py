"""QuestionContrast: questions that differ by a word and have other answers are pressed apart."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

import numpy as np

from acclimate.errors import RecipeError
from acclimate.models.student import Student
from acclimate.parts._edits import Edits
from acclimate.parts._hashing import hashes, salt
from acclimate.parts._words import normal
from acclimate.parts.loops._stages import check_trainers, trained
from acclimate.parts.part import Context, Trainer
from acclimate.tables import Corpus, Labels, Queries

TEACHER = "questions"


@dataclass(frozen=True, kw_only=True)
class QuestionContrast:
    """Trains on documents as its loop does, then on questions against minimal edits of them.

    "The largest city of Peru" and "the capital of Peru" are near for any encoder, and so are "the
    capital of Peru" and "of Chile"; their documents are not the same. For the second loop the
    training queries themselves are the documents: relevant is another query of the same source, or
    without one the query itself, and not relevant are queries a few words away that were written
    from other documents. `losses.QuerySideContrastive` is made for it.

    Rows: [053].

    Paper:   Zhang, Yu, Zhao, Jiang, Exploring Contrast Consistency of Open-Domain Question
             Answering Systems on Minimally Edited Questions, TACL 2023, section 4.
             https://arxiv.org/abs/2305.14441
    Code:    ytyz1307zzh/Minimally_Edited_Questions, train_dense_encoder.py.
    Differs: one loop after the other, where the paper adds both losses and lets the second begin
             late; edits are found among the queries, where the paper draws them from millions of
             questions; that sources differ stands for that answers do.
    Cost:    that of both loops; the second reads short texts.

    Args:
        loop: trains on documents.
        questions: trains on questions, more gently.
        at_most_edits: words by which a question differs.
        count: edits of a question, at most.

    Returns:
        The student of the second loop; of the first where no query has an edit, which is noted.
    """

    loop: Trainer
    questions: Trainer
    at_most_edits: int = 2
    count: int = 4

    def __post_init__(self) -> None:
        """Refuse loops that do not train, and edits of nothing."""
        check_trainers(self, (self.loop, self.questions))
        if min(self.at_most_edits, self.count) < 1:
            raise RecipeError(f"{self!r}: give 1 or more edits.")

    def __call__(
        self, corpus: Corpus, queries: Queries, labels: Labels, student: Student, ctx: Context
    ) -> Student:
        """Train the student."""
        student = trained(self.loop, (corpus, queries, labels), student, ctx, folder="documents")
        tables = contrasted(
            queries.of_split("train"), self.at_most_edits, self.count, salt(ctx, self)
        )
        asked = tables[1]
        ctx.note("questions", {"with an edit": len(asked), "labels": len(tables[2])})
        if not len(asked):
            return student
        return trained(self.questions, tables, student, ctx, folder="questions")


def contrasted(
    queries: Queries, at_most_edits: int, count: int, key: int
) -> tuple[Corpus, Queries, Labels]:
    """Questions as documents, those that have minimal edits, and what is relevant for them.

    Args:
        queries: those with a source take part.
        at_most_edits: words by which a question differs.
        count: edits of a question, at most.
        key: decides which, where there are more.
    """
    known = queries.keep([source is not None for source in queries["source_doc_id"]])
    luck = np.argsort(hashes(known["query_id"], key), kind="stable")
    known = known.take(luck)
    names, texts, sources = known["query_id"], known["text"], known["source_doc_id"]
    edits, siblings = Edits(texts, at_most_edits), defaultdict(list)
    for row, source in enumerate(sources):
        siblings[source].append(row)
    asked, told = [], []
    for row, query in enumerate(known.dicts()):
        others = [other for other in edits.of(row) if sources[other] != sources[row]][:count]
        if others:
            said_anew = [
                o for o in siblings[sources[row]] if normal(texts[o]) != normal(texts[row])
            ]
            like = names[(said_anew or [row])[0]]
            asked.append({**query, "source_doc_id": like, "topic": None})
            told.append((query["query_id"], like, 1.0))
            told += [(query["query_id"], names[other], 0.0) for other in others]
    questions = Corpus.columns(doc_id=names, title=[""] * len(names), text=texts)
    return (
        questions,
        Queries.of(asked),
        Labels.of(
            {"query_id": query, "doc_id": document, "value": value, "teacher": TEACHER}
            for query, document, value in told
        ),
    )
