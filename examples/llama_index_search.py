"""LlamaIndex's nodes as a corpus, and a model as its embedding: one that `adapt` made, or an export.

python examples/llama_index_search.py documents.jsonl model/ [a question]
"""  # noqa: E501

import json
import sys
from pathlib import Path

from llama_index.core import VectorStoreIndex
from llama_index.core.schema import TextNode

import acclimate
from acclimate.faces.llama_index import AdaptedEmbedding


def main(documents: str, model: str, question: str = "where do I begin") -> None:
    """Nodes come in with their ids; `acclimate.adapt("default", corpus, …)` learns from them."""
    rows = [json.loads(line) for line in Path(documents).read_text("utf-8").splitlines()]
    nodes = [TextNode(id_=row["_id"], text=row["text"]) for row in rows]
    corpus = acclimate.Corpus.read(nodes)
    print(corpus.intake)
    index = VectorStoreIndex(nodes, embed_model=AdaptedEmbedding(model))
    for found in index.as_retriever(similarity_top_k=3).retrieve(question):
        print(found.node.node_id)


if __name__ == "__main__":
    main(*sys.argv[1:])
