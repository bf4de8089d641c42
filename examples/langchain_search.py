"""LangChain's documents in, an adapted model out as its embeddings.

python examples/langchain_search.py documents.jsonl run/ [model] [minutes] [a question]
"""

import json
import sys
from pathlib import Path

from langchain_core.documents import Document
from langchain_core.vectorstores import InMemoryVectorStore

import acclimate
from acclimate.faces.langchain import AdaptedEmbeddings


def main(documents: str, out: str, model: str = "all-MiniLM-L6-v2", minutes: str = "5",
         question: str = "where do I begin") -> None:  # fmt: skip
    """Adapt to the documents, index them with what came of it, and ask."""
    rows = [json.loads(line) for line in Path(documents).read_text("utf-8").splitlines()]
    found = [
        Document(page_content=row["text"], id=row["_id"], metadata={"title": row["title"]})
        for row in rows
    ]
    corpus = acclimate.Corpus.read(found)
    outcome = acclimate.adapt("default", corpus, model, out=out, minutes=float(minutes))
    print(outcome)
    store = InMemoryVectorStore(AdaptedEmbeddings(str(outcome.model)))
    store.add_documents(found)
    for document in store.similarity_search(question, k=3):
        print(document.id)


if __name__ == "__main__":
    main(*sys.argv[1:])
