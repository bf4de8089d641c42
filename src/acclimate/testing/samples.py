"""Samples: a small run's tables, and an instance of any part, made from its annotations.

With these a law can call a part it knows nothing about. Models are fakes, so nothing loads.
"""

from __future__ import annotations

import dataclasses
import typing
from collections.abc import Callable, Mapping
from typing import Any, Literal, get_args, get_origin, get_type_hints

from acclimate.engines.engine import IndexRef
from acclimate.errors import RecipeError
from acclimate.models.encoders.dense import Dense
from acclimate.models.ref import Encoder, Ref, Scorer, Writer
from acclimate.models.student import Student
from acclimate.parts.part import Loss
from acclimate.tables import (
    Candidates,
    Corpus,
    Drafts,
    Labels,
    LogFile,
    Qrels,
    Queries,
    Scores,
    Table,
)
from acclimate.testing import toys
from acclimate.testing.fakes import FakeEncoder, FakeIndex, FakeScorer, FakeWriter, words

Size = Literal["full", "one document", "one query", "no query", "nothing"]
SIZES: tuple[Size, ...] = ("full", "one document", "one query", "no query", "nothing")
DEPTH = 4
MODELS: Mapping[Any, Callable[[], Any]] = {
    Ref[Writer]: FakeWriter,
    Ref[Scorer]: FakeScorer,
    Ref[Encoder]: FakeEncoder,
    Dense: FakeEncoder,
    IndexRef: FakeIndex,
}
"""The fake that stands for a model, by annotation."""


def things(size: Size = "full") -> dict[type, Any]:
    """Every table and a student, by type, as a run over the toy corpus would have them."""
    corpus = {"one document": toys.CORPUS.head(1), "nothing": Corpus.empty()}.get(size, toys.CORPUS)
    written = toys.WRITTEN.following(corpus)
    if size in {"one query", "no query"}:
        written = written.head(1 if size == "one query" else 0)
    candidates = _candidates(corpus, written)
    return {
        Corpus: corpus,
        Queries: written,
        Candidates: candidates,
        Labels: _labels(corpus, written, candidates),
        Drafts: _drafts(written),
        Student: Student(encoder=typing.cast(Dense, FakeEncoder())),
    }


def judged(size: Size = "full") -> dict[type, Any]:
    """The same for evaluators: people's queries and judgements, and scores of two systems."""
    found = things(size)
    few = {"one query": 1, "no query": 0, "nothing": 0}.get(size, len(toys.QUERIES))
    found[Queries] = toys.QUERIES.head(few)
    found[Qrels] = toys.QRELS.where("query_id", found[Queries]["query_id"])
    found[Scores] = Scores.of(
        {"system": system, "measure": "nDCG@10", "query_id": query, "value": value}
        for system, value in (("base", 0.25), ("adapted", 0.5))
        for query in found[Queries]["query_id"]
    )
    return found


def part(kind: type, **settings: Any) -> Any:
    """An instance: its defaults, a fake for each model, a small value where there is no default.

    Raises:
        RecipeError: when a required setting has a type this function does not know; pass it.
    """
    hints = get_type_hints(kind)
    for field in dataclasses.fields(kind):
        required = (field.default, field.default_factory) == (dataclasses.MISSING,) * 2
        wanted = required or hints[field.name] in MODELS
        if field.init and wanted and field.name not in settings:
            settings[field.name] = _value(hints[field.name], f"{kind.__name__}.{field.name}")
    return kind(**settings)


def _value(hint: Any, where: str) -> Any:
    if sample := _known().get(hint):
        return sample()
    if get_origin(hint) is tuple:
        return (_value(get_args(hint)[0], where),)
    if get_origin(hint) is Literal:
        return get_args(hint)[0]
    raise RecipeError(f"No sample for {where}: {hint}. Pass it: samples.part(…, name=value).")


