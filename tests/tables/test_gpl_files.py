"""UKPLab/gpl's files, both ways."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from acclimate.errors import TableError
from acclimate.tables import Candidates, Corpus, Labels, Queries, read_gpl, write_gpl

QUERIES = Queries.of(
    [
        {
            "query_id": "genQ1",
            "text": "how do pumps work",
            "source_doc_id": "d1",
            "kind": "qgen",
            "split": "train",
        },
        {
            "query_id": "genQ2",
            "text": "what is a valve",
            "source_doc_id": "d2",
            "kind": "qgen",
            "split": "train",
        },
    ]
)


def write(folder, name, *lines):
    path = folder / name
    path.parent.mkdir(exist_ok=True)
    path.write_text("".join(line + "\n" for line in lines), "utf-8")


def gpl_folder(folder):
    """As the published data looks."""
    write(
        folder,
        "corpus.jsonl",
        *(
            json.dumps({"_id": i, "title": "", "text": t})
            for i, t in (("d1", "A"), ("d2", "B"), ("d3", "B"))
        ),
    )
    write(
        folder,
        "qgen-queries.jsonl",
        '{"_id": "genQ1", "text": "how do pumps work", "metadata": {}}',
        '{"_id": "genQ2", "text": "what is a valve", "metadata": {}}',
    )
    write(
        folder, "qgen-qrels/train.tsv", "query-id\tcorpus-id\tscore", "genQ1\td1\t1", "genQ2\td2\t1"
    )
    write(
        folder,
        "hard-negatives.jsonl",
        json.dumps(
            {
                "qid": "genQ1",
                "pos": ["d1"],
                "neg": {"msmarco-distilbert": ["d3", "d2"], "msmarco-MiniLM": ["d2", "d4"]},
            }
        ),
    )
    write(
        folder, "gpl-training-data.tsv", "genQ1\td1\td3\t14.741707801818848", "genQ2\td2\td1\t-0.5"
    )


def test_a_folder_of_gpl_is_read(tmp_path):
    gpl_folder(tmp_path)
    files = read_gpl(tmp_path, teacher="ms-marco")
    assert files.corpus["doc_id"] == ["d1", "d2", "d3"], "other files name both of a pair"
    assert files.queries.dicts() == [row | {"log_prob": None} for row in QUERIES.dicts()]
    assert [tuple(row.values()) for row in files.candidates.dicts()] == [
        ("genQ1", "d1", 1, 1.0, True, "source"),
        ("genQ1", "d3", 2, 0.5, False, "msmarco-distilbert"),
        ("genQ1", "d2", 3, pytest.approx(1 / 3), False, "msmarco-distilbert+msmarco-MiniLM"),
        ("genQ1", "d4", 4, 0.25, False, "msmarco-MiniLM"),
    ]
    assert [tuple(row.values()) for row in files.labels.dicts()] == [
        ("genQ1", "d1", 0.0, "ms-marco"),
        ("genQ2", "d2", 0.0, "ms-marco"),
        ("genQ1", "d3", pytest.approx(-14.741707801818848), "ms-marco"),
        ("genQ2", "d1", 0.5, "ms-marco"),
    ]


def test_files_that_are_not_there_are_none_and_none_at_all_is_an_error(tmp_path):
    gpl_folder(tmp_path)
    (tmp_path / "hard-negatives.jsonl").unlink()
    (tmp_path / "corpus.jsonl").unlink()
    files = read_gpl(tmp_path)
    assert (files.corpus, files.candidates) == (None, None)
    with pytest.raises(TableError, match=r"holds no file of UKPLab/gpl.*Is the prefix 'qgen'"):
        read_gpl(tmp_path / "qgen-qrels")


def test_tables_written_are_read_again(tmp_path):
    corpus = Corpus.of([{"doc_id": f"d{n}", "title": "T", "text": f"a\ttab {n}"} for n in range(4)])
    labels = Labels.of(
        [
            {"query_id": q, "doc_id": d, "value": v, "teacher": "ce"}
            for q, d, v in (
                ("genQ1", "d1", 8.5),
                ("genQ1", "d2", -3.25),
                ("genQ1", "d3", 9.0),
                ("genQ2", "d2", 1.5),
                ("genQ2", "d0", 1.0),
            )
        ]
    )
    candidates = Candidates.of(
        [
            {
                "query_id": "genQ1",
                "doc_id": d,
                "rank": r,
                "score": 1 / r,
                "is_source": d == "d1",
                "miner": m,
            }
            for d, r, m in (("d3", 3, "bm25"), ("d1", 1, "source"), ("d2", 2, "bm25+dense"))
        ]
    )
    write_gpl(tmp_path, corpus=corpus, queries=QUERIES, candidates=candidates, labels=labels)
    files = read_gpl(tmp_path, teacher="ce")
    assert files.corpus.dicts() == corpus.dicts()
    assert files.queries["source_doc_id"] == ["d1", "d2"]
    assert files.candidates.dicts() == sorted(candidates.dicts(), key=lambda row: row["rank"])
    read = {(r["query_id"], r["doc_id"]): r["value"] for r in files.labels.dicts()}
    assert read == {
        ("genQ1", "d1"): 0.0,
        ("genQ1", "d2"): -11.75,
        ("genQ1", "d3"): 0.5,
        ("genQ2", "d2"): 0.0,
        ("genQ2", "d0"): -0.5,
    }


def test_the_files_look_as_gpl_writes_them(tmp_path):
    labels = Labels.of(
        [
            {"query_id": "genQ1", "doc_id": d, "value": v, "teacher": "ce"}
            for d, v in (("d1", 3.0), ("d2", 0.5))
        ]
    )
    candidates = Candidates.of(
        [
            {
                "query_id": "genQ1",
                "doc_id": d,
                "rank": r,
                "score": 0.0,
                "is_source": r == 1,
                "miner": m,
            }
            for d, r, m in (("d1", 1, "bm25"), ("d2", 2, "bm25+dense"))
        ]
    )
    write_gpl(tmp_path, queries=QUERIES, candidates=candidates, labels=labels)
    content = {p.relative_to(tmp_path).as_posix(): p.read_text() for p in tmp_path.rglob("*.*")}
    assert content == {
        "qgen-queries.jsonl": '{"_id": "genQ1", "text": "how do pumps work", "metadata": {}}\n'
        '{"_id": "genQ2", "text": "what is a valve", "metadata": {}}\n',
        "qgen-qrels/train.tsv": "query-id\tcorpus-id\tscore\ngenQ1\td1\t1\ngenQ2\td2\t1\n",
        "hard-negatives.jsonl": '{"qid": "genQ1", "pos": ["d1"], '
        '"neg": {"bm25": ["d2"], "dense": ["d2"]}}\n',
        "gpl-training-data.tsv": "genQ1\td1\td2\t2.5\n",
    }


def test_lines_of_margins_are_in_an_order_drawn_from_the_seed(tmp_path):
    labels = Labels.of(
        [
            {"query_id": "genQ1", "doc_id": f"d{n}", "value": float(n), "teacher": "ce"}
            for n in range(1, 30)
        ]
    )
    written = []
    for seed in (0, 0, 1):
        write_gpl(tmp_path, queries=QUERIES, labels=labels, seed=seed)
        written.append((tmp_path / "gpl-training-data.tsv").read_text())
    assert written[0] == written[1] != written[2]
    assert sorted(written[0].splitlines()) == sorted(written[2].splitlines())


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.floats(-30, 30, width=32), min_size=2, max_size=20))
def test_margins_survive_writing_and_reading(tmp_path, values):
    labels = Labels.of(
        [
            {"query_id": "genQ1", "doc_id": f"d{n + 1}", "value": value, "teacher": "ce"}
            for n, value in enumerate(values)
        ]
    )
    write_gpl(tmp_path, queries=QUERIES, labels=labels)
    again = read_gpl(tmp_path).labels
    read = dict(zip(again["doc_id"], again["value"], strict=True))
    for n, value in enumerate(values):
        assert read["d1"] - read[f"d{n + 1}"] == pytest.approx(values[0] - value, abs=1e-4)


@pytest.mark.parametrize("bad", ["d\t1", "d\n1", "d\r1"])
def test_an_id_that_would_break_a_file_is_refused_and_nothing_is_left(tmp_path, bad):
    queries = Queries.columns(query_id=["q"], text=["a"], source_doc_id=[bad], split=["train"])
    with pytest.raises(TableError, match="cannot hold the id 'd"):
        write_gpl(tmp_path, queries=queries)
    assert list((tmp_path / "qgen-qrels").iterdir()) == []


def test_what_gpl_cannot_hold_is_refused(tmp_path):
    two = Labels.of(
        [{"query_id": "genQ1", "doc_id": "d1", "value": 1.0, "teacher": t} for t in ("a", "b")]
    )
    with pytest.raises(TableError, match=r"by 2 teachers \(a, b\).*Choose"):
        write_gpl(tmp_path, queries=QUERIES, labels=two)
    with pytest.raises(TableError, match="needs queries beside candidates or labels"):
        write_gpl(tmp_path, labels=two)
    alone = Labels.of([{"query_id": "genQ1", "doc_id": "d9", "value": 1.0, "teacher": "a"}])
    with pytest.raises(TableError, match="The source 'd1' of query 'genQ1' has no label"):
        write_gpl(tmp_path, queries=QUERIES, labels=alone)
    log = Queries.columns(query_id=["q"], text=["a"], split=["train"])
    with pytest.raises(TableError, match="Query 'q' has no source document"):
        write_gpl(tmp_path, queries=log)


def test_a_query_with_several_sources_keeps_the_first_and_one_without_is_counted(tmp_path):
    gpl_folder(tmp_path)
    write(
        tmp_path,
        "qgen-qrels/train.tsv",
        "query-id\tcorpus-id\tscore",
        "genQ1\td1\t1",
        "genQ1\td3\t1",
    )
    queries = read_gpl(tmp_path).queries
    assert queries["source_doc_id"] == ["d1", None]
    assert queries.intake.reasons == {
        "several sources: the first taken": 1,
        "no source in the qrels": 1,
    }


@pytest.mark.parametrize(
    "row",
    ['{"qid": "1", "pos": ["a"]}', '{"qid": "1", "pos": "a", "neg": {}}', '{"pos": [], "neg": {}}'],
)
def test_a_row_that_is_no_row_of_hard_negatives_is_refused(tmp_path, row):
    write(tmp_path, "hard-negatives.jsonl", row)
    with pytest.raises(TableError, match=r"hard-negatives\.jsonl, line 1: a row must be"):
        read_gpl(tmp_path)


def test_integer_ids_are_read_as_strings(tmp_path):
    write(tmp_path, "hard-negatives.jsonl", '{"qid": 1, "pos": [2], "neg": {"bm25": [3, 2]}}')
    found = read_gpl(tmp_path).candidates
    assert (found["query_id"], found["doc_id"]) == (["1", "1"], ["2", "3"])
