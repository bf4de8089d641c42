"""Write the documents' vectors as an index of faiss, Qdrant or LanceDB, and search in it.

python examples/vector_index.py documents/ index/ faiss|qdrant|lancedb 'a question' [model]
"""

import json
import sys
from pathlib import Path
from typing import Any

from acclimate.engines.served import Served
from acclimate.pipeline.exporting import Export, export


def search(kind: str, folder: Path, vector: list[float]) -> list[dict[str, Any]]:
    """The first three documents, as any other program would find them."""
    if kind == "faiss":
        import faiss
        import numpy as np

        index = faiss.read_index(str(folder / "index.faiss"))
        lines = (folder / "documents.jsonl").read_text("utf-8").splitlines()
        return [json.loads(lines[n]) for n in index.search(np.array([vector], "f"), 3)[1][0]]
    if kind == "qdrant":
        from qdrant_client import QdrantClient

        found = QdrantClient(path=str(folder)).query_points("documents", query=vector, limit=3)
        return [point.payload for point in found.points]
    import lancedb

    table = lancedb.connect(folder).open_table("documents")
    return table.search(vector).distance_type("dot").limit(3).to_list()


def main(documents: str, out: str, kind: str, text: str, model: str = "all-MiniLM-L6-v2") -> None:
    told = export(Path(documents), Export(to=kind, model=model, settings={}), out=Path(out))
    vector = Served(model).vectors([text], kind="query")[0]
    print(*[row["doc_id"] for row in search(kind, Path(told["folder"]), vector)], sep="\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
