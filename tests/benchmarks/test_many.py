"""Many recipes on many collections: means, tests, tables, and what failed."""

import argparse
import json

import pytest


def told(name, job, own, base=(0.2, 0.4, 0.6), **more):
    values = {
        "BM25": {"nDCG@10": [0.1, 0.1, 0.1]},
        "base": {"nDCG@10": list(base)},
        "base+BM25": {"nDCG@10": [0.3, 0.3, 0.3]},
        "adapted": {"nDCG@10": list(own)},
        "adapted+BM25": {"nDCG@10": [0.5, 0.5, 0.5]},
    }
    return {"name": name, "job": job, "values": values, "cpu_minutes": 1.0, **more}


JOBS = {
    "default": told("pumps", "default", (0.4, 0.6, 0.8)),
    "gpl": told("pumps", "gpl", (0.2, 0.4, 0.6)),
    "ict": {"name": "pumps", "job": "ict", "failed": "ModelError: no model"},
}


@pytest.fixture
def many(program):
    return program("many")


def test_rows_have_means_and_differences(many) -> None:
    rows = {row["name"]: row for row in many.compared(JOBS, ("gpl", "default"))}
    assert set(rows) == {"default", "gpl"}
    assert rows["default"]["nDCG@10"] == 0.6
    assert set(rows["default"]["tests"]) == {"base", "gpl"}
    assert rows["default"]["tests"]["base"]["difference"] == pytest.approx(0.2)
    assert rows["gpl"]["tests"]["base"] == {
        "difference": 0.0, "low": 0.0, "high": 0.0, "p": 1.0, "wins": 0, "losses": 0, "p_holm": 1.0,
    }  # fmt: skip
    assert many.failures(JOBS) == {"ict": "ModelError: no model"}
    assert many.baselines(JOBS) == {"BM25": 0.1, "base": 0.4, "base+BM25": 0.3}
    assert many.compared({"ict": JOBS["ict"]}, ("gpl",)) == []


def test_holms_correction_is_over_those_of_a_family(many) -> None:
    """Three queries all better: p = 2/8 of the sign flips; of two in a family twice that."""
    jobs = {n: told("pumps", n, (0.4, 0.6, 0.8)) for n in ("a", "b", "c")}
    rows = many.compared(jobs, (), {"a": "miners", "b": "miners", "c": "labellers"})
    p = {row["name"]: row["tests"]["base"]["p"] for row in rows}
    corrected = {row["name"]: row["tests"]["base"]["p_holm"] for row in rows}
    assert set(p.values()) == {0.25}
    assert corrected == {"a": 0.5, "b": 0.5, "c": 0.25}


def test_a_mean_is_over_all_collections_or_there_is_none(many) -> None:
    one = {"rows": [{"name": "a", "nDCG@10": 0.4}, {"name": "b", "nDCG@10": 0.1}]}
    other = {"rows": [{"name": "a", "nDCG@10": 0.6}]}
    assert many.means([one, other]) == {"a": 0.5}


def test_an_error_is_kept_without_paths(many) -> None:
    error = RuntimeError("worker.py adapt ended with code 1:\n /opt/x/y.py, line 3\nNo a/b/model.")
    assert many.last_line(error) == "No model."
    assert many.last_line(RuntimeError()) == "RuntimeError"


def test_what_is_done_is_not_done_again(many, tmp_path) -> None:
    place = tmp_path / "pumps"
    place.mkdir()
    ran = []

    def one(asked, where, seed, kept, wanted):
        ran.append(asked.settings["name"])
        if asked.settings["name"] == "ict":
            raise RuntimeError("no model")
        return {"settings": wanted, **told("pumps", "", (0.4, 0.6, 0.8))}

    options = argparse.Namespace(
        collections=[str(place)], queries=5, steps=2, documents=None, judged=None, student="s/m",
        writer="", teacher="", seed=0, sample_seed=0, threads=1, cache=str(tmp_path / "cache"),
        keep_older=False, out=tmp_path / "methods.json",
    )  # fmt: skip
    jobs = [many.Job(name=n, function="method", settings={"name": n}) for n in ("gpl", "ict")]
    many.run(jobs, options, one=one)
    many.run(jobs, options, one=one)
    assert ran == ["gpl", "ict"]
    found = many.read(options)["pumps"]
    assert (set(found), found["ict"]["failed"]) == ({"gpl", "ict"}, "no model")
    options.steps = 3
    many.run(jobs[:1], options, one=one)
    assert ran == ["gpl", "ict", "gpl"]


def test_the_table_of_methods_shows_all_that_there_is(program, many) -> None:
    report = program("report")
    result = {
        "settings": {"queries": 5, "steps": 2},
        "collections": [
            {
                "name": "pumps",
                "base": many.baselines(JOBS),
                "rows": many.compared(JOBS, ("gpl", "default")),
            }
        ],
        "mean": {"default": 0.6, "gpl": 0.4},
        "stood_in": {"gpl": "Fusion for a-teacher"},
        "left_out": {"inpars": "asks a language model behind an endpoint"},
        "failed": many.failures(JOBS),
    }
    text = report.TABLES["quality/methods"](json.loads(json.dumps(result)))
    assert "| default | 60.0 | 60.0 | +20.0 | +20.0 |  |" in text
    assert "| gpl | 40.0 | 40.0 | +0.0 |  | -20.0 |" in text
    assert "Stand-ins: gpl (Fusion for a-teacher)." in text
    assert "ict (ModelError: no model); inpars (asks" in text
