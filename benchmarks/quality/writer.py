"""Writer: what the questions of a writer are worth on collections of many kinds.

    python benchmarks/quality/writer.py --collections DIR... [--samples docs/writer-samples.md]

For each collection, documents are drawn and one question is written about each. Three numbers:
how often the question brings its document into the first ten of BM25 and vectors together (a
question that fits many documents does not); the share of the questions' runs of five words that
stand in their document (a copied question teaches words alone); and how many different pairs of
words there are among all (a writer that always asks the same teaches nothing).

Judgements and the collections' own queries are not read. No document is chosen by eye: the samples
are the first ones drawn.
"""

from __future__ import annotations

import argparse
import random
import re
import statistics
import sys
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "offline" / "src"))
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(Path(__file__).resolve().parent))

import record
from collections_with_judgements import Collection, read

FOUND, COPIED, DISTINCT = 0.6, 0.15, 0.6
"""What is demanded: at least, at most, at least."""

WORD = re.compile(r"[^\W_]+")


def words(text: str) -> list[str]:
    """Words in lower case, without marks."""
    return WORD.findall(text.lower())


def runs(of: Sequence[str], length: int) -> list[tuple[str, ...]]:
    """Runs of so many words, in their order."""
    return [tuple(of[a : a + length]) for a in range(len(of) - length + 1)]


def copied(questions: Iterable[str], documents: Iterable[str], length: int = 5) -> float:
    """The share of the questions' runs of words that stand in their document."""
    shared = total = 0
    for question, document in zip(questions, documents, strict=True):
        there = set(runs(words(document), length))
        asked = runs(words(question), length)
        shared += sum(run in there for run in asked)
        total += len(asked)
    return shared / total if total else 0.0


def distinct(questions: Iterable[str], length: int = 2) -> float:
    """Different runs of words as a share of all of them."""
    found = [run for question in questions for run in runs(words(question), length)]
    return len(set(found)) / len(found) if found else 0.0


def found_again(collection: Collection, asked: dict[str, str], folder: str, kept: Path) -> float:
    """How often a question's own document, whose id it has, is among the first ten."""
    import ranking

    lexical = ranking.bm25(collection.documents, asked)
    vectors = kept / f"{collection.digest()[:16]}-{ranking.digest(folder)}.npy"
    dense = ranking.dense(folder, collection.documents, asked, vectors)
    both = ranking.hybrid(dense, lexical)
    hits = [d in sorted(both[d], key=lambda of: -both[d][of])[:10] for d in asked]
    return statistics.fmean(hits)


def one(place: str, options: argparse.Namespace) -> dict[str, Any]:
    """One collection."""
    from acclimate.engines.local import Local
    from acclimate.models.weights import find
    from acclimate.models.writers.seq2seq import Seq2Seq

    collection = read(place).sized()
    draw = random.Random(options.seed)
    count = min(options.documents, len(collection.documents))
    chosen = draw.sample(sorted(collection.documents), count)
    texts = [collection.documents[d] for d in chosen]
    ref = Seq2Seq(
        options.writer,
        prefix=options.prefix,
        top_k=options.top_k,
        top_p=options.top_p,
        max_new_tokens=40,
        max_length=160,
    )
    engine = Local()  # keeps nothing, so that the time is that of writing
    began = time.perf_counter()
    written = [w[0].text for w in engine.write(ref, texts, count=1, seed=options.seed)]
    seconds = time.perf_counter() - began
    asked = {d: q for d, q in zip(chosen, written, strict=True) if words(q)}
    kept = [collection.documents[d] for d in asked]
    questions = list(asked.values())
    row = {
        "name": collection.name,
        "documents": len(collection.documents),
        "questions": len(asked),
        "empty": count - len(asked),
        "found": round(found_again(collection, asked, str(find(options.dense)), options.cache), 4),
        "copied": round(copied(questions, kept), 4),
        "distinct": round(distinct(questions), 4),
        "words": round(statistics.fmean(len(words(q)) for q in questions), 1),
        "per_second": round(count / seconds, 1),
    }
    print(row, flush=True)
    return {**row, "samples": [[q, d] for d, q in asked.items()][:50]}


def page(rows: Sequence[dict[str, Any]]) -> str:
    """The samples of all collections, as Markdown; documents by their ids, their texts not ours."""
    parts = ["# Questions of the bundled writer", "", "The first ones drawn of each collection."]
    for row in rows:
        parts += ["", f"## {row['name']}", "", "| question | document |", "|---|---|"]
        parts += [f"| {_cell(q)} | {_cell(d, 160)} |" for q, d in row["samples"]]
    return "\n".join(parts) + "\n"


def _cell(text: str, longest: int = 400) -> str:
    line = " ".join(text.split())
    line = line if len(line) <= longest else line[:longest].rsplit(" ", 1)[0] + " …"
    return re.sub(r"([|\\`*_\[\]<>])", r"\\\1", line)


def main() -> None:
    """All collections, one JSON, perhaps a page of samples."""
    options = _options()
    rows = [one(place, options) for place in options.collections]
    if options.samples:
        options.samples.write_text(page(rows), "utf-8")
    settings = {
        name: value
        for name, value in vars(options).items()
        if name not in {"out", "cache", "samples", "collections", "writer"}
    } | {"dense": Path(options.dense).name}
    shown = [{k: v for k, v in row.items() if k != "samples"} for row in rows]
    passed = {
        "every_collection_finds_its_documents_again": all(r["found"] >= FOUND for r in rows),
        "nothing_is_copied": all(r["copied"] <= COPIED for r in rows),
        "questions_differ": all(r["distinct"] >= DISTINCT for r in rows),
    }
    result = {**record.frame("quality/writer", settings), "collections": shown, "passed": passed}
    record.write(options.out, result)
    record.end(passed)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add = parser.add_argument
    add("--collections", nargs="+", required=True, metavar="DIR", help="BEIR folders; api-docs")
    add("--writer", default=None, help="folder or hub name; default: the bundled one")
    add("--prefix", default="question: ")
    add("--documents", type=int, default=300, help="that are asked about, of each collection")
    add("--top-k", type=int, default=25)
    add("--top-p", type=float, default=0.95)
    add("--dense", default="all-MiniLM-L6-v2", help="model of the vectors")
    add("--seed", type=int, default=0)
    add("--samples", type=Path, default=None, metavar="FILE.md", help="write 50 of each there")
    add("--cache", type=Path, default=Path("runs/writer"), help="keeps vectors")
    add("--out", type=Path, default=record.RESULTS / "writer.json")
    options = parser.parse_args()
    if options.writer is None:
        import acclimate_offline

        options.writer = str(acclimate_offline.writer())
    return options


if __name__ == "__main__":
    main()
