"""FusionRanker: two retrievers that know different things are better together. [089]"""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest

from acclimate.errors import RecipeError, StoreError, TableError
from acclimate.models.encoders.dense import Dense
from acclimate.models.indexes.fusion_ranker import opened
from acclimate.models.ref import Hits
from acclimate.models.student import Student
from acclimate.parts.loops import FusionRanker
from acclimate.parts.loops.fusion_ranker import _list
from acclimate.parts.losses import PairwiseLogistic
from acclimate.parts.part import Context
from acclimate.tables import Candidates, Corpus, Labels, Queries
from acclimate.testing.fakes import FakeEncoder, FakeEngine

STUDENT = Student(encoder=cast(Dense, FakeEncoder()))
COUNT, WIDTH = 200, 12
LOSS = PairwiseLogistic(temperature=1.0)


@dataclass(frozen=True, kw_only=True)
class Noisy:
    """Finds documents of a query by what is true and noise of its own, in units of its own.

    Args:
        salt: of the noise.
        unit: what its scores are multiplied with.
        depth: how many it finds.
    """

    salt: int
    unit: float = 1.0
    depth: int = WIDTH
    noise: float = 1.0

    def __call__(self, corpus: Corpus, queries: Queries) -> Candidates:
        rows = []
        for query in queries["query_id"]:
            number = int(query[1:])
            scores = truth(number) + self.noise * np.random.default_rng([self.salt, number]).normal(
                size=WIDTH
            )
            for rank, place in enumerate(np.argsort(-scores)[: self.depth], start=1):
                rows.append({
                    "query_id": query, "doc_id": f"d{number}-{place}", "rank": rank,
                    "score": self.unit * float(scores[place]), "is_source": bool(place == 0),
                    "miner": "noisy",
                })  # fmt: skip
        return Candidates.of(rows)


def truth(number: int) -> Any:
    """How relevant a query's documents are; the first is its source, and the best."""
    values = np.random.default_rng(number).normal(size=WIDTH)
    values[0] = values.max() + 0.5
    return values


@pytest.fixture(scope="module")
def tables() -> tuple[Corpus, Queries, Labels]:
    documents = [f"d{n}-{k}" for n in range(COUNT) for k in range(WIDTH)]
    corpus = Corpus.of({"doc_id": d, "title": "", "text": f"text {d}"} for d in documents)
    queries = Queries.of(
        {"query_id": f"q{n}", "text": f"text {n}", "source_doc_id": f"d{n}-0", "split": "train"}
        for n in range(COUNT)
    )
    labels = Labels.of(
        {"query_id": f"q{n}", "doc_id": f"d{n}-{k}", "value": float(v), "teacher": "gold"}
        for n in range(COUNT)
        for k, v in enumerate(truth(n))
    )
    return corpus, queries, labels


def learn(part: FusionRanker, tables: Any, folder: Path) -> dict[str, float]:
    ctx = Context(engine=FakeEngine(), folder=folder)
    assert part(*tables, STUDENT, ctx) is STUDENT
    found: dict[str, float] = ctx.notes["pairs in order"]
    return found


def test_together_they_rank_better_than_the_better_one(tables: Any, tmp_path: Path) -> None:
    """[089]: over queries it did not learn from; the two have different units."""
    part = FusionRanker(loss=LOSS, members=(Noisy(salt=1), Noisy(salt=2, unit=40.0, noise=1.5)))
    found = learn(part, tables, tmp_path)
    ranker, first, second = found["ranker"], found["1: Noisy"], found["2: Noisy"]
    assert first > second + 0.02
    assert ranker > first + 0.02


def test_one_that_knows_nothing_is_not_believed(tables: Any, tmp_path: Path) -> None:
    blind = Noisy(salt=3, noise=1e6)
    found = learn(FusionRanker(loss=LOSS, members=(Noisy(salt=1), blind)), tables, tmp_path)
    assert found["ranker"] > found["1: Noisy"] - 0.03
    assert found["ranker"] > found["2: Noisy"] + 0.1


def test_what_is_kept_is_what_was_measured_and_the_same_again(tables: Any, tmp_path: Path) -> None:
    part = FusionRanker(loss=LOSS, members=(Noisy(salt=1), Noisy(salt=2)), steps=20)
    for name in ("one", "two"):
        learn(part, tables, tmp_path / name)
    read = [(tmp_path / n / "ranker" / "ranker.safetensors").read_bytes() for n in ("one", "two")]
    assert read[0] == read[1]
    hits = Hits(np.array([[0, 1]]), np.float32([[2.0, 1.0]]))
    scores = opened(tmp_path / "one" / "ranker", 2).scores([hits, hits], hits.positions)
    assert scores[0, 0] > scores[0, 1]


def test_queries_that_are_held_out_teach_nothing(tables: Any, tmp_path: Path) -> None:
    corpus, queries, labels = tables
    part = FusionRanker(loss=LOSS, members=(Noisy(salt=1), Noisy(salt=2)), steps=5)
    some = queries.head(40)
    aside = Queries.of([{**q, "split": "held_out"} for q in queries.dicts()[40:]])
    learn(part, (corpus, some, labels), tmp_path / "alone")
    learn(part, (corpus, Queries.joined([some, aside]), labels), tmp_path / "beside")
    one, two = (tmp_path / n / "ranker" / "ranker.safetensors" for n in ("alone", "beside"))
    assert one.read_bytes() == two.read_bytes()


def test_a_source_at_the_end_of_a_list_was_added_and_is_not_there(tables: Any) -> None:
    corpus, queries = tables[:2]
    rows = [
        {"query_id": "q1", "doc_id": d, "rank": r, "score": s, "is_source": own, "miner": "m"}
        for r, (d, s, own) in enumerate(
            [("d1-3", 5.0, False), ("d1-2", 4.0, False), ("d1-0", 1.0, True)], start=1
        )
    ]
    found = _list(Candidates.of(rows), corpus, queries.head(2))
    assert np.isneginf(found.scores[0]).all()
    assert found.scores[1].tolist() == [5.0, 4.0, -np.inf]
    assert found.positions[1, 2] == -1
    rows[1], rows[2] = {**rows[2], "rank": 2, "score": 4.5}, {**rows[1], "rank": 3}
    assert _list(Candidates.of(rows), corpus, queries.head(2)).scores[1].tolist() == [5, 4.5, 4]


def test_nothing_to_learn_from_and_nowhere_to_keep_it_are_said(tables: Any, tmp_path: Path) -> None:
    part = FusionRanker(loss=LOSS, members=(Noisy(salt=1),))
    with pytest.raises(TableError, match="fewer than two training queries"):
        learn(part, (tables[0], tables[1], Labels.empty()), tmp_path)
    with pytest.raises(StoreError, match="needs a folder"):
        part(*tables, STUDENT, Context(engine=FakeEngine()))


@pytest.mark.parametrize(
    "wrong", [{"members": ()}, {"hidden": 0}, {"steps": 0}, {"learning_rate": 0.0}]
)
def test_settings_that_learn_nothing_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(RecipeError, match="FusionRanker"):
        replace(FusionRanker(loss=LOSS, members=(Noisy(salt=1),)), **wrong)
