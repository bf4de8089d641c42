"""MTEB: a collection of one's own as one of its retrieval tasks."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

from acclimate.errors import MissingExtraError, TableError
from acclimate.tables import Corpus, Qrels, Queries

try:
    from mteb.abstasks.retrieval import AbsTaskRetrieval
    from mteb.abstasks.task_metadata import TaskMetadata
except ImportError as error:
    raise MissingExtraError("mteb", "mteb") from error

SPLIT = "test"


def mteb_task(
    name: str,
    corpus: Corpus,
    queries: Queries,
    qrels: Qrels,
    *,
    languages: Sequence[str] = ("eng-Latn",),
) -> AbsTaskRetrieval:
    """A retrieval task for `mteb.evaluate`: judged queries and their documents.

    Nothing is downloaded and nothing leaves the machine. The task's name ends in a hash of the
    collection: results that MTEB has kept are of this one, and of none that had its name before.
    Queries without a judgement are left out; a document is read as its title and its text, as
    acclimate reads it.

    Args:
        name: letters, digits and "-".
        corpus: the documents, whole.
        queries: their questions.
        qrels: people's judgements.
        languages: as MTEB writes them.

    Raises:
        TableError: when no judgement is of a query and a document that are there.

    Example:
        task = mteb_task("Pumps", corpus, queries, qrels)
        mteb.evaluate(SentenceTransformer("run/models/…"), task)
    """
    known = qrels.onto(corpus).where("doc_id", corpus["doc_id"])
    known = known.where("query_id", queries["query_id"])
    if not len(known):
        raise TableError(
            f"None of {len(qrels)} judgements is of one of the {len(queries)} queries and "
            f"{len(corpus)} documents that are here. Are they of another collection?"
        )
    asked = queries.where("query_id", set(known["query_id"]))
    digest = hashlib.sha256(f"{corpus.digest}{asked.digest}{known.digest}".encode()).hexdigest()
    metadata = TaskMetadata(
        name=f"{name}-{digest[:8]}",
        description=f"{name}: {len(corpus)} documents.",
        dataset={"path": name, "revision": digest},
        type="Retrieval",
        category="t2t",
        eval_splits=[SPLIT],
        eval_langs=list(languages),
        main_score="ndcg_at_10",
        is_public=False,
    )

    class Collection(AbsTaskRetrieval):  # type: ignore[misc]
        """The class of one task: MTEB looks for what it knows of a task in its class."""

        data_loaded: bool = False

        def load_data(self, *_: Any, **__: Any) -> None:
            """The tables in MTEB's form; MTEB lets go of it when it has measured."""
            if not self.data_loaded:
                self.dataset = {"default": {SPLIT: _split(corpus, asked, known)}}
                self.data_loaded = True

    Collection.metadata = metadata
    return Collection()


def _split(corpus: Corpus, queries: Queries, qrels: Qrels) -> dict[str, Any]:
    from datasets import Dataset

    relevant: dict[str, dict[str, int]] = {}
    for row in qrels.dicts():
        relevant.setdefault(row["query_id"], {})[row["doc_id"]] = row["grade"]
    documents = {"id": corpus["doc_id"], "title": corpus["title"], "text": corpus["text"]}
    return {
        "corpus": Dataset.from_dict(documents),
        "queries": Dataset.from_dict({"id": queries["query_id"], "text": queries["text"]}),
        "relevant_docs": relevant,
        "top_ranked": None,
    }
