"""WithDrafts: a training that also has the written documents, and nothing else does."""

from __future__ import annotations

from dataclasses import dataclass

from acclimate.models.student import Student
from acclimate.parts.loops._stages import check_trainers, trained
from acclimate.parts.part import Context, Trainer
from acclimate.tables import Corpus, Drafts, Labels, Queries

TEACHER = "draft"
"""Of the drafts of a query that has no other label."""


@dataclass(frozen=True, kw_only=True)
class WithDrafts:
    """Trains on the labels and on the drafts: a draft is a document with its value as its label.

    The corpus that the loop inside sees holds the drafts; the one that miners, the gate and
    evaluators see does not. So a written document can teach what is relevant, and can never be
    found, counted or praised. The values of a query's drafts are in the units of its labels, and
    come under the same teacher's name.

    Origin: own; documents written for training as in Kim, Baek, Syntriever, NAACL Findings 2025.
            https://arxiv.org/abs/2502.03824
    Code:    none published.
    Differs: nothing known.
    Cost:    that of its loop.

    Args:
        loop: what trains.
        kinds: of drafts. Empty: all.
        alone: whether only drafts train, and no label does: drafts of one kind and another may
            differ in one thing, which is to be learned before others.

    Returns:
        The student of the loop.

    Raises:
        TableError: when a document of the corpus has the id of a draft.
    """

    loop: Trainer
    kinds: tuple[str, ...] = ()
    alone: bool = False

    def __post_init__(self) -> None:
        """Refuse what does not train."""
        check_trainers(self, (self.loop,))

    def __call__(
        self,
        corpus: Corpus,
        queries: Queries,
        labels: Labels,
        drafts: Drafts,
        student: Student,
        ctx: Context,
    ) -> Student:
        """Train on both."""
        wanted = drafts.following(queries.of_split("train"))
        wanted = wanted.where("kind", self.kinds) if self.kinds else wanted
        ctx.note("drafts", {"train": len(wanted), "left out": len(drafts) - len(wanted)})
        taught = labels_of(wanted, labels)
        tables = (
            Corpus.joined([corpus, documents_of(wanted)]),
            queries,
            taught if self.alone else Labels.joined([labels, taught]),
        )
        return trained(self.loop, tables, student, ctx, folder="with-drafts")


def documents_of(drafts: Drafts) -> Corpus:
    """Each distinct draft as a document."""
    texts = dict(zip(drafts["doc_id"], drafts["text"], strict=True))
    return Corpus.columns(doc_id=list(texts), title=[""] * len(texts), text=list(texts.values()))


def labels_of(drafts: Drafts, labels: Labels) -> Labels:
    """A label for each draft, by whoever labels the documents of its query."""
    teachers = dict(zip(labels["query_id"], labels["teacher"], strict=True))
    return Labels.columns(
        query_id=drafts["query_id"],
        doc_id=drafts["doc_id"],
        value=drafts["value"],
        teacher=[teachers.get(query, TEACHER) for query in drafts["query_id"]],
    )
