"""Recipes with language models, from end to end against a real server on this machine.

[001] util_anno, [010] reasonir, [031] doc_rerank_text, [117] swim_ir, [119] zelo_llm.
"""

import pytest

from acclimate.models.remote import Remote
from acclimate.parts import filters, generators, labellers, loops, miners
from acclimate.recipes.doc_rerank_text import doc_rerank_text
from acclimate.recipes.reasonir import reasonir
from acclimate.recipes.swim_ir import swim_ir
from acclimate.recipes.util_anno import util_anno
from acclimate.recipes.zelo_llm import zelo_llm
from acclimate.tables import Labels, Queries
from acclimate.testing import toys

pytestmark = pytest.mark.integration

SMALL = {"documents": 12, "held_out": 3, "steps": 2, "batch": 4}
ALL = (doc_rerank_text, reasonir, swim_ir, util_anno, zelo_llm)
each = pytest.mark.parametrize("recipe", ALL, ids=lambda recipe: recipe.__name__)
OTHER = Remote(model="other", url="http://127.0.0.1:9/v1")


@each
def test_the_judge_is_another_model_or_none_and_a_language_model_where_one_is_given(recipe) -> None:
    assert isinstance(recipe().judge, labellers.Fusion)
    assert recipe(judge=OTHER).judge == labellers.Graded(writer=OTHER)


def test_swim_ir_asks_in_each_language_and_leaves_out_the_sensitive(run) -> None:
    tables = run(swim_ir, languages=("German", "Finnish"), **SMALL)
    assert set(Queries.open(tables / "queries.arrow")["kind"]) <= {"sap German", "sap Finnish"}
    assert set(Labels.open(tables / "labels.arrow")["value"]) == {0.0, 1.0}
    assert filters.SensitiveContent(writer=OTHER) in swim_ir(checker=OTHER).steps


def test_util_anno_finds_one_useful_document_or_more_for_a_query(run) -> None:
    tables = run(util_anno, depth=3, documents=12, held_out=3, steps=2)
    labels = Labels.open(tables / "labels.arrow")
    useful = [q for q, value in zip(labels["query_id"], labels["value"], strict=True) if value]
    assert sorted(useful) == sorted(set(labels["query_id"]))  # a tenth of at most 7: one
    assert labellers.Utility(writer=OTHER, pool=16) in util_anno(annotator=OTHER).steps


def test_util_anno_ends_with_what_people_answered_where_there_is_any(run) -> None:
    """[001] labels of a language model, then 20 % of people's; or 0 %."""
    tables = run(util_anno, people=toys.ANSWERS.path, depth=3, documents=12, held_out=2, steps=2)
    kinds = Queries.open(tables / "queries.arrow")["kind"]
    assert set(kinds) == {"inpars", "answered"}
    *_, last = util_anno(people="answers.tsv").steps
    assert isinstance(last, loops.Rounds)
    assert last.steps[0] == filters.OfKind(kinds=("answered",))
    assert not any(isinstance(part, loops.Rounds) for part in util_anno().steps)


def test_doc_rerank_text_labels_questions_of_a_document_one_by_one(run, models) -> None:
    tables = run(doc_rerank_text, models.scorer, variants=2, **SMALL)
    queries = Queries.open(tables / "queries.arrow")
    assert "hard_negative" in queries["kind"]
    held = [k for k, s in zip(queries["kind"], queries["split"], strict=True) if s == "heldout"]
    assert set(held) == {"inpars"}
    assert set(Labels.open(tables / "labels.arrow")["value"]) == {0.0, 1.0}


def test_reasonir_asks_in_three_lengths_and_skips_the_first_twenty(run) -> None:
    tables = run(reasonir, skip=2, depth=8, **SMALL)
    kinds = {f"reasoning {low}-{high}" for low, high in generators.ReasoningQueries.lengths}
    assert set(Queries.open(tables / "queries.arrow")["kind"]) <= kinds
    window = miners.RankWindow(miner=miners.BM25(depth=100), skip=20, width=None, count=1)
    assert window in reasonir().steps


def test_zelo_llm_learns_strengths_that_are_nought_on_the_mean(run) -> None:
    sizes = {name: size for name, size in SMALL.items() if name != "batch"}
    tables = run(zelo_llm, depth=3, cycles=2, **sizes)
    labels = Labels.open(tables / "labels.arrow")
    values: dict[str, list[float]] = {}
    for query, value in zip(labels["query_id"], labels["value"], strict=True):
        values.setdefault(query, []).append(value)
    queries = Queries.open(tables / "queries.arrow")
    sources = set(zip(queries["query_id"], queries["source_doc_id"], strict=True))
    assert sources & set(zip(labels["query_id"], labels["doc_id"], strict=True))  # it competes
    assert [sum(v) for v in values.values()] == pytest.approx([0.0] * len(values), abs=1e-4)
    assert max(max(v) for v in values.values()) > 0.1
