"""FalseNegativeAdapter: planted false negatives are doubted, others are not. [025]"""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, ClassVar, cast

import numpy as np
import pytest
import torch

from acclimate.errors import RecipeError, StoreError, TableError
from acclimate.models.encoders.dense import Dense
from acclimate.models.encoders.multi_vector import MultiVector
from acclimate.models.error_adapter import ErrorAdapter, opened, seen
from acclimate.models.student import Student
from acclimate.models.weights import digest
from acclimate.parts.loops import FalseNegativeAdapter, Fit
from acclimate.parts.loops.false_negative_adapter import classes_of
from acclimate.parts.losses import ReweightedInfoNCE, SegmentNorm
from acclimate.parts.part import Context
from acclimate.tables import Corpus, Labels, Queries
from acclimate.testing import samples
from acclimate.testing.fakes import FakeEncoder, FakeEngine

STUDENT = Student(encoder=cast(Dense, FakeEncoder(dimension=64)))
COUNT = 160


@dataclass(frozen=True, kw_only=True)
class Learn:
    """Writes down what it was told."""

    seen: ClassVar[list[Labels]] = []

    def __call__(self, labels: Labels, student: Student) -> Student:
        self.seen.append(labels)
        return student


def planted() -> tuple[Corpus, Queries, Labels]:
    """Each query's source, a second document that holds it too, and two about something else.

    A quarter of the queries is held out: what the adapter says of these it was never told.
    """
    sources = {f"s{n}": " ".join(f"w{n}x{k}" for k in range(8)) for n in range(COUNT)}
    copies = {
        f"c{n}": " ".join([f"w{n}x{k}" for k in range(4)] + [f"v{n}x{k}" for k in range(4)])
        for n in range(COUNT)
    }
    rows = []
    for n in range(COUNT):
        others = (f"s{(n + 1) % COUNT}", f"c{(n + 2) % COUNT}")
        for document, value in ((f"s{n}", 6.0), (f"c{n}", 7.0), *((o, -5.0) for o in others)):
            rows.append(
                {"query_id": f"q{n}", "doc_id": document, "value": value, "teacher": "gold"}
            )
    corpus = Corpus.of(
        {"doc_id": name, "title": "", "text": text} for name, text in {**sources, **copies}.items()
    )
    queries = Queries.of(
        {
            "query_id": f"q{n}",
            "text": f"w{n}x0 w{n}x1 w{n}x2",
            "source_doc_id": f"s{n}",
            "split": "heldout" if n % 4 == 0 else "train",
        }
        for n in range(COUNT)
    )
    return corpus, queries, Labels.of(rows)


CORPUS, QUERIES, LABELS = planted()
PART = FalseNegativeAdapter(loop=Learn(), norm=SegmentNorm(), share=0.0, steps=100, hidden=32)


def told(part: FalseNegativeAdapter = PART) -> tuple[list[dict[str, Any]], Context]:
    Learn.seen.clear()
    ctx = Context(seed=3, engine=FakeEngine())
    assert part(CORPUS, QUERIES, LABELS, STUDENT, ctx) == STUDENT
    (labels,) = Learn.seen
    return labels.dicts(), ctx


def test_planted_false_negatives_are_told_from_others_on_queries_it_never_saw() -> None:
    """[025]: the area under the curve is above 0.8."""
    rows, _ = told()
    unseen = [r for r in rows if int(r["query_id"][1:]) % 4 == 0]
    planted = [r["value"] for r in unseen if r["doc_id"] == "c" + r["query_id"][1:]]
    others = [r["value"] for r in unseen if r["doc_id"][1:] != r["query_id"][1:]]
    ahead = np.sign(np.array(planted)[:, None] - np.array(others)[None, :])
    assert (ahead + 1).mean() / 2 > 0.8


def test_a_source_is_relevant_whatever_the_adapter_says_and_labels_keep_their_order() -> None:
    rows, ctx = told()
    assert [(r["query_id"], r["doc_id"]) for r in rows] == [
        (r["query_id"], r["doc_id"]) for r in LABELS.dicts()
    ]
    assert {r["value"] for r in rows if r["doc_id"] == "s" + r["query_id"][1:]} == {1.0}
    assert all(0 <= r["value"] <= 1 for r in rows)
    assert ctx.notes["adapter"]["labels"] == {
        "true positive": COUNT, "false negative": COUNT,
        "false positive": 0, "true negative": 2 * COUNT,
    }  # fmt: skip


def test_the_doubts_weigh_as_in_rrra() -> None:
    """[025]: s_HN = 0.8, doubt 0.5, γ = 2: 0.8 · (1 − 0.5)² = 0.2, beside a source of 1."""
    loss = ReweightedInfoNCE(temperature=1.0, gamma=2.0)
    scores, targets = torch.tensor([[1.0, 0.8]]).log(), torch.tensor([[1.0, 0.5]])
    value = loss(scores, targets, torch.ones(1, 2, dtype=torch.bool))
    assert value.item() == pytest.approx(np.log(1.2), abs=1e-6)


