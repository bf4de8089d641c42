"""Runs: what a system found is written so that whoever reads it measures the same."""

from pathlib import Path

import numpy as np
import pytest

from acclimate.errors import StoreError, TableError
from acclimate.models.ref import Hits
from acclimate.parts.evaluators.retrieval import measured, run_of
from acclimate.pipeline.runs import check, falling, names_of, read_runs, write_runs
from acclimate.tables import Corpus, Qrels, Queries

CORPUS = Corpus.of(
    {"doc_id": name, "title": "", "text": name, "parent_id": parent}
    for name, parent in [("z", None), ("a", None), ("m#0", "m"), ("m#1", "m")]
)
QUERIES = Queries.of({"query_id": q, "text": q, "split": "heldout"} for q in ("q1", "q2"))
HITS = Hits(
    np.array([[0, 1, 2, 3], [3, 2, -1, -1]]),
    np.array([[0.5, 0.5, 0.5, 0.1], [2.0, 1.0, -np.inf, -np.inf]], dtype=np.float32),
)


def test_equal_scores_fall_by_the_smallest_step_there_is() -> None:
    made = falling(np.array([[1.0, 1.0, 1.0, 0.5]], dtype=np.float32))
    step = np.float32(2.0) ** -24  # float32 has 24 bits; below 1 they count from 1/2
    assert made.tolist() == [[1.0, 1.0 - step, 1.0 - 2 * step, 0.5]]
    nothing = np.array([[1.0, -np.inf, -np.inf]], dtype=np.float32)
    assert np.array_equal(falling(nothing), nothing)


def test_a_run_that_is_read_again_ranks_as_its_system_did(tmp_path: Path) -> None:
    files = write_runs({"base+BM25": HITS}, CORPUS, QUERIES, tmp_path / "runs")
    (path,) = map(Path, files.values())
    assert path.name == "base+BM25.trec"
    run = read_runs([path], ["again"], CORPUS)["again"]
    assert {q: list(found) for q, found in run.items()} == {"q1": ["z", "a", "m"], "q2": ["m"]}
    qrels = Qrels.of(
        {"query_id": q, "doc_id": d, "grade": 1} for q, d in [("q1", "a"), ("q2", "m")]
    )
    scores = measured({"ours": run_of(HITS, CORPUS, QUERIES), "again": run}, qrels)
    values = {name: scores.where("system", [name])["value"] for name in ("ours", "again")}
    assert values["ours"] == values["again"]
    # The answer to q1 is second: 1 / 2, and that to q2 first.
    reciprocal = scores.where("system", ["again"]).where("measure", ["RR@10"])["value"]
    assert reciprocal == [0.5, 1.0]


def test_names_are_those_of_the_files_and_of_no_system() -> None:
    files = [Path("a/mine.trec"), Path("b/mine.trec"), Path("other.run"), Path("base.trec")]
    assert names_of(files, ["base", "BM25"]) == ["mine 1", "mine 2", "other", "base 4"]


def test_what_is_no_name_for_a_file_becomes_one(tmp_path: Path) -> None:
    files = write_runs({"models/my own": HITS}, CORPUS, QUERIES, tmp_path)
    assert [Path(file).name for file in files.values()] == ["models-my-own.trec"]


def test_a_run_of_other_queries_is_refused() -> None:
    with pytest.raises(TableError, match="'other' has results for 'x1', and for none"):
        check({"other": {"x1": {"a": 1.0}}}, QUERIES)
    check({"some": {"x1": {"a": 1.0}, "q2": {"a": 1.0}}}, QUERIES)


def test_an_id_with_a_blank_is_refused_and_so_is_a_folder_that_is_a_file(tmp_path: Path) -> None:
    spaced = Queries.of({"query_id": q, "text": q, "split": "heldout"} for q in ("my q", "q2"))
    with pytest.raises(TableError, match="'my q' cannot stand in one"):
        write_runs({"base": HITS}, CORPUS, spaced, tmp_path / "runs")
    assert not list((tmp_path / "runs").iterdir())
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="Cannot make"):
        write_runs({"base": HITS}, CORPUS, QUERIES, tmp_path / "file")
