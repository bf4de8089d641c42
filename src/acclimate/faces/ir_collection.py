"""ir_datasets: a collection of one's own as one of its data sets.

Annotations are no strings here: PyTerrier asks a document's class which of its fields are texts.
"""

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from acclimate.errors import MissingExtraError
from acclimate.tables import Corpus, Qrels, Queries

try:
    from ir_datasets.datasets.base import Dataset
    from ir_datasets.formats import BaseDocs, BaseQrels, BaseQueries, GenericQrel, GenericQuery
    from ir_datasets.indices import Docstore
except ImportError as error:
    raise MissingExtraError("ir_datasets", "ir-datasets") from error


class Titled(NamedTuple):
    """A document as ir_datasets passes it."""

    doc_id: str
    title: str
    text: str

    def default_text(self) -> str:
        """Title and text, as one."""
        return f"{self.title} {self.text}".strip()


def ir_collection(
    corpus: Corpus, queries: Queries | None = None, qrels: Qrels | None = None
) -> Dataset:
    """Documents, queries and judgements for whatever reads collections of ir_datasets.

    Nothing is written: its iterators and its document store read the tables. Under a name,
    `ir_datasets.load` and PyTerrier's "irds:…" find it too: `ir_datasets.registry.register(name,
    made)`. `Corpus.read(made)` gives the documents back; what else is known of them stays behind.

    Args:
        corpus: the documents, whole.
        queries: their questions; None: there are none.
        qrels: people's judgements; None: there are none.

    Example:
        made = ir_collection(corpus, queries, qrels)
        ir_datasets.registry.register("pumps", made)
    """
    parts = [_Docs(corpus), queries and _Queries(queries), qrels and _Qrels(qrels)]
    return Dataset(*(part for part in parts if part is not None))


class _Store(Docstore):  # type: ignore[misc]
    """Documents by id: what PyTerrier takes texts from."""

    def __init__(self, corpus: Corpus) -> None:
        super().__init__(Titled)
        self.corpus = corpus

    def get_many_iter(self, doc_ids: Iterable[str]) -> Iterator[Titled]:
        wanted = [self.corpus.position[d] for d in doc_ids if d in self.corpus.position]
        for row in self.corpus.take(list(dict.fromkeys(wanted))).dicts():
            yield Titled(*(row[name] for name in Titled._fields))


class _Docs(BaseDocs):  # type: ignore[misc]
    def __init__(self, corpus: Corpus) -> None:
        self.corpus = corpus

    def docs_iter(self) -> Iterator[Titled]:
        columns = (self.corpus[name] for name in Titled._fields)
        return map(Titled, *columns)

    def docs_count(self) -> int:
        return len(self.corpus)

    def docs_cls(self) -> type[Titled]:
        return Titled

    def docs_store(self, **_: Any) -> _Store:
        return _Store(self.corpus)


class _Queries(BaseQueries):  # type: ignore[misc]
    def __init__(self, queries: Queries) -> None:
        self.queries = queries

    def queries_iter(self) -> Iterator[GenericQuery]:
        return map(GenericQuery, self.queries["query_id"], self.queries["text"])


class _Qrels(BaseQrels):  # type: ignore[misc]
    def __init__(self, qrels: Qrels) -> None:
        self.qrels = qrels

    def qrels_iter(self) -> Iterator[GenericQrel]:
        columns = (self.qrels[name] for name in ("query_id", "doc_id", "grade"))
        return map(GenericQrel, *columns)

    def qrels_defs(self) -> dict[int, str]:
        return {grade: f"grade {grade}" for grade in sorted(set(self.qrels["grade"]))}
