"""mteb_task: MTEB, for real, measures on a collection of one's own what acclimate measures."""

import warnings
from pathlib import Path
from typing import Any

import pytest

from acclimate.errors import TableError
from acclimate.models.encoders import Dense
from acclimate.models.student import Student
from acclimate.parts.evaluators import Retrieval
from acclimate.parts.part import Context
from acclimate.tables import Qrels
from acclimate.testing import toys
from acclimate.testing.fakes import FakeEngine

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # MTEB's own, while it is imported
    import mteb

    from acclimate.faces.mteb_task import mteb_task


def task(qrels: Qrels = toys.QRELS) -> Any:
    return mteb_task("Toys", toys.CORPUS, toys.QUERIES, qrels)


def test_the_name_holds_the_content() -> None:
    one, two = task(), task(toys.QRELS.head(3))
    assert one.metadata.name == task().metadata.name != two.metadata.name
    assert one.metadata.name.startswith("Toys-")


def test_queries_without_a_judgement_are_left_out() -> None:
    made = task(toys.QRELS.head(1))
    made.load_data()
    split = made.dataset["default"]["test"]
    assert split["queries"]["id"][:] == ["q1"]
    assert split["relevant_docs"] == {"q1": {"chain": 2}}
    assert split["corpus"].num_rows == 12


def test_judgements_of_another_collection_are_refused() -> None:
    other = Qrels.of([{"query_id": "x", "doc_id": "bees", "grade": 1}])
    with pytest.raises(TableError, match="None of 1 judgements"):
        task(other)


@pytest.mark.integration
@pytest.mark.filterwarnings("ignore")  # of MTEB's own
def test_mteb_measures_what_acclimate_measures(encoder: str, tmp_path: Path) -> None:
    cache = mteb.ResultCache(tmp_path)
    model = Dense(encoder).load()
    found = mteb.evaluate(model, task(), cache=cache, show_progress_bar=False, co2_tracker=False)
    (result,) = found.task_results
    (scores,) = result.scores["test"]
    ours = Retrieval(measures=("nDCG@10", "R@10"))(
        toys.CORPUS, toys.QUERIES, toys.QRELS, Student(encoder=Dense(encoder)),
        Context(engine=FakeEngine()),
    ).where("system", ["base"])  # fmt: skip
    for measure, theirs in (("nDCG@10", "ndcg_at_10"), ("R@10", "recall_at_10")):
        values = ours.where("measure", [measure])["value"]
        assert scores[theirs] == pytest.approx(sum(values) / len(values), abs=1e-4)
