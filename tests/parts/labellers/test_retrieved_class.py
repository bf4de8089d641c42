"""RetrievedClass: what was found for a class is of it. [033]"""

from acclimate.parts.labellers import RetrievedClass
from acclimate.parts.part import Context
from acclimate.tables import Candidates, Queries

QUERIES = Queries.of(
    {"query_id": name, "text": name, "kind": name.split()[0], "split": "train"}
    for name in ("sport match", "sport goal", "law court")
)


def found(*pairs: tuple[str, str]) -> Candidates:
    ranks: dict[str, int] = {}
    rows = []
    for query, doc in pairs:
        ranks[query] = ranks.get(query, 0) + 1
        rows.append(
            {"query_id": query, "doc_id": doc, "rank": ranks[query], "score": 0.0,
             "is_source": False, "miner": "m"}
        )  # fmt: skip
    return Candidates.of(rows)


def test_every_document_of_one_class_is_relevant_to_all_queries_that_found_it() -> None:
    """[033]: a document is labelled with the class that retrieved it."""
    candidates = found(("sport match", "a"), ("sport goal", "a"), ("law court", "b"))
    labels = RetrievedClass()(QUERIES, candidates, Context())
    assert labels["doc_id"] == ["a", "a", "b"]
    assert labels["value"] == [1.0, 1.0, 1.0]


def test_a_document_of_two_classes_is_of_neither() -> None:
    ctx = Context()
    candidates = found(("sport match", "a"), ("law court", "a"), ("law court", "b"))
    assert RetrievedClass()(QUERIES, candidates, ctx)["doc_id"] == ["b"]
    assert ctx.notes["dropped"] == {"found for two classes": 1}
