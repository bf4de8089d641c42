"""Every example runs, on the toy documents and with tiny models built on the spot."""

import json
import runpy
import sys
from pathlib import Path

import pytest

from acclimate.tables import write_gpl
from acclimate.testing import samples, toys
from acclimate.testing.tiny import tiny_encoder

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> str:
    return tiny_encoder(
        tmp_path_factory.mktemp("models") / "tiny", texts=toys.CORPUS.contents
    ).model


@pytest.fixture
def documents(tmp_path: Path) -> str:
    lines = [
        json.dumps({"_id": row["doc_id"], "title": row["title"], "text": row["text"]})
        for row in toys.CORPUS.dicts()
    ]
    path = tmp_path / "documents.jsonl"
    path.write_text("\n".join(lines), "utf-8")
    return str(path)


def run(name: str, *arguments: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", [name, *arguments])
    runpy.run_path(str(EXAMPLES / name), run_name="__main__")


def test_every_example_has_at_most_40_lines_and_a_test() -> None:
    tests = Path(__file__).read_text("utf-8")
    for path in EXAMPLES.glob("*.py"):
        assert len(path.read_text("utf-8").splitlines()) <= 40
        assert f'run("{path.name}"' in tests or path.name == "demo.py"  # `make demo` runs it


def test_adapt(
    documents: str, model: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    run("adapt.py", documents, str(tmp_path / "run"), model, "0.2", monkeypatch=monkeypatch)
    assert "read 12, kept 12" in capsys.readouterr().out
    assert (tmp_path / "run" / "report.html").is_file()


def test_own_recipe(
    documents: str, model: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    run("own_recipe.py", documents, str(tmp_path / "run"), model, monkeypatch=monkeypatch)
    assert capsys.readouterr().out.strip().endswith(".")
    assert (tmp_path / "run" / "report.json").is_file()


def test_search_before_after(
    documents: str, model: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    question = "yoghurt milk jar"
    run("search_before_after.py", documents, model, model, question, monkeypatch=monkeypatch)
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "base"
    assert lines[1].endswith("yoghurt")
    assert lines[1:6] == lines[7:12]


def test_migrate_from_gpl(
    model: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    made = samples.things()
    folder = tmp_path / "generated"
    write_gpl(
        folder,
        corpus=toys.CORPUS,
        queries=toys.WRITTEN,
        candidates=made[samples.Candidates],
        labels=made[samples.Labels],
    )
    out = str(tmp_path / "model")
    run("migrate_from_gpl.py", str(folder), out, model, "3", monkeypatch=monkeypatch)
    trained = Path(capsys.readouterr().out.splitlines()[-1])
    assert (trained / "modules.json").is_file()


def test_haystack_gpl(
    model: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("HAYSTACK_TELEMETRY_ENABLED", "False")
    run("haystack_gpl.py", str(tmp_path), model, "40", monkeypatch=monkeypatch)
    base, adapted = capsys.readouterr().out.splitlines()[-2:]
    assert base.startswith("MRR@10 0.")
    assert base.endswith(model)
    assert f"summaries: {tmp_path}/model-" in adapted


def test_trec_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "corpus.jsonl").write_text(
        '{"_id": "b", "text": "Bees make honey."}\n{"_id": "m", "text": "The moon shines."}\n'
    )
    (tmp_path / "queries.jsonl").write_text('{"_id": "q", "text": "who makes honey"}\n')
    out = tmp_path / "bm25.run"
    run("trec_run.py", str(tmp_path), str(out), "1", monkeypatch=monkeypatch)
    assert capsys.readouterr().out.splitlines()[-1] == f"1 results of 1 queries: {out}"
    assert out.read_text("utf-8").startswith("q Q0 b 1 ")


def test_export(
    documents: str, model: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    run("export.py", documents, str(tmp_path / "out"), model, monkeypatch=monkeypatch)
    first, last = capsys.readouterr().out.splitlines()
    assert first == "top-6 overlap with the checkpoint: 1.000"
    assert last.endswith(": 32 dimensions")


@pytest.mark.parametrize("kind", ["faiss", "qdrant", "lancedb"])
def test_vector_index(
    kind: str, documents: str, model: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    text = toys.CORPUS["text"][3]
    out = str(tmp_path / "out")
    run("vector_index.py", documents, out, kind, text, model, monkeypatch=monkeypatch)
    found = capsys.readouterr().out.splitlines()
    assert (found[0], len(found)) == ("brakes", 3)


def test_langchain_search(
    documents: str, model: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    out, text = str(tmp_path / "run"), toys.CORPUS["text"][3]
    run("langchain_search.py", documents, out, model, "0.1", text, monkeypatch=monkeypatch)
    assert capsys.readouterr().out.splitlines()[-3] == "brakes"


def test_llama_index_search(
    documents: str, model: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    text = toys.CORPUS["text"][3]
    run("llama_index_search.py", documents, model, text, monkeypatch=monkeypatch)
    assert capsys.readouterr().out.splitlines()[:2] == ["read 12, kept 12", "brakes"]


def test_sentence_transformers_trainer(
    model: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    made, tables = samples.things(), tmp_path / "run" / "tables"
    tables.mkdir(parents=True)
    for kind in (samples.Corpus, samples.Queries, samples.Labels):
        made[kind].write(tables / f"{kind.__name__.lower()}.arrow")
    given = str(tmp_path / "run"), str(tmp_path / "model")
    run("sentence_transformers_trainer.py", *given, model, "2", monkeypatch=monkeypatch)
    assert "'negative_3', 'label'" in capsys.readouterr().out
    assert (tmp_path / "model" / "modules.json").is_file()


@pytest.mark.filterwarnings("ignore")  # MTEB's own
def test_mteb_own_collection(
    documents: str, model: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    Path(documents).rename(tmp_path / "corpus.jsonl")
    rows = [{"_id": r["query_id"], "text": r["text"]} for r in toys.QUERIES.dicts()]
    (tmp_path / "queries.jsonl").write_text("\n".join(map(json.dumps, rows)), "utf-8")
    (tmp_path / "qrels").mkdir()
    judged = [f"{r['query_id']}\t{r['doc_id']}\t{r['grade']}" for r in toys.QRELS.dicts()]
    lines = "\n".join(["query-id\tcorpus-id\tscore", *judged])
    (tmp_path / "qrels" / "test.tsv").write_text(lines, "utf-8")
    given = str(tmp_path), str(tmp_path / "results"), model, model
    run("mteb_own_collection.py", *given, monkeypatch=monkeypatch)
    first, second = capsys.readouterr().out.splitlines()[-2:]
    assert first == second
    assert first.endswith(f" ndcg_at_10 {model}")
