"""A collection of ir_datasets in, a TREC run out, for trec_eval, ir_measures or PyTerrier.

python examples/trec_run.py irds:beir/scifact/test bm25.run [documents of each query]
"""

import sys

import acclimate
from acclimate.parts.miners import BM25


def main(source: str, out: str, depth: str = "100") -> None:
    """Search with BM25; any other part of `miners` gives the same table."""
    corpus = acclimate.Corpus.read(source)
    queries = acclimate.Queries.read(source, split="heldout")
    print(corpus.intake)
    found = BM25(depth=int(depth))(corpus, queries, acclimate.Context())
    found.write_run(out, tag="BM25")
    print(f"{len(found):,} results of {len(queries):,} queries: {out}")


if __name__ == "__main__":
    main(*sys.argv[1:])
