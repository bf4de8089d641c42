"""Put a recipe of your own together: keyword queries, BM25 candidates, one short training.

python examples/own_recipe.py documents/ run/ [hub name or folder of a model]

On the command line: acclimate adapt documents/ --recipe examples/own_recipe.py:keywords --out run/
"""

import sys

import acclimate
from acclimate.parts import filters, generators, labellers, loops, losses, miners


def keywords(*, steps: int = 50) -> acclimate.Recipe:
    """Keyword queries, rated by the fusion of words, vectors and token vectors."""
    return acclimate.Recipe(
        "keywords",
        (
            generators.SalientTerms(per_document=2),
            filters.HoldOut(queries=50),
            miners.Union((miners.BM25(depth=10), miners.RandomDocuments(count=5))),
            labellers.Fusion(),
            loops.Fit(loss=losses.KLDivergence(), steps=steps, batch=16),
        ),
        judge=labellers.Fusion(),
    )


def main(documents: str, out: str, student: str = "all-MiniLM-L6-v2") -> None:
    """Adapt with it."""
    print(acclimate.adapt(keywords(), acclimate.Corpus.read(documents), student, out=out))


if __name__ == "__main__":
    main(*sys.argv[1:])