def test_what_the_teacher_values_as_high_as_its_sources_is_relevant() -> None:
    """Sources 6 and 2, the other 5 and 1; with half of the sources too low, the bar is 4."""
    queries = Queries.columns(
        query_id=["a", "b"], text=["a", "b"], split=["train"] * 2, source_doc_id=["x", "y"]
    )
    labels = Labels.columns(
        query_id=["a", "a", "b", "b"],
        doc_id=["x", "y", "y", "x"],
        value=[6.0, 5.0, 2.0, 1.0],
        teacher=["t"] * 4,
    )
    classes, is_source = classes_of(queries, labels, 0.5)
    assert classes.tolist() == [0, 1, 2, 3]
    assert is_source.tolist() == [True, False, True, False]
    assert classes_of(queries, labels, 0.0)[0].tolist() == [0, 1, 0, 3]


def test_an_adapter_begins_where_the_document_is_and_sees_three_things() -> None:
    """(q − c, q ⊙ c, q + c) of q = (1, 0) and c = (0, 1), times √2, the product times 2."""
    query, document = torch.tensor([[1.0, 0.0]]), torch.tensor([[0.0, 1.0]])
    adapted, logits = ErrorAdapter(2, 3)(query, document)
    assert torch.equal(adapted, document)
    assert logits.shape == (1, 4)
    root = 2**0.5
    expected = [root, -root, 0, 0, root, root]
    assert seen(query, document)[0].tolist() == pytest.approx(expected)
    assert seen(query, query)[0].tolist() == pytest.approx([0, 0, 2, 0, 2 * root, 0])


def test_the_same_seed_gives_the_same_doubts_and_nothing_global_moves() -> None:
    before = torch.get_rng_state()
    one, other = told()[0], told()[0]
    assert one == other
    assert torch.equal(before, torch.get_rng_state())


@pytest.mark.integration
def test_the_loop_inside_trains(student: Student, tmp_path: Path) -> None:
    fit = Fit(loss=ReweightedInfoNCE(), steps=2, batch=4, candidates=3, warmup=1)
    things: dict[type, Any] = samples.things()
    ctx = Context(seed=1, engine=FakeEngine(), folder=tmp_path)
    part = FalseNegativeAdapter(loop=fit, steps=3, hidden=8)
    after = part(things[Corpus], things[Queries], things[Labels], student, ctx)
    assert digest(Path(after.encoder.model)) != digest(Path(student.encoder.model))


def test_an_adapter_of_what_became_of_the_student_is_kept_where_it_is_to_rerank(
    tmp_path: Path,
) -> None:
    """[025]: what it was told is relevant it finds likelier, on the mean, than what is not."""
    ctx = Context(seed=3, engine=FakeEngine(), folder=tmp_path)
    replace(PART, reranks=True)(CORPUS, QUERIES, LABELS, STUDENT, ctx)
    held = [row for row in LABELS.dicts() if int(row["query_id"][1:]) % 4 == 0]
    texts = [QUERIES["text"][QUERIES.position[row["query_id"]]] for row in held]
    found = [CORPUS.contents[CORPUS.position[row["doc_id"]]] for row in held]
    vectors = (STUDENT.encoder.encode(t, kind="document") for t in (texts, found))
    chances = opened(tmp_path / "adapter").relevance(*vectors)
    relevant = np.array([row["value"] > 0 for row in held])
    assert chances[relevant].mean() > chances[~relevant].mean() + 0.1
    PART(CORPUS, QUERIES, LABELS, STUDENT, replace(ctx, folder=tmp_path / "other"))
    assert not (tmp_path / "other").exists()
    with pytest.raises(StoreError, match="needs a folder"):
        replace(PART, reranks=True)(CORPUS, QUERIES, LABELS, STUDENT, Context())


def test_without_a_labelled_source_nothing_is_learned() -> None:
    few = LABELS.keep(np.array([d[0] == "c" for d in LABELS["doc_id"]]))
    with pytest.raises(TableError, match="of 120 training queries none has a label of its source"):
        PART(CORPUS, QUERIES, few, STUDENT, Context(engine=FakeEngine()))


def test_settings_that_learn_nothing_are_refused() -> None:
    for wrong in ({"share": 1.5}, {"steps": 0}, {"hidden": 0}, {"learning_rate": 0.0}):
        with pytest.raises(RecipeError, match="FalseNegativeAdapter"):
            replace(PART, **wrong)
    several = Student(encoder=MultiVector("m"))
    with pytest.raises(RecipeError, match="Give a dense encoder"):
        PART(CORPUS, QUERIES, LABELS, several, Context(engine=FakeEngine()))
