"""Haystack v1's GPL guide, today: python examples/haystack_gpl.py [models/] [model] [documents]"""

import sys

from haystack import Document
from haystack.components import evaluators, retrievers
from haystack.document_stores.in_memory import InMemoryDocumentStore

from acclimate.models.weights import find
from acclimate.parts import generators, labellers, miners
from acclimate.testing import api_docs
from haystack_integrations.components.embedders import sentence_transformers as st
from haystack_integrations.components.training import acclimate as gpl


def main(out: str = ".demo", model: str = "all-MiniLM-L6-v2", count: str = "746") -> None:
    corpus, summaries, _ = api_docs.collection(["sklearn"])
    base, texts = str(find(model)), corpus.head(int(count)).dicts()
    own = {t["doc_id"]: Document(id=t["doc_id"], content=t["text"][:800]) for t in texts}
    judged = [q for q in summaries.dicts() if q["query_id"] in own]
    asker = gpl.QueryGenerator(generators.Mixed(queries=3 * len(own)))
    labeller = gpl.PseudoLabelGenerator(
        asker, miners.BM25(), labellers.Fusion(), negatives_per_question=8, student=base
    )
    trainer = gpl.EmbedderTrainer(base, out, learns="adapter", learning_rate=3e-4, n_epochs=10)
    adapted = trainer.run(labeller.run([*own.values()])["gpl_labels"])["model_path"]
    for path in (base, adapted):
        store = InMemoryDocumentStore(embedding_similarity_function="cosine")
        embedder = st.SentenceTransformersDocumentEmbedder(model=path, progress_bar=False)
        store.write_documents(embedder.run([*own.values()])["documents"])
        text = st.SentenceTransformersTextEmbedder(model=path, progress_bar=False)
        retriever = retrievers.InMemoryEmbeddingRetriever(store)
        search = retrievers.TextEmbeddingRetriever(retriever=retriever, text_embedder=text)
        found = [search.run(query=q["text"])["documents"] for q in judged]
        mrr = evaluators.DocumentMRREvaluator().run([[own[q["query_id"]]] for q in judged], found)
        print(f"MRR@10 {mrr['score']:.4f} on {len(judged)} of the authors' summaries: {path}")


if __name__ == "__main__":
    main(*sys.argv[1:])
