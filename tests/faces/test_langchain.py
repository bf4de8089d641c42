"""LangChain, for real: its documents in, adapted models out as its embeddings and compressor."""

import json

import pytest
from langchain_core.documents import Document
from langchain_core.vectorstores import InMemoryVectorStore

from acclimate.engines.served import Served
from acclimate.faces.langchain import AdaptedEmbeddings, AdaptedReranker
from acclimate.tables import Corpus
from acclimate.testing import toys

DOCUMENTS = [
    Document(page_content=row["text"], id=row["doc_id"], metadata={"title": row["title"]})
    for row in toys.CORPUS.dicts()
]


def test_documents_come_in_with_id_title_and_metadata() -> None:
    more = Document(page_content="Warm milk.", id="milk", metadata={"source": "a.txt", "page": 3})
    corpus = Corpus.read([*DOCUMENTS, more])
    assert corpus["doc_id"] == [*toys.CORPUS["doc_id"], "milk"]
    assert corpus["title"] == [*toys.CORPUS["title"], ""]
    assert json.loads(corpus.dicts()[-1]["meta"]) == {"source": "a.txt", "page": 3}


@pytest.mark.integration
def test_a_vector_store_finds_what_the_model_finds(encoder: str) -> None:
    store = InMemoryVectorStore(AdaptedEmbeddings(encoder, device="cpu"))
    store.add_documents(DOCUMENTS)
    for document in DOCUMENTS[:3]:
        (found,) = store.similarity_search(document.page_content, k=1)
        assert found.id == document.id


@pytest.mark.integration
def test_queries_and_documents_pass_ways_of_their_own(encoder: str) -> None:
    from acclimate.models.encoders import Dense

    model = Dense(encoder, query_prompt="glue: ").load()
    embeddings = AdaptedEmbeddings(encoder, device="cpu")
    embeddings._served._opened.model.prompts["query"] = "glue: "
    expected = model.encode_query("a wheel"), model.encode_document("a wheel")
    assert embeddings.embed_query("a wheel") == pytest.approx(expected[0].tolist(), abs=1e-5)
    found = embeddings.embed_documents(["a wheel"])[0]
    assert found == pytest.approx(expected[1].tolist(), abs=1e-5)


@pytest.mark.integration
def test_the_reranker_keeps_the_best_and_changes_no_document(scorer: str) -> None:
    best = Served(scorer, "cpu").best("glue", [d.page_content for d in DOCUMENTS], 2)
    kept = AdaptedReranker(model=scorer, top_n=2, device="cpu").compress_documents(
        DOCUMENTS, "glue"
    )
    assert [d.id for d in kept] == [DOCUMENTS[row].id for row, _ in best]
    assert [d.metadata["relevance_score"] for d in kept] == pytest.approx([s for _, s in best])
    assert "relevance_score" not in DOCUMENTS[best[0][0]].metadata
