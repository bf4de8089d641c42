"""Whatever the documents hold, each format gives them back as they were."""

import csv
import gzip
import html
import json

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from acclimate.errors import TableError
from acclimate.tables import Corpus

FAST = settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
CONTROLS = "".join(map(chr, [*range(9), *range(11, 32), 127]))
characters = st.characters(exclude_categories=["Cs"], exclude_characters=CONTROLS)
words = st.text(characters, min_size=1).filter(str.strip)
ids = st.text(characters, min_size=1)
documents = st.lists(
    st.tuples(ids, st.text(characters), words),
    min_size=1,
    max_size=8,
    unique_by=(lambda row: row[0], lambda row: row[1:]),
)
HARD = [("1", 'a "quoted", title', 'x\ty, z\u2028w\x85v\u2029 "'), ("é\u00a0", "", "'\";|\\n\n'")]


def rows(found):
    return [(row["doc_id"], row["title"], row["text"]) for row in found.dicts()]


def as_dicts(documents):
    return [dict(zip(("id", "title", "text"), row, strict=True)) for row in documents]


def write_csv(path, documents, delimiter):
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=delimiter)
        writer.writerow(("id", "title", "text"))
        writer.writerows(documents)


def write_jsonl(path, documents):
    lines = (json.dumps(row, ensure_ascii=False) + "\n" for row in as_dicts(documents))
    data = "".join(lines).encode()
    path.write_bytes(gzip.compress(data) if path.suffix == ".gz" else data)


def write_arrow(path, documents):
    table = pa.Table.from_pylist(as_dicts(documents))
    with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_file(sink, table.schema) as writer:
        writer.write_table(table)


WRITERS = {
    "d.jsonl": write_jsonl,
    "d.jsonl.gz": write_jsonl,
    "d.json": lambda path, docs: path.write_text(json.dumps(as_dicts(docs)), "utf-8"),
    "d.csv": lambda path, docs: write_csv(path, docs, ","),
    "d.tsv": lambda path, docs: write_csv(path, docs, "\t"),
    "d.parquet": lambda path, docs: pq.write_table(pa.Table.from_pylist(as_dicts(docs)), path),
    "d.arrow": write_arrow,
}


@pytest.mark.parametrize("name", WRITERS)
@FAST
@given(documents)
@example(HARD)
def test_rows_come_back(tmp_path, name, documents):
    WRITERS[name](tmp_path / name, documents)
    assert rows(Corpus.read(tmp_path / name)) == documents


@FAST
@given(documents)
@example(HARD)
def test_rows_in_memory_and_our_own_files_come_back(tmp_path, documents):
    table = Corpus.read(as_dicts(documents))
    assert rows(table) == documents
    assert (table.intake.reasons, table.intake.kept) == ({}, len(documents))
    table.write(tmp_path / "t.arrow")
    opened = Corpus.open(tmp_path / "t.arrow")
    assert opened.dicts() == table.dicts() == Corpus.read(tmp_path / "t.arrow").dicts()
    assert (opened.digest, opened.intake) == (table.digest, table.intake)


@FAST
@given(documents)
@example(HARD)
def test_beir_folders_come_back(tmp_path, documents):
    write_jsonl(tmp_path / "corpus.jsonl", documents)
    assert rows(Corpus.read(tmp_path)) == documents


@FAST
@given(st.lists(words, min_size=1, max_size=5, unique=True))
def test_texts_of_a_folder_come_back(tmp_path, texts):
    folder = tmp_path / "texts"
    folder.mkdir(exist_ok=True)
    for old in folder.iterdir():
        old.unlink()
    for number, text in enumerate(texts):
        (folder / f"{number}.txt").write_bytes(text.encode())
    kept = [text.removeprefix("\ufeff") for text in texts]
    if len(set(kept)) == len(kept) and all(text.strip() for text in kept):
        assert Corpus.read(folder)["text"] == kept


@FAST
@given(
    st.lists(words.map(lambda text: " ".join(text.split())), min_size=1, max_size=5, unique=True)
)
def test_trec_documents_come_back(tmp_path, texts):
    path = tmp_path / "d.trec"
    path.write_text(
        "".join(
            f"<DOC>\n<DOCNO>{n}</DOCNO>\n<TEXT>{html.escape(text)}</TEXT>\n</DOC>\n"
            for n, text in enumerate(texts)
        ),
        "utf-8",
        newline="",
    )
    assert Corpus.read(path)["text"] == texts


KINDS = (
    "jsonl",
    "json",
    "csv",
    "tsv",
    "txt",
    "md",
    "trec",
    "parquet",
    "arrow",
    "jsonl.gz",
    "pdf",
    "docx",
)
hostile = st.one_of(
    st.binary(max_size=200),
    st.text(max_size=100).map(lambda text: text.encode("utf-8", "replace")),
    st.sampled_from(
        [b"PAR1", b"ARROW1", b"%PDF-1.4\n", b"PK\x03\x04", b"<DOC>", b"[[[", b'"']
    ).flatmap(lambda start: st.binary(max_size=80).map(lambda rest: start + rest)),
)


@pytest.mark.parametrize("kind", KINDS)
@FAST
@given(hostile)
def test_any_bytes_are_read_or_refused_on_purpose(tmp_path, kind, data):
    path = tmp_path / f"d.{kind}"
    path.write_bytes(data)
    try:
        texts, refusal = Corpus.read(path)["text"], path.name
    except TableError as error:
        texts, refusal = [], str(error)
    assert all(text.strip() for text in texts)
    assert path.name in refusal
