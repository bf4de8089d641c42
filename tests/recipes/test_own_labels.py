"""Recipes that ask a language model for tasks, tables or a few grades, against a real server.

[039] sk_vqa, [065] datatune, [078] bmretriever, [079] arl2, [094] rader.
"""

import pytest

from acclimate.models.remote import Remote
from acclimate.parts import generators, labellers, loops, students
from acclimate.recipes.arl2 import arl2
from acclimate.recipes.bmretriever import bmretriever
from acclimate.recipes.datatune import datatune
from acclimate.recipes.rader import rader
from acclimate.recipes.sk_vqa import sk_vqa
from acclimate.tables import Drafts, Labels, Queries

pytestmark = pytest.mark.integration

SMALL = {"documents": 12, "held_out": 3, "steps": 2}
OTHER = Remote(model="other", url="http://127.0.0.1:9/v1")


@pytest.mark.parametrize(
    "recipe", [arl2, bmretriever, datatune, rader, sk_vqa], ids=lambda r: r.__name__
)
def test_the_judge_is_another_model_or_none_and_a_language_model_where_one_is_given(recipe) -> None:
    assert isinstance(recipe().judge, labellers.Fusion)
    assert recipe(judge=OTHER).judge == labellers.Graded(writer=OTHER)


def test_bmretriever_trains_on_invented_tasks_and_holds_none_out(run) -> None:
    tables = run(bmretriever, pairs=4, depth=6, batch=4, **SMALL)
    queries = Queries.open(tables / "queries.arrow")
    drafts = Drafts.open(tables / "drafts.arrow")
    kinds = dict(zip(queries["query_id"], queries["kind"], strict=True))
    assert {kinds[query] for query in drafts["query_id"]} == {"drafted"}
    assert "drafted" not in queries.of_split("heldout")["kind"]
    assert isinstance(bmretriever().steps[0], students.Instructed)


def test_bmretriever_first_reads_documents_without_what_asks_and_leaves_those_held_out_alone() -> (
    None
):
    ((raw, _, _, first),) = next(
        s for s in bmretriever().steps if isinstance(s, loops.Staged)
    ).stages
    assert isinstance(raw, generators.OfTrainingDocuments)
    assert isinstance(first, loops.Cloze)


def test_the_loss_of_bmretriever() -> None:
    """[078]: cosines of 0.8, 0.6 and 0.5 at a temperature of 0.05: ln(1 + e^-4 + e^-6)."""
    import torch

    loss = bmretriever().steps[-1].loop.loss
    scores, targets = torch.tensor([[0.8, 0.6, 0.5]]), torch.tensor([[1.0, 0.0, 0.0]])
    value = loss(scores.double(), targets.double(), torch.ones(1, 3, dtype=torch.bool))
    assert value.item() == pytest.approx(0.020581, abs=1e-6)


def test_datatune_asks_of_rows_by_a_plan(run) -> None:
    tables = run(datatune, depth=6, batch=4, **SMALL)
    assert set(Queries.open(tables / "queries.arrow")["kind"]) == {"transformed"}
    assert (
        generators.DatasetTransform(writer=OTHER, task="a riddle")
        in datatune(writer=OTHER, task="a riddle").steps
    )


def test_arl2_has_grades_of_evidence_for_as_many_queries_as_it_pays_for(run) -> None:
    """[079] calls stay within the budget, and each grade is for words of the document."""
    tables = run(arl2, graded=4, depth=3, **SMALL)
    labels = Labels.open(tables / "labels.arrow")
    assert len(set(labels["query_id"])) == 4
    assert min(labels["value"]) >= 0
    assert max(labels["value"]) <= 3
    budget = labellers.Budgeted(labeller=labellers.Evidence(writer=OTHER), queries=600)
    assert budget in arl2(grader=OTHER).steps


def test_rader_asks_for_what_solved_a_problem(run) -> None:
    tables = run(rader, rollouts=2, depth=6, batch=4, **SMALL)
    queries = Queries.open(tables / "queries.arrow")
    kinds = {f"trajectory {kind}" for kind in generators.Trajectories(writer=OTHER).kinds}
    assert set(queries["kind"]) <= kinds
    assert None not in queries["source_doc_id"]


def test_sk_vqa_trains_on_questions_of_documents_that_nobody_finds(run) -> None:
    tables = run(sk_vqa, pairs=5, depth=6, batch=4, **SMALL)
    drafts = Drafts.open(tables / "drafts.arrow")
    queries = Queries.open(tables / "queries.arrow")
    assert set(drafts["kind"]) == {"joint"}
    training, held = queries.of_split("train"), queries.of_split("heldout")
    drafted = training.where("kind", ["drafted"])
    assert len(drafted) > 0
    assert set(drafted["text"]) <= set(drafts["asks"])
    assert not set(drafted["text"]) & set(held["text"])
