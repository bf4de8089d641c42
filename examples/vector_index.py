"""Write the documents' vectors as an index of faiss, Qdrant or LanceDB, and search in it.

python examples/vector_index.py documents/ index/ faiss|qdrant|lancedb 'a question' [model]
"""

import json
import sys
from pathlib import Path

from acclimate.engines.served import Served
from acclimate.pipeline.exporting import Export, export


def search(kind: str, folder: Path, vector: list[float]) -> list[str]:
    if kind == "faiss":
        import faiss
        import numpy as np

        found = faiss.read_index(str(folder / "index.faiss")).search(np.array([vector], "f"), 3)
        lines = (folder / "documents.jsonl").read_text("utf-8").split("\n")
        return [json.loads(lines[row])["doc_id"] for row in found[1][0]]
    if kind == "qdrant":
        from qdrant_client import QdrantClient

        points = QdrantClient(path=str(folder)).query_points("documents", vector, limit=3).points
        return [point.payload["doc_id"] for point in points]
    import lancedb

    search = lancedb.connect(folder).open_table("documents").search(vector)
    return [row["doc_id"] for row in search.distance_type("dot").limit(3).to_list()]


def main(documents: str, out: str, kind: str, text: str, model: str = "all-MiniLM-L6-v2") -> None:
    told = export(Path(documents), Export(to=kind, model=model, settings={}), out=Path(out))
    vector = Served(model).vectors([text], kind="query")[0]
    print(*search(kind, Path(told["folder"]), vector), sep="\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
