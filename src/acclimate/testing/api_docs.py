"""api_docs: a real test collection that comes with the dependencies.

The API documentation of the installed numpy, scipy and scikit-learn, read from their source
files: nothing is imported from them, nothing downloaded. A document is the docstring of a public
function or class without its summary line; the summary line, as its author wrote it, is a test
query whose only relevant document is the rest. So the queries are people's words, never a
model's, and an adaptation can be judged honestly on any machine.
"""

from __future__ import annotations

import ast
import importlib.util
import inspect
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from acclimate.errors import MissingExtraError
from acclimate.tables import Corpus, Qrels, Queries

PACKAGES = ("numpy", "scipy", "sklearn")
BODY_WORDS = 40
SUMMARY_WORDS = (4, 25)

_Named = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


class Documented(NamedTuple):
    """A public function or class.

    Args:
        name: its dotted name.
        summary: first paragraph of its docstring, as one line.
        body: the rest of its docstring, lines kept.
    """

    name: str
    summary: str
    body: str


def collection(packages: Sequence[str] = PACKAGES) -> tuple[Corpus, Queries, Qrels]:
    """Documents, the authors' summaries as queries, and which document each summary is of.

    A summary becomes a query when it has 4 to 25 words, when no other document has the same one,
    and when its document does not repeat it.

    Args:
        packages: import names of installed packages.

    Returns:
        The corpus in order of names; queries of the split "heldout", named after their document;
        one judgement of grade 1 for each query.

    Raises:
        MissingExtraError: when one of the packages is not installed.
    """
    documents = _distinct(d for package in packages for d in documented(package))
    counts = Counter(d.summary.lower() for d in documents)
    asked = [d for d in documents if _is_query(d, counts)]
    names = [d.name for d in asked]
    return (
        Corpus.columns(
            doc_id=[d.name for d in documents],
            title=[""] * len(documents),
            text=[d.body for d in documents],
        ),
        Queries.columns(
            query_id=names,
            text=[d.summary for d in asked],
            kind=["summary"] * len(asked),
            split=["heldout"] * len(asked),
        ),
        Qrels.columns(query_id=names, doc_id=names, grade=[1] * len(asked)),
    )


def write(folder: str | Path, packages: Sequence[str] = PACKAGES) -> tuple[int, int]:
    """Write the collection as a BEIR folder, as `acclimate adapt` reads it.

    Args:
        folder: where corpus.jsonl, queries.jsonl and qrels/test.tsv go.
        packages: import names of installed packages.

    Returns:
        How many documents and how many judged queries there are.
    """
    corpus, queries, qrels = collection(packages)
    folder = Path(folder)
    (folder / "qrels").mkdir(parents=True, exist_ok=True)
    for name, table, key in (("corpus", corpus, "doc_id"), ("queries", queries, "query_id")):
        lines = [
            json.dumps({"_id": row[key], "title": row.get("title", ""), "text": row["text"]})
            for row in table.dicts()
        ]
        (folder / f"{name}.jsonl").write_text("\n".join(lines) + "\n", "utf-8")
    rows = [f"{row['query_id']}\t{row['doc_id']}\t{row['grade']}" for row in qrels.dicts()]
    header = "query-id\tcorpus-id\tscore"
    (folder / "qrels" / "test.tsv").write_text("\n".join([header, *rows]) + "\n", "utf-8")
    return len(corpus), len(queries)


def documented(package: str) -> Iterator[Documented]:
    """Public functions and classes of an installed package whose docstring says enough."""
    folder = _folder(package)
    for path in sorted(folder.rglob("*.py")):
        parts = path.relative_to(folder).with_suffix("").parts
        if any(part in {"test", "tests", "testing"} for part in parts):
            continue
        module = ".".join((package, *parts)).removesuffix(".__init__")
        yield from _read(ast.parse(path.read_text("utf-8")), module)


def _folder(package: str) -> Path:
    spec = importlib.util.find_spec(package)  # looks the package up without running it
    if spec is None or not spec.submodule_search_locations:
        raise MissingExtraError({"sklearn": "scikit-learn"}.get(package, package), "demo")
    return Path(spec.submodule_search_locations[0])


def _read(module: ast.Module, name: str) -> Iterator[Documented]:
    for node in _definitions(module):
        summary, _, rest = (ast.get_docstring(node) or "").partition("\n\n")
        if not node.name.startswith("_") and len(rest.split()) >= BODY_WORDS:
            one_line = " ".join(summary.split())
            yield Documented(f"{name}.{node.name}", one_line, inspect.cleandoc(rest))


def _definitions(node: ast.AST) -> Iterator[_Named]:
    """Functions and classes of a module, also those below an `if` or a `try`; no methods."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, _Named):
            yield child
        elif isinstance(child, ast.stmt | ast.excepthandler):
            yield from _definitions(child)


def _distinct(documents: Iterator[Documented]) -> list[Documented]:
    """One document for each body and for each name: wrappers repeat what they wrap."""
    by_body: dict[str, Documented] = {}
    for document in documents:
        by_body.setdefault(" ".join(document.body.split()), document)
    by_name = {d.name: d for d in reversed(by_body.values())}
    return [by_name[name] for name in sorted(by_name)]


def _is_query(document: Documented, counts: Counter[str]) -> bool:
    fewest, most = SUMMARY_WORDS
    summary = document.summary.lower()
    body = " ".join(document.body.lower().split())
    return (
        fewest <= len(summary.split()) <= most
        and counts[summary] == 1
        and summary.rstrip(".") not in body
    )
