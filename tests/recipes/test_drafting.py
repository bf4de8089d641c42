"""Recipes whose language model writes documents too, from end to end against a real server.

[002] figret, [010] reasonir, [016] syntriever, [028] sycl, [112] promptriever.
"""

import pytest

from acclimate.models.remote import Remote
from acclimate.parts import drafters, filters, labellers, loops
from acclimate.parts.evaluators import InstructionRobustness
from acclimate.parts.part import Context
from acclimate.pipeline.store import STUDENT, load_student
from acclimate.recipes.figret import figret
from acclimate.recipes.promptriever import promptriever
from acclimate.recipes.reasonir import reasonir
from acclimate.recipes.sycl import sycl
from acclimate.recipes.syntriever import syntriever
from acclimate.tables import Candidates, Corpus, Drafts, Labels, Qrels, Queries

pytestmark = pytest.mark.integration

SMALL = {"documents": 12, "held_out": 3, "steps": 2, "batch": 4}
OTHER = Remote(model="other", url="http://127.0.0.1:9/v1")


def drafts_of(tables) -> Drafts:
    """The drafts of a run, which are in no other table of it."""
    drafts = Drafts.open(tables / "drafts.arrow")
    corpus = Corpus.open(tables / "corpus.arrow")
    candidates = Candidates.open(tables / "candidates.arrow")
    assert not set(drafts["doc_id"]) & {*corpus["doc_id"], *candidates["doc_id"]}
    held = Queries.open(tables / "queries.arrow").of_split("heldout")
    assert not set(drafts["query_id"]) & set(held["query_id"])
    return drafts


@pytest.mark.parametrize(
    "recipe", [figret, promptriever, sycl, syntriever], ids=lambda r: r.__name__
)
def test_the_judge_is_another_model_or_none_and_a_language_model_where_one_is_given(recipe) -> None:
    assert isinstance(recipe().judge, labellers.Fusion)
    assert recipe(judge=OTHER).judge == labellers.Graded(writer=OTHER)


def test_reasonir_writes_a_negative_for_each_question_that_trains(run) -> None:
    drafts = drafts_of(run(reasonir, skip=2, depth=8, **SMALL))
    assert set(drafts["kind"]) == {"distractor"}
    assert set(drafts["value"]) == {0.0}


def test_syntriever_writes_verifies_and_compares(run) -> None:
    tables = run(syntriever, depth=3, compared_steps=1, **SMALL)
    drafts = drafts_of(tables)
    assert set(drafts["kind"]) <= {"relevant", "distractor", "expansion"}
    assert set(drafts["value"]) <= {0.0, 1.0}
    labels = Labels.open(tables / "labels.arrow")
    assert set(labels["value"]) <= {0.0, 1.0}
    _, verified, *_ = [s for s in syntriever(writer=OTHER).steps if hasattr(s, "writer")][1:]
    assert verified == filters.SelfVerification(writer=OTHER)


def test_sycl_has_a_document_of_each_level_for_a_query(run) -> None:
    tables = run(sycl, **SMALL)
    drafts = drafts_of(tables)
    training = Queries.open(tables / "queries.arrow").of_split("train")
    assert set(drafts["query_id"]) == set(training["query_id"])
    assert set(drafts["value"]) <= {0.0, 1.0, 2.0, 3.0}
    assert set(Labels.open(tables / "labels.arrow")["value"]) == {1.0, 3.0}
    assert drafters.GradedDocuments(writer=OTHER) in sycl(writer=OTHER).steps


def test_promptriever_asks_with_and_without_instructions(run) -> None:
    """[112]; and what it learned is measured over instructions. [072]"""
    tables = run(promptriever, negatives=2, **SMALL)
    drafts = drafts_of(tables)
    queries = Queries.open(tables / "queries.arrow").of_split("train")
    twins = [q for q, kind in zip(queries["query_id"], queries["kind"], strict=True)
             if kind == "instructed"]  # fmt: skip
    assert 0 < len(twins) < len(queries)
    assert set(drafts["query_id"]) <= set(twins)
    checked = filters.SelfVerification(writer=OTHER, check="all", on_fail="drop")
    assert checked in promptriever(checker=OTHER).steps
    assert isinstance(promptriever().steps[-1], loops.WithDrafts)
    robustness = InstructionRobustness(depth=3)
    asked = queries.where("query_id", twins)
    values: dict[tuple[str, str], dict[str, float]] = {}
    student = load_student(tables.parent / STUDENT, tables.parent)
    corpus = Corpus.open(tables / "corpus.arrow")
    for row in robustness(corpus, asked, _sources(asked), student, Context()).dicts():
        values.setdefault((row["system"], row["query_id"]), {})[row["measure"]] = row["value"]
    assert {system for system, _ in values} == {"base", "adapted"}
    assert all(v["Robustness@3"] <= v["mean nDCG@3"] for v in values.values())


def _sources(queries: Queries) -> Qrels:
    """The document that each query was written from, as if people had judged it relevant."""
    return Qrels.of(
        {"query_id": row["query_id"], "doc_id": row["source_doc_id"], "grade": 1}
        for row in queries.dicts()
    )


def test_figret_learns_one_objective_after_the_other_then_preferences(run) -> None:
    tables = run(figret, depth=3, preferred_steps=1, **SMALL)
    assert set(drafts_of(tables)["kind"]) <= {"whole", "half", "noisy", "single", "absent"}
    *_, relevance, comprehensiveness, purity, last = figret().steps
    kinds = [loop.kinds for loop in (relevance, comprehensiveness, purity)]
    assert kinds == [("single", "absent"), ("whole", "half"), ("whole", "noisy")]
    assert isinstance(last, loops.Rounds)
