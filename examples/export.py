"""Write a model as an ONNX graph, if it ranks as the model does, and search with the graph.

python examples/export.py documents/ exported/ [hub name or folder of a model] [float32 or int8]
"""

import sys
from pathlib import Path

import acclimate
from acclimate.engines.served import Served
from acclimate.pipeline.exporting import Export, export


def main(
    documents: str, out: str, model: str = "all-MiniLM-L6-v2", weights: str = "float32"
) -> None:
    """Export, then ask the graph: neither PyTorch nor transformers is needed for that."""
    wanted = Export(to="onnx", model=model, settings={"weights": weights})
    told = export(Path(documents), wanted, out=Path(out))
    found = told["agreement"]
    print(f"top-{found['top']} overlap with the checkpoint: {found['overlap']:.3f}")
    graph = Served(told["folder"])
    query = acclimate.Corpus.read(documents)["text"][0]
    print(f"{told['folder']}: {len(graph.vectors([query], kind='query')[0])} dimensions")


if __name__ == "__main__":
    main(*sys.argv[1:])
