"""collections_with_judgements: BEIR folders (plain or .gz) and the API documentation.

Read without acclimate's own readers, so that a mistake there cannot flatter a result here.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from acclimate.tables import Corpus

API_DOCS = "api-docs"

MOST: dict[str, tuple[int | None, int | None]] = {
    # documents, test queries; None: all
    "jaquad": (3_000, 1_000),
    "medquad": (6_000, None),
    "multihop": (8_000, None),
    "tatqa": (None, 1_000),
    "xquad": (None, 1_000),
    API_DOCS: (None, 600),
}
"""Sizes at which the collections are run; others in full."""


@dataclass(frozen=True, eq=False)
class Collection:
    """Documents, test queries and what people judged.

    Args:
        name: of its folder.
        documents: text by id, title first.
        queries: text by id; only those with a relevant document.
        qrels: (query, document) -> grade, grade > 0.
    """

    name: str
    documents: dict[str, str]
    queries: dict[str, str]
    qrels: dict[tuple[str, str], int]

    def digest(self) -> str:
        """SHA-256 of its content: equal for equal collections."""
        content = [
            sorted(self.documents.items()),
            sorted(self.queries.items()),
            sorted((*pair, grade) for pair, grade in self.qrels.items()),
        ]
        return hashlib.sha256(json.dumps(content).encode()).hexdigest()

    def sized(
        self, seed: int = 0, *, documents: int | None = None, queries: int | None = None
    ) -> Collection:
        """Smaller: queries first, then documents; relevant ones are kept.

        Args:
            seed: of the draw.
            documents: at most; None: as in `MOST`.
            queries: at most; None: as in `MOST`.
        """
        most = MOST.get(self.name, (None, None))
        documents, queries = documents or most[0], queries or most[1]
        draw = random.Random(seed)
        asked = sorted(self.queries)
        if queries is not None and len(asked) > queries:
            asked = sorted(draw.sample(asked, queries))
        there = set(asked)
        qrels = {pair: grade for pair, grade in self.qrels.items() if pair[0] in there}
        kept = {document for _, document in qrels}
        rest = sorted(set(self.documents) - kept)
        if documents is not None and len(self.documents) > documents:
            rest = draw.sample(rest, max(0, documents - len(kept)))
        kept |= set(rest)
        return Collection(
            self.name,
            {i: t for i, t in self.documents.items() if i in kept},
            {i: self.queries[i] for i in asked},
            qrels,
        )


def read(place: str) -> Collection:
    """The collection in a BEIR folder, or the API documentation of the installed packages.

    Args:
        place: a folder, or `api-docs`.
    """
    if place == API_DOCS:
        return _api_docs()
    folder = Path(place)
    documents = {
        str(row["_id"]): " ".join(f"{row.get('title') or ''} {row['text']}".split())
        for row in _rows(folder, "corpus.jsonl")
    }
    queries = {str(row["_id"]): row["text"] for row in _rows(folder, "queries.jsonl")}
    qrels = {}
    with _open(folder / "qrels" / "test.tsv") as file:
        for line in file:
            query, document, grade = line.rstrip("\r\n").split("\t")
            if grade.strip().lstrip("-").isdigit() and int(grade) > 0 and document in documents:
                qrels[query, document] = int(grade)
    judged = {query for query, _ in qrels}
    return Collection(
        folder.name, documents, {i: t for i, t in queries.items() if i in judged}, qrels
    )


def corpus_of(place: str) -> Corpus:
    """All documents of a collection as acclimate itself reads them: titles apart, lines kept."""
    from acclimate.tables import Corpus
    from acclimate.testing.api_docs import collection

    return collection()[0] if place == API_DOCS else Corpus.read(place)


def _api_docs() -> Collection:
    from acclimate.testing.api_docs import collection

    corpus, queries, qrels = collection()
    return Collection(
        API_DOCS,
        dict(zip(corpus["doc_id"], corpus.contents, strict=True)),
        dict(zip(queries["query_id"], queries["text"], strict=True)),
        {
            (q, d): g
            for q, d, g in zip(qrels["query_id"], qrels["doc_id"], qrels["grade"], strict=True)
            if g > 0
        },
    )


def _rows(folder: Path, name: str) -> Iterator[dict[str, Any]]:
    with _open(folder / name) as file:
        for line in file:
            if line.strip():
                yield json.loads(line)


def _open(path: Path) -> Any:
    packed = path.with_name(path.name + ".gz")
    if packed.exists():
        return gzip.open(packed, "rt", encoding="utf-8", newline="\n")
    return path.open(encoding="utf-8", newline="\n")
