"""What follows from measurements: worked out by hand on a few queries."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from acclimate.models.encoders.dense import Dense
from acclimate.models.student import Student
from acclimate.pipeline.arena import Arena, Judgements, without
from acclimate.pipeline.evidence import (
    BASE,
    SOURCE,
    TEACHER,
    Evidence,
    Limits,
    by_point,
    compared,
    decide,
    names,
)
from acclimate.pipeline.shown import per_query, table
from acclimate.tables import Corpus, Labels, Queries

QUERIES = 24


def evidence(
    better: float = 1.0, general: float = 0.9, hybrid: int = 0, source: int = -1
) -> Evidence:
    """Queries with one good document, 0, of three.

    The base ranks it second. The adapted model ranks it first for a share `better` of the
    queries, and third for the others. The hybrids rank it at place `hybrid`.
    """
    corpus = Corpus.of({"doc_id": f"d{n}", "title": "", "text": f"text {n}"} for n in range(3))
    queries = Queries.of(
        {"query_id": f"q{n}", "text": f"query {n}", "split": "heldout"} for n in range(QUERIES)
    )
    wins = round(better * QUERIES)
    base = np.tile([1, 0, 2], (QUERIES, 1))
    adapted = np.array([[0, 1, 2]] * wins + [[1, 2, 0]] * (QUERIES - wins))
    mixed = np.roll(np.array([0, 1, 2]), hybrid)  # document 0 at place `hybrid`
    found = {
        "BM25": base, BASE: base, "adapted": adapted, "adapted 50%": base,
        f"{BASE}+BM25": np.tile([0, 1, 2], (QUERIES, 1)),
        "adapted+BM25": np.tile(mixed, (QUERIES, 1)),
        "adapted 50%+BM25": np.tile([0, 1, 2], (QUERIES, 1)),
    }  # fmt: skip
    student = Student(encoder=Dense("base"))
    return Evidence(
        where=Arena(corpus, np.arange(3), queries, np.full(QUERIES, source)),
        students={BASE: student, "adapted": student, "adapted 50%": student},
        found=found,
        points=names((1.0, 0.5)),
        judged=Judgements(
            np.tile([0, 1, 2], (QUERIES, 1)),
            np.tile(np.array([1.0, 0.0, 0.0], dtype=np.float32), (QUERIES, 1)),
            Labels.empty(),
        ),
        general={BASE: np.full(4, 0.9), "adapted": np.full(4, general), "adapted 50%": np.ones(4)},
    )


def decision(found: Evidence, **limits: float) -> dict[str, object]:
    return decide(found, Limits(**limits), np.random.default_rng(0)).verdict


def test_a_point_that_ranks_the_good_document_first_is_better() -> None:
    verdict = decision(evidence())
    # Second place is worth 1 / log2(3), first place 1.
    gain = 1 - 1 / np.log2(3)
    assert verdict["better"]
    assert verdict["teacher"]["mean"] == pytest.approx(gain, abs=1e-6)  # type: ignore[index]
    assert verdict["teacher"]["wins"] == QUERIES  # type: ignore[index]
    assert str(verdict["sentence"]).startswith("Adapted: nDCG@10 as the teacher judges 0.631")


def test_a_point_that_is_better_half_of_the_time_is_not() -> None:
    # +.369 on one half and 1/2 - .631 = -.131 on the other, for a level nobody reaches.
    verdict = decision(evidence(better=0.5), level=1e-9)
    assert not verdict["better"]
    assert verdict["reason"] == "no point is significantly better on the held-out queries"


def test_a_point_that_is_worse_is_not_better_however_sure() -> None:
    verdict = decision(evidence(better=0.0))
    assert not verdict["better"]


def test_a_point_that_forgets_is_left_out() -> None:
    verdict = decision(evidence(general=0.5))
    assert verdict["point"] == "adapted 50%"
    assert not verdict["better"]


def test_where_every_point_forgets_the_base_stays() -> None:
    found = evidence(general=0.5)
    found = replace(found, general={**found.general, "adapted 50%": np.full(4, 0.6)})
    assert decision(found)["reason"] == "every point forgets too much of general text"


def test_the_hybrid_is_shown_and_does_not_decide() -> None:
    verdict = decision(evidence(hybrid=2))
    assert verdict["better"]
    assert verdict["hybrid"]["mean"] < 0  # type: ignore[index]


def test_a_point_that_loses_the_sources_is_refused() -> None:
    # The source is document 2: first for the base, third for the adapted model: 1 - 1/3 is lost.
    # Without it the good document, 0, moves from the second place to the first.
    found = evidence(source=2)
    base = np.tile([2, 1, 0], (QUERIES, 1))
    ours = np.tile([0, 1, 2], (QUERIES, 1))
    found = replace(found, found={**found.found, BASE: base, "adapted": ours})
    verdict = decision(found)
    assert verdict["source"]["mean"] == pytest.approx(-2 / 3)  # type: ignore[index]
    assert verdict["teacher"]["wins"] == QUERIES  # type: ignore[index]
    assert verdict["reason"] == "the documents that queries were written from are lost"
    assert decision(found, loses=0.7)["better"]


def found_sooner(better: float) -> Evidence:
    """The base has the source, 1, in the third place and the adapted model in the first."""
    found = evidence(better)
    wins = round(better * QUERIES)
    base = np.tile([2, 0, 1], (QUERIES, 1))
    up, down = ([1, 0, 2], [1, 2, 0])
    ours = np.array([up] * wins + [down] * (QUERIES - wins))
    where = Arena(found.where.corpus, found.where.rows, found.where.queries, np.full(QUERIES, 1))
    systems = {BASE: base, "adapted": ours, "adapted 50%": base}
    return replace(found, where=where, found={**found.found, **systems})


def test_a_small_gain_of_the_teacher_is_enough_where_the_sources_are_found_sooner() -> None:
    # Of documents 0 and 2 the base has 0 second: .631. The adapted model has it first on 16 of
    # 24 queries: +.369 on these, 0 on the others. The source moves from third to first: +2/3.
    found = found_sooner(better=2 / 3)
    verdict = decision(found, level=1e-3)
    gain = 1 - 1 / np.log2(3)
    assert verdict["better"]
    assert verdict["teacher"]["mean"] == pytest.approx(gain * 2 / 3, abs=1e-6)  # type: ignore[index]
    assert verdict["together"]["mean"] == pytest.approx(gain * 2 / 3 + 2 / 3, abs=1e-6)  # type: ignore[index]
    assert "both together +0.913" in str(verdict["sentence"])


def test_the_sources_alone_are_never_enough() -> None:
    # Document 2 before 0 for both: the teacher sees no difference, the source moves to the front.
    verdict = decision(found_sooner(better=0.0))
    assert verdict["source"]["mean"] == pytest.approx(2 / 3)  # type: ignore[index]
    assert verdict["teacher"]["mean"] == 0  # type: ignore[index]
    assert verdict["reason"] == "no point is significantly better on the held-out queries"


def test_less_of_the_weights_is_taken_where_it_is_nearly_as_good() -> None:
    found = evidence()
    same = {**found.found, "adapted 50%": found.found["adapted"]}
    found = replace(found, found=same)
    verdict = decision(found)
    assert verdict["better"]
    assert verdict["share"] == 0.5
    assert "with 50 % of the adapted weights" in str(verdict["sentence"])


def test_the_source_is_left_out_of_what_the_teacher_judges() -> None:
    found = evidence(source=1)
    assert found.shown[BASE].tolist()[0] == [0, 2, -1]
    assert found.values[BASE][TEACHER][0] == 1.0
    assert found.values[BASE][SOURCE][0] == 1.0


def test_queries_without_a_source_are_not_measured_by_it() -> None:
    assert np.isnan(evidence().values[BASE][SOURCE]).all()
    assert by_point(evidence())[0]["source"] is None


def test_rankings_move_up_where_a_document_is_left_out() -> None:
    found = np.array([[3, 1, 2], [1, 2, -1]])
    assert without(found, np.array([1, -1])).tolist() == [[3, 2, -1], [1, 2, -1]]


def test_no_query_measures_a_choice_it_took_part_in() -> None:
    # On even queries only the full point gains, on odd ones only the half; whichever half a
    # query is in, what is chosen elsewhere decides. The mean stays below the best of each.
    found = evidence()
    base, adapted = found.found[BASE], found.found["adapted"]
    even = np.arange(QUERIES)[:, None] % 2 == 0
    mixed = {"adapted": np.where(even, adapted, base), "adapted 50%": np.where(even, base, adapted)}
    found = replace(found, found={**found.found, **mixed})
    gain = 1 - 1 / np.log2(3)
    assert decision(found)["teacher"]["mean"] < gain  # type: ignore[index]


def test_differences_without_a_value_are_left_out() -> None:
    told = compared(np.array([0.5, np.nan, 0.5, -0.1]))
    assert (told["queries"], told["wins"], told["losses"]) == (3, 2, 1)
    assert told["mean"] == pytest.approx(0.3)


def test_the_table_compares_encoders_with_the_base_and_hybrids_with_its_hybrid() -> None:
    rows = {r["system"]: r["measures"].get(TEACHER) for r in table(evidence(hybrid=2), "adapted")}
    assert list(rows) == ["BM25", BASE, "base+BM25", "adapted", "adapted+BM25"]
    assert rows[BASE]["difference"] is None
    assert rows["adapted"]["difference"]["mean"] > 0
    # The good document falls from the first place to the third: 1 / log2(4) - 1.
    assert rows["adapted+BM25"]["difference"]["mean"] == pytest.approx(-0.5)


def test_winners_and_losers_are_shown_with_their_documents() -> None:
    told = per_query(evidence(better=0.5), "adapted")
    assert len(told["winners"]) == len(told["losers"]) == 6
    first = told["winners"][0]["systems"]
    assert [d["doc_id"] for d in first["base"]["documents"]] == ["d1", "d0", "d2"]
    assert [d["doc_id"] for d in first["adapted"]["documents"]] == ["d0", "d1", "d2"]
    assert [d["gain"] for d in first["adapted"]["documents"]] == [1.0, 0.0, 0.0]
    assert told["gains"] == sorted(told["gains"])


def test_the_rank_of_the_source_has_a_say_in_the_choice_of_the_point() -> None:
    """The teacher is as content with half of the weights; all of them find the source sooner."""
    found = evidence(source=2)
    base, half, whole = ([1, 0, 2], [0, 1, 2], [0, 2, 1])
    systems = {BASE: base, "adapted 50%": half, "adapted": whole}
    found = replace(
        found,
        found={**found.found, **{n: np.tile(f, (QUERIES, 1)) for n, f in systems.items()}},
    )
    values = {p: float(v.mean()) for p, v in found.gains(TEACHER).items()}
    assert values["adapted"] == values["adapted 50%"]
    assert decision(found)["share"] == 1.0
    alone = replace(found, where=replace(found.where, sources=np.full(QUERIES, -1)))
    assert decision(alone)["share"] == 0.5
