"""Measure models with MTEB on a collection of your own: a BEIR folder with qrels.

python examples/mteb_own_collection.py collection/ results/ base-model adapted-model …
"""

import sys

import mteb

from acclimate import Corpus, Dense, Qrels, Queries
from acclimate.faces.mteb_task import mteb_task


def main(collection: str, results: str, *models: str) -> None:
    """MTEB keeps results by a model's name, so each of these gets a cache of its own."""
    corpus = Corpus.read(collection)
    queries = Queries.read(collection, split="heldout")
    task = mteb_task("Own", corpus, queries, Qrels.read(collection))
    for number, model in enumerate(models):
        cache = mteb.ResultCache(f"{results}/{number}")
        (found,) = mteb.evaluate(Dense(model).load(), task, cache=cache).task_results
        print(f"{found.get_score():.3f} {task.metadata.main_score} {model}")


if __name__ == "__main__":
    main(*sys.argv[1:])
