"""silver from end to end: several poor sources, cleaned by a teacher. [104]"""

from collections import Counter
from pathlib import Path

import pytest

import acclimate
from acclimate.parts import filters, generators, losses
from acclimate.pipeline.checks import refs_of
from acclimate.recipes.silver import silver
from acclimate.tables import Corpus, Labels, Queries
from acclimate.testing import toys

pytestmark = pytest.mark.integration

CORPUS = Corpus.of(
    {**row, "text": f"## All about {row['doc_id']} here\n\n{row['text']}"}
    for row in toys.CORPUS.dicts()
)


@pytest.fixture(scope="module")
def run(models, tmp_path_factory) -> Path:
    out = tmp_path_factory.mktemp("silver") / "run"
    recipe = silver(queries=30, held_out=4, depth=5, steps=3, batch=6)
    return acclimate.adapt(recipe, CORPUS, models.encoder, out=out).run


def test_without_a_teacher_it_names_no_model() -> None:
    assert list(refs_of((silver().steps, silver().judge))) == []


def test_a_query_stays_where_its_teacher_finds_nothing_better() -> None:
    kinds = [type(step) for step in silver().steps]
    assert kinds.index(filters.TeacherTop1) < kinds.index(filters.FalseNegatives)
    assert filters.FalseNegatives(percent=0.95) in silver().steps
    fit = silver().steps[-1].loop
    assert fit.loss == losses.ListSoftmaxCE(temperature=0.05, in_batch=True)


def test_the_mixture_has_the_shares_of_its_sources() -> None:
    """[104]: mixture sampling respects weights: 2 : 1 : 1 : 1 of 20 are 8, 4, 4 and 4."""
    many = Corpus.of(
        {**row, "doc_id": f"{row['doc_id']}{n}", "title": f"{row['title']} number {n}",
         "text": row["text"].replace("All about", f"All about the {n}")}
        for n in range(3) for row in CORPUS.dicts()
    )  # fmt: skip
    ctx = acclimate.Context()
    mixed = silver(queries=20).steps[0]
    assert isinstance(mixed, generators.Mixed)
    mixed(many, ctx)
    assert [note["taken"] for note in ctx.notes["generators"]] == [8, 4, 4, 4]


def test_a_list_of_questions_with_answers_is_another_source() -> None:
    """[104]: pairs that people made stand beside the weak ones."""
    mixed = silver(pairs=toys.ANSWERS.path, queries=14).steps[0]
    assert mixed.members[-1] == generators.AnswerPairs(log=toys.ANSWERS)
    assert mixed.shares == (2.0, 1.0, 1.0, 1.0, 2.0)
    kinds = Counter(mixed(CORPUS, acclimate.Context())["kind"])
    assert kinds["answered"] == 4  # 2 of 7 parts


def test_sources_of_several_kinds_come_through(run: Path) -> None:
    kinds = Counter(Queries.open(run / "tables" / "queries.arrow")["kind"])
    assert len(kinds) > 1


def test_no_document_that_stays_is_rated_above_the_source(run: Path) -> None:
    """[104]: what the teacher does not agree with is gone."""
    queries = Queries.open(run / "tables" / "queries.arrow")
    labels = Labels.open(run / "tables" / "labels.arrow")
    source = dict(zip(queries["query_id"], queries["source_doc_id"], strict=True))
    best = {}
    for row in labels.dicts():
        best.setdefault(row["query_id"], []).append((row["value"], row["doc_id"]))
    assert best
    for query, rated in best.items():
        assert max(rated)[0] == next(value for value, doc in rated if doc == source[query])
