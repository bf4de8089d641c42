"""OfTrainingDocuments: nothing is written from what a held-out query was written from."""

from acclimate.models.student import Student
from acclimate.parts.generators import OfTrainingDocuments, Titles
from acclimate.parts.part import Context
from acclimate.tables import Corpus, Queries
from acclimate.testing import samples

STUDENT: Student = samples.things()[Student]
CORPUS = Corpus.of(
    {"doc_id": d, "title": f"Title of {d}", "text": "text", "parent_id": parent}
    for d, parent in (("a#0", "a"), ("a#1", "a"), ("b", None), ("c", None))
)


def queries(**splits: str) -> Queries:
    return Queries.of(
        {"query_id": name, "text": name, "source_doc_id": source, "split": splits[name]}
        for name, source in (("p", "a#0"), ("q", "b"), ("r", None))
        if name in splits
    )


def written(held: Queries, ctx: Context) -> list[str | None]:
    made = OfTrainingDocuments(generator=Titles())(CORPUS, held, STUDENT, ctx)
    assert set(made["split"]) <= {"train"}
    return made["source_doc_id"]


def test_pieces_of_a_held_out_document_are_set_aside_together() -> None:
    ctx = Context()
    assert written(queries(p="heldout", q="train", r="heldout"), ctx) == ["b", "c"]
    assert ctx.notes["documents set aside"] == 2


def test_where_nothing_is_held_out_all_documents_are_written_for() -> None:
    assert written(queries(p="train"), Context()) == ["a#0", "a#1", "b", "c"]