def _known() -> Mapping[Any, Callable[[], Any]]:
    """Samples by annotation; a member of a composite is a part without settings of its own."""
    from acclimate.parts import part as parts
    from acclimate.parts.filters.sample_documents import SampleDocuments
    from acclimate.parts.generators.inverse_cloze import InverseCloze
    from acclimate.parts.labellers.source_is_relevant import SourceIsRelevant
    from acclimate.parts.loops._pretraining import (
        HeadedLoss,
        SpanLoss,
        TextTrainer,
        VectorLoss,
    )
    from acclimate.parts.loops.fit import Fit
    from acclimate.parts.loops.masked_language import MaskedLanguage
    from acclimate.parts.losses.condenser import Condenser
    from acclimate.parts.losses.corpus_contrastive import CorpusContrastive
    from acclimate.parts.losses.embedding_distillation import EmbeddingDistillation
    from acclimate.parts.losses.margin_mse import MarginMSE
    from acclimate.parts.losses.masked_lm import MaskedLM
    from acclimate.parts.losses.sampled_softmax import SampledSoftmax
    from acclimate.parts.miners.random_documents import RandomDocuments

    def fit() -> Fit:
        return Fit(loss=SampledSoftmax(), steps=2, batch=4, warmup=1)

    def round_of() -> tuple[Any, ...]:
        return (RandomDocuments(count=2), SourceIsRelevant(), fit())

    return {
        **MODELS,
        tuple[parts.Part, ...]: round_of,
        Loss: MarginMSE,
        parts.TensorLoss: MaskedLM,
        SpanLoss: CorpusContrastive,
        VectorLoss: EmbeddingDistillation,
        HeadedLoss: lambda: Condenser(skip_from=1, layers=1),
        TextTrainer: lambda: MaskedLanguage(loss=MaskedLM(), steps=2, batch=4, warmup=1),
        parts.Chooser: SampleDocuments,
        parts.Generator: InverseCloze,
        parts.Miner: RandomDocuments,
        parts.Labeller: SourceIsRelevant,
        parts.Trainer: fit,
        LogFile: lambda: toys.CLICKS,
        int: lambda: 2,
        float: lambda: 0.5,
        str: lambda: "word",
    }


def _candidates(corpus: Corpus, queries: Queries) -> Candidates:
    """For each query its source and the documents after it, ranked by shared words."""
    names, texts = corpus["doc_id"], corpus.contents
    rows = []
    for query in queries.dicts():
        start = corpus.position[query["source_doc_id"]]
        near = [(start + step) % len(names) for step in range(min(DEPTH, len(names)))]
        scored = [(_shared(query["text"], texts[row]), -step, row) for step, row in enumerate(near)]
        for rank, (score, _, row) in enumerate(sorted(scored, reverse=True), 1):
            rows.append(
                {
                    "query_id": query["query_id"],
                    "doc_id": names[row],
                    "rank": rank,
                    "score": score,
                    "is_source": row == start,
                    "miner": "sample",
                }
            )
    return Candidates.of(rows)


def _labels(corpus: Corpus, queries: Queries, candidates: Candidates) -> Labels:
    text, contents = queries["text"], corpus.contents
    return Labels.of(
        {
            "query_id": row["query_id"],
            "doc_id": row["doc_id"],
            "value": _shared(
                text[queries.position[row["query_id"]]], contents[corpus.position[row["doc_id"]]]
            ),
            "teacher": "sample",
        }
        for row in candidates.dicts()
    )


def _drafts(queries: Queries) -> Drafts:
    """For each query two written documents, of which the second is not relevant."""
    return Drafts.of(
        {
            "query_id": query,
            "doc_id": f"draft:{kind} {query}",
            "text": f"{kind} {text}",
            "value": value,
            "kind": kind,
        }
        for query, text in zip(queries["query_id"], queries["text"], strict=True)
        for kind, value in (("relevant", 1.0), ("distractor", 0.0))
    )


def _shared(query: str, document: str) -> float:
    return float(len(set(words(query)) & set(words(document))))


def rows_of(result: Any) -> list[tuple[Any, ...]]:
    """The keys of a table's rows, in order; nothing for a student."""
    if not isinstance(result, Table):
        return []
    return list(zip(*(result[column] for column in result.key), strict=True))
