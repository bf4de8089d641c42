"""ranking: BM25, dense and hybrid rankings, and what people's judgements say of them.

Written without acclimate: the benchmark must not inherit its mistakes. As in every comparison of
this project: BM25 with k1 0.9, b 0.4, English stop words and stemmer (bigrams of characters where
a script has no spaces); dense vectors at 256 tokens, cosine; the hybrid is the sum of both
scores, each min-max normalised over its own top 100, over the union of both.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

Run = dict[str, dict[str, float]]
"""query -> document -> score."""

DEPTH = 100
MEASURES = ("nDCG@10", "R@100")
SPACELESS = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\u0e00-\u0e7f]+")


def bm25(documents: Mapping[str, str], queries: Mapping[str, str]) -> Run:
    """The 100 best documents of each query by words."""
    import bm25s
    import Stemmer

    words = {"stopwords": "en", "stemmer": Stemmer.Stemmer("english"), "show_progress": False}
    index = bm25s.BM25(k1=0.9, b=0.4)
    index.index(
        bm25s.tokenize([_spaced(t) for t in documents.values()], **words), show_progress=False
    )
    asked = bm25s.tokenize([_spaced(t) for t in queries.values()], **words)
    positions, scores = index.retrieve(
        asked, k=min(DEPTH, len(documents)), show_progress=False, sorted=True
    )
    names = list(documents)
    return {
        query: {names[p]: float(s) for p, s in zip(found, of, strict=True) if s > 0}
        for query, found, of in zip(queries, positions, scores, strict=True)
    }


def _spaced(text: str) -> str:
    """Runs of a script without spaces as pairs of characters; other text as it is."""

    def pairs(match: re.Match[str]) -> str:
        run = match.group(0)
        return " " + " ".join(run[i : i + 2] for i in range(max(1, len(run) - 1))) + " "

    return SPACELESS.sub(pairs, text)


def dense(
    model: str,
    documents: Mapping[str, str],
    queries: Mapping[str, str],
    vectors: Path | None,
) -> Run:
    """The 100 best documents of each query by a sentence-transformers model's cosine.

    Args:
        model: its folder.
        documents: text by id.
        queries: text by id.
        vectors: where document vectors are kept for the next seed, or None.
    """
    from sentence_transformers import SentenceTransformer

    encoder = SentenceTransformer(model, device="cpu")
    encoder.max_seq_length = min(256, encoder.max_seq_length or 256)
    passages = _encode(encoder, documents, "document", vectors)
    asked = _encode(encoder, queries, "query", None)
    scores = asked @ passages.T
    depth = min(DEPTH, len(documents))
    best = np.argpartition(-scores, depth - 1, axis=1)[:, :depth]
    names = list(documents)
    return {
        query: {names[p]: float(row[p]) for p in found}
        for query, row, found in zip(queries, scores, best, strict=True)
    }


def _encode(encoder: Any, texts: Mapping[str, str], kind: str, kept: Path | None) -> Any:
    if kept is not None and kept.exists():
        return np.load(kept)
    encode = encoder.encode_query if kind == "query" else encoder.encode_document
    found = encode(
        list(texts.values()),
        batch_size=32,
        normalize_embeddings=True,
        convert_to_numpy=True,
        show_progress_bar=False,
    ).astype(np.float32)
    if kept is not None:
        kept.parent.mkdir(parents=True, exist_ok=True)
        part = kept.with_suffix(".part.npy")
        np.save(part, found)
        part.replace(kept)
    return found


def digest(folder: str) -> str:
    """A short hash of a model's weights."""
    total = hashlib.sha256()
    for path in sorted(Path(folder).rglob("*.safetensors")):
        total.update(path.read_bytes())
    return total.hexdigest()[:16]


def hybrid(one: Run, other: Run) -> Run:
    """The sum of both runs, min-max normalised per query; a document one lacks has 0 there."""
    both = {}
    for query in one.keys() | other.keys():
        a, b = _scaled(one.get(query, {})), _scaled(other.get(query, {}))
        both[query] = {d: a.get(d, 0.0) + b.get(d, 0.0) for d in a.keys() | b.keys()}
    return both


def _scaled(scores: Mapping[str, float]) -> dict[str, float]:
    if not scores:
        return {}
    low, high = min(scores.values()), max(scores.values())
    width = high - low or 1.0
    return {document: (score - low) / width for document, score in scores.items()}


def measure(
    run: Run, qrels: Mapping[tuple[str, str], int], queries: Sequence[str]
) -> dict[str, list[float]]:
    """nDCG@10 and R@100 of every query, in the given order; 0 where nothing was found."""
    import ir_measures

    judged = [ir_measures.Qrel(q, d, g) for (q, d), g in qrels.items()]
    found = [ir_measures.ScoredDoc(q, d, s) for q, row in run.items() for d, s in row.items()]
    asked = [ir_measures.parse_measure(name) for name in MEASURES]
    values: dict[str, dict[str, float]] = {name: {} for name in MEASURES}
    for value in ir_measures.iter_calc(asked, judged, found):
        values[str(value.measure)][value.query_id] = float(value.value)
    return {name: [round(of.get(q, 0.0), 5) for q in queries] for name, of in values.items()}
