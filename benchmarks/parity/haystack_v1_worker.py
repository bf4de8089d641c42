"""haystack_v1_worker: the guide's pipeline in Haystack v1; runs in its own environment.

    haystack_v1_worker.py pipeline SETTINGS.json ANSWER.json

Ready-made questions; models are open before the clock starts.
"""

from __future__ import annotations

import json
import os
import random
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
os.environ["HAYSTACK_TELEMETRY_ENABLED"] = "False"

from child import answer_stages
from haystack_v1_clock import Clock


def pipeline(settings: dict[str, Any]) -> dict[str, Any]:
    """Index, mine, label, train; the labels go to a file."""
    import torch
    from haystack.document_stores import InMemoryDocumentStore
    from haystack.nodes import EmbeddingRetriever, PseudoLabelGenerator
    from haystack.schema import Document

    torch.set_num_threads(settings["threads"])
    random.seed(settings["seed"])
    rows = json.loads(Path(settings["material"]).read_text("utf-8"))
    documents = [Document(content=d["text"], id=d["id"]) for d in rows["documents"]]
    store = InMemoryDocumentStore(embedding_dim=384, similarity="cosine", use_gpu=False)
    store.write_documents(documents)
    retriever = EmbeddingRetriever(
        document_store=store,
        embedding_model=settings["student"],
        model_format="sentence_transformers",
        max_seq_len=settings["max_length"],
        use_gpu=False,
        progress_bar=False,
    )
    generator = PseudoLabelGenerator(
        rows["questions"],
        retriever,
        settings["teacher"],
        top_k=settings["top_k"],
        batch_size=settings["batch"],
        progress_bar=False,
        use_gpu=False,
    )
    clock = Clock()
    store.update_embeddings(retriever)
    mined = generator.mine_negatives(generator.generate_questions(documents))
    clock.lap("mine")
    labels = generator.generate_margin_scores(mined)
    clock.lap("label")
    retriever.train(labels, batch_size=settings["batch"], train_loss="margin_mse")
    clock.lap("train")
    plain = [{**row, "score": float(row["score"])} for row in labels]
    Path(settings["labels"]).write_text(json.dumps(plain), "utf-8")
    return {"seconds": clock.seconds, "cpu_seconds": clock.cpu_seconds, "labels": len(plain)}


if __name__ == "__main__":
    answer_stages({"pipeline": pipeline})
